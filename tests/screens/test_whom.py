"""Whom something is about, in so many cells as there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.marks import PROTECTED
from screens.whom import BETWEEN, Whom, whom_of
from screens.widgets.cells import share
from tests.screens.dialogs.host import HOSTILE

LONG = "Zakrzewska-Wolańska von Rosenstråle, Anna-Karin Margareta Elisabet"


@pytest.mark.parametrize(("width", "program"), [(76, "KomIgång online"), (46, "KomIgång online"), (17, "KomIgå…")])
def test_a_long_name_never_pushes_the_program_out(width: int, program: str) -> None:
    name, beside = whom_of(LONG, "KomIgång online", is_protected=False).fitted(width)
    assert beside == program
    assert name.endswith("…")
    assert cell_len(name + BETWEEN + beside) <= width


def test_a_protected_resident_is_named_nowhere() -> None:
    whom = whom_of(LONG, "KomIgång online", is_protected=True)
    assert whom.says("Klart.") == f"{PROTECTED} · KomIgång online: Klart."
    assert "Zakrz" not in repr(whom)


def test_what_comes_from_outside_is_shown_as_it_stands_and_never_whole_screens_of_it() -> None:
    whom = whom_of(f"\x1b[2J{HOSTILE}", "P" * 10_000, is_protected=False)
    assert whom.says("Klart.").startswith("[2J[/x] [@click=app.quit]Å")
    assert len(whom.says("Klart.")) < 100
    assert Whom("A", "B").fitted(0) == ("", "")


@given(st.lists(st.text("aÅ漢 ", max_size=30), max_size=5), st.integers(-3, 100))
def test_what_is_shared_fits_and_only_the_longest_are_cut(texts: list[str], room: int) -> None:
    parts = share(texts, room)
    assert sum(map(cell_len, parts)) <= max(0, room)
    cut = [cell_len(text) for text, part in zip(texts, parts, strict=True) if part != text]
    whole = [cell_len(text) for text, part in zip(texts, parts, strict=True) if part == text]
    assert not cut or max(whole, default=0) <= max(cut)
    assert sum(map(cell_len, texts)) > room or tuple(texts) == parts
