"""Hadir's settings with one route more."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
