"""Activity plans: made, changed, followed up and ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from store.care.activity_marks import mark_activity
from store.care.activity_plans import (
    NewActivity,
    NewPlan,
    PlanChange,
    change_plan,
    end_plan,
    follow_up_plan,
    make_plan,
    plan_from_template,
)
from store.care.endings import end_moment
from store.care.flags import Cause, raise_flag
from store.care.maintenance import maintain_moment
from store.care.moments import load_moment
from store.care.plan_rules import MOST_ACTIVITIES
from store.care.program_shape import PlannedActivity, PlanTemplate
from store.care.recurrence import EVERY_DAY, MOST_WEEKS, Recurrence
from store.foundation.access import SYSTEM
from store.foundation.errors import Refused
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.work import Work
from store.views.plans import PlanRow, PlansPage, plans_page
from tests.clinics import Clinic

TODAY = date(2026, 3, 2)
"""A Monday."""
WALK = NewActivity("Promenad", Recurrence((0, 2)), "09:00")
PLAN = NewPlan("Rörelse", (WALK, NewActivity("Vila")), date(2026, 3, 16))


def make(clinic: Clinic, moment: int, plan: NewPlan = PLAN) -> int:
    with clinic.store.work(clinic.clinician) as work:
        return make_plan(work, moment, plan)


def change(clinic: Clinic, plan: int, **options: Any) -> None:
    with clinic.store.work(clinic.clinician) as work:
        change_plan(work, plan, PlanChange(**options))


def mark(clinic: Clinic, moment: int, activity: int, day: date = TODAY, *, done: bool = True, note: str = "") -> None:
    with clinic.store.work(clinic.resident()) as work:
        mark_activity(work, moment, activity, day, done=done, note=note)


def page(clinic: Clinic, moment: int) -> PlansPage:
    with clinic.store.read(clinic.clinician) as work:
        return plans_page(work, moment)


def only(clinic: Clinic, moment: int) -> PlanRow:
    (plan,) = page(clinic, moment).plans
    return plan


def flag_for(clinic: Clinic, moment: int, plan: int) -> None:
    with clinic.store.work(SYSTEM) as work:
        cause = Cause(FlagKind.FOLLOW_UP, Severity.WARNING, "Följ upp planen", str(plan), f"{plan}:x")
        assert raise_flag(work, load_moment(work, moment), cause)


def flag_notes(clinic: Clinic) -> list[tuple[bool, str]]:
    rows = clinic.rows("SELECT handled_at, note FROM flag WHERE kind = 'uppfoljning' ORDER BY id")
    return [(at is not None, note) for at, note in rows]


def kinds(clinic: Clinic) -> list[str]:
    rows = clinic.rows("SELECT kind FROM event WHERE kind LIKE 'plan-%' OR kind LIKE 'aktivitet-%' ORDER BY at, seq")
    return [kind for (kind,) in rows]


def test_a_plan_is_made_and_read(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment, replace(PLAN, title=" Rörelse\x1b[31m "))
    kept = only(clinic, moment)
    assert (kept.id, kept.title, kept.follow_up_on, kept.ended_at) == (plan, "Rörelse", date(2026, 3, 16), None)
    assert (kept.made_at, kept.made_by) == (clinic.clock(), clinic.clinician.name)
    assert [(one.description, one.at, one.when, one.starts_on) for one in kept.activities] == [
        ("Promenad", "09:00", "mån, ons", TODAY),
        ("Vila", "", "varje dag", TODAY),
    ]
    assert kinds(clinic) == ["plan-gjord"]


@pytest.mark.parametrize(
    ("plan", "field", "said"),
    [
        (replace(PLAN, title=" "), "titel", "behöver en titel"),
        (replace(PLAN, title="a" * 201), "titel", "högst 200 tecken"),
        (replace(PLAN, activities=()), "aktivitet", "minst en aktivitet"),
        (replace(PLAN, activities=(WALK,) * (MOST_ACTIVITIES + 1)), "aktivitet", "högst 50 aktiviteter"),
        (replace(PLAN, follow_up_on=date(2026, 3, 1)), "folj-upp", "har redan varit"),
        (replace(PLAN, follow_up_on=date(2028, 3, 3)), "folj-upp", "högst 2 år fram"),
    ],
)
def test_a_plan_that_is_wrong_says_where(filed: Clinic, plan: NewPlan, field: str, said: str) -> None:
    moment = filed.start(program="prov")
    with pytest.raises(Refused, match=said) as refused:
        make(filed, moment, plan)
    assert (refused.value.field, page(filed, moment).plans) == (field, ())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"description": " "}, "behöver en beskrivning"),
        ({"description": "a" * 201}, "högst 200 tecken"),
        ({"at": "24:00"}, "24:00 är inget klockslag"),
        ({"at": "9"}, "inget klockslag"),
        ({"recurrence": Recurrence((7,))}, "Veckodagen finns inte"),
        ({"recurrence": Recurrence((-1,))}, "Veckodagen finns inte"),
        ({"recurrence": Recurrence((0,), 0)}, "var 1:a till var 52:a vecka"),
        ({"recurrence": Recurrence((0,), 53)}, "var 1:a till var 52:a vecka"),
        ({"recurrence": Recurrence((0,), dates=(TODAY,))}, "antingen datum"),
        ({"recurrence": Recurrence((1,), until=TODAY)}, "infaller ingen dag"),
        ({"recurrence": Recurrence(EVERY_DAY, until=date(2026, 3, 1))}, "infaller ingen dag"),
        ({"recurrence": Recurrence(EVERY_DAY, until=date(2028, 3, 3))}, "högst 2 år fram"),
        ({"recurrence": Recurrence(dates=(date(2026, 3, 1), date(2026, 3, 9)))}, "en dag som redan har varit"),
        ({"recurrence": Recurrence(dates=(TODAY, date(9999, 12, 31)))}, "högst 2 år fram"),
        ({"starts_on": date(2026, 3, 1)}, "en dag som redan har varit"),
        ({"starts_on": date.max}, "högst 2 år fram"),
    ],
)
def test_an_activity_that_is_wrong_says_why(filed: Clinic, wrong: dict[str, Any], said: str) -> None:
    moment = filed.start(program="prov")
    with pytest.raises(Refused, match=said) as refused:
        make(filed, moment, replace(PLAN, activities=(replace(WALK, **wrong),)))
    assert refused.value.field == "aktivitet"


def test_a_plan_may_reach_its_limits(filed: Clinic) -> None:
    moment, last = filed.start(program="prov"), date(2028, 3, 2)
    at_limit = (
        replace(WALK, at="23:59", recurrence=Recurrence((0,), MOST_WEEKS, until=last)),
        replace(WALK, at="00:00", recurrence=Recurrence((0,), until=TODAY)),
        replace(WALK, recurrence=Recurrence(dates=(TODAY, last))),
        replace(WALK, recurrence=Recurrence(EVERY_DAY), starts_on=last),
    )
    plan = replace(PLAN, activities=at_limit + (WALK,) * (MOST_ACTIVITIES - len(at_limit)), follow_up_on=last)
    made = make(filed, moment, plan)
    (kept,) = page(filed, moment).plans
    assert (len(kept.activities), kept.follow_up_on) == (MOST_ACTIVITIES, last)
    change(filed, made, follow_up_on=TODAY)
    for beyond in (date(2028, 3, 3), date(2026, 3, 1)):
        with pytest.raises(Refused) as refused:
            change(filed, made, follow_up_on=beyond)
        assert refused.value.field == "folj-upp"
        with pytest.raises(Refused) as refused, filed.store.work(filed.clinician) as work:
            follow_up_plan(work, made, "Bra.", beyond)
        assert refused.value.field == "folj-upp"
    with pytest.raises(Refused, match="högst 50 aktiviteter") as refused:
        change(filed, made, add=(WALK,))
    assert refused.value.field == "aktivitet"
    with filed.store.work(filed.clinician) as work:
        follow_up_plan(work, made, "Bra.", last)
    assert only(filed, moment).follow_up_on == last


def test_every_other_week_begins_with_the_first_day_it_can(clinic: Clinic) -> None:
    clinic.clock.set(2026, 3, 3, 12)
    moment = clinic.start(program="prov")
    make(clinic, moment, NewPlan("Prov", (NewActivity("Ring", Recurrence((0,), 2)),)))
    (activity,) = only(clinic, moment).activities
    assert activity.days(TODAY, date(2026, 3, 31)) == [date(2026, 3, 9), date(2026, 3, 23)]


def test_a_plan_is_changed_and_what_is_taken_out_keeps_its_marks(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    walk, rest = (one.id for one in only(clinic, moment).activities)
    mark(clinic, moment, walk, note="Gick bra")
    clinic.clock.set(2026, 3, 4, 12)
    change(clinic, plan, title="Ny", add=(NewActivity("Simma", Recurrence((5,))),), remove=(walk,), drop_follow_up=True)
    kept = only(clinic, moment)
    assert (kept.title, kept.follow_up_on) == ("Ny", None)
    assert [one.description for one in kept.current] == ["Vila", "Simma"]
    gone = kept.activities[0]
    assert (gone.removed_on, [(one.day, one.note) for one in gone.marks]) == (date(2026, 3, 4), [(TODAY, "Gick bra")])
    assert gone.days(TODAY, date(2026, 12, 24)) == [TODAY]
    with pytest.raises(Refused, match="är borttagen ur planen"):
        mark(clinic, moment, walk)
    assert kinds(clinic) == ["plan-gjord", "aktivitet-markerad", "plan-andrad"]
    for wrong, said in (
        ({}, "inget att ändra"),
        ({"remove": (walk,)}, "är redan borttagen"),
        ({"remove": (rest, kept.current[1].id)}, "minst en aktivitet. Avsluta den"),
        ({"title": ""}, "behöver en titel"),
        ({"follow_up_on": TODAY}, "har redan varit"),
        ({"add": (WALK,) * MOST_ACTIVITIES}, "högst 50"),
    ):
        with pytest.raises(Refused, match=said):
            change(clinic, plan, **wrong)
    assert only(clinic, moment) == kept


def test_a_follow_up_day_that_has_passed_may_stay_as_it_is(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    clinic.clock.set(2026, 3, 20, 12)
    change(clinic, plan, title="Ny", follow_up_on=PLAN.follow_up_on)
    assert only(clinic, moment).follow_up_on == PLAN.follow_up_on


def test_another_plans_activity_is_not_in_it(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    make(clinic, moment)
    other = make(clinic, moment)
    of_the_first = page(clinic, moment).plans[1].activities[0].id
    with pytest.raises(Refused, match="finns inte i planen") as refused:
        change(clinic, other, remove=(of_the_first,))
    assert refused.value.field == "ta-bort"
    assert len(page(clinic, moment).plans[1].activities) == 2


def follow_up(work: Work, plan: int) -> None:
    follow_up_plan(work, plan, "Fortsätter.", date(2026, 3, 30))


@pytest.mark.parametrize(
    ("deed", "note", "left"),
    [
        (follow_up, "Fortsätter.", date(2026, 3, 30)),
        (lambda work, plan: follow_up_plan(work, plan, "Klar."), "Klar.", None),
        (end_plan, "Planen är avslutad.", date(2026, 3, 16)),
        (
            lambda work, plan: change_plan(work, plan, PlanChange(follow_up_on=date(2026, 3, 30))),
            "Uppföljningsdagen är ändrad.",
            date(2026, 3, 30),
        ),
    ],
)
def test_the_flag_of_a_follow_up_closes_with_it(
    clinic: Clinic, deed: Callable[[Work, int], None], note: str, left: date | None
) -> None:
    moment = clinic.start(program="prov")
    other, plan = make(clinic, moment), make(clinic, moment)
    clinic.clock.set(2026, 3, 16, 12)
    flag_for(clinic, moment, other)
    flag_for(clinic, moment, plan)
    with clinic.store.work(clinic.clinician) as work:
        deed(work, plan)
    assert flag_notes(clinic) == [(False, ""), (True, note)]
    assert next(one for one in page(clinic, moment).plans if one.id == plan).follow_up_on == left


def test_a_follow_up_keeps_its_note(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    with clinic.store.work(clinic.admin) as work:
        follow_up_plan(work, plan, " Går\nbra. ")
    ((first),) = only(clinic, moment).follow_ups
    assert (first.at, first.by, first.note) == (clinic.clock(), clinic.admin.name, "Går\nbra.")
    for note, day, said, field in (
        ("  ", None, "Utan anteckning", "anteckning"),
        ("Bra.", date(2026, 3, 1), "har redan varit", "folj-upp"),
        ("Bra.", TODAY, "följs upp i dag", "folj-upp"),
    ):
        with pytest.raises(Refused, match=said) as refused, clinic.store.work(clinic.clinician) as work:
            follow_up_plan(work, plan, note, day)
        assert refused.value.field == field


def test_an_ended_plan_is_read_only(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        end_plan(work, plan)
    kept = only(clinic, moment)
    assert kept.ended_at == clinic.clock()
    for deed in (end_plan, follow_up, lambda work, plan: change_plan(work, plan, PlanChange(title="Ny"))):
        with pytest.raises(Refused, match="Planen är avslutad"), clinic.store.work(clinic.clinician) as work:
            deed(work, plan)
    with pytest.raises(Refused, match="Planen är avslutad"):
        mark(clinic, moment, kept.activities[1].id)


@pytest.mark.parametrize(("still", "said"), [("maintenance", "vidmakthållande läge"), ("ended", "är avslutat")])
def test_plans_are_read_only_where_the_moment_is_not_running(clinic: Clinic, still: str, said: str) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    activity = only(clinic, moment).activities[0].id
    with clinic.store.work(clinic.clinician) as work:
        if still == "ended":
            end_moment(work, moment, "Klart")
        else:
            maintain_moment(work, moment)
    assert only(clinic, moment).id == plan
    for attempt in (
        lambda: make(clinic, moment),
        lambda: change(clinic, plan, title="Ny"),
        lambda: mark(clinic, moment, activity),
    ):
        with pytest.raises(Refused, match=said):
            attempt()
    for deed in (end_plan, follow_up):
        with pytest.raises(Refused, match=said), clinic.store.work(clinic.clinician) as work:
            deed(work, plan)


def test_a_template_becomes_a_plan_of_today() -> None:
    template = PlanTemplate("Prov", (PlannedActivity("Gå", weeks=2), PlannedActivity("Vila", (5,), "14:00", 2)), 14)
    assert plan_from_template(template, TODAY) == NewPlan(
        "Prov",
        (
            NewActivity("Gå", Recurrence(EVERY_DAY, until=date(2026, 3, 15))),
            NewActivity("Vila", Recurrence((5,), 2), "14:00"),
        ),
        date(2026, 3, 16),
    )
    assert plan_from_template(replace(template, follow_up_days=None), TODAY).follow_up_on is None
