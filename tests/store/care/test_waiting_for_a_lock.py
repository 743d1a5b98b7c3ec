"""Who waits for another to be done with a plan, a flag or a notice sees afterwards what the other did to it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from store.care.activity_plans import NewActivity, NewPlan, end_plan, follow_up_plan, make_plan
from store.care.delivery import MOST_ATTEMPTS, claim_notice, notice_postponed, notice_sent
from store.care.flags import add_flag, handle_flag
from store.foundation.access import OPERATOR, Actor
from store.foundation.errors import Refused
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
        assert other.exception(15) is None or isinstance(other.exception(), Refused)
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
