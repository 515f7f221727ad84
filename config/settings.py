"""All of Hannun's settings. What differs between deployments is a typed read in config/env.py."""

import warnings
from pathlib import Path

from csp.constants import NONE, SELF

from config import env, menu, roles

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = env.local_dir()
KEYS = env.keys()
SECRET_KEY = KEYS.secret_key
DEBUG = env.flag("HANNUN_DEBUG", default=False)
ALLOWED_HOSTS = env.text("HANNUN_HOSTS", default="localhost,127.0.0.1,[::1]").split(",")
BEHIND_TLS = env.flag("HANNUN_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BEHIND_TLS else []

INSTALLED_APPS = [
    "accounts",
    "customers",
    "config.apps.InstallationConfig",
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "guardian",
    "django_filters",
    "simple_history",
    "django_htmx",
    "config.apps.LoginsConfig",
    "csp",
    "pgtrigger",
    "django_celery_beat",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.NullByteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.StaffLanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "accounts.context_processors.menu",
            ]
        },
    }
]

# A thread keeps its connection between requests; one that has broken meanwhile is noticed and replaced.
DATABASES = {"default": env.database() | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
REDIS_URL = env.redis_url(0)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.text("HANNUN_CACHE_PREFIX", default="hannun"),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 8 * 60 * 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("employee_number", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_AUTO_PREFETCH = True
AXES_FAILURE_LIMIT = env.integer("HANNUN_LOGIN_FAILURES", default=5, minimum=1)
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
# A lock is on the account, not on the address: behind a proxy a whole branch shares one address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
SIMPLE_HISTORY_DATE_INDEX = False
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ROLES = roles.ROLES
DEMO_STAFF = roles.DEMO_STAFF
IS_DEMONSTRATION = env.flag("HANNUN_DEMO", default=env.given("DATABASE_URL") is None)
DEMO_PASSWORD = env.text("HANNUN_DEMO_PASSWORD", default="hannun-demo-2026")
MENU = menu.MENU

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "hannun_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", env.vendor_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = LOCAL_DIR / "media"
FEED_DIR = LOCAL_DIR / "feeds"
FEED_INBOX = env.path("HANNUN_FEED_INBOX", default=LOCAL_DIR / "inbox")
FEED_WORKERS = env.integer("HANNUN_FEED_WORKERS", default=2, minimum=1)
# Where processes of one machine share what a match run has read; each machine has its own.
MATCH_DIR = LOCAL_DIR / "matching"
FEED_UPLOAD_MEGABYTES = env.integer("HANNUN_FEED_UPLOAD_MEGABYTES", default=1_000, minimum=1)
FEED_COPY_HOURS = env.integer("HANNUN_FEED_COPY_HOURS", default=24, minimum=1, maximum=168)
FEED_REJECT_DAYS = env.integer("HANNUN_FEED_REJECT_DAYS", default=30, minimum=1, maximum=365)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
warnings.filterwarnings("ignore", message="No directory at", module="whitenoise.base")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CELERY_BROKER_URL = env.broker_url(1)
CELERY_RESULT_BACKEND = env.broker_url(2)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = env.text("HANNUN_QUEUE", default="hannun")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "resume-interrupted-feeds": {
        "task": "customers.resume_feeds",
        "schedule": 30.0,
        "options": {"expires": 30.0},  # while a worker is at a long file they must not pile up
    },
    "resume-interrupted-match-runs": {
        "task": "customers.resume_match_runs",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "resume-interrupted-bulk-actions": {
        "task": "customers.resume_bulk_acts",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "remove-old-feed-files": {"task": "customers.remove_old_feed_files", "schedule": 3600.0},
    # Days end at midnight in Korea; repeating it within the day finds nothing more.
    "end-wishes": {"task": "customers.end_wishes", "schedule": 3600.0},
    "end-rulings": {"task": "customers.end_rulings", "schedule": 3600.0},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("HANNUN_LOG_LEVEL", default="INFO")},
    "loggers": {
        "celery": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}

# Composition: which apps take part, in this order. Like MIDDLEWARE, order is meaning.
CUSTOMER_PANELS = [
    "customers.panels.basics",
    "customers.panels.differences",
    "customers.panels.contact_points",
    "customers.panels.contracts",
    "customers.panels.sources",
    "customers.panels.acts.decisions",
    "customers.panels.timeline",
    "customers.panels.history",
]
HOME_CARDS = [
    "customers.cards.duties",
    "customers.cards.review",
    "customers.cards.customers_in_scope",
    "customers.cards.newest_feed_runs",
    "customers.cards.punctuality_of_sources",
    "accounts.home.administration",
    "accounts.home.what_comes_next",
]
CUSTOMER_INTAKE_CHECKS: list[str] = []
CUSTOMER_GATES = ["customers.gates.real_name_verified", "customers.gates.consent_held"]
CUSTOMER_MERGE_PARTICIPANTS = [
    "customers.merging.Links",
    "customers.merging.ContractRoles",
    "customers.merging.Wishes",
    "customers.merging.Grants",
]
# Who acted on a merged view, so that they learn when it comes apart:
# `(customer, since) -> {staff id: (code, instant)}`.
CUSTOMER_WITNESSES = [
    "customers.services.unmerges.stewards_who_acted",
    "customers.services.unmerges.keeper_of",
]
CUSTOMER_HOLDERS: list[str] = []
CUSTOMER_EVENTS: list[str] = []

# Stewardship: customers of these grades are merged by two persons; a pair is a steward's for so long; of every hundred
# decisions so many get a second look; a bulk action can be taken back for so long.
MERGE_SECOND_PERSON_GRADES = ["VIP"]
PAIR_ASSIGNED_MINUTES = 15
SECOND_LOOK_PERCENT = 5
BULK_TAKE_BACK_DAYS = 30

# Monthly premium in won, in force, at which a customer reaches a grade; highest first.
CUSTOMER_GRADES = [("VIP", 1_000_000), ("GOLD", 500_000), ("SILVER", 200_000), ("GENERAL", 1)]
