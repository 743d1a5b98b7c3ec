"""A säkerhetsplan as text: printed and read again, TOML, and what can't be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.safety_plan_text import (
    NOTHING_WRITTEN,
    PART_LIMIT,
    PARTS,
    URGENT,
    Handed,
    SafetyTexts,
    checked_texts,
    plan_text,
    read_plan,
)
from store.foundation.errors import Refused
from store.foundation.text import fold

TEXTS = SafetyTexts("Jag slutar svara.", "Gå ut.\n\nDuscha.", "Syster: 0701740605", "", "[/x] Låst skåp")
_HEADINGS = {fold(part.heading) for part in PARTS} | {fold(URGENT)}


def test_what_is_printed_is_read_again() -> None:
    printed = plan_text(TEXTS, 3, "sparad 2026-03-02 10:42 av Eva", ("Akut: 112", "Kontrollera numren."))
    assert printed.splitlines()[:5] == [
        "SÄKERHETSPLAN",
        "Version 3, sparad 2026-03-02 10:42 av Eva",
        "",
        "VARNINGSTECKEN",
        "Jag slutar svara.",
    ]
    handed = read_plan(printed)
    assert (handed.on(SafetyTexts()), handed.version) == (TEXTS, 3)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=5, max_size=5))
def test_any_plan_is_read_as_it_was_printed(parts: list[str]) -> None:
    texts = checked_texts(SafetyTexts(*parts))
    lines = [line for part in PARTS for line in texts[part].splitlines()]
    if any(fold(line.strip().strip("#:* ")) in _HEADINGS or line.strip() == NOTHING_WRITTEN for line in lines):
        return  # a heading within a part begins that part
    assert checked_texts(read_plan(plan_text(texts, 1, "")).on(SafetyTexts())) == texts


@pytest.mark.parametrize(
    ("text", "parts", "version"),
    [
        ('varningstecken = "Sover inte"', {"warning_signs": "Sover inte"}, None),
        ('version = 2\nringa = ["Mor", "Far"]', {"whom_to_call": "Mor\nFar"}, 2),
        ('# min plan\nwhat_helps = """\nGå ut\n"""', {"what_helps": "Gå ut\n"}, None),
        ('varden = ""', {"care_numbers": ""}, None),
        ("Det som hjälper:\nGå ut", {"what_helps": "Gå ut"}, None),
        ("## en säkrare miljö\n\nLåst\n\nvem jag kan ringa\nMor", {"safe_means": "Låst", "whom_to_call": "Mor"}, None),
        ("Version 4\nVARNINGSTECKEN\n(inget skrivet)", {"warning_signs": ""}, 4),
        ("VARNINGSTECKEN\na = b", {"warning_signs": "a = b"}, None),
    ],
)
def test_toml_and_text_name_what_they_change(text: str, parts: dict[str, str], version: int | None) -> None:
    assert read_plan(text) == Handed(parts, version)
    assert read_plan(text).on(TEXTS).safe_means == parts.get("safe_means", "[/x] Låst skåp")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ingen av planens rubriker"),
        ("Gå ut", "börjar inte med en av planens rubriker"),
        ("VARNINGSTECKEN\na\nVarningstecken\nb", "VARNINGSTECKEN står två gånger"),
        ("ringa = ", "inte att läsa som TOML"),
        ('hjalp = "x"', "ingen del som heter hjalp"),
        ("ringa = 3", "ringa ska vara en text"),
        ('version = "2"\nringa = "x"', "version är ett heltal"),
        ("version = true", "version är ett heltal"),
        ("version = 2", "ingen av planens rubriker"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read_plan(text)
    assert refused.value.field == "plan"


def test_a_part_has_a_limit() -> None:
    assert checked_texts(SafetyTexts(what_helps="x" * PART_LIMIT)).what_helps == "x" * PART_LIMIT
    with pytest.raises(Refused) as refused:
        checked_texts(SafetyTexts(what_helps="x" * (PART_LIMIT + 1)))
    assert refused.value.field == "hjalper"
