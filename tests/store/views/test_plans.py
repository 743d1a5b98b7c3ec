"""Plans as the tab shows them, a week of them, and the resident's side."""

from datetime import date

from store.care.activity_marks import mark_activity
from store.care.activity_plans import NewActivity, NewPlan, PlanChange, change_plan, end_plan, follow_up_plan, make_plan
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.recurrence import Recurrence
from store.views.plans import OwnActivities, WeekOfPlans, open_plans, own_activities, plans_page, week_of_plans
from tests.clinics import Clinic

MONDAY = date(2026, 3, 2)
WALK = NewActivity("Promenad", Recurrence((0, 2, 4)), "09:00")
PLAN = NewPlan("Rörelse", (WALK, NewActivity("Vila", Recurrence((2, 6)))))


def make(clinic: Clinic, moment: int, plan: NewPlan = PLAN) -> int:
    with clinic.store.work(clinic.clinician) as work:
        return make_plan(work, moment, plan)


def mark(clinic: Clinic, moment: int, activity: int, day: date, *, done: bool, note: str = "") -> None:
    with clinic.store.work(clinic.resident()) as work:
        mark_activity(work, moment, activity, day, done=done, note=note)


def week(clinic: Clinic, moment: int, day: date = MONDAY) -> WeekOfPlans:
    with clinic.store.read(clinic.clinician) as work:
        return week_of_plans(work, moment, day)


def shown(found: WeekOfPlans) -> list[list[tuple[str, bool | None]]]:
    return [[(one.description, one.is_done) for one in day.activities] for day in found.days]


def own(clinic: Clinic, moment: int) -> OwnActivities:
    with clinic.store.read(clinic.resident()) as work:
        return own_activities(work, moment)


def activities(clinic: Clinic, moment: int) -> list[int]:
    with clinic.store.read(clinic.clinician) as work:
        return [activity.id for plan in plans_page(work, moment).plans for activity in plan.activities]


def test_a_week_shows_what_falls_and_what_came_of_it(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    make(clinic, moment)
    clinic.clock.set(2026, 3, 5, 12)
    walk, rest = activities(clinic, moment)
    mark(clinic, moment, walk, MONDAY, done=True, note="Långt")
    mark(clinic, moment, rest, date(2026, 3, 4), done=False)
    found = week(clinic, moment, date(2026, 3, 8))
    assert [day.day.isoformat() for day in found.days] == [f"2026-03-0{number}" for number in range(2, 9)]
    assert shown(found) == [
        [("Promenad", True)],
        [],
        [("Vila", False), ("Promenad", None)],
        [],
        [("Promenad", None)],
        [],
        [("Vila", None)],
    ]
    first = found.days[0].activities[0]
    assert (first.plan_title, first.activity, first.at, first.note) == ("Rörelse", walk, "09:00", "Långt")
    assert (found.done, found.planned) == (1, 5)
    assert week(clinic, moment, date(2026, 2, 27)).planned == 0


def test_nothing_falls_after_removal_or_the_end_but_marks_stay(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    walk, rest = activities(clinic, moment)
    clinic.clock.set(2026, 3, 4, 12)
    mark(clinic, moment, walk, date(2026, 3, 4), done=True)
    with clinic.store.work(clinic.clinician) as work:
        change_plan(work, plan, PlanChange(remove=(walk,)))
    assert shown(week(clinic, moment)) == [
        [("Promenad", None)],
        [],
        [("Vila", None), ("Promenad", True)],
        [],
        [],
        [],
        [("Vila", None)],
    ]
    mark(clinic, moment, rest, date(2026, 3, 4), done=True)
    with clinic.store.work(clinic.clinician) as work:
        end_plan(work, plan)
    assert shown(week(clinic, moment))[2:] == [[("Vila", True), ("Promenad", True)], [], [], [], []]
    assert own(clinic, moment).plans == ()


def test_nothing_falls_in_maintenance_or_after_the_moment(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    make(clinic, moment)
    clinic.clock.set(2026, 3, 3, 12)
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert week(clinic, moment).planned == own(clinic, moment).week.planned == 1
    clinic.clock.set(2026, 3, 4, 12)
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    assert week(clinic, moment).planned == 5
    clinic.clock.set(2026, 3, 5, 12)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart")
    assert week(clinic, moment).planned == 3


def test_plans_that_go_on_come_first_and_the_newest_of_them(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plans = []
    for day in (3, 4, 5):
        clinic.clock.set(2026, 3, day, 12)
        plans.append(make(clinic, moment, NewPlan(f"Plan {day}", (WALK,))))
    with clinic.store.work(clinic.clinician) as work:
        end_plan(work, plans[2])
    with clinic.store.read(clinic.clinician) as work:
        assert [plan.title for plan in open_plans(work, moment).plans] == ["Plan 4", "Plan 3", "Plan 5"]


def test_the_resident_sees_the_plans_without_the_clinicians_notes(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    plan = make(clinic, moment)
    first, *_ = activities(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        follow_up_plan(work, plan, "Internt.")
        change_plan(work, plan, PlanChange(remove=(first,)))
    found = own(clinic, moment)
    ((seen),) = found.plans
    assert ([one.description for one in seen.activities], seen.follow_ups) == (["Vila"], ())
    assert found.week.planned == 2


def test_the_programs_proposals_come_with_the_page(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.read(clinic.clinician) as work:
        assert plans_page(work, moment).templates == ()


def test_what_is_taken_out_falls_to_the_day_before_and_what_is_ended_too(filed: Clinic) -> None:
    daily = NewPlan("Varje dag", (NewActivity("Gå ut"), NewActivity("Vila")))
    moment = filed.start(program="prov")
    changed, ended = make(filed, moment, daily), make(filed, moment, daily)
    with filed.store.read(filed.clinician) as work:
        walk = next(plan for plan in plans_page(work, moment).plans if plan.id == changed).activities[0].id
    filed.clock.set(2026, 3, 5, 12)
    with filed.store.work(filed.clinician) as work:
        change_plan(work, changed, PlanChange(remove=(walk,)))
        end_plan(work, ended)
    assert [len(day.activities) for day in week(filed, moment).days] == [4, 4, 4, 1, 1, 1, 1]
    mark(filed, moment, walk + 1, date(2026, 3, 4), done=True)
    assert week(filed, moment, date(2026, 3, 9)).done == 0, "a mark stands in its own week"
    assert week(filed, moment, date(2026, 3, 8)).done == 1


def test_plans_and_what_came_of_them_are_their_moments_the_newest_first(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start()
    first, second = make(filed, moment), make(filed, moment)
    make(filed, other)
    for plan, note in ((first, "ett"), (second, "annat"), (first, "två")):
        with filed.store.work(filed.clinician) as work:
            follow_up_plan(work, plan, note)
    with filed.store.read(filed.clinician) as work:
        found = plans_page(work, moment).plans
        assert [len(plan.follow_ups) for plan in plans_page(work, other).plans] == [0]
    assert [(plan.id, [one.note for one in plan.follow_ups]) for plan in found] == [
        (second, ["annat"]),
        (first, ["två", "ett"]),
    ]
