"""Text in cells: cleaned, cut and padded by terminal cells; columns that give way in their order."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.widgets.cells import Cell, Ink, clean, cut, fit, hang, inks_of, width_of, wrap
from screens.widgets.columns import GAP, Column, lay_out, longest
from tests.screens.widgets.rows import COLUMNS, MadeUpRow

fixed = settings(derandomize=True, max_examples=50, deadline=None)

pieces = st.lists(st.tuples(st.text(max_size=12), st.sampled_from(["", "risk", "muted"])), max_size=4)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Ek, Nils", "Ek, Nils"),
        ("[bold]Ek[/]", "[bold]Ek[/]"),
        ("\x1b]52;c;aGVq\x07Ek", "]52;c;aGVqEk"),
        ("rad\nrad\trad\u2028rad", "rad rad rad rad"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\udc80b", "ab"),
        ("👨\u200d👩", "👨👩"),
        ("❤\ufe0f", "❤"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("E\u0301va", "E\u0301va"),
    ],
)
def test_cleaned_text_is_harmless_and_otherwise_as_given(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


@fixed
@given(st.text())
def test_no_control_survives_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not [character for character in once if unicodedata.category(character) in {"Cc", "Cs"}]
    assert "\x1b" not in once


@fixed
@given(pieces, st.integers(0, 20), st.booleans())
def test_a_cell_is_exactly_as_wide_as_asked(cell: list[tuple[str, str]], width: int, right: bool) -> None:
    inks: Cell = tuple(Ink(text, tone) for text, tone in cell)  # type: ignore[arg-type]  # one of the tones
    assert width_of(fit(inks, width, right=right)) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("王小明", 6, "王小明"), ("王小明", 5, "王小…"), ("王小明", 4, "王 …"), ("Berg", 3, "Be…"), ("Berg", 0, "")],
)
def test_wide_text_is_cut_by_cells(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_a_cut_shows_even_where_it_falls_between_two_pieces() -> None:
    cell = (Ink("✉ 1", "waiting"), Ink(" ▤ 1"))
    assert fit(cell, 3) == (Ink("✉ …", "waiting"),)
    assert fit("12", 4, right=True) == (Ink("  12"),)
    assert inks_of(("", "")[0]) == ()


def test_sentences_break_at_spaces() -> None:
    assert wrap("Inga moment än. Tryck n för att starta ett.", 16) == [
        "Inga moment än.",
        "Tryck n för att",
        "starta ett.",
    ]


def test_a_dot_stays_with_the_word_before_it_and_a_no_break_space_binds_where_there_is_room() -> None:
    assert wrap("Nedstämdhet · har väntat 10 dgr", 13) == ["Nedstämdhet ·", "har väntat 10", "dgr"]
    assert wrap("bakjouren på 070-174\xa006\xa080", 20) == ["bakjouren på", "070-174 06 80"]
    assert wrap("070-174\xa006\xa080", 9) == ["070-174", "06 80"]
    assert wrap(" \xa0 ", 9) == [""]


def test_a_text_goes_on_under_itself_where_there_is_room() -> None:
    assert hang("! ", "varning: Har pågått länge", 16) == ["! varning: Har", "  pågått länge"]
    assert hang("! ", "varning: Har pågått", 13) == ["! varning:", "Har pågått"]


def shown_at(width: int, names: tuple[str, ...] = ()) -> dict[str, int]:
    rows = [MadeUpRow(number, name) for number, name in enumerate(names)]
    wanted = longest(COLUMNS, rows, [column.width for column in COLUMNS])
    widths = lay_out(COLUMNS, wanted, width)
    return {column.title: size for column, size in zip(COLUMNS, widths, strict=True) if size}


def test_the_columns_never_take_more_than_there_is() -> None:
    for width in range(1, 200):
        shown = shown_at(width, ("Öberg-Sundström, Anna-Karin Margareta",))
        assert "Namn" in shown, width
        if width >= 30:
            assert sum(shown.values()) + GAP * (len(shown) - 1) <= width


def test_columns_narrow_before_one_is_dropped_and_names_give_way_last() -> None:
    assert list(shown_at(138)) == [column.title for column in COLUMNS]
    assert shown_at(94) == {
        "Namn": 24, "Nummer": 13, "Momentstart": 11, "Senast aktiv": 10, "Flaggor": 14, "Att göra": 12
    }  # fmt: skip
    assert list(shown_at(78)) == ["Namn", "Nummer", "Senast aktiv", "Flaggor", "Att göra"]
    assert list(shown_at(40)) == ["Namn", "Nummer"]
    assert shown_at(30) == {"Namn": 15, "Nummer": 13}


def test_a_long_name_is_shown_whole_as_long_as_another_column_can_give_way() -> None:
    name = "Öberg-Sundström, Anna-Karin Margareta"
    for width in range(52, 140):
        assert shown_at(width, (name,))["Namn"] >= len(name)


def test_what_is_left_over_goes_to_those_that_can_use_it() -> None:
    column = Column[MadeUpRow](title="a", cell=lambda row: row.name, width=4, most=10, flex=1)
    other = Column[MadeUpRow](title="b", cell=lambda row: row.name, width=4, most=100, flex=3)
    assert lay_out((column, other), (4, 4), 18) == (6, 10)
    assert lay_out((column, other), (4, 4), 52) == (10, 40)
    assert cell_len("…") == 1
