"""config connects: settings, routes, servers. Celery finds its app here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
