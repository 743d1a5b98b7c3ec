"""One-time codes: those of an authenticator app (TOTP, RFC 6238), and those on paper."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from store.foundation.clock import Instant
from store.foundation.errors import Refused

STEP_SECONDS = 30
DIGITS = 6
ACCEPTED_STEPS = 1
"""How many steps before and after the present one a code may be of: clocks differ a little."""
TOLD_STEPS = 40
"""How far off a code's clock may be for that to be told."""
ISSUER = "SoB"
"""Short: the address must fit a QR code that fits a terminal."""

_SECRET_BYTES = 20  # as RFC 4226 recommends
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O and U
_MISREAD = str.maketrans("ILO", "110")
_GROUP = 4


class CodeRefused(Refused):
    """The code was right once, or is right at another time: told to who has shown the passphrase alone."""

    kind = "kod"


def new_secret() -> str:
    """Return a secret for an authenticator app, in base 32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def in_groups(text: str) -> str:
    """Return a secret or a code in groups of four, to be read off."""
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def otpauth(secret: str, hsa_id: str) -> str:
    """Return the address that an authenticator app reads from the QR code."""
    label = quote(f"{ISSUER}:{hsa_id}", safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def code_of(secret: str, step: int) -> str:
    """Return the code of a step: 30 seconds each, since 1970."""
    key = base64.b32decode(secret)
    return TOTP(key, DIGITS, SHA1(), STEP_SECONDS).generate(step * STEP_SECONDS).decode("ascii")


def step_at(now: Instant) -> int:
    """Return the step of an instant."""
    return now // (STEP_SECONDS * 1000)


def is_totp(code: str) -> bool:
    """Whether a code is shaped like an authenticator's, and not like one on paper."""
    return bool(plain := _digits(code)) and plain.isdecimal() and len(plain) == DIGITS


def matching_step(secret: str, code: str, now: Instant, last: int) -> int | None:
    """Return the step that a code is of, None where it is of none near by.

    Args:
        secret: the authenticator's.
        code: as typed.
        now: the store's time.
        last: the step of the code that was used last.

    Raises:
        CodeRefused: that step's code or a later one has been used, or the code is of a clock that is off.
    """
    here, wanted = step_at(now), _digits(code)
    for away in sorted(range(-TOLD_STEPS, TOLD_STEPS + 1), key=abs):
        if hmac.compare_digest(code_of(secret, here + away), wanted):
            break
    else:
        return None
    if abs(away) > ACCEPTED_STEPS:
        raise CodeRefused(_skew(away), field="kod")
    if here + away <= last:
        raise CodeRefused("Koden är redan använd. Vänta på nästa och skriv den.", field="kod")
    return here + away


def _skew(steps: int) -> str:
    seconds = abs(steps) * STEP_SECONDS
    how_much = f"{seconds // 60} minuter" if seconds >= 120 else f"{seconds} sekunder"
    way = "före" if steps > 0 else "efter"
    return (
        f"Koden hör till en annan tid: klockan i appen går ungefär {how_much} {way}. Ställ telefonens klocka på "
        "automatisk tid och skriv en ny kod. Är telefonens klocka rätt går databasens fel: säg det till driften."
    )


def _digits(code: str) -> str:
    """Return a code as it is compared: ASCII digits, without the spaces that apps show."""
    plain = "".join(code.split())
    return plain if plain.isascii() else ""


# Codes on paper


def new_code(groups: int) -> str:
    """Return a random code to be typed, in groups of five letters and digits: 25 bits a group."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(groups))


def code_hash(code: str) -> str:
    """Return what is kept of such a code; its many bits need no slow hash.

    Capital and small letters, spaces and hyphens make no difference, nor what is easily misread.
    """
    letters = "".join(one for one in code.upper().translate(_MISREAD) if one.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
