"""HSA-id, mobile number, e-mail and region."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.foundation.contact import (
    FICTIONAL_MOBILES,
    REGIONS,
    _checked_email,
    ascii_email,
    parse_email,
    parse_mobile,
    parse_region,
)
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId


@pytest.mark.parametrize("text", ["SE2321000040-0A1B", "SE2321000040-OVN1", "SE162321000040-a", " SE2321000040-0A1B\n"])
def test_an_hsa_id_is_read(text: str) -> None:
    """With ten digits, or 16 and ten."""
    assert str(HsaId.parse(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SE2321000040",
        "SE2321000040-",
        "SE232100004-0A1B",
        "SE172321000040-0A1B",
        "SE2321000040-Å",
        "SE2321000040-0A 1B",
        "SE2321000040-" + "A" * 19,
        "NO2321000040-0A1B",
        "SE232100004\u0660-0A1B",
    ],
)
def test_a_wrong_hsa_id_is_answered_with_an_example(text: str) -> None:
    """The sentence shows a right one."""
    with pytest.raises(Refused, match="SE2321000040-0A1B") as refused:
        HsaId.parse(text)
    assert refused.value.field == "hsaid"


def test_an_hsa_id_may_have_31_characters() -> None:
    """Not one more."""
    assert len(HsaId.parse("SE2321000040-" + "A" * 18).value) == 31


def test_fictional_mobile_numbers_are_those_of_pts() -> None:
    """0701740605–0701740699, all of them readable."""
    assert (FICTIONAL_MOBILES[0], FICTIONAL_MOBILES[-1], len(FICTIONAL_MOBILES)) == ("0701740605", "0701740699", 95)
    assert [parse_mobile(f" {number}") for number in FICTIONAL_MOBILES] == list(FICTIONAL_MOBILES)


@pytest.mark.parametrize(
    "text", ["", "070-1740605", "070 174 06 05", "+46701740605", "070174060", "07017406050", "0801740605"]
)
def test_another_format_is_refused_in_the_guides_words(text: str) -> None:
    """As *Min profil* says it."""
    with pytest.raises(Refused, match="Mobilnumret måste anges i formatet 07XXXXXXXX"):
        parse_mobile(text)


def test_an_email_address_is_read() -> None:
    """Untouched but for space around it."""
    assert parse_email(" anna.ek@example.org ") == "anna.ek@example.org"
    assert len(parse_email("a" * 242 + "@example.org")) == 254


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "@example.org",
        "anna@",
        "a@b@example.org",
        "anna ek@example.org",
        "anna@example.org\x1b[m",
        "anna\u202e@example.org",
        "anna@example.org\nBcc: b@example.org",
        "a" * 243 + "@example.org",
        "a\ud800@example.org",
        "a@[",
        "a@[127.0.0.1]",
        "a@localhost",
        "a..b@example.org",
        "a,b@example.org",
        '"a b"@example.org',
        "åsa@example.org",
        "<a@example.org>",
    ],
)
def test_what_is_no_email_address_is_refused(text: str) -> None:
    """Nothing invisible, and no second line for a mail's head."""
    with pytest.raises(Refused):
        parse_email(text)


@given(
    st.emails()
    | st.builds(
        "{}@{}".format,
        st.text("ab.'+-_@\"\\ å\u202e", max_size=9),
        st.sampled_from(
            ["example.org", "EXAMPLE.se", "räksmörgås.se", "x" * 244 + ".se", "b@c.se", "-a.se", "localhost"]
        ),
    )
)
@example("a" * 242 + "@example.org")
@example("a" * 243 + "@example.org")
def test_an_address_is_what_the_library_says(text: str) -> None:
    """A plain name before the @ is passed by, and its domain is looked at once: the answer stays the library's."""
    assert ascii_email(text) == _checked_email(text)


def test_a_domain_beyond_ascii_is_read_and_sent_in_idna() -> None:
    """Every mail server takes the latter."""
    assert parse_email("asa@räksmörgås.se") == "asa@räksmörgås.se"
    assert ascii_email("asa@räksmörgås.se") == "asa@xn--rksmrgs-5wao1o.se"


def test_the_regions_are_the_21_counties() -> None:
    """Codes left by merged counties are gone."""
    assert len(REGIONS) == 21
    assert parse_region("05") == "05"
    for text in ("", "5", "02", "11", "15", "16", "26", "Östergötland"):
        with pytest.raises(Refused):
            parse_region(text)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but `Refused` is ever raised."""
    for parse in (HsaId.parse, parse_mobile, parse_email, parse_region):
        try:
            parse(text)
        except Refused:
            continue


def test_each_refusal_names_the_field_it_was_typed_in() -> None:
    for parse, field in ((parse_mobile, "mobil"), (parse_email, "epost"), (parse_region, "region")):
        for options, named in (({}, field), ({"field": "x"}, "x")):
            with pytest.raises(Refused) as refused:
                parse("fel", **options)
            assert refused.value.field == named


def test_an_email_address_has_room_for_254_characters() -> None:
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 53}.example"
    assert (len(longest), parse_email(longest)) == (254, longest)
    with pytest.raises(Refused, match="för lång: högst 254 tecken") as refused:
        parse_email(longest.replace("d.", "dd."), field="x")
    assert refused.value.field == "x"
