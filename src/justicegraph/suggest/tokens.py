"""What a form carries so that it counts once, and the address of a receipt, which nobody can guess.

A form's token tells when it was made, and is signed; the receipt follows from it, so that a form that is sent twice has
one receipt. Only a hash of the receipt's address is kept.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

_TOKEN = re.compile(r"(?P<made>[0-9]{1,12})\.(?P<number>[A-Za-z0-9_-]{24})\.(?P<seal>[A-Za-z0-9_-]{43})")
RECEIPT = re.compile(r"[A-Za-z0-9_-]{43}")


def issue(key: bytes, target: str, now: float) -> str:
    """Return the token of a form for this target, made now (Unix time)."""
    said = f"{int(now)}.{secrets.token_urlsafe(18)}"
    return f"{said}.{_seal(key, 'form', target, said)}"


def made_at(key: bytes, target: str, token: str) -> int | None:
    """Return when a form for this target was made; None where its token is none of ours."""
    found = _TOKEN.fullmatch(token)
    said = token.rpartition(".")[0]
    if found is None or not hmac.compare_digest(found["seal"], _seal(key, "form", target, said)):
        return None
    return int(found["made"])


def receipt_of(key: bytes, token: str) -> str:
    """Return the end of the receipt's address for what a form with this token sends."""
    return _seal(key, "receipt", "", token)


def kept(receipt: str) -> bytes:
    """Return what is kept of a receipt's address."""
    return hashlib.sha256(receipt.encode()).digest()


def _seal(key: bytes, use: str, target: str, said: str) -> str:
    sealed = hmac.digest(key, f"{use}\n{target}\n{said}".encode(), "sha256")
    return urlsafe_b64encode(sealed).decode().rstrip("=")
