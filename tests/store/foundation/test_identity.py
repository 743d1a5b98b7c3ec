"""Personnummer and samordningsnummer: every form accepted, every fault with a sentence of its own."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from store.foundation.errors import Refused
from store.foundation.fictional import FICTIONAL_SERIALS, SAFE_NUMBERS, fictional_number
from store.foundation.identity import FIRST_YEAR, PersonalNumber

TODAY = date(2026, 6, 15)
UNKNOWN_DATES = ["19150060", "19150072", "19150560", "19150290", "19990091", "19151260"]

born = st.dates(date(FIRST_YEAR, 1, 1), TODAY)
serials = st.sampled_from(FICTIONAL_SERIALS)
numbers = st.builds(lambda day, serial, c: fictional_number(day, serial, coordination=c), born, serials, st.booleans())
profile = settings(max_examples=200, deadline=None, derandomize=True)


def parse(text: str) -> PersonalNumber:
    """Parse on the tests' day."""
    return PersonalNumber.parse(text, TODAY)


def refusal(text: str) -> str:
    """Return the sentence with which a text is refused."""
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.field == "personnummer"
    return refused.value.message


def with_check_digit(eleven: str) -> str:
    """Return twelve digits with a right check digit."""
    return eleven + luhn.calc_check_digit(eleven[2:])


@pytest.mark.parametrize("value", sorted(SAFE_NUMBERS))
def test_every_safe_number_is_read_in_all_its_forms(value: str) -> None:
    """Also with a separator that contradicts twelve digits: that one is put right in the echo."""
    number = PersonalNumber(value)
    mark = "+" if int(value[:4]) <= 1926 else "-"
    assert number.display(TODAY) == f"{value[:8]}{mark}{value[8:]}"
    assert number.ten_digit(TODAY) == f"{value[2:8]}{mark}{value[8:]}"
    for text in (value, f"{value[:8]}-{value[8:]}", f"{value[:8]}+{value[8:]}", number.ten_digit(TODAY), f" {value}\n"):
        assert parse(text) == number
    if mark == "-":
        assert parse(value[2:]) == number


def test_ten_digits_mean_the_younger_person_unless_plus_is_written() -> None:
    """The example of domain.md §2."""
    assert parse("0905271474").value == parse("090527-1474").value == "200905271474"
    assert parse("090527+1474").value == "190905271474"


@pytest.mark.parametrize(("day", "display"), [((2049, 12, 31), "-"), ((2050, 1, 1), "+")])
def test_the_separator_turns_on_new_years_day(day: tuple[int, int, int], display: str) -> None:
    """Born 7 September 1950: the calendar year counts, not the birthday."""
    number = PersonalNumber("195009072553")
    assert number.display(date(*day)) == f"19500907{display}2553"
    assert PersonalNumber.parse(number.ten_digit(date(*day)), date(*day)) == number


@pytest.mark.parametrize(
    ("value", "sex", "age"),
    [
        ("198001022386", "kvinna", 46),
        ("198001022394", "man", 46),
        ("196109732393", "man", 64),
        ("189001019802", "kvinna", 136),
    ],
)
def test_sex_and_age(value: str, sex: str, age: int) -> None:
    """The echo's marks."""
    number = parse(value)
    assert (number.sex, number.age(TODAY)) == (sex, age)


def test_age_rises_on_the_birthday() -> None:
    """Whole years; born 29 February on 1 March."""
    number = PersonalNumber("201001012382")
    assert number.age(date(2022, 12, 31)) == 12
    assert number.age(date(2023, 1, 1)) == 13
    leapling = fictional_number(date(2012, 2, 29), 980)
    assert (leapling.age(date(2025, 2, 28)), leapling.age(date(2025, 3, 1))) == (12, 13)


def test_a_samordningsnummer_keeps_its_birth_date() -> None:
    """Day + 60."""
    number = parse("196109732393")
    assert number.is_coordination
    assert number.birth_date == date(1961, 9, 13)
    assert not parse("198001022386").is_coordination


@pytest.mark.parametrize("day", UNKNOWN_DATES)
def test_a_samordningsnummer_with_an_impossible_date_has_no_birth_date(day: str) -> None:
    """Skatteverket's test list holds 194 of them."""
    value = with_check_digit(f"{day}239")
    number = parse(value)
    assert number.is_coordination
    assert number.birth_date is None
    assert number.age(TODAY) is None
    assert parse(number.ten_digit(TODAY)) == number


def test_stdnums_own_personnummer_cannot_be_used() -> None:
    """The reason in identity.py: when this fails, that code may go."""
    from stdnum.se import personnummer

    assert not personnummer.is_valid("196109732393")
    assert not personnummer.is_valid(with_check_digit("19150072239"))


FAULTS = {
    "empty": "  ",
    "a space": "19800102 2386",
    "an invisible character": "19800102\u200b2386",
    "a letter": "1980O1022386",
    "foreign digits": "19800102238\u0666",
    "eleven digits": "19800102238",
    "reservnummer": "98240301AA06",
    "interim or reservnummer": "20210325K069",
    "impossible date": "198013022386",
    "too early": "170001022386",
    "future": with_check_digit("20260616238"),
    "future, ten digits": with_check_digit("20260616238")[2:],
    "serial 000": with_check_digit("19800102000"),
    "check digit": "198001022387",
}


@pytest.mark.parametrize("dash", [*"\xad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"])
def test_what_looks_like_a_hyphen_is_one(dash: str) -> None:
    """Word processors and web pages have others than the keyboard's."""
    for text in ("19800102-2386", "800102-2386"):
        assert parse(text.replace("-", dash)) == parse(text)
    with pytest.raises(Refused):
        parse(f"198{dash}001022386")


@pytest.mark.parametrize("plus", [*"\uff0b\u2795\ufe62"])
def test_what_looks_like_a_plus_is_one(plus: str) -> None:
    text = parse("189001019802").ten_digit(TODAY)
    assert "+" in text
    assert parse(text.replace("+", plus)).value == "189001019802"


def test_each_fault_has_its_own_sentence() -> None:
    """No two faults share one, and none repeats what was typed."""
    sentences = {fault: refusal(text) for fault, text in FAULTS.items()}
    assert len(set(sentences.values())) == len(FAULTS)
    for fault, sentence in sentences.items():
        assert sentence.endswith("."), fault
        assert FAULTS[fault].strip() not in sentence or not FAULTS[fault].strip()


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("19800102.2386", "a space"),
        ("1980-01-02-2386", "a space"),
        ("1980-01022386", "a space"),
        ("19800102--2386", "a space"),
        ("19800102/2386", "a space"),
        ("-", "eleven digits"),
        ("19800102-238", "eleven digits"),
        ("1980010223866", "eleven digits"),
        ("0102-2386", "eleven digits"),
        ("240301-AA06", "reservnummer"),
        ("20000132-ab12", "reservnummer"),
        ("991980012386", "reservnummer"),
        ("99198001-2386", "reservnummer"),
        ("800102T238", "interim or reservnummer"),
        ("19801399-238k", "interim or reservnummer"),
        ("Anna Ek", "a space"),
        ("Anna", "a letter"),
        ("198001022３86", "foreign digits"),
        ("19800230-2386", "impossible date"),
        ("198000022386", "impossible date"),
        ("198001592386", "impossible date"),
        ("198001922386", "impossible date"),
        ("198013602386", "impossible date"),
        ("270102+2386", "too early"),
    ],
)
def test_the_sentence_fits_the_fault(text: str, like: str) -> None:
    """What an interim number or reservnummer is comes before the test of the date."""
    assert refusal(text) == refusal(FAULTS[like])


def test_a_future_samordningsnummer_is_refused() -> None:
    """Also where only the year, or the year and month, is known."""
    for day in ("20260676", "20260760", "20270060"):
        assert refusal(with_check_digit(f"{day}239")) == refusal(FAULTS["future"])
    assert parse(with_check_digit("20260060239")).birth_date is None


def test_nothing_prints_the_number_by_itself() -> None:
    """A crash prints local variables (ARCHITECTURE.md §Fences)."""
    number = PersonalNumber("198001022386")
    assert "2386" not in f"{number} {number!r}"


@profile
@given(numbers)
def test_what_is_shown_is_read_back(number: PersonalNumber) -> None:
    """Both lengths, with the separator of the day."""
    assert parse(number.display(TODAY)) == parse(number.ten_digit(TODAY)) == parse(number.value) == number


@profile
@given(numbers, st.integers(2, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_refused(number: PersonalNumber, at: int, by: int) -> None:
    """By the check digit, or by what comes before it."""
    wrong = number.value[:at] + str((int(number.value[at]) + by) % 10) + number.value[at + 1 :]
    with pytest.raises(Refused):
        parse(wrong)


@profile
@given(st.text(max_size=16) | st.text("0123456789-+ AK٣", max_size=16))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """Nothing else is ever raised, and what is accepted is valid."""
    try:
        number = parse(text)
    except Refused:
        return
    assert luhn.is_valid(number.value[2:])
    assert len(number.value) == 12


@profile
@given(numbers, st.integers(0, 40_000))
def test_what_was_valid_stays_valid(number: PersonalNumber, days: int) -> None:
    """On any later day the ten-digit form still means the same person, until the 200th year."""
    later = TODAY + timedelta(days)
    assume(later.year - int(number.value[:4]) < 200)
    assert PersonalNumber.parse(number.ten_digit(later), later) == number


def test_who_is_born_today_has_a_number_and_who_is_born_tomorrow_has_none() -> None:
    today, tomorrow = (fictional_number(TODAY + timedelta(days), FICTIONAL_SERIALS[0]).value for days in (0, 1))
    assert parse(today) == parse(today[2:]) == PersonalNumber(today)
    assert refusal(tomorrow) == refusal(FAULTS["future"])


def test_an_unknown_day_or_month_of_this_year_may_be_today() -> None:
    for day, first in (("20260060", date(2026, 1, 1)), ("20260660", date(2026, 6, 1))):
        number = with_check_digit(f"{day}239")
        assert PersonalNumber.parse(number, first).value == number
        with pytest.raises(Refused):
            PersonalNumber.parse(number, first - timedelta(1))


@pytest.mark.parametrize(
    ("number", "today", "marker"),
    [
        ("201001012382", date(2027, 12, 31), "flicka"),
        ("201001012382", date(2028, 1, 1), "kvinna"),
        ("201001012390", date(2027, 12, 31), "pojke"),
        ("201001012390", date(2028, 1, 1), "man"),
    ],
)
def test_a_childs_sex_marker_is_a_childs(number: str, today: date, marker: str) -> None:
    assert PersonalNumber(number).sex_at(today) == marker
