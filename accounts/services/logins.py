"""The second factor of a login, and locks after failed ones."""

from __future__ import annotations

import secrets
from datetime import datetime

from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts.factor_keys import CannotOpenKey, seal_key
from accounts.models import AuthenticatorApp, Staff, StaffSession
from accounts.services.passwords import OwnAccess
from accounts.services.rights import record_change
from accounts.services.sessions import end_sessions

RECOVERY_CODES = 10
# 31 letters without those that are read wrongly; ten of them are 49 bits.
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10
DIGEST_LENGTH = 16  # hexadecimal digits that fit the column of django-otp: 64 bits, keyed


class WrongCode(Exception):
    """The code is not the present one of the person's app, nor an unused recovery code, or it was used before."""


class TooManyCodes(Exception):
    """After wrong codes the next may be tried only at the instant `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NoSecondFactor(Exception):
    """The person has not set one up."""


def set_up_second_factor(*, staff: Staff, key: str, code: str, at: datetime) -> list[str]:
    """Make the app that shows `code` the second factor of `staff`, in place of any other; ten recovery codes.

    key: the secret that the app took from the picture, in hexadecimal. The codes are told only now. Raises WrongCode.
    """
    with transaction.atomic():
        Staff.objects.select_for_update().only("pk").get(pk=staff.pk)
        AuthenticatorApp.objects.filter(user=staff).delete()
        sealed = seal_key(bytes.fromhex(key), staff_id=staff.pk, secret=settings.KEYS.index)
        device = AuthenticatorApp.objects.create(user=staff, name="app", key=sealed)
        if not device.verify_token(code):
            transaction.set_rollback(True)
        else:
            record_change(staff=staff, by=staff, at=at, kind="SECOND_FACTOR_SET_UP")
            return _new_codes(staff)
    raise WrongCode


@transaction.atomic
def renew_recovery_codes(*, staff: Staff, at: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. They are told only now. Raises NoSecondFactor."""
    if not AuthenticatorApp.objects.select_for_update().filter(user=staff, confirmed=True).exists():
        raise NoSecondFactor
    record_change(staff=staff, by=staff, at=at, kind="RECOVERY_CODES_RENEWED")
    return _new_codes(staff)


def _new_codes(staff: Staff) -> list[str]:
    StaticDevice.objects.filter(user=staff).delete()
    device = StaticDevice.objects.create(user=staff, name="recovery codes")
    codes = ["".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH)) for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(staff, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest(staff: Staff, code: str) -> str:
    """What is kept of a recovery code: enough to know it again, nothing to read it from."""
    return salted_hmac(f"accounts.recovery-code.{staff.pk}", code, algorithm="sha256").hexdigest()[:DIGEST_LENGTH]


def check_second_factor(*, staff: Staff, code: str) -> bool:
    """Let a code of the app, or a recovery code, count once; whether it was a recovery code.

    Failures stay written down whatever the caller does: after each the wait before the next try doubles.
    Raises WrongCode, TooManyCodes, and NoSecondFactor also where the key of the app cannot be opened any more.
    """
    written = "".join(character for character in code if character.isalnum()).lower()
    is_recovery = not (written.isascii() and written.isdigit() and len(written) == 6)
    with transaction.atomic():
        kind = StaticDevice if is_recovery else AuthenticatorApp
        device = kind.objects.select_for_update().filter(user=staff, confirmed=True).order_by("pk").first()
        if device is None:
            raise NoSecondFactor
        is_allowed, why = device.verify_is_allowed()
        try:
            is_right = is_allowed and device.verify_token(_digest(staff, written) if is_recovery else written)
        except CannotOpenKey:
            raise NoSecondFactor from None
    if not is_allowed:
        raise TooManyCodes(why["locked_until"])
    if not is_right:
        raise WrongCode
    return is_recovery


@transaction.atomic
def reset_second_factor(*, staff: Staff, by: Staff, at: datetime, reason: str) -> None:
    """Take the second factor from somebody who lost it; their sessions end. Raises OwnAccess, NoSecondFactor."""
    if by.pk == staff.pk:
        raise OwnAccess
    Staff.objects.select_for_update().only("pk").get(pk=staff.pk)
    taken, _rows = AuthenticatorApp.objects.filter(user=staff).delete()
    codes, _rows = StaticDevice.objects.filter(user=staff).delete()
    if not taken + codes:
        raise NoSecondFactor
    end_sessions(staff=staff, because=StaffSession.Ending.FACTOR_RESET, at=at)
    record_change(staff=staff, by=by, at=at, kind="SECOND_FACTOR_RESET", reason=reason)


@transaction.atomic
def unlock_login(*, staff: Staff, by: Staff, at: datetime, reason: str = "") -> int:
    """Forget failed logins and wrong codes of `staff`, so that they may try at once; how many logins had failed.

    Raises OwnAccess.
    """
    if by.pk == staff.pk:
        raise OwnAccess
    count = reset(username=staff.employee_number)
    for kind in (AuthenticatorApp, StaticDevice):
        kind.objects.filter(user=staff).update(throttling_failure_timestamp=None, throttling_failure_count=0)
    record_change(staff=staff, by=by, at=at, kind="LOGIN_UNLOCKED", what={"entries": count}, reason=reason)
    return count
