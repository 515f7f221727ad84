"""Sealing the keys of authenticator apps, so that a copy of the database shows no codes. Pure.

django-otp keeps a key as 80 hexadecimal digits at most, which is room for a nonce of 12 bytes, the 20 bytes of the key
and a tag of 8: AES-CCM (NIST SP 800-38C), bound to the person.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

NONCE_BYTES, TAG_BYTES = 12, 8


class CannotOpenKey(Exception):
    """The sealed key was made for another person or under another secret."""


def seal_key(key: bytes, *, staff_id: int, secret: bytes) -> str:
    """The key as the database keeps it, in hexadecimal. secret: the index key of the installation, which stays."""
    nonce = os.urandom(NONCE_BYTES)
    return (nonce + _cipher(secret).encrypt(nonce, key, _place(staff_id))).hex()


def open_key(sealed: str, *, staff_id: int, secret: bytes) -> bytes:
    """The key of an app of that person. Raises CannotOpenKey."""
    kept = bytes.fromhex(sealed)
    try:
        return _cipher(secret).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], _place(staff_id))
    except (InvalidTag, ValueError):
        raise CannotOpenKey from None


def _cipher(secret: bytes) -> AESCCM:
    return AESCCM(hmac.digest(secret, b"hannun second factor 1", "sha256"), tag_length=TAG_BYTES)


def _place(staff_id: int) -> bytes:
    return f"staff {staff_id}".encode()
