"""Who waits for another to be done with a plan, a flag or a notice sees afterwards what the other did to it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from store.care.activity_plans import (
    NewActivity,
    NewPlan,
    PlanChange,
    change_plan,
    end_plan,
    follow_up_plan,
    make_plan,
)
from store.care.delivery import MOST_ATTEMPTS, claim_notice, notice_postponed, notice_sent
from store.care.drafts import save_draft
from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.messages import send_message, write_message
from store.care.plan_rules import SeenPlan
from store.foundation.access import OPERATOR, Actor
from store.foundation.errors import NeedsConfirmation, Refused
from store.people.channels import CHANNELS
from tests.clinics import Clinic


def waits(future: Future[Any]) -> bool:
    """Whether it is held up by another transaction; nothing to wait for, where it is not."""
    try:
        future.result(0.3)
    except TimeoutError:
        return True
    return False


def do(clinic: Clinic, by: Actor, act: Callable[..., Any], *rest: Any) -> Any:
    with clinic.store.work(by) as work:
        return act(work, *rest)


def one_after_the_other(clinic: Clinic, by: Actor, first: tuple[Any, ...], then: tuple[Any, ...]) -> Future[Any]:
    """Do the first, and the other while that holds its lock; returns what came of the other."""
    with ThreadPoolExecutor(1) as pool:
        with clinic.store.work(by) as work:
            first[0](work, *first[1:])
            other = pool.submit(do, clinic, by, *then)
            assert waits(other)
        assert other.exception(15) is None or isinstance(other.exception(), Refused | NeedsConfirmation)
        return other


@pytest.mark.parametrize("act", [(end_plan,), (follow_up_plan, "Går bra.")], ids=["end", "follow up"])
def test_a_plan_that_another_ends(clinic: Clinic, act: tuple[Any, ...]) -> None:
    moment = clinic.start(program="prov")
    plan = do(clinic, clinic.clinician, make_plan, moment, NewPlan("Rörelse", (NewActivity("Promenad"),)))
    operation, *rest = act
    other = one_after_the_other(clinic, clinic.clinician, (end_plan, plan), (operation, plan, *rest))
    with pytest.raises(Refused, match="Planen är avslutad"):
        other.result()


def test_a_flag_that_another_handles(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    flag = do(clinic, clinic.clinician, add_flag, moment, "Ring.")
    other = one_after_the_other(clinic, clinic.clinician, (handle_flag, flag, "Ringde."), (handle_flag, flag, "Också."))
    with pytest.raises(Refused, match="redan hanterad"):
        other.result()
    assert clinic.rows("SELECT open_flags FROM moment") == [(0,)]


def test_a_plan_whose_title_another_changes_is_changed_again_only_by_who_knows_that(clinic: Clinic) -> None:
    """Both have the plan open; what the other did to something else is let be."""
    moment = clinic.start(program="prov")
    plan = do(clinic, clinic.clinician, make_plan, moment, NewPlan("Rörelse", (NewActivity("Promenad"),)))
    seen = SeenPlan("Rörelse", None)
    mine, others = (PlanChange(title=title, seen=seen) for title in ("Min titel", "Annan titel"))
    other = one_after_the_other(clinic, clinic.clinician, (change_plan, plan, mine), (change_plan, plan, others))
    with pytest.raises(NeedsConfirmation, match="Titeln har ändrats till ”Min titel” sedan du öppnade planen"):
        other.result()
    do(clinic, clinic.clinician, change_plan, plan, PlanChange(follow_up_on=date(2026, 3, 16), seen=seen))
    assert clinic.rows("SELECT title, follow_up_on FROM activityplan") == [("Min titel", "2026-03-16")]
    with pytest.raises(NeedsConfirmation, match="Uppföljningsdagen har ändrats till 2026-03-16"):
        do(clinic, clinic.clinician, change_plan, plan, PlanChange(follow_up_on=date(2026, 3, 20), seen=seen))
    with clinic.store.work(clinic.clinician) as work:
        change_plan(work, plan, others, confirmed=True)
    assert clinic.rows("SELECT title, follow_up_on FROM activityplan") == [("Annan titel", "2026-03-16")]


@pytest.mark.parametrize(
    "write",
    [
        lambda work, moment, draft: send_message(work, moment, "Hur går det?", draft=draft),
        lambda work, moment, _draft: make_plan(work, moment, NewPlan("Rörelse", (NewActivity("Promenad"),))),
        lambda work, moment, _draft: add_flag(work, moment, "Ring."),
    ],
    ids=["message", "plan", "flag"],
)
def test_a_moment_that_ends_while_another_writes_in_it_keeps_the_draft_and_takes_nothing_more(
    clinic: Clinic, write: Callable[..., Any]
) -> None:
    moment = clinic.start(program="prov")
    draft = do(clinic, clinic.clinician, save_draft, moment, "Hur går det?")[0]

    def ending(work: Any) -> None:
        end_moment(work, moment, "Övrigt", confirmed=True)

    other = one_after_the_other(clinic, clinic.clinician, (ending,), (write, moment, draft))
    with pytest.raises(Refused, match="avslutat"):
        other.result()
    assert clinic.rows("SELECT text FROM draft") == [("Hur går det?",)]
    assert clinic.rows("SELECT status, drafts, open_flags FROM moment") == [("avslutat", 1, 0)]
    assert clinic.value("SELECT count(*) FROM message") == 0


def test_a_moment_that_is_written_in_while_it_ends_says_so_to_who_ends_it(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")

    with ThreadPoolExecutor(1) as pool:
        with clinic.store.work(clinic.resident()) as work:
            write_message(work, moment, "Hej")
            other = pool.submit(do, clinic, clinic.clinician, end_moment, moment, "Övrigt")
            assert waits(other)
        with pytest.raises(NeedsConfirmation, match="1 oläst meddelande"):
            other.result(15)
    assert clinic.rows("SELECT status, unread_messages FROM moment") == [("pagaende", 1)]


def test_a_notice_that_another_postpones(clinic: Clinic) -> None:
    clinic.start(program="prov")
    notice = do(clinic, OPERATOR, claim_notice, frozenset(CHANNELS.values())).id
    clinic.run("UPDATE notice SET attempts = :number WHERE id = :id", number=MOST_ATTEMPTS - 1, id=notice)

    def claimed_again(work: Any) -> None:
        notice_postponed(work, notice, (), "nej")
        work.db.run("UPDATE notice SET attempts = attempts + 1 WHERE id = :id", id=notice)

    one_after_the_other(clinic, OPERATOR, (claimed_again,), (notice_postponed, notice, (), "nej"))
    assert clinic.value("SELECT state FROM notice WHERE id = :id", id=notice) == "misslyckad"


def test_a_notice_that_another_sends(clinic: Clinic) -> None:
    clinic.start(program="prov")
    notice = do(clinic, OPERATOR, claim_notice, frozenset(CHANNELS.values())).id
    one_after_the_other(clinic, OPERATOR, (notice_sent, notice), (notice_sent, notice))
    assert clinic.value("SELECT state FROM notice WHERE id = :id", id=notice) == "skickad"
