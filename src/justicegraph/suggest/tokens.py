"""Signs each form so that it counts once, and makes the address of its receipt, which nobody can guess.

The token of a form holds the time when it was made. The receipt is computed from the token, so that a form that is sent
twice has one receipt. The store has only a hash of the receipt.
"""

import hashlib
import re
import secrets

from itsdangerous import BadSignature, Signer, TimestampSigner

RECEIPT = re.compile(r"[A-Za-z0-9_-]{43}")
"""The form of a receipt: 256 bits in base64url."""


def sign_form(secret: bytes, target: str) -> str:
    """Return the token of a form for this target, such as new/Person, with the present time."""
    return _form_signer(secret, target).sign(secrets.token_urlsafe(18)).decode()


def signed_at(secret: bytes, target: str, token: str) -> float | None:
    """Return when a form for this target was made (Unix time); None if its token was not signed here."""
    if not token.isascii():
        return None
    try:
        _, time = _form_signer(secret, target).unsign(token, return_timestamp=True)
    except BadSignature:
        return None
    return time.timestamp()


def receipt_of(secret: bytes, token: str) -> str:
    """Return the last part of the receipt's address for the form with this token."""
    signed = token.rpartition(".")[0].encode(errors="replace")
    signer = Signer(secret, salt=b"receipt", key_derivation="hmac", digest_method=hashlib.sha256)
    return signer.get_signature(signed).decode()


def receipt_hash(receipt: str) -> bytes:
    """Return the hash of a receipt, which the store finds its suggestion by."""
    return hashlib.sha256(receipt.encode()).digest()


def _form_signer(secret: bytes, target: str) -> TimestampSigner:
    salt = f"form {target}".encode()
    return TimestampSigner(secret, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
