"""Flags on the resident's page: the tab, *HANTERA HÄNDELSER*, handling, and those who only watch."""

from __future__ import annotations

from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.dialogs.controls import Select
from screens.dialogs.flag import FlagDialog
from screens.dialogs.handle_flag import HandleDialog
from screens.flag_text import NO_INSTRUCTION, NO_SIGN_OF_SAFETY
from screens.moment import tabs
from screens.moment.flags.actions import RAISED
from screens.moment.flags.flag_list import FlagList
from screens.moment.flags.flag_rows import NO_FLAGS, NOT_SEEN
from screens.moment.flags.tab import FlagsTab
from screens.moment.forms.form_screen import FormScreen
from screens.moment.news import GONE, NO_LONGER_WATCHED
from screens.queue.actions import HANDLED
from screens.shown_keys import keyed
from screens.widgets.tab_strip import TabStrip
from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.care.day_run import run_day
from store.care.endings import end_moment
from store.care.flags import Cause, add_flag, handle_flag, raise_flag
from store.care.messages import write_message
from store.care.moments import load_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, SYSTEM
from store.foundation.flag_kinds import FlagKind, Severity
from store.people.sign_in import StaffActor
from store.views.flags import CAUTION
from tests.clinics import COLLEAGUE, Clinic
from tests.forms import given
from tests.screens import hostile as texts
from tests.screens.moment.host import (
    SIZES,
    banner,
    do,
    focus,
    host,
    keys,
    notices,
    opened,
    page,
    path_of,
    press,
    read_log,
    shown,
    told,
    until,
)

RISK = "Svar ”C” på fråga 3 i Mående (2 av 3) – Fråga 3"


def start(clinic: Clinic, *weights: float) -> int:
    """A moment with an answer, of which the third weight above 0 is a risk."""
    moment = clinic.start(program="prov")
    if weights:
        clinic.answer(moment, given(*weights))
    return moment


def add(clinic: Clinic, moment: int, text: str = "Ring.", severity: Severity = Severity.WARNING) -> int:
    return int(do(clinic, clinic.clinician, add_flag, moment, text, severity=severity))


def raised(clinic: Clinic, moment: int, kind: FlagKind, about: str, reason: str = "Skäl.") -> None:
    with clinic.store.work(SYSTEM) as work:
        assert raise_flag(work, load_moment(work, moment), Cause(kind, Severity.WARNING, reason, about))


def handle(clinic: Clinic, by: StaffActor, note: str = "Ringde.") -> None:
    do(clinic, by, handle_flag, int(clinic.value("SELECT max(id) FROM flag")), note)


def joined(pilot: Pilot[None]) -> str:
    """The screen without the breaks that the width made, and without frames."""
    return " ".join(shown(pilot).translate(str.maketrans("│▌▐▏▕", "     ")).split())


async def open_dialog(pilot: Pilot[None], key: str, kind: type) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


# The tab


@SIZES
async def test_the_caution_stands_on_top_also_where_there_is_no_flag(filed: Clinic, size: tuple[int, int]) -> None:
    async with opened(filed, start(filed), size=size) as pilot:
        await press(pilot, "4")
        assert CAUTION in joined(pilot)
        assert NO_FLAGS in shown(pilot)
        assert joined(pilot).index(CAUTION) < joined(pilot).index(NO_FLAGS)
        assert "instruktion" not in shown(pilot)
        assert keys(pilot)["n"] == "Ny flagga"
    assert read_log(filed, "open_flags") == 1
    assert read_log(filed, "flags_page") == 0


async def test_an_urgent_flag_says_why_since_when_and_who_has_seen_it(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    filed.clock.set(2026, 3, 2, 11)
    async with opened(filed, moment, by=filed.admin) as pilot:
        assert "▲1" in shown(pilot)
        await press(pilot, "4")
        assert NOT_SEEN in shown(pilot)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        for words in ("Öppna flaggor (1 st)", f"▲ prioriterad  {RISK}", "2 tim"):
            assert words in shown(pilot)
        assert "Sedd av Kim T1clinician 2 mars 12:00; inte hanterad." in shown(pilot)
        assert NO_INSTRUCTION in joined(pilot)
    filed.run("UPDATE unit SET risk_instruction = 'Ring bakjouren [/x].'")
    filed.clock.set(2026, 3, 3, 7)
    async with opened(filed, moment, by=filed.colleague) as pilot:
        await press(pilot, "4")
        assert "Enhetens instruktion: Ring bakjouren [/x]." in joined(pilot)
        assert "Kim T1clinician 2 mars 12:00, Kim T1colleague 3 mars 08:00; inte hanterad." in joined(pilot)


async def test_a_flag_that_comes_while_the_tab_is_open_is_seen_when_it_is_opened_again(filed: Clinic) -> None:
    moment = start(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        filed.answer(moment, given(0, 0, 2))
        await told(pilot)
        assert RISK in shown(pilot)
        assert NOT_SEEN in shown(pilot)
        await press(pilot, "1", "4")
        assert "Sedd av Kim T1clinician" in shown(pilot)
        await press(pilot, "1", "4")
    assert read_log(filed, "open_flags") == 2


async def test_the_most_urgent_is_first_and_the_handled_ones_tell_what_was_done(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment, "En påminnelse", Severity.NOTE)
    add(filed, moment, "En fråga")
    filed.answer(moment, given(0, 0, 2))
    handle(filed, filed.clinician, "Ringde.\nMår bättre [/x].")
    filed.answer(moment, given(0, 0, 3))
    async with opened(filed, moment, size=(80, 50)) as pilot:
        await press(pilot, "4")
        painted = shown(pilot)
        order = [
            "▲ prioriterad  Svar ”D” på fråga 3 i Mående (3",
            "! varning      En fråga",
            "● upplysning   En påminnelse",
        ]
        places = [painted.index(words) for words in [*order, "Hanterade flaggor (1 st)", RISK[:40]]]
        assert places == sorted(places)
        assert "✓ hanterad 2 mars" in painted
        assert "Hanterad 2 mars 10:00 av Kim T1clinician, nådde invånaren: Ringde." in painted
        assert "Mår bättre [/x]." in painted
        assert painted.count("Satt för hand av Kim T1clinician 2 mars 10:00.") == 2


async def test_what_a_rule_closed_says_why(filed: Clinic) -> None:
    moment = start(filed)
    do(filed, filed.resident(), write_message, moment, "Hej?", heading="En fråga")
    filed.clock.set(2026, 3, 20)
    run_day(filed.store)
    conversation = filed.value("SELECT id FROM conversation")
    from store.care.messages import send_message

    do(filed, filed.clinician, send_message, moment, "Hej!", conversation=conversation)
    async with opened(filed, moment, size=(80, 50)) as pilot:
        await press(pilot, "4")
        assert "✓ stängd 20 mars" in shown(pilot)
        assert "Stängdes av sig själv 20 mars 01:00:" in shown(pilot)


# What Enter opens


async def test_enter_opens_the_answer_that_raised_it(filed: Clinic) -> None:
    async with opened(filed, start(filed, 0, 0, 2)) as pilot:
        await press(pilot, "4", "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "▲ RISKSVAR" in shown(pilot)


async def test_enter_opens_a_conversation_a_module_a_measurement_and_a_plan(filed: Clinic) -> None:
    moment = start(filed)
    do(filed, filed.resident(), write_message, moment, "Hur gör jag?", heading="Om sömn")
    raised(filed, moment, FlagKind.UNANSWERED, str(filed.value("SELECT id FROM conversation")))
    filed.clock.set(2026, 3, 2, 10)
    raised(filed, moment, FlagKind.MODULE, "start")
    filed.clock.set(2026, 3, 2, 11)
    raised(filed, moment, FlagKind.MISSING, "maende")
    filed.clock.set(2026, 3, 2, 12)
    plan = do(filed, filed.clinician, make_plan, moment, NewPlan("Komma ut", (NewActivity("Gå ut"),)))
    raised(filed, moment, FlagKind.FOLLOW_UP, str(plan))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "4", "enter")
        assert focus(pilot) == "plans"
        await press(pilot, "1", "4", "home", "down", "enter")
        assert focus(pilot) == "forms"
        assert page(pilot).switcher.manage.forms.row
        assert page(pilot).switcher.manage.forms.row.form == "maende"  # type: ignore[union-attr]
        await press(pilot, "4", "home", "down", "down", "enter")
        assert focus(pilot) == "modules"
        await press(pilot, "4", "home", "down", "down", "down", "enter")
        assert page(pilot).query_one(TabStrip).active == tabs.MESSAGES
        assert "Hur gör jag?" in shown(pilot)


async def test_where_there_is_nothing_to_open_enter_is_not_offered(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment)
    raised(filed, moment, FlagKind.LENGTH, "")
    raised(filed, moment, FlagKind.MISSING, "maende")
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        offered = []
        for _ in range(3):
            flag = page(pilot).switcher.flags.flags.flag  # type: ignore[union-attr]
            offered.append((flag.kind, "Enter" in keys(pilot)))  # type: ignore[union-attr]
            await press(pilot, "down")
        assert sorted(offered) == [(FlagKind.MANUAL, False), (FlagKind.LENGTH, False), (FlagKind.MISSING, True)]


# Handling


async def test_a_flag_is_handled_with_a_note_and_without_one_it_is_not(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "h", HandleDialog)
        assert RISK in shown(pilot)
        assert NO_INSTRUCTION in joined(pilot)
        await press(pilot, "ctrl+s")
        assert "Utan anteckning hanteras ingen flagga." in shown(pilot)
        pilot.app.screen.query_one("#note", TextArea).text = "Ringde upp.\nMår bättre."
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notices(pilot) == [HANDLED])
        assert "✓ hanterad 2 mars" in shown(pilot)
        assert "▲" not in shown(pilot).splitlines()[1]
        assert "h" not in keys(pilot)
    assert filed.rows("SELECT handled_by, note FROM flag") == [("Kim T1clinician", "Ringde upp.\nMår bättre.")]


async def test_two_handle_the_same_flag_and_the_second_is_told(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "h", HandleDialog)
        handle(filed, filed.admin, "Redan gjort.")
        pilot.app.screen.query_one("#note", TextArea).text = "Ringde."
        await press(pilot, "ctrl+s")
        assert "Flaggan är redan hanterad." in shown(pilot)
        await press(pilot, "escape")
        await told(pilot)
        assert "Redan gjort." in shown(pilot)
    assert filed.rows("SELECT note FROM flag") == [("Redan gjort.",)]


async def test_the_database_is_taken_away_while_a_note_is_written(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment)
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "h", HandleDialog)
        pilot.app.screen.query_one("#note", TextArea).text = "Ringde."
        away = path.rename(path.with_suffix(".borta"))
        await press(pilot, "ctrl+s")
        assert "Ingen kontakt med databasen. Det du har skrivit står kvar här." in joined(pilot)
        await told(pilot)
        away.rename(path)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notices(pilot) == [HANDLED])
        assert "Ring." in shown(pilot)
    assert filed.rows("SELECT note FROM flag") == [("Ringde.",)]


async def test_a_tab_that_could_not_be_read_is_read_when_the_database_is_back(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment)
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        away = path.rename(path.with_suffix(".borta"))
        await press(pilot, "4")
        await told(pilot)
        assert "Ingen kontakt med databasen." in banner(pilot)
        assert "n" not in keys(pilot)
        away.rename(path)
        await told(pilot)
        assert "! varning      Ring." in shown(pilot)
        assert focus(pilot) == "flags"


# One's own


async def test_a_flag_is_raised_by_hand_with_a_day(filed: Clinic) -> None:
    moment = start(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "n", FlagDialog)
        dialog = pilot.app.screen
        await press(pilot, "ctrl+s")
        assert "Flaggan behöver en text." in shown(pilot)
        dialog.query_one("#text", Input).value = "Ring skolan"
        dialog.query_one("#day", Input).value = "i morgon"
        await press(pilot, "ctrl+s")
        assert "i morgon är inget datum." in joined(pilot)
        dialog.query_one("#day", Input).value = "2026-03-01"
        await press(pilot, "ctrl+s")
        assert "Dagen har redan varit." in shown(pilot)
        dialog.query_one("#day", Input).value = "2026-03-09"
        dialog.query_one("#severity", Select).clear()
        await press(pilot, "ctrl+s")
        assert "Välj hur allvarlig flaggan är." in shown(pilot)
        dialog.query_one("#severity", Select).value = Severity.NOTE
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notices(pilot) == [RAISED])
        assert "● upplysning   Ring skolan" in shown(pilot)
        assert "Gäller från 9 mars 2026." in shown(pilot)
        assert "4 Flaggor och aktivitetsplaner 1" in shown(pilot)
    assert filed.rows("SELECT reason, severity, due_on FROM flag") == [("Ring skolan", "upplysning", "2026-03-09")]


async def test_an_urgent_one_says_that_everybody_sees_it_at_once(filed: Clinic) -> None:
    async with opened(filed, start(filed)) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "n", FlagDialog)
        pilot.app.screen.query_one("#severity", Select).value = Severity.PRIORITY
        await until(pilot, lambda: "Syns genast för alla behandlare på enheten" in joined(pilot))


# On Hantera


async def test_hantera_shows_the_open_ones_first_and_handles_them(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    add(filed, moment)
    async with opened(filed, moment) as pilot:
        painted = shown(pilot)
        assert focus(pilot) == "waiting-flags"
        order = ("HANTERA HÄNDELSER", f"▲ prioriterad  {RISK}", "! varning      Ring.")
        places = [painted.index(words) for words in order]
        assert places == sorted(places)
        assert painted.index("! varning      Ring.") < painted.index("OLÄST FORMULÄR")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "escape")
        await open_dialog(pilot, "h", HandleDialog)
        pilot.app.screen.query_one("#note", TextArea).text = "Ringde."
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notices(pilot) == [HANDLED])
        assert RISK not in shown(pilot)
        await press(pilot, "down")
        assert focus(pilot) in ("forms", "modules")


async def test_without_flags_hantera_says_nothing_of_them(filed: Clinic) -> None:
    async with opened(filed, start(filed)) as pilot:
        assert not page(pilot).switcher.manage.flags.display
        assert "Flaggor\n" not in shown(pilot)


async def test_reading_the_form_leaves_an_urgent_flag_where_it_is(filed: Clinic) -> None:
    async with opened(filed, start(filed, 0, 0, 2)) as pilot:
        await press(pilot, "down", "m")
        assert "Inga formulär att hantera." in shown(pilot)
        assert RISK in shown(pilot)


async def test_a_row_of_the_timeline_opens_the_tab(filed: Clinic) -> None:
    moment = start(filed)
    filed.clock.set(2026, 3, 2, 10)
    add(filed, moment)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3", "enter")
        assert page(pilot).query_one(TabStrip).active == tabs.FLAGS
        assert focus(pilot) == "flags"


# Who only watches


async def test_who_only_watches_handles_urgent_ones_and_nothing_else(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    add(filed, moment)
    async with opened(filed, moment, by=filed.colleague) as pilot:
        assert "Du ser momentet därför att det har en ohanterad prioriterad flagga." in joined(pilot)
        assert not {"a", "b", "w", "r", "t"} & keys(pilot).keys()
        await press(pilot, "4")
        assert not {"n", "p"} & keys(pilot).keys()
        assert keys(pilot)["h"] == "Hantera flagga"
        await press(pilot, "down")
        assert "h" not in keys(pilot)
        await press(pilot, "h")
        assert not isinstance(pilot.app.screen, HandleDialog)


async def test_handling_the_last_one_leads_back_to_the_list(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    async with opened(filed, moment, by=filed.colleague) as pilot:
        await open_dialog(pilot, "h", HandleDialog)
        pilot.app.screen.query_one("#note", TextArea).text = "Ringde."
        await pilot.press("ctrl+s")
        await until(pilot, lambda: host(pilot).given == [f"Berg, Åsa · Ångest – prov: {HANDLED}"])
        assert "INFORMATION OM MOMENTET" not in shown(pilot)


@pytest.mark.parametrize("tab", ["1", "4"])
async def test_a_page_that_was_watched_closes_itself_when_another_has_handled_it(filed: Clinic, tab: str) -> None:
    moment = start(filed, 0, 0, 2)
    async with opened(filed, moment, by=filed.colleague) as pilot:
        await press(pilot, tab)
        handle(filed, filed.clinician)
        await told(pilot)
        assert keyed(NO_LONGER_WATCHED) in banner(pilot)
        assert RISK not in shown(pilot)
        assert "INFORMATION OM MOMENTET" not in shown(pilot)
        assert keys(pilot) == {"Esc": "Tillbaka"}


async def test_a_page_that_was_ones_own_says_otherwise(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await told(pilot)
        assert keyed(GONE) in banner(pilot)
        assert "Ring." not in shown(pilot)


async def test_an_administrator_does_it_all_and_an_ended_moments_urgent_flag_can_be_handled(filed: Clinic) -> None:
    moment = start(filed, 0, 0, 2)
    do(filed, filed.clinician, end_moment, moment, "Klart", confirmed=True)
    async with opened(filed, moment, by=filed.admin) as pilot:
        await press(pilot, "4")
        assert keys(pilot)["h"] == "Hantera flagga"
        assert not {"n", "p"} & keys(pilot).keys()


# What must not break it


@texts.together
async def test_hostile_texts_are_shown_as_they_stand(filed: Clinic, hostile: str) -> None:
    moment = start(filed)
    add(filed, moment)
    add(filed, moment, "Två")
    handle(filed, filed.clinician)
    filed.run("UPDATE flag SET reason = :text, note = :text, raised_by = :text, handled_by = :text", text=hostile)
    filed.run("UPDATE flag SET handled_by = '' WHERE handled_at IS NULL")
    filed.run("UPDATE unit SET risk_instruction = :text", text=hostile)
    filed.run("UPDATE flag SET severity = 'prioriterad' WHERE handled_at IS NULL")
    with filed.store.work(OPERATOR) as work:
        work.db.run("UPDATE moment SET severity_rank = 0, priority_flags = 1")
    async with opened(filed, moment) as pilot:
        await press(pilot, "4", "end", "home")
        assert texts.is_clean(shown(pilot).replace("\n", "").replace("\xa0", ""))
        await open_dialog(pilot, "h", HandleDialog)
        assert pilot.app.screen.query_one("#main").region.bottom <= 24
        pilot.app.screen.query_one("#note", TextArea).text = hostile
        await press(pilot, "ctrl+s")
        assert pilot.app.is_running


async def test_the_rows_are_broken_anew_when_the_terminal_changes(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment, "ord " * 60 + "sist")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "4")
        wide = page(pilot).query_one("#flags", FlagList).size.height
        await pilot.resize_terminal(60, 40)
        await until(pilot, lambda: page(pilot).query_one("#flags", FlagList).size.height > wide)
        assert "sist" in shown(pilot)
        assert page(pilot).query_one(FlagsTab).flags.flag is not None


def test_the_caution_beside_scores_is_the_same() -> None:
    assert NO_SIGN_OF_SAFETY.startswith("Inget risksvar betyder inte att det inte finns någon risk.")
    assert NO_SIGN_OF_SAFETY.endswith(CAUTION.removeprefix("Inga flaggor"))


def test_the_day_of_a_flag_is_said_by_whether_it_has_come() -> None:
    from screens.moment.flags.flag_rows import flag_rows
    from store.foundation.clock import start_of
    from store.views.flags import FlagRow

    flag = FlagRow(
        *(
            1,
            FlagKind.MANUAL,
            "",
            Severity.NOTE,
            "Ring",
            "2026-03-09",
            start_of(date(2026, 3, 2)),
            0,
            "Kim",
            None,
            "",
            "",
        ),
        outcome=None,
        next_attempt_at=None,
    )
    said = [" ".join(row.text for row in flag_rows([flag], start_of(date(2026, 3, day)), 100)) for day in (8, 9)]
    assert "Gäller från 9 mars 2026" in said[0]
    assert "Gäller sedan 9 mars 2026" in said[1]
