"""The DKI scenario: real rules and places, made-up people. `manage.py seed_demo` writes it."""
