"""What *Journalunderlag* says of plans: that there is a säkerhetsplan, and how aktivitetsplaner went."""

from collections.abc import Iterator

from store.care.moments import MomentSubject
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import versions_of
from store.foundation.clock import Instant, local_day
from store.foundation.read_transaction import ReadTransaction
from store.views.journal_period import Period
from store.views.moment import MomentPage
from store.views.plans import PlanRow, plans_of

_RESIDENTS = {"invånare": "invånaren", "ombud": "ombud"}
"""The resident's side, which the text never names."""


def safety_plan(work: ReadTransaction, moment: MomentSubject, page: MomentPage, period: Period) -> Iterator[str]:
    """Yield that there is a säkerhetsplan at the period's end, and who changed it last; never what stands in it."""
    until = period.until if page.ended_at is None else min(period.until, page.ended_at)
    versions = versions_of(work, moment.resident_id, moment.unit_id, until)
    plan = next((version for version in versions if not version.beside), None)
    if plan is not None:
        by = _RESIDENTS[plan.saved_as] if plan.by_resident else plan.saved_by
        state = "är tom" if plan.texts == SafetyTexts() else "finns"
        yield f"Säkerhetsplan {state}, senast sparad {_day(plan.saved_at)} av {by}"


def plans(work: ReadTransaction, moment: MomentSubject, period: Period) -> Iterator[str]:
    """Yield the plans in which something happened, the oldest first."""
    for plan in sorted(plans_of(work, moment), key=lambda plan: (plan.made_at, plan.id)):
        said = list(_said(plan, period))
        if said:
            yield f"{plan.title}: {said[0]}"
            yield from (f"  {line}" for line in said[1:])


def _said(plan: PlanRow, period: Period) -> Iterator[str]:
    """Yield what happened with a plan; nothing where nothing did."""
    marks = [mark for activity in plan.activities for mark in activity.marks if mark.marked_at in period]
    follow_ups = [one for one in reversed(plan.follow_ups) if one.at in period]
    if not (marks or follow_ups or plan.made_at in period or plan.ended_at in period):
        return
    done = sum(mark.is_done for mark in marks)
    yield f"utfört {done}, ej utfört {len(marks) - done}" if marks else "inget markerat"
    if plan.made_at in period:
        yield f"Gjord {_day(plan.made_at)} av {plan.made_by}"
    for one in follow_ups:
        yield f"Uppföljd {_day(one.at)} av {one.by}: {' '.join(one.note.split())}"
    if plan.ended_at is not None and plan.ended_at in period:
        yield f"Avslutad {_day(plan.ended_at)}"
    elif plan.ended_at is None and plan.follow_up_on is not None:
        yield f"Följs upp {plan.follow_up_on}"


def _day(at: int) -> str:
    return local_day(Instant(at)).isoformat()
