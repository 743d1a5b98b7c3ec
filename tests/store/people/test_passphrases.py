"""Passphrases and one-time codes: what they must be, what is kept, when a code is one."""

import pytest

from store.foundation.clock import Instant
from store.foundation.errors import Refused
from store.people.one_time_codes import (
    CodeRefused,
    code_hash,
    code_of,
    in_groups,
    is_totp,
    matching_step,
    new_code,
    new_secret,
    otpauth,
)
from store.people.passphrases import STANDARD, Hasher, check_passphrase
from tests.signing_in import KEPT, PASSPHRASE

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238's test values, in base 32."""
STEP = 30_000
NOW = Instant(1_111_111_109_000)


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")])
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert code_of(RFC_SECRET, second // 30) == code


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_step_beside_is_taken(steps: int) -> None:
    here = NOW // STEP
    assert matching_step(RFC_SECRET, f" {in_groups(code_of(RFC_SECRET, here + steps))}", NOW, 0) == here + steps


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (-2, "går ungefär 60 sekunder efter"),
        (2, "60 sekunder före"),
        (-40, "20 minuter efter"),
        (40, "20 minuter före"),
    ],
)
def test_a_clock_that_is_off_is_told_and_never_taken(steps: int, said: str) -> None:
    with pytest.raises(CodeRefused, match=said):
        matching_step(RFC_SECRET, code_of(RFC_SECRET, NOW // STEP + steps), NOW, 0)


def test_a_code_is_taken_once_and_an_earlier_one_not_after_it() -> None:
    here = NOW // STEP
    for step in (here - 1, here):
        with pytest.raises(CodeRefused, match="redan använd"):
            matching_step(RFC_SECRET, code_of(RFC_SECRET, step), NOW, here)
    assert matching_step(RFC_SECRET, code_of(RFC_SECRET, here + 1), NOW, here) == here + 1


@pytest.mark.parametrize("typed", ["", "000000", code_of(RFC_SECRET, NOW // STEP - 41), "０８１８０４", "å"])
def test_what_is_no_code_near_by_is_none(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, NOW, 0) is None


def test_a_code_on_paper_is_read_whatever_is_easily_misread() -> None:
    code = new_code(3)
    assert code_hash(code) == code_hash(f" {code.lower().replace('-', ' ')}".replace("0", "o").replace("1", "l"))
    assert code_hash(code) != code_hash(new_code(3))
    assert (is_totp(code), is_totp("123 456"), is_totp("1234567")) == (False, True, False)


def test_the_address_of_the_qr_code_holds_secret_and_name_and_is_short() -> None:
    address = otpauth(secret := new_secret(), "SE2321000040-OV01")
    assert address == f"otpauth://totp/SoB:SE2321000040-OV01?secret={secret}&issuer=SoB"
    assert len(address) <= 106  # a QR code of 37 modules, which fits 24 lines


def test_a_passphrase_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    hasher = Hasher(STANDARD._replace(memory=8, iterations=1, lanes=1))
    assert hasher.hashed(PASSPHRASE).startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert hasher.hashed(PASSPHRASE) != hasher.hashed(PASSPHRASE)
    assert hasher.is_right(PASSPHRASE, KEPT)
    assert not hasher.is_right(PASSPHRASE + "!", KEPT)
    composed, decomposed = "ståltråd och ängar", "sta\u030altra\u030ad och a\u0308ngar"
    assert hasher.is_right(decomposed, hasher.hashed(composed))


def test_nobodys_passphrase_costs_as_much_and_is_never_right(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("store.people.passphrases.Argon2id.verify_phc_encoded", lambda _given, kept: asked.append(kept))
    assert not Hasher().is_right(PASSPHRASE, "")
    assert [kept.split("$")[1:4] for kept in asked] == [["argon2id", "v=19", "m=65536,t=3,p=4"]]


@pytest.mark.parametrize(
    ("passphrase", "again", "said"),
    [
        ("elva tecken", None, "minst 12 tecken"),
        ("x" * 201, None, "högst 200"),
        ("abababababababab", None, "få olika tecken"),
        (PASSPHRASE, PASSPHRASE.title(), "inte lika"),
    ],
)
def test_what_is_no_passphrase(passphrase: str, again: str | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_passphrase(passphrase, again)
    check_passphrase(PASSPHRASE, PASSPHRASE)
