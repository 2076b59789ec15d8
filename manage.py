#!/usr/bin/env python
"""Django's command line. The owner of the database migrates; everything else runs as the application."""

import os
import sys
from urllib.parse import urlsplit

OWNER_COMMANDS = {"migrate", "protect_evidence"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    owner = os.environ.get("DATABASE_OWNER_URL")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        application = urlsplit(os.environ.get("DATABASE_URL", "")).username
        if sys.argv[1] == "protect_evidence" and application and "--app-role" not in sys.argv:
            sys.argv += ["--app-role", application]
        os.environ["DATABASE_URL"] = owner or os.environ.get("DATABASE_URL", "")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
