"""Activity plans on the resident's page: the list, the dialogs, the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, TextArea

from screens.dialogs.choose import ChoiceDialog
from screens.dialogs.controls import Select
from screens.dialogs.plan import ChangePlanDialog, PlanDialog
from screens.dialogs.plan_activity import DATES, ActivityDialog, Weekdays
from screens.dialogs.plan_follow_up import EndPlanDialog, FollowUpDialog
from screens.moment.plans.actions import CHANGED, ENDED, FOLLOWED_UP, MADE
from screens.moment.plans.plan_rows import NO_PLANS, RESTS
from screens.moment.plans.week_screen import WeekScreen
from screens.moment.plans.week_text import draw_week
from store.care.activity_marks import mark_activity
from store.care.activity_plans import NewActivity, NewPlan, end_plan, make_plan
from store.care.day_run import run_day
from store.care.maintenance import maintain_moment
from store.care.program_shape import PlannedActivity, PlanTemplate
from store.care.programs import install_program
from store.care.recurrence import Recurrence
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR
from store.views.plans import DayOfPlans, WeekOfPlans
from store.views.plans import PlannedActivity as OfADay
from tests.clinics import COLLEAGUE, SMALL, Clinic
from tests.screens import hostile as texts
from tests.screens.moment.host import (
    SIZES,
    banner,
    do,
    focus,
    keys,
    notices,
    opened,
    page,
    path_of,
    press,
    read_log,
    settled,
    shown,
    told,
    until,
)

WALK = NewActivity("Promenad", Recurrence((0, 2, 4)), "09:00")
TEMPLATE = PlanTemplate("Komma ut", (PlannedActivity("Gå ut", (0, 3), "10:00"), PlannedActivity("Vila")), 7)


def joined(pilot: Pilot[None]) -> str:
    """The screen without the breaks that the width made, and without frames."""
    return " ".join(shown(pilot).translate(str.maketrans("│▌▐▏▕", "     ")).split())


def planned(clinic: Clinic, *activities: NewActivity, follow_up_on: date | None = None) -> tuple[int, int]:
    """A moment with a plan; both ids."""
    moment = clinic.start(program="prov")
    plan = NewPlan("Komma ut", activities or (WALK,), follow_up_on)
    return moment, int(do(clinic, clinic.clinician, make_plan, moment, plan))


def with_template(clinic: Clinic) -> int:
    """A moment of a program that proposes a plan."""
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version="2", activity_plans=(TEMPLATE,)))
    return clinic.start(program="prov")


def mark(clinic: Clinic, moment: int, day: int, *, done: bool, note: str = "") -> None:
    activity = clinic.value("SELECT min(id) FROM activity")
    do(clinic, clinic.resident(), mark_activity, moment, activity, date(2026, 3, day), done=done, note=note)


async def at_plans(pilot: Pilot[None]) -> None:
    """Open the tab, with the cursor among the plans."""
    await press(pilot, "4")
    page(pilot).query_one("#plans").focus()
    await settled(pilot)


async def open_dialog(pilot: Pilot[None], key: str, kind: type) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


def fill(pilot: Pilot[None], **lines: str) -> None:
    for name, text in lines.items():
        pilot.app.screen.query_one(f"#{name.replace('_', '-')}", Input).value = text


async def done(pilot: Pilot[None], sentence: str) -> None:
    """Press the main button, and wait for what is said."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: notices(pilot) == [sentence])


# The list


@SIZES
async def test_plans_stand_under_the_flags_with_what_the_resident_has_done(
    filed: Clinic, size: tuple[int, int]
) -> None:
    moment, _ = planned(filed, WALK, NewActivity("Vila", Recurrence()), follow_up_on=date(2026, 3, 20))
    mark(filed, moment, 2, done=True, note="Skönt")
    filed.clock.set(2026, 3, 7)
    mark(filed, moment, 4, done=False)
    async with opened(filed, moment, size=size) as pilot:
        await press(pilot, "4")
        painted = shown(pilot)
        for words in (
            "Aktivitetsplaner (1 st)",
            "Komma ut",
            "följs upp fre 20 mars",
            "Promenad · mån, ons, fre 09:00",
            "nästa mån 9 mars",
            "✓ 1 utförd",
            "✗ 1 ej utförd",
            "– 1 utan svar",
            "Vila · 2026-03-02",
            "ingen dag framöver",
        ):
            assert words in painted
        assert painted.index("Inga öppna flaggor.") < painted.index("Komma ut")
    assert read_log(filed, "open_plans") == 1


async def test_without_plans_it_says_how_one_is_made(filed: Clinic) -> None:
    async with opened(filed, filed.start(program="prov")) as pilot:
        await press(pilot, "4")
        assert f"{NO_PLANS} Tryck p" in shown(pilot)
        assert "v" not in keys(pilot)


async def test_in_maintenance_plans_rest_and_nothing_is_offered(filed: Clinic) -> None:
    moment, _ = planned(filed)
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        assert RESTS in shown(pilot)
        assert not {"p", "e", "Enter"} & keys(pilot).keys()
        assert keys(pilot)["v"] == "Vecka"


async def test_an_ended_plan_can_be_read_and_not_changed(filed: Clinic) -> None:
    moment, plan = planned(filed)
    do(filed, filed.clinician, end_plan, plan)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        assert "Avslutade planer (1 st)" in shown(pilot)
        assert "avslutad 2 mars" in shown(pilot)
        assert not {"e", "h", "Enter"} & keys(pilot).keys()


# A new one


async def test_a_plan_is_made_by_hand(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "p", PlanDialog)
        await press(pilot, "ctrl+s")
        assert "Planen behöver en titel." in shown(pilot)
        fill(pilot, title="Komma ut")
        await press(pilot, "ctrl+s")
        assert "Planen behöver minst en aktivitet." in shown(pilot)
        fill(pilot, follow_up="2026-03-01")
        await open_dialog(pilot, "ctrl+n", ActivityDialog)
        fill(pilot, what="Promenad", at="9.00")
        pilot.app.screen.query_one(Weekdays).tick((0, 3))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
        assert "+ Promenad · mån, tors 09:00" in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "Uppföljningsdagen har redan varit." in joined(pilot)
        fill(pilot, follow_up="2026-03-16")
        await done(pilot, MADE)
        assert focus(pilot) == "plans"
        assert "Promenad · mån, tors 09:00" in shown(pilot)
    assert filed.rows("SELECT title, follow_up_on, made_by FROM activityplan") == [
        ("Komma ut", "2026-03-16", "Kim T1clinician")
    ]


async def test_a_plan_is_made_from_the_programs_proposal(filed: Clinic) -> None:
    moment = with_template(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "p", ChoiceDialog)
        assert "2 aktiviteter, följs upp efter 7 dagar" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
        assert "Gå ut · mån, tors 10:00" in shown(pilot)
        assert "Vila · varje dag" in shown(pilot)
        assert "2026-03-09" in shown(pilot)
        await done(pilot, MADE)
    assert filed.rows("SELECT description FROM activity ORDER BY id") == [("Gå ut",), ("Vila",)]


@pytest.mark.parametrize("chosen", [("escape",), ("end", "enter")])
async def test_the_proposal_can_be_left_for_nothing_or_for_a_plan_of_ones_own(
    filed: Clinic, chosen: tuple[str, ...]
) -> None:
    moment = with_template(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "p", ChoiceDialog)
        await press(pilot, *chosen)
        if chosen == ("escape",):
            assert pilot.app.screen is page(pilot)
        else:
            await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
            assert "Inga aktiviteter än." in shown(pilot)


async def test_an_activity_on_named_days_and_every_wrong_word_is_said_where_it_stands(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "p", PlanDialog)
        await open_dialog(pilot, "ctrl+n", ActivityDialog)
        dialog = pilot.app.screen
        for lines, words in (
            ({}, "Skriv vad invånaren ska göra."),
            ({"what": "Ring", "at": "kvart över"}, "kvart över är inget klockslag."),
            ({"at": "", "first": "snart"}, "snart är inget datum."),
            ({"first": "2026-03-01"}, "Aktiviteten börjar på en dag som redan har varit."),
            ({"first": "", "last": "2026-03-01"}, "Aktiviteten infaller ingen dag."),
        ):
            fill(pilot, **lines)
            await press(pilot, "ctrl+s")
            assert words in joined(pilot)
            assert pilot.app.screen is dialog
        dialog.query_one("#repeats", Select).value = DATES
        await settled(pilot)
        assert "Veckodagar" not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "Skriv minst ett datum." in shown(pilot)
        fill(pilot, dates="2026-03-09, 2026-03-23", at="13:00")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
        assert "Ring · 2026-03-09, 2026-03-23 13:00" in shown(pilot)
        await press(pilot, "tab", "tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ActivityDialog))
        assert "2026-03-09, 2026-03-23" in shown(pilot)
        fill(pilot, what="Ring kuratorn")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
        await until(pilot, lambda: "Ring kuratorn · " in shown(pilot))
        await press(pilot, "delete")
        assert "Inga aktiviteter än." in shown(pilot)
        assert focus(pilot) == "add"


# Changing, following up, ending


async def test_a_plan_is_changed(filed: Clinic) -> None:
    moment, _ = planned(filed, WALK, NewActivity("Vila"), follow_up_on=date(2026, 3, 9))
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        await open_dialog(pilot, "enter", ChangePlanDialog)
        await press(pilot, "ctrl+s")
        assert "Det finns inget att ändra." in shown(pilot)
        fill(pilot, title="Ut varje dag", follow_up="")
        await press(pilot, "tab", "tab", "delete")
        assert "tas bort ur planen" in shown(pilot)
        await press(pilot, "delete")
        assert "tas bort ur planen" not in shown(pilot)
        await press(pilot, "delete", "tab")
        assert isinstance(pilot.app.focused, Button)
        await open_dialog(pilot, "enter", ActivityDialog)
        fill(pilot, what="Simma")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangePlanDialog))
        await done(pilot, CHANGED)
        for words in ("Ut varje dag", "Vila · varje dag", "Simma · varje dag"):
            assert words in shown(pilot)
        assert "Promenad" not in shown(pilot)
        assert "följs upp" not in shown(pilot)
    assert filed.rows("SELECT title, follow_up_on FROM activityplan") == [("Ut varje dag", "")]


async def test_the_last_activity_cannot_be_taken_out(filed: Clinic) -> None:
    moment, _ = planned(filed)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        await open_dialog(pilot, "enter", ChangePlanDialog)
        await press(pilot, "tab", "tab", "delete", "ctrl+s")
        assert "Planen behöver minst en aktivitet. Avsluta den" in joined(pilot)


async def test_a_plan_that_is_due_is_followed_up(filed: Clinic) -> None:
    moment, _ = planned(filed, follow_up_on=date(2026, 3, 9))
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        assert "h" not in keys(pilot)
    filed.clock.set(2026, 3, 10)
    run_day(filed.store)
    async with opened(filed, moment, size=(80, 40)) as pilot:
        await at_plans(pilot)
        assert "! följ upp sedan 9 mars" in shown(pilot)
        await open_dialog(pilot, "h", FollowUpDialog)
        await press(pilot, "ctrl+s")
        assert "Utan anteckning följs ingen plan upp." in joined(pilot)
        pilot.app.screen.query_one("#note", TextArea).text = "Tre av fem."
        fill(pilot, next="2026-03-10")
        await press(pilot, "ctrl+s")
        assert "Ange en senare dag för nästa uppföljning." in joined(pilot)
        fill(pilot, next="2026-03-24")
        await done(pilot, FOLLOWED_UP)
        assert "följs upp tis 24 mars" in shown(pilot)
        assert "Uppföljd 10 mars 01:00 av Kim T1clinician: Tre av fem." in shown(pilot)
        assert "h" not in keys(pilot)
    assert filed.rows("SELECT note FROM flag WHERE kind = 'uppfoljning'") == [("Tre av fem.",)]


async def test_the_flag_of_a_follow_up_is_handled_by_following_up(filed: Clinic) -> None:
    moment, _ = planned(filed, follow_up_on=date(2026, 3, 9))
    filed.clock.set(2026, 3, 10)
    run_day(filed.store)
    async with opened(filed, moment) as pilot:
        assert "Följ upp planen Komma ut" in shown(pilot)
        page(pilot).switcher.manage.flags.move_to(
            f"flagga {filed.value('SELECT id FROM flag WHERE kind = :k', k='uppfoljning')}"
        )
        await open_dialog(pilot, "h", FollowUpDialog)
        pilot.app.screen.query_one("#note", TextArea).text = "Klart."
        await done(pilot, FOLLOWED_UP)
        assert "Följ upp planen" not in shown(pilot)
    assert filed.value("SELECT follow_up_on FROM activityplan") == ""


async def test_a_plan_is_ended_once_it_is_said_what_that_means(filed: Clinic) -> None:
    moment, _ = planned(filed)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        await open_dialog(pilot, "e", EndPlanDialog)
        assert focus(pilot) == "cancel"
        await press(pilot, "escape")
        assert filed.value("SELECT ended_at FROM activityplan") is None
        await open_dialog(pilot, "e", EndPlanDialog)
        await done(pilot, ENDED)
        assert "Avslutade planer (1 st)" in shown(pilot)


async def test_two_at_once_and_the_second_is_told(filed: Clinic) -> None:
    moment, plan = planned(filed)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        await open_dialog(pilot, "enter", ChangePlanDialog)
        do(filed, filed.admin, end_plan, plan)
        fill(pilot, title="Ny titel")
        await press(pilot, "ctrl+s")
        assert "Planen är avslutad. Gör en ny om den behövs." in joined(pilot)
        await press(pilot, "escape")
        await told(pilot)
        assert "Avslutade planer (1 st)" in shown(pilot)


async def test_the_database_is_taken_away_while_a_plan_is_written(filed: Clinic) -> None:
    moment = with_template(filed)
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "p", ChoiceDialog)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))
        away = path.rename(path.with_suffix(".borta"))
        await press(pilot, "ctrl+s")
        assert "Ingen kontakt med databasen. Det du har skrivit står kvar här." in joined(pilot)
        away.rename(path)
        await done(pilot, MADE)
    assert filed.value("SELECT count(*) FROM activityplan") == 1


# The week


@SIZES
async def test_the_week_shows_each_day_and_is_turned(filed: Clinic, size: tuple[int, int]) -> None:
    moment, _ = planned(filed)
    mark(filed, moment, 2, done=True, note="Skönt att [/x] komma ut.")
    filed.clock.set(2026, 3, 5, 9)
    async with opened(filed, moment, size=size) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "v", WeekScreen)
        painted = shown(pilot)
        for words in ("Vecka 10 (2–8 mars 2026)", "1 av 3 utförda", "mån 2 mars", "09:00 Promenad", "✓ utförd"):
            assert words in painted
        assert "Skönt att [/x]" in painted
        assert "– inte markerad" in painted
        assert "i dag" in painted
        assert ("tis 3 mars" in painted.split("mån 2 mars")[1].splitlines()[0]) == (size[0] == 140)
        assert "t" not in keys(pilot)
        await press(pilot, "greater_than_sign")
        assert "Vecka 11 (9–15 mars 2026)" in shown(pilot)
        assert "– inte markerad" not in shown(pilot)
        await press(pilot, "less_than_sign", "less_than_sign")
        assert "Inget planerat den här veckan." in shown(pilot)
        await press(pilot, "t")
        assert "Vecka 10" in shown(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is page(pilot)


async def test_what_the_resident_marks_meanwhile_shows(filed: Clinic) -> None:
    moment, _ = planned(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "v", WeekScreen)
        mark(filed, moment, 2, done=False, note="Orkade inte.")
        await pilot.app.screen.changed()  # type: ignore[attr-defined]
        await until(pilot, lambda: "✗ ej utförd" in shown(pilot))
        assert "Orkade inte." in shown(pilot)


async def test_a_week_that_may_no_longer_be_seen_goes_from_the_screen(filed: Clinic) -> None:
    moment, _ = planned(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "4")
        await open_dialog(pilot, "v", WeekScreen)
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await pilot.app.screen.changed()  # type: ignore[attr-defined]
        await until(pilot, lambda: "Du har inte längre tillgång" in shown(pilot))
        assert "Promenad" not in shown(pilot)
        await press(pilot, "escape")
        await told(pilot)
        assert "Du har inte längre tillgång" in banner(pilot)
        assert "Promenad" not in shown(pilot)


@pytest.mark.parametrize("width", [20, 80, 112, 140, 200])
def test_no_line_of_a_week_is_wider_than_the_screen(width: int) -> None:
    one = OfADay(1, "Plan", 1, "Åka till simhallen " * 5 + "Å" * 300, "09:00", True, "Jättebra\n[/x] " + "漢" * 200)
    days = tuple(DayOfPlans(date(2026, 3, day), (one,) * (day % 3)) for day in range(2, 9))
    lines = draw_week(WeekOfPlans(days), date(2026, 3, 3), width)
    assert max(line.cell_length for line in lines) <= width


@texts.together
async def test_hostile_texts_are_shown_as_they_stand(filed: Clinic, hostile: str) -> None:
    moment, _ = planned(filed, follow_up_on=date(2026, 3, 2))
    mark(filed, moment, 2, done=True)
    filed.run("UPDATE activityplan SET title = :text, made_by = :text", text=hostile)
    filed.run("UPDATE activity SET description = :text", text=hostile)
    filed.run("UPDATE activitymark SET note = :text", text=hostile)
    async with opened(filed, moment) as pilot:
        await at_plans(pilot)
        for key, kind in (("enter", ChangePlanDialog), ("h", FollowUpDialog), ("e", EndPlanDialog), ("v", WeekScreen)):
            await open_dialog(pilot, key, kind)
            assert texts.is_clean(shown(pilot).replace("\n", "").replace("\xa0", ""))
            if kind is not WeekScreen:
                assert pilot.app.screen.query_one("#main").region.bottom <= 24
            await press(pilot, "escape")
