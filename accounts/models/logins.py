"""Where staff are signed in, what passwords and apps they have, and the keys of service clients."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.browsers import browser_in_words
from accounts.factor_keys import open_key
from accounts.login_querysets import ServiceKeyQuerySet, StaffSessionQuerySet


class StaffSession(models.Model):
    """One signing in of one member of staff, from login to its end; the row stays.

    key_hash: SHA-256 of the key of the session, in hexadecimal; the key itself is nowhere but in the browser and the
    store of sessions. last_seen_at: last act of a person, kept at most once a minute.
    """

    class Ending(models.TextChoices):
        SIGNED_OUT = "SIGNED_OUT", _("Signed out")
        IDLE = "IDLE", _("Idle for too long")
        TOO_LONG = "TOO_LONG", _("Signed in for too long")
        TOO_MANY = "TOO_MANY", _("Signed in at too many places")
        BY_OWNER = "BY_OWNER", _("Ended from another place")
        BY_ADMINISTRATOR = "BY_ADMINISTRATOR", _("Ended by an administrator")
        PASSWORD_CHANGED = "PASSWORD_CHANGED", _("Password changed")
        FACTOR_RESET = "FACTOR_RESET", _("Second factor reset")
        DEACTIVATED = "DEACTIVATED", _("Account closed")

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sessions", verbose_name=_("member of staff")
    )
    key_hash = models.CharField(_("fingerprint"), max_length=64, unique=True, editable=False)
    started_at = models.DateTimeField(_("signed in at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=16, choices=Ending, blank=True)

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                name="staff_session_ends_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
        ]
        indexes = [
            models.Index(name="staff_session_open", fields=["staff", "started_at"], condition=Q(ended_at=None)),
            models.Index(name="staff_session_of_staff", fields=["staff", "-started_at"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def browser(self) -> str:
        """The browser and system in words, '' if they are not known."""
        return browser_in_words(self.user_agent)


class PastPassword(models.Model):
    """A password that a member of staff has chosen, as its hash, so that it is not chosen again too soon."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="past_passwords", verbose_name=_("member of staff")
    )
    password = models.CharField(_("password"), max_length=128, editable=False)
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("past password")
        verbose_name_plural = _("past passwords")
        indexes = [models.Index(name="past_password_newest", fields=["staff", "-chosen_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class AuthenticatorApp(TOTPDevice):
    """The app on the telephone of a member of staff that shows codes. Its column `key` holds the sealed key."""

    class Meta:
        proxy = True
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        """The key by which codes are worked out. Raises accounts.factor_keys.CannotOpenKey."""
        return open_key(self.key, staff_id=self.user_id, secret=settings.KEYS.index)


class ServiceKey(models.Model):
    """A key with which a service client shows who it is; only its fingerprint is kept.

    prefix: the open part, by which the key is found and named. key_hash: SHA-256 of the secret part, a random token of
    32 bytes. networks: CIDR ranges it may come from, none for everywhere. scopes: what it may ask for.
    replaces: the key that this one took over from, which stays valid for `SERVICE_KEY_OVERLAP_HOURS` at most.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_keys", verbose_name=_("service client")
    )
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    key_hash = models.CharField(_("fingerprint"), max_length=64, editable=False)
    networks = ArrayField(models.CharField(max_length=43), verbose_name=_("networks"), default=list, blank=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = ServiceKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("service key")
        verbose_name_plural = _("service keys")
        constraints = [
            models.CheckConstraint(
                name="service_key_expires_after_creation", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]
        permissions = [("issue_servicekey", gettext_noop("Can issue, rotate and revoke service keys"))]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
