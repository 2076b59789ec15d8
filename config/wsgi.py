"""The WSGI application. It does not start with a clock that does not fit the database."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from policy.checks import refuse_to_start  # noqa: E402 - needs the apps

refuse_to_start()
