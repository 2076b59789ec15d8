"""All settings, one file. Every variable stands in docs/settings.md, and a test compares."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """An environment variable; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. `make run` sets it; docs/settings.md explains it.")
    return value


def env_int(name: str, default: int) -> int:
    """A whole number from the environment."""
    text = env(name, str(default))
    if not re.fullmatch(r"\d+", text):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def env_bool(name: str, default: bool) -> bool:
    """A switch from the environment: 1 or 0."""
    text = env(name, "1" if default else "0")
    if text not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")
    return text == "1"


def env_list(name: str, default: str) -> list[str]:
    """A comma-separated list from the environment."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def database(url: str) -> dict:
    """Django's dictionary for a postgresql:// URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must be a postgresql:// URL: Hadir speaks one dialect.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "server_side_binding": True,
            "prepare_threshold": 5,
            # A hung database frees its threads in seconds and the answer is 503 (trust, F2).
            "options": "-c statement_timeout=10000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000",
        },
    }


def data_keys(text: str) -> dict[int, bytes]:
    """Key id -> 32 bytes, from `id:base64` pairs."""
    pairs = (pair.split(":", 1) for pair in text.split(","))
    keys = {int(key_id): base64.b64decode(key) for key_id, key in pairs}
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured("HADIR_DATA_KEYS must be id:base64 pairs of 32 bytes each.")
    return keys


def version() -> str:
    """The first release heading of the changelog."""
    match = re.search(r"^## v(\S+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)
    return match[1] if match else "0"


# -- What this installation is --
VERSION = version()
SECRET_KEY = env("HADIR_SECRET_KEY")
HADIR_DATA_KEYS = data_keys(env("HADIR_DATA_KEYS"))
HADIR_STATE = Path(env("HADIR_STATE", str(BASE_DIR / ".hadir" / "run")))
HADIR_BIND = env("HADIR_BIND", "127.0.0.1")
HADIR_REHEARSAL = env_bool("HADIR_REHEARSAL", False)
HADIR_HTTPS = env_bool("HADIR_HTTPS", False)
DEBUG = False
ALLOWED_HOSTS = env_list("HADIR_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("HADIR_TRUSTED_ORIGINS", "")

# -- Django --
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tree_queries",
    "policy",
    "attendance",
]
MIDDLEWARE = [
    "policy.api.middleware.hadir_time",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# -- People and signing in --
AUTH_USER_MODEL = "policy.User"
AUTHENTICATION_BACKENDS = ["policy.signin.NumberBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HADIR_HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front redirects (deploy/)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HADIR_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HADIR_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HADIR_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # SSL redirect: the proxy's work

# -- Language and time: Indonesian texts, UTC in the database --
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = env("HADIR_TIME_ZONE", "Asia/Jakarta")

# -- Static files --
STATIC_URL = "static/"
STATIC_ROOT = HADIR_STATE / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# -- API --
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["policy.api.authentication.AccessTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["policy.api.parsers.CleanJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "policy.api.errors.problem",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_METADATA_CLASS": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "AUDIENCE": "hadir",
    "ISSUER": "hadir",
    "CHECK_REVOKE_TOKEN": True,
}
HADIR_ACCESS_SECONDS = env_int("HADIR_ACCESS_SECONDS", 600)
HADIR_REFRESH_DAYS = env_int("HADIR_REFRESH_DAYS", 30)
HADIR_MAX_BODY_BYTES = 64_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
HADIR_MAX_UPLOAD_BYTES = 25_000_000  # of a form with files; what a page takes, the page says
FILE_UPLOAD_HANDLERS = [
    "policy.admin.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = None  # the web server caps the query; Django would fail before any handler
SPECTACULAR_SETTINGS = {
    "TITLE": "Hadir",
    "DESCRIPTION": "Presensi ASN yang bekerja dari rumah dan di kantor. Waktu dalam format RFC 3339, jarak dalam meter.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PlaceKind": ["domicile", "site"],
        "PunchKind": ["in", "out"],
        "DayMode": ["wfh", "wfo", "leave", "travel", "off"],
        "WorkMode": ["wfh", "wfo"],
        "EventStatus": ["accepted", "review", "refused"],
    },
}

# -- Queue --
CELERY_BROKER_URL = env("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "health_check_interval": 10,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 55
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# A rehearsal lives faster, so it ticks every real second.
HADIR_TICK_SECONDS = 1 if HADIR_REHEARSAL else env_int("HADIR_TICK_SECONDS", 30)
CELERY_BEAT_SCHEDULE = {
    "run-prompts": {
        "task": "attendance.tasks.run_prompts",
        "schedule": HADIR_TICK_SECONDS,
        # A tick asks what is due by now, so an old one is worth nothing.
        "options": {"expires": 2 * HADIR_TICK_SECONDS},
    },
    "recheck-rotas": {
        "task": "policy.tasks.recheck_rotas",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "run-imports": {
        "task": "policy.tasks.run_imports",
        "schedule": HADIR_TICK_SECONDS,
        "options": {"expires": 2 * HADIR_TICK_SECONDS},
    },
}

# -- What follows an event --
HADIR_PUSH_CHANNELS = ["attendance.push.InboxChannel"]

# -- Web admin --
UNFOLD = {
    "SITE_TITLE": "Hadir",
    "SITE_HEADER": "Hadir",
    "SITE_SUBHEADER": "Presensi ASN",
    "SITE_SYMBOL": "how_to_reg",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "attendance.admin.navigation.favicon"},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "attendance.admin.dashboard.dashboard",
    "GLOBAL_CALLBACK": "attendance.admin.navigation.surroundings",
    "STYLES": ["attendance.admin.navigation.style_sheet"],
    "SIDEBAR": {"navigation": "attendance.admin.navigation.navigation"},
    "COLORS": {
        "primary": {  # a deep blue-green
            "50": "oklch(97.5% .013 215)",
            "100": "oklch(94.5% .027 215)",
            "200": "oklch(89.5% .05 215)",
            "300": "oklch(82% .078 215)",
            "400": "oklch(71% .1 217)",
            "500": "oklch(59% .1 219)",
            "600": "oklch(50% .09 221)",
            "700": "oklch(43.5% .078 222)",
            "800": "oklch(37.5% .066 223)",
            "900": "oklch(32.5% .055 224)",
            "950": "oklch(25% .043 226)",
        },
    },
}

# -- Logging: plain lines to standard error; the process manager keeps them --
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Scanners ask for other hosts all day; their 400 is answer enough.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["console"], "level": env("HADIR_LOG_LEVEL", "INFO")},
}
