# `make help` lists the commands. Variables: PORT, SPEED, EMPLOYEES, CLOCK, ACCOUNTS, HADIR_STATE, ARGS.

MAKEFLAGS += --no-print-directory
BIN := .venv/bin
COMPILE := $(BIN)/pip-compile -q --no-header --no-emit-index-url --no-emit-options --strip-extras
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

# A production-like environment for checks that open no connection.
PRETEND := HADIR_SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz \
	HADIR_DATA_KEYS=1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= \
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
	HADIR_STATE=.hadir/check HADIR_HTTPS=1 HADIR_ALLOWED_HOSTS=hadir.example HADIR_REHEARSAL=0 HADIR_CLOCK=

.PHONY: help demo run sandbox down test check lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-9s %s\n", $$1, $$2 }'

demo: .venv/runtime ## a simulated day of 240 employees, in twelve minutes (SPEED=60 EMPLOYEES=240 PORT=8000)
	@exec $(BIN)/python -m config.launcher demo

test: .venv/dev ## the whole test suite on servers of its own (ARGS='-k geofence')
	@exec $(BIN)/python -m pytest $(ARGS)

run: .venv/runtime ## the production server on embedded servers (PORT= HADIR_STATE= DATABASE_URL= REDIS_URL=)
	@exec $(BIN)/python -m config.launcher run

sandbox: .venv/runtime ## the scenario at a clock of your choice (CLOCK=2023-08-21T07:10+07:00@1 ACCOUNTS=sandbox.json)
	@exec $(BIN)/python -m config.launcher sandbox

down: ## stop embedded servers that a crash left behind (HADIR_STATE=)
	@if [ -x $(BIN)/python ]; then exec $(BIN)/python -m config.launcher down; fi

check: .venv/dev ## lint, format, types, import law, migrations, deployment checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PRETEND) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRETEND) $(BIN)/python manage.py check --deploy --fail-level WARNING

lock: .venv/dev ## pin anew what pyproject.toml asks for
	@$(PIP) pip-tools==7.6.2
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: down ## remove the virtual environment and caches, keep the data of `make run`
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .hadir/check
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/runtime: requirements.txt
	@$(MAKE_VENV)
	@echo "installing requirements.txt into .venv (once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	@echo "installing requirements-dev.txt into .venv (once) ..."
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@

# The first Python that is new enough and can make a virtual environment, or one clear line.
define MAKE_VENV
if .venv/bin/python -m pip --version >/dev/null 2>&1; then exit 0; fi; \
old=none; \
for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	old=""; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
	exec $$python -m venv --clear .venv; \
done; \
if [ "$$old" = none ]; then echo "Hadir needs Python 3.11 or newer with venv: install the packages python3 and python3-venv" >&2; \
else echo "Python can't make a virtual environment here: install the package python3-venv" >&2; fi; \
exit 1
endef
