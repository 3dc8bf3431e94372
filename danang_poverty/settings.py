"""One file of settings for both ways to run the portal.

embedded    `make run`: SQLite, files for a message queue, secrets made on first start
production  PostgreSQL, Redis, HTTPS; every secret comes from the environment
"""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from danang_poverty import env

BASE_DIR = Path(__file__).resolve().parent.parent
FLOORS = ["areas", "accounts", "households", "targets", "reports"]

MODE = env.choice("PORTAL_MODE", ("embedded", "production"), "embedded")
PRODUCTION = MODE == "production"
DEBUG = env.flag("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows code and settings to whoever meets an error; production refuses it.")
VAR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))

if PRODUCTION:
    SECRET_KEY = env.text("SECRET_KEY")
    FIELD_KEYS = env.words("FIELD_KEYS", None)
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", None)
    DATABASE_URL = env.text("DATABASE_URL")
    REDIS_URL = env.text("REDIS_URL")
else:
    SECRET_KEY = env.kept_secret("SECRET_KEY", VAR)
    FIELD_KEYS = [env.kept_secret("FIELD_KEYS", VAR)]
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
    DATABASE_URL = env.text("DATABASE_URL", "") or f"sqlite:///{VAR / 'portal.sqlite3'}"
    REDIS_URL = env.text("REDIS_URL", "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "danang_poverty.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "axes",
    "csp",
    *FLOORS,
]

MIDDLEWARE = [
    "danang_poverty.request_log.log_requests",
    "danang_poverty.middleware.guard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "danang_poverty.middleware.speak_english_to_machines",
    "danang_poverty.middleware.UnreadableNumbers",
    "accounts.middleware.SecondStep",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "danang_poverty.urls"
WSGI_APPLICATION = "danang_poverty.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.portal",
            ],
            "builtins": ["areas.templatetags.vietnamese"],
        },
    }
]

# Database: counts and spells are plain SQL on both. SQLite takes the write lock at BEGIN, so that two writers
# wait for each other instead of failing half way.
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # Compiling a count of the whole city just in time costs more than it saves.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 4,  # shorter than the health check's 5 s: a database that hangs is told, not waited for
        "options": "-c statement_timeout=60000 -c lock_timeout=15000 -c jit=off",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "danang_poverty.cache.MayBeAway",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
    CACHES["progress"] = CACHES["default"]
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        # Web and worker are two processes: what the worker tells lies in files.
        "progress": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR / "progress",
        },
    }

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "accounts.sessions"  # rows that know whose they are
SESSION_COOKIE_AGE = 12 * 3600  # one working day
# The prefix binds a cookie to this host and to HTTPS: no neighbour under the same domain can set it.
SESSION_COOKIE_NAME = "__Host-portal_session" if PRODUCTION else "portal_session"
CSRF_COOKIE_NAME = "__Host-portal_csrf" if PRODUCTION else "portal_csrf"
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads the cookie
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The demonstration's accounts need no phone: on one machine, with synthetic data only. Production never does without.
DEMO_WITHOUT_SECOND_FACTOR = env.flag("PORTAL_DEMO_WITHOUT_SECOND_FACTOR", not PRODUCTION)
if PRODUCTION and DEMO_WITHOUT_SECOND_FACTOR:
    raise ImproperlyConfigured("PORTAL_DEMO_WITHOUT_SECOND_FACTOR is for the embedded start; production refuses it.")
AXES_HANDLER = "accounts.lockout.Handler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "accounts.access.client_address"

# Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
# Health checks and Prometheus speak plain HTTP, inside the machine's own network.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
BACKUP_KEY = env.text("BACKUP_KEY", "")
APP_DATABASE_PASSWORD = env.text("APP_DATABASE_PASSWORD", "")  # given to the role of the running portal
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MOST_BYTES = 55 * 1024 * 1024  # a sheet of households may have 50 MB, the form around it is small
FILE_UPLOAD_HANDLERS = [
    "danang_poverty.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Language, time, files
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["danang_poverty.formats"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else VAR / "staticfiles"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
WHITENOISE_USE_FINDERS = not PRODUCTION

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# E-mail: a server where there is one, else files in var/mail, so that a start without one sends nothing and loses nothing.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = int(env.text("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "portal@localhost")
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")
PORTAL_URL = env.text("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")  # what links in e-mails begin with

# API
API_RATE = int(env.text("API_RATE", "600/min").removesuffix("/min"))  # requests a minute of one token
API_RATE_STRANGERS = 60  # of one address without a token
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_access.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.access.Allowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.FormParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api_access.Rate", "rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": "10/min"},
    "EXCEPTION_HANDLER": "accounts.problems.problem",
    "NUM_PROXIES": 1 if PRODUCTION else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Đà Nẵng poverty-programme portal",
    "DESCRIPTION": "Figures, plan, tasks and reports of the poverty programme. Dates are ISO 8601, rates are percent as "
    "decimal strings, money is whole dong. Errors are problem details in English; what a rule of the office "
    "refuses has the type urn:problem:refused and its reasons, in Vietnamese, say so in `language`.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "PaceState": ["ok", "watch", "late", "none"],
        "PeriodKind": "reports.api.KINDS",
        "PlanState": ["in_force", "closed"],
        "TaskState": ["not_started", "in_progress", "done", "verified", "not_applicable"],
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Background work: Redis where there is one, else files in var/, so that `make run` needs no server.
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if not REDIS_URL:
    _queue = VAR / "queue"
    for _name in ("messages", "processed", "control"):
        (_queue / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.2,
    }
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Lines for people, in production JSON for machines; each with the name of the request or task that it belongs to.
_FIELDS = "{asctime} {levelname} {name} {request_id} {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"named": {"()": "danang_poverty.request_name.Named"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": _FIELDS,
            "style": "{",
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "line",
            "filters": ["named"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "portal.request": {"level": "INFO" if PRODUCTION else "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
