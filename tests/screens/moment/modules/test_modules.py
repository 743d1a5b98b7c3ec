"""*Startade moduler*: what stands there, folding, hiding and opening."""

from __future__ import annotations

from datetime import date

import pytest
from textual.pilot import Pilot

from screens.moment.modules.module_rows import (
    STARTED,
    WAITING,
    ModuleRow,
    first_unfolded,
    module_id,
    module_rows,
    read_mark,
)
from screens.widgets.cells import inks_of
from store.care.maintenance import maintain_moment
from store.care.modules import hide_module, open_module, read_step
from store.foundation.clock import days_after
from store.views.moment import ModuleState, SectionState, StepState
from tests.clinics import MONDAY, Clinic
from tests.screens.moment.host import do, focus, keys, modules, notices, opened, page, press, shown, told
from tests.screens.painted import place

TODAY = date(2026, 3, 10)


def module(name: str, *read: int | None, opened: bool = True, hidden: bool = False, title: str = "") -> ModuleState:
    steps = tuple(StepState(f"{name}-{place}", f"Steg {place}", at) for place, at in enumerate(read))
    sections = (SectionState(name, title, False, steps),)
    return ModuleState(name, name.capitalize(), None, MONDAY if opened else None, hidden, sections)


def cursor(pilot: Pilot[None]) -> ModuleRow:
    """The row that the cursor is on."""
    row = modules(pilot).row
    assert row is not None
    return row


def said(modules: tuple[ModuleState, ...], *unfolded: str) -> list[str]:
    """The rows as text: indent, title, state."""
    rows = module_rows(modules, {STARTED, WAITING, *unfolded}, TODAY)
    return ["  " * row.depth + row.text + "".join(f" | {ink.text}" for ink in inks_of(row.state)) for row in rows]


def test_rows_count_what_is_read_and_keep_the_unopened_apart() -> None:
    found = said((module("a", MONDAY, MONDAY), module("b", MONDAY, None), module("c", None, opened=False)))
    assert found == [
        "Startade moduler",
        "  A | ✓ läst 2 av 2",
        "  B | läst 1 av 2",
        "",
        "Inte öppnade moduler",
        "  C | ○ inte öppnad",
    ]


def test_an_unfolded_module_shows_its_steps_and_a_titled_section_its_own_row() -> None:
    assert said((module("a", MONDAY, None),), module_id("a")) == [
        "Startade moduler",
        "  A | läst 1 av 2",
        "    Steg 0 | ✓ läst 2 mars",
        "    Steg 1 | oläst",
    ]
    assert said((module("a", None, title="Avsnitt"),), module_id("a"))[2:] == [
        "    Avsnitt | läst 0 av 1",
        "      Steg 0 | oläst",
    ]


def test_a_read_step_is_green_and_marked_with_the_year_where_it_is_another() -> None:
    assert read_mark(StepState("a", "A", MONDAY), TODAY) == ("✓ läst 2 mars", "done")
    assert read_mark(StepState("a", "A", days_after(MONDAY, -365)), TODAY) == ("✓ läst 2 mars 2025", "done")


def test_the_module_that_the_resident_is_in_the_middle_of_is_unfolded_at_first() -> None:
    later = days_after(MONDAY, 1)
    started = {STARTED, WAITING}
    assert first_unfolded((module("a", MONDAY), module("b", later, None))) == started | {module_id("b")}
    assert first_unfolded((module("a", later), module("b", MONDAY, None))) == started
    assert first_unfolded((module("a", None),)) == started


def test_a_program_with_nothing_opened_says_so() -> None:
    assert said((module("a", None, opened=False),))[:2] == ["Startade moduler", "  Inga moduler är öppnade än."]


async def test_enter_folds_and_unfolds(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.resident(), read_step, moment, "hej")
    async with opened(filed, moment) as pilot:
        await press(pilot, "down")
        assert keys(pilot)["Enter"] == "Fäll ihop"
        await press(pilot, "enter")
        assert "Sen " not in shown(pilot)
        assert keys(pilot)["Enter"] == "Fäll ut"
        await press(pilot, "enter", "down")
        assert cursor(pilot).text == "Hej"
        assert "✓ läst 2 mars" in shown(pilot)
        assert "Enter" not in keys(pilot)


async def test_a_click_on_a_module_unfolds_it(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await pilot.click(offset=place(pilot.app, "Börja här"))
        await pilot.pause()
        assert "Hej" in shown(pilot)
        assert focus(pilot) == "modules"


async def test_v_hides_a_module_and_shows_it_again(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        assert "v" not in keys(pilot)
        await press(pilot, "down")
        assert keys(pilot)["v"] == "Dölj"
        await press(pilot, "v")
        assert "⊘ dold" in shown(pilot)
        assert filed.rows("SELECT part FROM hiddenpart") == [("start",)]
        assert keys(pilot)["v"] == "Visa"
        await press(pilot, "v")
        assert "⊘ dold" not in shown(pilot)
        assert filed.rows("SELECT part FROM hiddenpart") == []


async def test_a_section_is_hidden_by_itself(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, open_module, moment, "mer")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "down", "down", "enter", "down", "v")
        assert filed.rows("SELECT part FROM hiddenpart") == [("ett",)]
        await press(pilot, "down")
        assert "v" not in keys(pilot)


async def test_p_opens_the_next_module_where_there_is_one(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment, size=(80, 34)) as pilot:
        assert keys(pilot)["p"] == "Öppna nästa modul"
        assert "○ inte öppnad" in shown(pilot)
        await press(pilot, "p")
        assert "○ inte öppnad" not in shown(pilot)
        assert cursor(pilot).module == "mer"
        assert "p" not in keys(pilot)
    assert filed.value("SELECT count(*) FROM momentmodule") == 2


async def test_a_program_that_opens_all_at_once_has_no_p(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        assert "p" not in keys(pilot)


async def test_in_maintenance_modules_can_be_hidden_but_not_opened(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment) as pilot:
        await press(pilot, "down")
        assert "p" not in keys(pilot)
        assert keys(pilot)["v"] == "Dölj"


async def test_a_change_keeps_cursor_folding_and_scroll(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "down", "enter", *["down"] * 8)
        row, scroll = cursor(pilot), page(pilot).switcher.manage.scroll_y
        assert scroll > 0
        do(filed, filed.resident(), read_step, moment, "aviseringar")
        await told(pilot)
        assert cursor(pilot) == row
        assert page(pilot).switcher.manage.scroll_y == scroll
        await press(pilot, *["up"] * 7)
        assert "✓ läst 2 mars" in shown(pilot)
        assert "läst 1 av 3" in shown(pilot)
        assert "✓ läst 1 av 3" not in shown(pilot)


async def test_a_module_that_another_has_hidden_is_refused_in_words(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await press(pilot, "down")
        do(filed, filed.clinician, hide_module, moment, "start")
        await press(pilot, "v")
        assert notices(pilot) == ["Börja här är redan dolt för invånaren."]


async def test_home_and_end_reach_the_ends_of_the_page(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "end")
        assert "   Avsluta   " in shown(pilot)
        assert "7 Utvärdering" in shown(pilot)
        await press(pilot, "home")
        assert page(pilot).switcher.manage.scroll_y == 0
        await press(pilot, "pagedown", "pageup")
        assert cursor(pilot).id == STARTED


@pytest.mark.parametrize("title", ["[/x] [bold]$name", "[@click=app.quit]x[/]"])
async def test_hostile_titles_are_literal(filed: Clinic, title: str) -> None:
    moment = filed.start(program="prov")
    filed.run("UPDATE programversion SET content = replace(content, 'Börja här', :title)", title=title)
    async with opened(filed, moment) as pilot:
        assert title in shown(pilot)
