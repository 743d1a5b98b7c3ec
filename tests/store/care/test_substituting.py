"""Ställföreträdare: a standing of some days that begins and ends by itself, and what it gives."""

from datetime import date, timedelta
from typing import Any

import pytest

from store.care.claims import take_flag
from store.care.day_run import run_day
from store.care.endings import end_moment
from store.care.flags import add_flag
from store.care.maintenance import maintain_moment
from store.care.messages import send_message, write_message
from store.care.staffing import inactivate_staff, take_role
from store.care.substituting import MOST_DAYS, end_substitute, set_substitute
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Actor, Role, Standing, Subject
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.sign_in import actor_now
from store.people.substitutions import my_stand_ins, said_of, see_lost_stand_ins
from store.views.lists import Tab, open_list
from store.views.message_search import search_messages
from store.views.moment import open_moment
from store.views.timeline import Span, open_timeline
from store.views.todo import count_todo, todo_again
from store.views.unit_overview import overview_again
from tests.clinics import CHILD, COLLEAGUE, HERE, Clinic, staff
from tests.store.people.staffing import CLINICIAN, TODAY, admin_of, do, end_role, last_details, see

THIRD = f"{HERE}third"
FIRST, LAST = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
DAYS = f"{FIRST} till och med {LAST}"


def choose(clinic: Clinic, to: str = COLLEAGUE, by: Actor | None = None, **options: Any) -> int:
    days = options.pop("days", (FIRST, LAST))
    return int(do(clinic, set_substitute, CLINICIAN, to, *days, by=by or clinic.clinician, **options))


def third(clinic: Clinic, *, trained: bool = True) -> None:
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, THIRD, Role.CLINICIAN, trained=trained)


def on(clinic: Clinic, day: date) -> None:
    clinic.clock.set(day.year, day.month, day.day, 9)


def mine(clinic: Clinic, actor: Actor) -> int:
    with clinic.store.read(actor) as work:
        return sum(heading.number for heading in open_list(work, Tab.MINE))


def waiting(clinic: Clinic, actor: Actor) -> list[tuple[int, str]]:
    with clinic.store.read(actor) as work:
        return [(one.moment, one.stands_in_for) for one in todo_again(work)]


def reasons(clinic: Clinic, moment: int) -> list[str]:
    with clinic.store.read(clinic.admin) as work:
        return [row.text for row in open_timeline(work, moment, Span()).rows if "ställföreträdare" in row.text.lower()]


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_the_standing_begins_and_ends_by_itself(clinic: Clinic, day: date, stands: bool) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hej!")
    choose(clinic)
    colleague = clinic.colleague  # signed in before it begins: the roles and covers are read at each check
    on(clinic, day)
    assert mine(clinic, clinic.clinician) == 1, "the responsible keeps all"
    assert mine(clinic, colleague) == int(stands)
    assert waiting(clinic, colleague) == ([(moment, "Kim T1clinician")] if stands else [])
    if stands:
        with clinic.store.work(colleague) as work:
            page = open_moment(work, moment)
            assert (page.is_mine, page.is_covered, page.clinician) == (False, True, CLINICIAN)
            send_message(work, moment, "Hej! Jag är här i stället.")
        row = clinic.rows("SELECT acted_as, ground FROM log WHERE operation = 'open_moment'")
        assert row == [("ställföreträdare", "ställföreträdare")]
    else:
        with pytest.raises(NotPermitted):
            do(clinic, send_message, moment, "Hej!", by=colleague)


def test_the_day_ends_at_midnight_where_the_care_is(clinic: Clinic) -> None:
    choose(clinic)
    clinic.clock.set(LAST.year, LAST.month, LAST.day, 22, 59)
    covered = actor_now(clinic.store, clinic.colleague)
    subject = Subject(1, "", "", unit_id=clinic.here, responsible_id=clinic.clinician.staff_id)
    assert Standing.SUBSTITUTE in covered.standing(subject)
    clinic.clock.set(LAST.year, LAST.month, LAST.day, 23, 0)
    assert Standing.SUBSTITUTE not in actor_now(clinic.store, covered).standing(subject)


def test_who_stands_in_neither_ends_nor_gives_away(clinic: Clinic) -> None:
    moment = clinic.start()
    choose(clinic)
    on(clinic, FIRST)
    for act, rest in ((end_moment, ("Klart",)), (maintain_moment, ()), (switch_clinician, (COLLEAGUE,))):
        with pytest.raises(NotPermitted):
            do(clinic, act, moment, *rest, by=clinic.colleague)
    do(clinic, switch_clinician, moment, COLLEAGUE, by=clinic.clinician, confirmed=True)
    assert mine(clinic, clinic.clinician) == 0, "nobody stands in back"


def test_a_moment_that_comes_meanwhile_is_stood_in_for_and_one_that_goes_is_not(clinic: Clinic) -> None:
    third(clinic)
    gone = clinic.start()
    choose(clinic)
    on(clinic, FIRST)
    come = clinic.start(CHILD)
    do(clinic, switch_clinician, gone, THIRD, by=clinic.clinician, confirmed=True)
    do(clinic, open_moment, come, by=clinic.colleague)
    with pytest.raises(NotPermitted):
        do(clinic, open_moment, gone, by=clinic.colleague)


@pytest.mark.parametrize(
    ("to", "first", "last", "said", "field"),
    [
        (COLLEAGUE, TODAY - timedelta(days=1), LAST, "Dagen har redan varit. Ange i dag eller en senare dag.", "fran"),
        (COLLEAGUE, LAST, FIRST, "Den sista dagen är före den första.", "till-och-med"),
        (
            COLLEAGUE,
            TODAY,
            TODAY + timedelta(days=MOST_DAYS),
            "En ställföreträdare kan utses för högst ett år i taget.",
            "till-och-med",
        ),
        (CLINICIAN, FIRST, LAST, "Ingen kan vara sin egen ställföreträdare. Välj någon annan.", "till"),
        ("[/x]", FIRST, LAST, "[/x] är inte aktiv behandlare på enheten. Välj någon annan.", "till"),
    ],
)
def test_what_is_refused(clinic: Clinic, to: str, first: date, last: date, said: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(clinic, to, days=(first, last))
    assert (refused.value.message, refused.value.field) == (said, field)
    assert clinic.rows("SELECT 1 FROM substitution") == []


@pytest.mark.parametrize("days", [(TODAY, TODAY), (TODAY, TODAY + timedelta(days=MOST_DAYS - 1))])
def test_a_day_and_a_year_are_allowed(clinic: Clinic, days: tuple[date, date]) -> None:
    choose(clinic, days=days)
    assert actor_now(clinic.store, clinic.colleague).covers == {clinic.clinician.staff_id}


def test_days_that_meet_are_refused_and_those_beside_are_not(clinic: Clinic) -> None:
    third(clinic)
    choose(clinic)
    for days in ((LAST, LAST), (FIRST, FIRST), (TODAY, LAST + timedelta(days=5))):
        with pytest.raises(Refused) as refused:
            choose(clinic, THIRD, days=days)
        assert refused.value.message.startswith(f"Kim T1clinician har redan en ställföreträdare {DAYS}: Kim ")
    choose(clinic, THIRD, days=(LAST + timedelta(days=1), LAST + timedelta(days=1)))
    choose(clinic, THIRD, days=(TODAY, FIRST - timedelta(days=1)))


def test_who_is_away_too_stands_in_for_nobody_and_who_stands_in_is_warned(clinic: Clinic) -> None:
    third(clinic)
    choose(clinic)
    with pytest.raises(Refused) as refused:
        do(clinic, set_substitute, THIRD, CLINICIAN, LAST, LAST)
    assert refused.value.message == f"Kim T1clinician har själv en ställföreträdare {DAYS}. Välj någon annan."
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, set_substitute, COLLEAGUE, THIRD, LAST, LAST)
    assert list(warned.value.warnings) == [
        f"Kim T1colleague är själv ställföreträdare för Kim T1clinician {DAYS}. Det tar ingen över."
    ]


def test_a_missing_training_is_warned_of(clinic: Clinic) -> None:
    third(clinic, trained=False)
    clinic.start()
    with pytest.raises(NeedsConfirmation) as warned:
        choose(clinic, THIRD)
    assert "har ingen registrerad utbildning för" in warned.value.warnings[0]
    choose(clinic, THIRD, confirmed=True)


def test_clinicians_choose_for_themselves_and_administrators_for_others(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        choose(clinic, by=clinic.colleague)
    choose(clinic, by=clinic.admin)
    assert last_details(clinic) == f"{CLINICIAN}: ställföreträdare {COLLEAGUE} {DAYS}"
    with pytest.raises(NotPermitted):
        do(clinic, end_substitute, CLINICIAN, by=clinic.colleague)
    assert do(clinic, end_substitute, CLINICIAN) == 1
    with pytest.raises(Refused, match="har ingen ställföreträdare att avsluta"):
        do(clinic, end_substitute, CLINICIAN)


def test_the_residents_are_told_where_that_is_chosen(clinic: Clinic) -> None:
    moment, quiet = clinic.start(), clinic.start(CHILD)
    do(clinic, maintain_moment, quiet, by=clinic.clinician)
    with pytest.raises(Refused) as refused:
        choose(clinic, by=admin_of(clinic), message="Hej!")
    assert refused.value.field == "meddelande"
    assert clinic.rows("SELECT 1 FROM substitution") == []
    assert choose(clinic, message="[b]Hej![/x]") == 1
    assert clinic.rows("SELECT moment_id, text FROM message") == [(moment, "[b]Hej![/x]")]
    told = [f"Ställföreträdare {DAYS}: Kim T1colleague"]
    assert (reasons(clinic, moment), reasons(clinic, quiet)) == (told, told)


def test_both_are_notified_while_it_lasts(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run("UPDATE staff SET email = 'a@example.se', notify_email = 1")
    choose(clinic)
    on(clinic, FIRST)
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hej!")
    to = {staff_id for (staff_id,) in clinic.rows("SELECT staff_id FROM notice WHERE kind = 'personal-meddelande'")}
    assert to == {clinic.clinician.staff_id, clinic.colleague.staff_id}


@pytest.mark.parametrize("how", ["inactivated", "role"])
def test_who_stops_falls_away_and_the_responsible_is_told(clinic: Clinic, how: str) -> None:
    moment = clinic.start()
    clinic.run("UPDATE staff SET email = 'a@example.se', notify_email = 1")
    do(clinic, add_flag, moment, "Ring.", severity=Severity.PRIORITY, by=clinic.clinician)
    choose(clinic)
    on(clinic, FIRST)
    clinic.run("DELETE FROM notice")
    if how == "inactivated":
        do(clinic, inactivate_staff, COLLEAGUE)
        why = "hens uppdrag på enheten är inaktiverat"
    else:
        do(clinic, take_role, COLLEAGUE, Role.CLINICIAN, "Slutar")
        why = "hen har inte längre rollen behandlare"
    with pytest.raises(DomainError):
        do(clinic, open_moment, moment, by=clinic.colleague)
    assert [staff_id for (staff_id,) in clinic.rows("SELECT staff_id FROM notice")] == [clinic.clinician.staff_id]
    assert reasons(clinic, moment)[0] == "Kim T1colleague är inte längre ställföreträdare"
    with clinic.store.read(clinic.clinician) as work:
        ((one,), _) = my_stand_ins(work)
        assert said_of(one, work.today, own=True) == (
            f"Kim T1colleague är inte längre din ställföreträdare: {why}. Du har själv hand om dina moment {DAYS}."
        )


def lost(clinic: Clinic, by: Actor) -> tuple[str, ...]:
    return tuple(see(clinic, count_todo, by=by).lost_stand_ins)


def test_a_role_that_ends_by_its_day_takes_the_standing_with_it_and_the_day_tells(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run("UPDATE staff SET email = 'a@example.se', notify_email = 1")
    choose(clinic)
    end_role(clinic, COLLEAGUE, Role.CLINICIAN, FIRST)
    on(clinic, FIRST)
    run_day(clinic.store)
    assert actor_now(clinic.store, clinic.colleague).covers == {clinic.clinician.staff_id}
    on(clinic, LAST)
    assert actor_now(clinic.store, clinic.colleague).covers == frozenset()
    with clinic.store.read(clinic.clinician) as work:
        ((one,), _) = my_stand_ins(work)
        assert "kan inte vara din ställföreträdare" in said_of(one, work.today, own=True)
    clinic.run("DELETE FROM notice")
    for _ in range(2):
        run_day(clinic.store)
        assert [staff_id for (staff_id,) in clinic.rows("SELECT staff_id FROM notice")] == [clinic.clinician.staff_id]
        assert reasons(clinic, moment)[:1] == ["Kim T1colleague är inte längre ställföreträdare"]
        assert len(reasons(clinic, moment)) == 2
    by_day = clinic.log("SELECT unit_id, details FROM log WHERE operation = 'end_lost_substitutes' ORDER BY id")
    ended = f"ställföreträdare {COLLEAGUE} avslutad"
    assert by_day == [(clinic.here, ended), (clinic.here, f"{CLINICIAN}: {ended}")]
    assert lost(clinic, clinic.clinician) == (
        "Kim T1colleague är inte längre din ställföreträdare: hens roll som behandlare har gått ut. "
        f"Du har själv hand om dina moment {DAYS}.",
    )


def test_of_who_fell_away_it_is_said_to_whom_it_concerns_until_that_one_has_seen_it(clinic: Clinic) -> None:
    choose(clinic)
    assert lost(clinic, clinic.clinician) == ()
    do(clinic, take_role, COLLEAGUE, Role.CLINICIAN, "Slutar")
    change = clinic.store.change_no(clinic.here)
    assert len(lost(clinic, clinic.clinician)) == 1
    assert lost(clinic, clinic.admin) == ()
    assert do(clinic, see_lost_stand_ins, by=clinic.admin) == 0
    assert [do(clinic, see_lost_stand_ins, by=clinic.clinician) for _ in range(2)] == [1, 0]
    assert (lost(clinic, clinic.clinician), clinic.store.change_no(clinic.here)) == ((), change)
    with clinic.store.read(clinic.clinician) as work:
        assert my_stand_ins(work)[0][0].fell_away, "Ställföreträdare goes on saying why"


@pytest.mark.parametrize(("until", "is_warned"), [(LAST - timedelta(days=1), True), (LAST, False)])
def test_a_role_that_ends_meanwhile_is_warned_of(clinic: Clinic, until: date, is_warned: bool) -> None:
    end_role(clinic, COLLEAGUE, Role.CLINICIAN, until)
    if is_warned:
        with pytest.raises(NeedsConfirmation) as warned:
            choose(clinic)
        said = f"Kim T1colleague är behandlare på enheten bara till och med {until}. Sedan står ingen i stället."
        assert list(warned.value.warnings) == [said]
    choose(clinic, confirmed=is_warned)


def test_lists_searches_and_the_overview_hold_what_one_stands_in_for(clinic: Clinic) -> None:
    over, moment = clinic.start(program="prov"), clinic.start(CHILD, program="prov")
    do(clinic, send_message, moment, "Andas lugnt.", by=clinic.clinician)
    do(clinic, end_moment, over, "Klart", by=clinic.clinician)
    do(clinic, add_flag, moment, "Ring.", severity=Severity.WARNING, by=clinic.clinician)
    choose(clinic, days=(TODAY, TODAY))
    for day, found in ((TODAY, 1), (FIRST, 0)):
        on(clinic, day)
        colleague = actor_now(clinic.store, clinic.colleague)
        for tab in (Tab.ENDED, Tab.MY_ENDED):
            assert sum(heading.number for heading in see(clinic, open_list, tab, by=colleague)) == found
        hits = see(clinic, search_messages, "lugnt", by=colleague)
        assert [(hit.moment, hit.stands_in_for) for hit in hits] == [(moment, "Kim T1clinician")] * found
        lines = {line.hsa_id: line for line in see(clinic, overview_again, by=clinic.admin)}
        (own, other), away = (lines[CLINICIAN], lines[COLLEAGUE]), ("Kim T1clinician",) * found
        assert (own.waiting, own.substitute) == (1, "Kim T1colleague" * found)
        assert (other.waiting, other.moments, other.stands_in_for) == (found, 0, away)
        assert not own.has_lost_substitute
    assert [hit.stands_in_for for hit in see(clinic, search_messages, "lugnt", by=clinic.clinician)] == [""]


def test_the_overview_says_who_has_nobody_in_their_place_any_longer(clinic: Clinic) -> None:
    third(clinic)
    choose(clinic, days=(TODAY, TODAY))
    do(clinic, inactivate_staff, COLLEAGUE)
    said = []
    for _ in range(2):
        line = next(line for line in see(clinic, overview_again, by=clinic.admin) if line.hsa_id == CLINICIAN)
        said.append((line.has_lost_substitute, line.substitute))
        choose(clinic, THIRD, days=(TODAY, TODAY)) if len(said) == 1 else None
    assert said == [(True, ""), (False, "Kim T1third")]


def test_who_stands_in_no_longer_is_on_no_flag_of_the_moment(clinic: Clinic) -> None:
    moment = clinic.start()
    flag = do(clinic, add_flag, moment, "Ring.", severity=Severity.WARNING, by=clinic.clinician)
    choose(clinic, days=(TODAY, LAST))
    do(clinic, take_flag, flag, by=clinic.colleague)
    taken = [one.taken and one.taken.hsa_id for one in see(clinic, todo_again, by=clinic.clinician)]
    do(clinic, end_substitute, CLINICIAN, by=clinic.clinician)
    assert (taken, [one.taken for one in see(clinic, todo_again, by=clinic.clinician)]) == ([COLLEAGUE], [None])
