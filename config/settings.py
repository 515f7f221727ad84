"""All of Hannun's settings. What differs between deployments is a typed read in config/env.py."""

import warnings
from pathlib import Path

from csp.constants import NONE, SELF

from config import composition, env, holidays, menu, roles, scopes, timetable, trail_pages

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = env.local_dir()
KEYS = env.keys()
SECRET_KEY = KEYS.secret_key
DEBUG = env.debugging()
ALLOWED_HOSTS = env.text("HANNUN_HOSTS", default="localhost,127.0.0.1,[::1]").split(",")
BEHIND_TLS = env.flag("HANNUN_TLS", default=False)
# How many proxies of ours stand before Hannun; each adds the address it sees to X-Forwarded-For.
PROXY_COUNT = env.integer("HANNUN_PROXIES", default=0, minimum=0, maximum=5)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BEHIND_TLS else []

INSTALLED_APPS = [
    "accounts",
    "customers",
    "relations",
    "consent",
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
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "pgtrigger",
    "django_celery_beat",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.NullByteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ServiceKeyMiddleware",
    "accounts.middleware.StaffSessionMiddleware",
    "accounts.middleware.StaffLanguageMiddleware",
    "accounts.trail_middleware.TrailMiddleware",
    "relations.wall.PurposeWallMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "accounts.middleware.DutiesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
            "builtins": ["accounts.templatetags.parts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.menu",
                "accounts.context_processors.session_limits",
                "accounts.context_processors.purpose",
            ],
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
    {"NAME": "accounts.password_validators.LengthAndClasses"},
    {"NAME": "accounts.password_validators.NothingOfThePerson"},
    {"NAME": "accounts.password_validators.NotUsedLately"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("employee_number", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
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
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page of the lock says when it ends, and so it does
AXES_HANDLER = "accounts.locks.LoginLocks"
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked"
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
# A lock is on the account; on the address it comes much later, for behind a proxy a whole branch shares one.
LOGIN_ADDRESS_FAILURES = env.integer("HANNUN_LOGIN_ADDRESS_FAILURES", default=50, minimum=AXES_FAILURE_LIMIT)
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
SIMPLE_HISTORY_DATE_INDEX = False
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ROLES = roles.ROLES
DEMO_STAFF = roles.DEMO_STAFF
IS_DEMONSTRATION = env.flag("HANNUN_DEMO", default=env.given("DATABASE_URL") is None)
DEMO_PASSWORD = env.text("HANNUN_DEMO_PASSWORD", default="hannun-demo-2026")

# Logins: a session ends after so long without a human act, with a warning before, and after so long at all; somebody
# who signs in at more places ends their oldest session. Who must show a second factor: holders of these roles, and
# everybody outside the trusted networks, where there are any. LOGIN_HELP: whom to ask, shown to those locked out.
LOGIN_IDLE_SECONDS = 60 * env.integer("HANNUN_LOGIN_IDLE_MINUTES", default=10, minimum=2, maximum=60)
LOGIN_WARNING_SECONDS = 60
LOGIN_LONGEST_SECONDS = 3600 * env.integer("HANNUN_LOGIN_HOURS", default=8, minimum=1, maximum=24)
SESSION_COOKIE_AGE = LOGIN_LONGEST_SECONDS + 3600  # the server ends it; the cookie lives on to tell why
LOGIN_SESSIONS_AT_ONCE = env.integer("HANNUN_LOGIN_SESSIONS", default=3, minimum=1)
LOGIN_SECOND_FACTOR_ROLES = env.some_of(
    "HANNUN_SECOND_FACTOR_ROLES", ROLES, default=() if IS_DEMONSTRATION else ("ADMINISTRATOR", "PRIVACY_OFFICER")
)
LOGIN_TRUSTED_NETWORKS = env.networks("HANNUN_TRUSTED_NETWORKS")
LOGIN_PASSWORDS_REMEMBERED = 3
LOGIN_HELP = env.given("HANNUN_LOGIN_HELP") or ""
# Keys of service clients: what they may ask for, how long they may live, how long an old one outlives its successor.
SERVICE_SCOPES = scopes.SCOPES
SERVICE_KEY_DAYS = env.integer("HANNUN_SERVICE_KEY_DAYS", default=365, minimum=1, maximum=730)
SERVICE_KEY_OVERLAP_HOURS = env.integer("HANNUN_SERVICE_KEY_OVERLAP_HOURS", default=24, minimum=0, maximum=720)
MENU = menu.MENU
MENU_TABS = menu.MENU_TABS

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "__Host-hannun_language" if BEHIND_TLS else "hannun_language"
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
# The font of papers that are given out (PDF); it comes with the assets of pages.
PAPER_FONT = env.vendor_dir().with_name("fonts") / "PretendardVariable.ttf"
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
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": BEHIND_TLS,
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Cookies: no script reads them, no other site sends them with what changes something, and where there is TLS the
# prefix makes browsers refuse them from any other host.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link from a mail or the portal opens the page it names
CSRF_COOKIE_SAMESITE = "Strict"
COOKIE_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"

CELERY_BROKER_URL = env.broker_url(1)
CELERY_RESULT_BACKEND = env.broker_url(2)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = env.text("HANNUN_QUEUE", default="hannun")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = timetable.TIMETABLE

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

# Composition: which apps take part, in which order.
CUSTOMER_PANELS = composition.CUSTOMER_PANELS
HOME_CARDS = composition.HOME_CARDS
NOTICE_WORDS = composition.NOTICE_WORDS
DECLARED_WORK = composition.DECLARED_WORK
DECLARED_WORK_WORDS = composition.DECLARED_WORK_WORDS
TRAIL_SUBJECTS = composition.TRAIL_SUBJECTS
CUSTOMER_INTAKE_CHECKS = composition.CUSTOMER_INTAKE_CHECKS
CUSTOMER_GATES = composition.CUSTOMER_GATES
CUSTOMER_LIVE_ROLES = composition.CUSTOMER_LIVE_ROLES
CUSTOMER_MERGE_HOLDS = composition.CUSTOMER_MERGE_HOLDS
CUSTOMER_MERGE_PARTICIPANTS = composition.CUSTOMER_MERGE_PARTICIPANTS
CUSTOMER_WITNESSES = composition.CUSTOMER_WITNESSES
CUSTOMER_HOLDERS = composition.CUSTOMER_HOLDERS
CUSTOMER_EVENTS = composition.CUSTOMER_EVENTS
CONTACT_CAPS = composition.CONTACT_CAPS
ACCESS_RISKS = composition.ACCESS_RISKS
ACCESS_DETECTORS = composition.ACCESS_DETECTORS
ACCESS_WORK = composition.ACCESS_WORK
ACCESS_REFERENCES = composition.ACCESS_REFERENCES
SETUPS = composition.SETUPS
BENCHES = composition.BENCHES
KEY_ROTATIONS = composition.KEY_ROTATIONS
DOWNLOAD_LOCKS = composition.DOWNLOAD_LOCKS
EXPORT_LISTS = composition.EXPORT_LISTS
DEMO_SEEDS = composition.DEMO_SEEDS
# What pages are called on the trail, by their names; a page that is not there goes by its name.
TRAIL_PAGES = trail_pages.PAGES

# Stewardship: customers of these grades are merged by two persons; a pair is a steward's for so long; of every hundred
# decisions so many get a second look; a bulk action can be taken back for so long.
MERGE_SECOND_PERSON_GRADES = ["VIP"]
PAIR_ASSIGNED_MINUTES = 15
SECOND_LOOK_PERCENT = 5
BULK_TAKE_BACK_DAYS = 30

# Relationships: for so many months a statement is believed without asking again, by who says so (what a document shows
# holds until it ends; a contract speaks as long as its source goes on sending it); from this age nobody needs a legal
# representative; a graph shows so many people around one, the network page so many in all.
RELATIONSHIP_VALID_MONTHS = {"CONTRACT": 13, "PERSON": 24, "STEWARD": 24, "SYSTEM": 24, "INFERRED": 12}
RELATIONSHIP_ADULT_AGE = 19
GRAPH_MOST = 20
NETWORK_MOST = env.integer("HANNUN_NETWORK_MOST", default=150, minimum=10, maximum=1_000)

# Monthly premium in won, in force, at which a customer reaches a grade; highest first.
CUSTOMER_GRADES = [("VIP", 1_000_000), ("GOLD", 500_000), ("SILVER", 200_000), ("GENERAL", 1)]

# Finances: after so many months half of what a fact is worth is left, by its kind; how much it is worth at first, by
# who told it; below which strength no value is shown any more; how old a consent may be when something is recorded; how
# long a risk profile is valid; from which age on a customer is advised as an elderly investor.
FINANCE_HALF_LIFE_MONTHS = {"INCOME": 18, "ASSETS": 24, "DEBTS": 12, "CAPACITY": 12, "POLICY": 24}
FINANCE_TOLD_BY_WEIGHTS = {"DOCUMENT": 1.0, "BUREAU": 0.95, "CUSTOMER": 0.8, "PLANNER": 0.5}
FINANCE_FORGOTTEN_BELOW = 0.15
FINANCE_CONSENT_MONTHS = env.integer("HANNUN_FINANCE_CONSENT_MONTHS", default=24, minimum=1, maximum=60)
RISK_PROFILE_MONTHS = env.integer("HANNUN_RISK_PROFILE_MONTHS", default=24, minimum=1, maximum=60)
SENIOR_INVESTOR_AGE = env.integer("HANNUN_SENIOR_INVESTOR_AGE", default=65, minimum=50, maximum=100)

# The trail is kept for so many years (the law asks for two), the record of rights likewise (three); a question of the
# review that nobody answers within so many working days locks downloads.
TRAIL_YEARS = env.integer("HANNUN_TRAIL_YEARS", default=5, minimum=2)
RIGHTS_YEARS = env.integer("HANNUN_RIGHTS_YEARS", default=5, minimum=3)
REVIEW_ANSWER_DAYS = 5
# A right is called unused when its holder left no entry on the trail for so many days.
RIGHTS_UNUSED_DAYS = env.integer("HANNUN_RIGHTS_UNUSED_DAYS", default=90, minimum=1)
# Of each month so many entries of the trail are reviewed; whoever has entries of so many points has one among them.
REVIEW_SAMPLE = 200
REVIEW_HIGH_RISK = 60
KOREAN_HOLIDAYS = holidays.HOLIDAYS

# Keepers: how many customers one keeps where their terms say nothing else; which grades have a dedicated manager beside
# the planner; which jobs keep customers though their accounts have no role for it.
KEEPER_CAPACITY = env.integer("HANNUN_KEEPER_CAPACITY", default=250, minimum=1)
KEEPER_MANAGER_GRADES = ["VIP"]
KEEPER_JOBS = {"FP": ["FP"], "MANAGER": ["FP", "지점장"]}
# A receiver has so many days to answer to a handover; a customer may be explained as kept by nobody for so many days.
HANDOVER_ANSWER_DAYS = env.integer("HANNUN_HANDOVER_ANSWER_DAYS", default=7, minimum=1)
ORPHAN_NOTE_DAYS = env.integer("HANNUN_ORPHAN_NOTE_DAYS", default=90, minimum=1, maximum=366)

# Prospects: nobody else registers the same person for so many days; a consent carries one so long at most; so many
# questions may be asked in a day, and so many about one mobile.
PROSPECT_PROTECTION_DAYS = env.integer("HANNUN_PROSPECT_PROTECTION_DAYS", default=30, minimum=1, maximum=365)
PROSPECT_MOST_DAYS = env.integer("HANNUN_PROSPECT_DAYS", default=365, minimum=1, maximum=730)
PROSPECT_CHECKS_PER_DAY = env.integer("HANNUN_PROSPECT_CHECKS", default=60, minimum=2)
PROSPECT_CHECKS_PER_NUMBER = env.integer("HANNUN_PROSPECT_CHECKS_PER_NUMBER", default=6, minimum=2)

# Single customers: a grant holds for so many days at most; an emergency opens a customer for so many minutes, and so
# often for one person and day. A masked value stays open for so many seconds, and so many may be opened a day.
CUSTOMER_GRANT_DAYS = env.integer("HANNUN_GRANT_DAYS", default=90, minimum=1, maximum=366)
BREAK_GLASS_MINUTES = env.integer("HANNUN_BREAK_GLASS_MINUTES", default=60, minimum=5, maximum=1440)
BREAK_GLASS_PER_DAY = env.integer("HANNUN_BREAK_GLASS_PER_DAY", default=5, minimum=1)
REVEAL_SECONDS = 60
REVEALS_PER_DAY = env.integer("HANNUN_REVEALS_PER_DAY", default=50, minimum=1)

# Files made from lists: how many rows a role takes without a second person (a role that is not named takes none), how
# many one file may hold at all, how long it can be downloaded, when the copy must be destroyed, and which roles are
# told of copies that nobody destroyed.
EXPORT_CEILINGS = {
    "BRANCH_MANAGER": 500,
    "DATA_STEWARD": 5_000,
    "STEWARD_LEAD": 5_000,
    "COMPLIANCE_OFFICER": 10_000,
    "PRIVACY_OFFICER": 10_000,
    "CAMPAIGN_MANAGER": 50_000,
}
EXPORT_MOST_ROWS = env.integer("HANNUN_EXPORT_ROWS", default=1_000_000, minimum=1, maximum=1_048_000)
EXPORT_FILE_HOURS = env.integer("HANNUN_EXPORT_FILE_HOURS", default=72, minimum=1, maximum=720)
EXPORT_DESTROY_DAYS = env.integer("HANNUN_EXPORT_DESTROY_DAYS", default=30, minimum=1, maximum=365)
EXPORT_OVERSEERS = ["PRIVACY_OFFICER"]
EXPORT_VERIFY_MEGABYTES = 500

# The purpose wall: what is told to whoever asks for data of employers for sales or campaigns. Its translation stands in
# the catalogue.
PURPOSE_WALL_CLAUSE = (
    "Personal Information Protection Act, article 18 (no use beyond the purpose); Commercial Act, article 735-3 (group "
    "insurance); Enforcement Decree of the Insurance Business Act, article 102 (what a group contract takes)"
)
