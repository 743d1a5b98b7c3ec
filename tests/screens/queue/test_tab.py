"""*Att göra*: what waits, why and for how long, and what can be done with it where it stands."""

from datetime import date
from typing import Any

import pytest

from screens.queue.tab import NOTHING
from screens.themed_app import PreviewMode
from store.care.day_run import run_day
from store.care.flags import add_flag, handle_flag
from store.care.modules import open_module
from store.care.set_aside import set_aside
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from store.foundation.operation import OPERATIONS
from store.people.sign_in import StaffActor
from store.views.flags import CAUTION
from tests.app.driver import Driver, running
from tests.clinics import ADULT, COLLEAGUE, ELSEWHERE, GUARDIAN, HIDDEN, MONDAY, PROVIDER_ADMIN, Clinic
from tests.forms import given
from tests.screens import hostile as texts
from tests.screens.painted import place, segments
from tests.screens.whole import LOST, SIZES, at_work, focus, keys, open_tab, paste, said, taken_away
from tests.store.letters import write

RISK = "Svar ”C” på fråga 3 i Mående (2 av 3) – Fråga 3"


def flag(clinic: Clinic, moment: int, text: str, severity: Severity = Severity.WARNING, **options: Any) -> int:
    """Raise a flag as the clinician."""
    with clinic.store.work(options.pop("by", clinic.clinician)) as work:
        return add_flag(work, moment, text, severity=severity, **options)


def done(clinic: Clinic, operation: Any, *args: Any, by: StaffActor | None = None, **options: Any) -> Any:
    """Do something as somebody, at another terminal."""
    with clinic.store.work(by or clinic.clinician) as work:
        return operation(work, *args, **options)


def logged(clinic: Clinic, operation: str) -> int:
    """Return how often it was done; each resident whom it served has a row beside."""
    assert operation in OPERATIONS
    sql = "SELECT count(*) FROM log WHERE operation = :operation AND (action <> 'listade' OR personnummer IS NULL)"
    return int(clinic.log_value(sql, operation=operation))


def served(clinic: Clinic, operation: str) -> list[str]:
    """Return who was served by it, in order."""
    sql = (
        "SELECT personnummer FROM log WHERE operation = :operation AND action = 'listade' AND personnummer IS NOT NULL"
    )
    return [number for (number,) in clinic.log(f"{sql} ORDER BY id", operation=operation)]


@pytest.fixture
def moment(filed: Clinic) -> int:
    """Berg's moment: a question on Wednesday, a risk answer on Friday, an exercise on the way."""
    filed.clock.set(2026, 2, 25, 9)
    moment = filed.start(program="prov")
    done(filed, open_module, moment, "mer")
    write(filed, moment, "Hur gör jag?", heading="Fråga om bilder")
    filed.clock.set(2026, 2, 27, 9)
    filed.answer(moment, given(1, 1, 2))
    filed.answer(moment, '{"text": "Gick bra."}', "uppgift")
    filed.clock.now = MONDAY
    run_day(filed.store)
    return moment


async def opened(driver: Driver, *words: str) -> None:
    await driver.sees("Mina")
    await driver.press("1")
    await driver.sees("[1 Att göra", *(words or ("Namn", "Ålder")))  # a flag's reason stands under *Mina*, too


def rows(driver: Driver) -> list[str]:
    """The lines of the queue, without the cursor's marks; not what is said of the cursor's under it."""
    lines = [line.strip("▌▐▏▕ ") for line in driver.text.split("\n")]
    return [" ".join(line.split()) for line in lines if line[:2] in MARKS and not line.startswith("▲ prioriterad:")]


MARKS = ("▲ ", "! ", "● ", "✉ ", "▤ ", "✓ ", "… ", "○ ", "→ ", "× ", "↻ ")


@SIZES
async def test_the_reason_stands_first_then_who_and_how_long(filed: Clinic, moment: int, size: tuple[int, int]) -> None:
    assert moment
    async with at_work(filed, size=size) as driver:
        driver.app.preview_mode = PreviewMode.OFF  # which would take a part of the width
        await opened(driver, "▲ prioriterad")
        extra = (" Ångest – prov 3 dgr Enter Öppna svaret", " Ångest – prov 3 arb.dgr Enter Svara", " Ångest – prov 1")
        wide = extra if size[0] > 100 else (" 3 dgr", " 3 arb.dgr", " 1")
        first, second, third = rows(driver)
        risk = RISK if size[0] > 100 else "Svar ”C” på fråga 3 i Mående (2 av…"
        assert first == f"▲ prioriterad {risk} Berg, Åsa{wide[0]}"
        assert second == f"✉ meddelande Obesvarat: Fråga om bilder Berg, Åsa{wide[1]}"
        assert third.startswith(f"▤ hemuppgift Uppgift, oläst Berg, Åsa{wide[2]} arb.dag")
        assert "[1 Att göra 3]" in driver.text
        assert f"{RISK} Ångest – prov · har väntat 3 dgr" in said(driver)


async def test_a_day_is_yellow_more_than_two_are_red_and_a_risk_is_red(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver, "▲ prioriterad")
        await driver.press("end")
        await driver.until(lambda: place(driver.app, "▌▤ hemuppgift") != (0, 0), "the cursor")
        assert _colours(driver, "▲ prioriterad") == _colours(driver, "✉ meddelande") == {"#ff8f87"}
        await driver.press("home")
        await driver.sees("▌▲ prioriterad")
        assert _colours(driver, "▤ hemuppgift") == {"#e8c468"}


def _colours(driver: Driver, words: str) -> set[str]:
    found = [one.style for one in segments(driver.app) if words in one.text]
    return {style.color.name for style in found if style and style.color}


async def test_the_key_bar_says_what_enter_does_with_the_row(filed: Clinic, moment: int) -> None:
    assert moment
    also = {"f": "Filtrera", "v": "Förhandsvisa", "␣": "Markera", "g": "Åtgärda"}
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        assert keys(driver) == {"Enter": "Öppna svaret", "h": "Hantera flagga", "T": "Jag tar den"} | also
        await driver.press("down")
        await driver.sees("▌✉ meddelande")
        await driver.until(lambda: "u" in keys(driver), "the keys")
        there = {"Enter": "Svara", "h": "Hantera flagga", "T": "Jag tar den", "u": "Skjut upp"}
        assert keys(driver) == there | also
        await driver.press("f1")
        await driver.sees("Skjut upp ärendet till en dag.")


@SIZES
async def test_an_empty_queue_says_so_and_what_that_does_not_mean(filed: Clinic, size: tuple[int, int]) -> None:
    async with at_work(filed, size=size) as driver:
        await opened(driver, NOTHING)
        assert CAUTION in said(driver)
        assert "[1 Att göra 0]" in driver.text
        assert keys(driver) == {}


async def test_opening_is_logged_once_for_each_opening_and_a_refresh_never(filed: Clinic, moment: int) -> None:
    async with at_work(filed) as driver:
        await driver.sees("Att göra 3")
        assert logged(filed, "open_todo") == 0
        await opened(driver, "▲ prioriterad")
        flag(filed, moment, "Ring skolan")
        await driver.sees("Ring skolan")
        assert logged(filed, "open_todo") == 1
        await driver.press("1", "2")
        await driver.sees("[2 Mina")
        await opened(driver, "Ring skolan")
        await driver.until(lambda: logged(filed, "open_todo") == 2, "the second opening")
    assert served(filed, "open_todo") == [ADULT] * 2
    assert served(filed, "todo_again") == []


async def test_the_tab_counts_while_another_is_open_and_leaves_no_log_row(filed: Clinic, moment: int) -> None:
    async with at_work(filed) as driver:
        await driver.sees("[2 Mina", "Att göra 3")
        before = int(filed.value("SELECT count(*) FROM log"))
        flag(filed, moment, "Ring skolan")
        await driver.sees("Att göra 4")
        assert int(filed.value("SELECT count(*) FROM log")) == before + 1  # the flag's own


async def test_what_changes_shows_and_the_cursor_stays_on_its_matter(filed: Clinic, moment: int) -> None:
    priority = int(filed.value("SELECT id FROM flag WHERE severity = 'prioriterad'"))
    async with at_work(filed) as driver:
        await opened(driver, "▲ prioriterad")
        await driver.press("down", "down")
        await driver.sees("▌▤ hemuppgift")
        flag(filed, moment, "Ring genast", Severity.PRIORITY)
        await driver.sees("Ring genast", "▌▤ hemuppgift")
        done(filed, handle_flag, priority, "Ringde.")
        await driver.sees_no(RISK)
        assert "▌▤ hemuppgift" in driver.text
        done(filed, set_aside, moment, f"formular-{_homework(filed)}", date(2026, 3, 9), "Semester")
        await driver.sees_no("hemuppgift")
        assert "▌" in driver.text


def _homework(clinic: Clinic) -> int:
    return int(clinic.value("SELECT id FROM formanswer WHERE form = 'uppgift'"))


async def test_a_colleague_sees_the_priority_flag_and_that_it_is_anothers(filed: Clinic, moment: int) -> None:
    assert moment
    async with running(filed.store.engine.url, COLLEAGUE, now=MONDAY) as driver:
        await opened(driver, "▲ prioriterad")
        assert len(rows(driver)) == 1
        assert "en kollegas moment" in said(driver)


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.RESIDENT_ADMIN])
async def test_clinicians_and_resident_admins_have_the_tab(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        await driver.sees("1 Att göra")


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.TRAINER])
async def test_nobody_else_has_it(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        await driver.sees("Min profil")
        assert "Att göra" not in driver.text
        await driver.press("1", "o")
        await driver.pilot.pause()
        assert "Att göra" not in driver.text
    assert logged(filed, "open_todo") == 0
    assert PROVIDER_ADMIN


@SIZES
async def test_a_protected_resident_is_masked_in_the_rows_and_in_the_filter(
    filed: Clinic, size: tuple[int, int]
) -> None:
    hidden = filed.start(HIDDEN, program="prov")
    flag(filed, hidden, "Ring skolan")
    async with at_work(filed, size=size) as driver:
        await opened(driver, "Ring skolan")
        assert "⛨ Skyddade uppgifter" in driver.text
        await driver.press("f")
        await driver.sees("Flaggor (1)")
        assert "⛨ Skyddade uppgifter (1)" in driver.text
        assert "Dold" not in driver.text


# The filter


@pytest.fixture
def two(filed: Clinic, moment: int) -> int:
    """Another resident's moment with a flag, beside Berg's."""
    other = filed.start(GUARDIAN, program="prov")
    flag(filed, other, "Ring skolan")
    return moment


async def test_the_filter_shows_a_kind_or_a_resident_and_says_so(filed: Clinic, two: int) -> None:
    assert two
    async with at_work(filed) as driver:
        await opened(driver, "▲ prioriterad")
        await driver.press("f")
        await driver.sees("Alla ärenden", "Meddelanden (1)", "Hemuppgifter (1)", "Berg, Ulla (1)", "Berg, Åsa (3)")
        await driver.press("M", "enter")
        await driver.sees_no("▲ prioriterad")
        await driver.sees("Visar bara: Meddelanden (1). f visar annat.")
        assert len(rows(driver)) == 1
        assert "Att göra 4" in driver.text  # all that waits
        await driver.press("f")
        await driver.sees("Alla ärenden")
        await driver.press("B", "enter")
        await driver.sees("Visar bara: Berg, Ulla (1)")
        assert [row.split()[2] for row in rows(driver)] == ["Ring"]
        await driver.press("f", "A", "enter")
        await driver.sees("▲ prioriterad")
        await driver.sees_no("Visar bara")
        assert len(rows(driver)) == 4
    assert logged(filed, "open_todo") == 1


async def test_a_filter_whose_matters_are_handled_says_how_the_rest_is_shown(filed: Clinic, two: int) -> None:
    assert two
    flags = [one for (one,) in filed.rows("SELECT id FROM flag WHERE kind IN ('svar', 'egen')")]
    async with at_work(filed) as driver:
        await opened(driver, "▲ prioriterad")
        await driver.press("f", "F", "enter")
        await driver.sees("Visar bara: Flaggor (2)")
        for one in flags:
            done(filed, handle_flag, one, "Ringde.")
        await driver.sees("Inget av den sorten väntar. f visar resten.")
        await driver.press("f", "A", "enter")
        await driver.sees("✉ meddelande")


# What is done where it stands


async def test_h_handles_a_flag_with_a_note_and_the_instruction_beside(filed: Clinic, moment: int) -> None:
    assert moment
    filed.run("UPDATE unit SET risk_instruction = 'Ring samma dag. [/x]' WHERE id = :id", id=filed.here)
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        await driver.press("h")
        await driver.sees("Hantera flagga", "Ring samma dag. [/x]")
        await driver.press("ctrl+s")
        await driver.sees("Skriv vad som har gjorts.")
        await paste(driver, "Ringde, allt är lugnt. [b]")
        await driver.press("ctrl+s")
        await driver.sees_no("▲ prioriterad")
        await driver.sees("Berg, Åsa · Ångest – prov:", "hanterad.")
        await driver.sees_no("Mående, oläst")  # what is handled is read
    assert filed.rows("SELECT note, handled_by FROM flag WHERE severity = 'prioriterad'") == [
        ("Ringde, allt är lugnt. [b]", filed.clinician.name)
    ]


async def test_without_an_instruction_its_absence_is_said(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        await driver.press("h")
        await driver.sees("Enheten har ingen instruktion")
        await driver.press("escape")
        await driver.sees("▌▲ prioriterad")


async def test_u_sets_aside_until_a_day_with_a_reason(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        await driver.press("u")  # never a priority flag
        await driver.pilot.pause()
        assert "Skjut upp ärendet" not in driver.text
        await driver.press("down")
        await driver.sees("▌✉ meddelande")
        await driver.until(lambda: "u" in keys(driver), "the key")
        await driver.press("u")
        await driver.sees("Skjut upp ärendet", "Om\xa0en\xa0vecka")
        assert focus(driver) == "tomorrow"
        await driver.press("tab", "enter")
        await driver.sees("2026-03-09", "måndag 9 mars 2026")
        assert focus(driver) == "why"
        await driver.press("ctrl+s")
        await driver.sees("Skriv varför ärendet skjuts upp.")
        await paste(driver, "Bokad tid på torsdag")
        await driver.press("ctrl+s")
        await driver.sees("Berg, Åsa · Ångest – prov:", "uppskjutet till")
        await driver.sees_no("✉ meddelande")
        await driver.sees("Att göra 2")
    assert filed.rows("SELECT matter, until, reason FROM setaside") == [
        (f"meddelande-{_conversation(filed)}", "2026-03-09", "Bokad tid på torsdag")
    ]


def _conversation(clinic: Clinic) -> int:
    return int(clinic.value("SELECT id FROM conversation"))


@pytest.mark.parametrize(
    ("typed", "said_at_it"),
    [
        ("", "Ange en dag"),
        ("i morgon", "i morgon är inget datum."),
        ("2026-02-30", "2026-02-30 är inget datum."),
        ("2026-03-02", "Ange en dag efter i dag."),
        ("[/x]", "[/x] är inget datum."),
    ],
)
async def test_a_wrong_day_is_said_at_its_field(filed: Clinic, moment: int, typed: str, said_at_it: str) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        await driver.press("down")
        await driver.until(lambda: "u" in keys(driver), "the key")
        await driver.press("u")
        await driver.sees("Skjut upp ärendet")
        await driver.press("shift+tab")
        await paste(driver, typed)
        await driver.press("tab", "tab", "tab")
        await paste(driver, "Semester")
        await driver.press("ctrl+s")
        await driver.sees(said_at_it)
        assert focus(driver) == "day"


# Without a database, and with what tries to be more than text


async def test_a_lost_database_is_said_and_work_goes_on(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver, "▌▲ prioriterad")
        with taken_away(filed):
            await driver.sees(LOST, "▌▲ prioriterad")
            await driver.press("h")
            await driver.sees("Ingen kontakt med databasen.")
        await driver.sees_no(LOST)
        await driver.press("h")
        await driver.sees("Hantera flagga", "Vad har du gjort?")
        await paste(driver, "Ringde.")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees("Det du har skrivit står kvar här.", "Ringde.")
        await driver.press("ctrl+s")
        await driver.sees_no("▲ prioriterad")


async def test_a_tab_that_is_opened_without_a_database_fills_itself(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await driver.sees("Att göra 3")
        with taken_away(filed):
            await opened(driver, LOST)
        await driver.sees("▲ prioriterad")
        await driver.sees_no(LOST)


@texts.together
async def test_hostile_text_is_shown_as_text(filed: Clinic, hostile: str) -> None:
    elsewhere = filed.start(ELSEWHERE, program="prov", confirmed=True)
    filed.run("UPDATE resident SET family_name = :text WHERE personnummer = :number", text=hostile, number=ELSEWHERE)
    filed.run("UPDATE programversion SET title = :text WHERE program = 'prov'", text=hostile)
    flag(filed, elsewhere, "Ring")
    filed.run("UPDATE flag SET reason = :text", text=hostile)
    async with at_work(filed, size=(140, 40)) as driver:
        await opened(driver, "! varning")
        assert texts.is_clean(said(driver))
        await driver.press("f")
        await driver.sees("Alla ärenden")
        assert texts.is_clean(said(driver))
        await driver.press("escape", "h")
        await driver.sees("Vad har du gjort?")
        assert texts.is_clean(said(driver))
        await driver.press("escape", "u")
        await driver.sees("Skjut upp ärendet")
        assert texts.is_clean(said(driver))
        await driver.press("escape", "enter")
        await driver.sees("Ärende 1 av 1")
        assert texts.is_clean(said(driver))


async def test_open_tab_by_its_shown_key(filed: Clinic) -> None:
    async with at_work(filed, Role.RESIDENT_ADMIN) as driver:
        await open_tab(driver, "Att göra")
        await driver.sees(NOTHING)
