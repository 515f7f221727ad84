"""Who needs a second factor at login, who has one, and how the key is handed to an app."""

from base64 import b32encode
from binascii import unhexlify
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.utils.translation import gettext
from django_otp.plugins.otp_static.models import StaticToken

from accounts.addresses import is_within
from accounts.models import AuthenticatorApp, Staff


def has_second_factor(staff: Staff) -> bool:
    """Whether an app of `staff` is set up."""
    return AuthenticatorApp.objects.filter(user=staff, confirmed=True).exists()


def needs_second_factor(staff: Staff, address: str) -> bool:
    """Whether `staff` must show a second factor: for a role of the settings, or from outside the trusted networks."""
    networks = settings.LOGIN_TRUSTED_NETWORKS
    if networks and not is_within(address, networks):
        return True
    roles = settings.LOGIN_SECOND_FACTOR_ROLES
    return bool(roles) and staff.groups.filter(name__in=roles).exists()


def unused_codes(staff: Staff) -> int:
    """How many recovery codes `staff` has left."""
    return StaticToken.objects.filter(device__user=staff).count()


def key_in_words(key: str) -> str:
    """The key, given in hexadecimal, as an app takes it by hand: base 32 in groups of four."""
    written = b32encode(unhexlify(key)).decode("ascii")
    return " ".join(written[place : place + 4] for place in range(0, len(written), 4))


def picture_of_key(staff: Staff, key: str) -> str:
    """A QR code that an app reads, as the address of a picture (`data:image/svg+xml…`)."""
    issuer = gettext("Hannun")  # as the pages are headed, so that it is found in the app
    label = quote(f"{issuer}:{staff.employee_number}")
    given = {"secret": b32encode(unhexlify(key)).decode("ascii"), "issuer": issuer, "digits": 6, "period": 30}
    return segno.make(f"otpauth://totp/{label}?{urlencode(given)}", error="m").svg_data_uri(scale=4, border=2)
