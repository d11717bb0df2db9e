"""Django's settings, derived once from `convoca.core.config`; operators set keys there."""

from pathlib import Path

from convoca.compat import NONE, SELF
from convoca.core import config as configuration
from convoca.core.languages import UI_LANGUAGES, autonym
from convoca.pages.keys import SESSION_COOKIE

CONFIG = configuration.load()
CONVOCA_HOME = CONFIG.home
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = configuration.secret_key(CONFIG) or "not-set: run convoca init"
ALLOWED_HOSTS = [CONFIG.host, *CONFIG.former_hosts]
if CONFIG.host in {"localhost", "127.0.0.1"}:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
DEMO = CONFIG.demo

INSTALLED_APPS = [
    "convoca.web",
    "convoca.exchange",
    "convoca.drafting",
    "convoca.counting",
    "convoca.actions",
    "convoca.campaigns",
    "convoca.network",
    "convoca.texts",
    "convoca.accounts",
    "convoca.places",
    "convoca.media",
    "convoca.outbox",
    "convoca.pages",
    "convoca.vault",
    "convoca.audit",
    "convoca.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "convoca.web.middleware.AccessLog",
    "convoca.pages.middleware.KeptPages",
    "convoca.web.middleware.FormerHosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "convoca.compat.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "convoca.web.middleware.NotTooLarge",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "convoca.accounts.middleware.NameNotNumber",
    "convoca.accounts.middleware.NoStore",
    "convoca.accounts.middleware.LastSeen",
    "convoca.accounts.middleware.SecondFactorFirst",
    "convoca.network.middleware.ActingMiddleware",
    "convoca.web.middleware.SignedOutMeanwhile",
]
ROOT_URLCONF = "convoca.web.urls"
WSGI_APPLICATION = "convoca.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "convoca.web.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database() -> dict[str, object]:
    facts = configuration.database_facts(CONFIG)
    if facts is None:
        return {
            "ENGINE": "convoca.core.sqlite",
            "NAME": CONVOCA_HOME / "db.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": facts.name,
        "USER": facts.user,
        "PASSWORD": facts.password,
        "HOST": facts.host,
        "PORT": facts.port,
        "OPTIONS": facts.options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CONFIG.cache_url,
    }
    if CONFIG.cache_url
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "convoca_cache",
    }
}
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["urgent", "long"],
    }
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SESSION_COOKIE_NAME = SESSION_COOKIE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "convoca.accounts.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_https
CSRF_TRUSTED_ORIGINS = [CONFIG.url] if CONFIG.is_https else []
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if CONFIG.is_https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [(tag, autonym(tag)) for tag in UI_LANGUAGES]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

PAGES_STORE: Path | None = CONVOCA_HOME / "pages.sqlite3"
"""The file of kept pages; None keeps none."""

STATIC_URL = "/static/"
STATIC_ROOT = CONVOCA_HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = CONVOCA_HOME / "media"
PLACES_TABLE = CONVOCA_HOME / "places.sqlite3"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.upload_max_mb * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "convoca.media.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = None

EMAIL_BACKEND = "convoca.outbox.backends.OutboxBackend"
"""Mail that libraries send becomes a row in the outbox; workers send rows."""
DEFAULT_FROM_EMAIL = CONFIG.mail_from or f"convoca@{CONFIG.host}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SITEMAP_LIMIT = 5000

ACCOUNT_ADAPTER = "convoca.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Codes are ours (accounts.services): allauth does passkeys, second factors and sessions.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# Limits by place are ours (accounts.limits); allauth counts wrong codes of a person in the cache.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "reauthenticate": "10/m/user"}
MFA_ADAPTER = "convoca.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.is_https
MFA_FORMS = {
    "authenticate": "convoca.accounts.forms.FactorForm",
    "reauthenticate": "convoca.accounts.forms.AgainForm",
    "activate_totp": "convoca.accounts.forms.AppForm",
    "add_webauthn": "convoca.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "convoca.accounts.forms.RenamePasskeyForm",
}
LOGIN_URL = "account_login"

LOGGING_CONFIG = None
