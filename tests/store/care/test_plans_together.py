"""A plan, and a notice, when two act on it at once: each sees what the other did before it waited for its turn."""

from collections.abc import Callable

from store.care.activity_plans import NewActivity, NewPlan, end_plan, follow_up_plan, make_plan
from store.care.delivery import claim_notice, notice_postponed, notice_sent
from store.foundation.access import OPERATOR
from store.foundation.errors import Refused
from store.people.residents import Channel
from tests.clinics import Clinic
from tests.store.care.test_flags_together import at_once


def test_two_who_end_a_plan_and_one_who_follows_it_up(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        plan = make_plan(work, moment, NewPlan("Rörelse", (NewActivity("Promenad"),)))

    def ending() -> None:
        with clinic.store.work(clinic.clinician) as work:
            end_plan(work, plan)

    def following_up() -> None:
        with clinic.store.work(clinic.admin) as work:
            follow_up_plan(work, plan, "Går bra.")

    refused = at_once(ending, ending, following_up)
    assert refused[:2].count(None) == 1
    assert all(isinstance(one, Refused) and "Planen är avslutad" in one.message for one in refused if one)
    kinds = [kind for (kind,) in clinic.rows("SELECT kind FROM event WHERE kind LIKE 'plan-%' ORDER BY at, seq")]
    assert kinds.count("plan-avslutad") == 1
    assert kinds[-1] == "plan-avslutad", "nothing is done with a plan that is ended"


def test_a_notice_that_two_senders_tell_of(clinic: Clinic) -> None:
    clinic.start(program="prov")
    with clinic.store.work(OPERATOR) as work:
        notice = claim_notice(work, frozenset(Channel))
    assert notice is not None

    def telling(act: Callable[..., None], *rest: object) -> Callable[[], None]:
        def tell() -> None:
            with clinic.store.work(OPERATOR) as work:
                act(work, notice.id, *rest)

        return tell

    assert at_once(telling(notice_sent), telling(notice_postponed, (), "nej"), telling(notice_sent)) == [None] * 3
    assert clinic.rows("SELECT state FROM notice WHERE id = :id", id=notice.id) == [("skickad",)]
