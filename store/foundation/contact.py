"""How and where a person is reached: mobile number, e-mail, region."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NewType

from store.foundation.errors import Refused

MobileNumber = NewType("MobileNumber", str)
"""07XXXXXXXX (guide)."""

Email = NewType("Email", str)

RegionCode = NewType("RegionCode", str)
"""A two-digit county code, a key of `REGIONS`."""

REGIONS: Mapping[RegionCode, str] = MappingProxyType(
    {
        RegionCode("01"): "Region Stockholm",
        RegionCode("03"): "Region Uppsala",
        RegionCode("04"): "Region Sörmland",
        RegionCode("05"): "Region Östergötland",
        RegionCode("06"): "Region Jönköpings län",
        RegionCode("07"): "Region Kronoberg",
        RegionCode("08"): "Region Kalmar län",
        RegionCode("09"): "Region Gotland",
        RegionCode("10"): "Region Blekinge",
        RegionCode("12"): "Region Skåne",
        RegionCode("13"): "Region Halland",
        RegionCode("14"): "Västra Götalandsregionen",
        RegionCode("17"): "Region Värmland",
        RegionCode("18"): "Region Örebro län",
        RegionCode("19"): "Region Västmanland",
        RegionCode("20"): "Region Dalarna",
        RegionCode("21"): "Region Gävleborg",
        RegionCode("22"): "Region Västernorrland",
        RegionCode("23"): "Region Jämtland Härjedalen",
        RegionCode("24"): "Region Västerbotten",
        RegionCode("25"): "Region Norrbotten",
    }
)

FICTIONAL_MOBILES = tuple(MobileNumber(f"07017406{number:02d}") for number in range(5, 100))
"""Set aside by PTS for fiction: practice data and tests use no others."""

_MOST_EMAIL_CHARACTERS = 254
_PLAIN_NAME = re.compile(r"[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*", re.ASCII)
"""What stands before an @ and needs no quotes: a `dot-atom` of RFC 5322."""


def parse_mobile(text: str, *, field: str = "mobil") -> MobileNumber:
    """Return a mobile number.

    Raises:
        Refused: it is not in the format 07XXXXXXXX (guide, *Min profil*).
    """
    value = text.strip()
    if not re.fullmatch(r"07[0-9]{8}", value):
        raise Refused("Mobilnumret måste anges i formatet 07XXXXXXXX.", field=field)
    return MobileNumber(value)


def parse_email(text: str, *, field: str = "epost") -> Email:
    """Return an e-mail address whose form is right: whether it works shows only when something is sent.

    Raises:
        Refused: no message can be addressed to it, or it has over 254 characters.
    """
    value = text.strip()
    if len(value) > _MOST_EMAIL_CHARACTERS:
        raise Refused(f"E-postadressen är för lång: högst {_MOST_EMAIL_CHARACTERS} tecken.", field=field)
    if not ascii_email(value):
        raise Refused(
            "E-postadressen ska ha ett @ och formen namn@example.org, utan mellanslag och utan å, ä och ö före @.",
            field=field,
        )
    return Email(value)


def ascii_email(address: str) -> str:
    """Return an address as every mail server takes it (a domain with å, ä or ö in IDNA); nothing where it is none.

    Nothing is looked up: whether the domain exists is not asked. A file of residents has few domains: where what stands
    before the @ is a plain name, the domain is looked at once, which is half of what reading such a file took.
    """
    name, _, domain = address.partition("@")
    if _PLAIN_NAME.fullmatch(name):
        known = _ascii_domain(domain)
        return f"{name}@{known}" if known and len(name) + len(known) < _MOST_EMAIL_CHARACTERS else ""
    return _checked_email(address)


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    return _checked_email(f"a@{domain}").removeprefix("a@")


def _checked_email(address: str) -> str:
    try:
        return _validate()(address, allow_smtputf8=False, check_deliverability=False).ascii_email or ""
    except ValueError:  # its own EmailNotValidError, and what Python's codecs raise
        return ""


@lru_cache(maxsize=1)
def _validate() -> Callable[..., Any]:
    from email_validator import validate_email  # with what it brings a tenth of a second, and most starts need none

    return validate_email


def parse_region(text: str, *, field: str = "region") -> RegionCode:
    """Return a county code.

    Raises:
        Refused: there is no such county.
    """
    code = RegionCode(text.strip())
    if code not in REGIONS:
        raise Refused("Region anges med länets två siffror, till exempel 05 för Östergötland.", field=field)
    return code
