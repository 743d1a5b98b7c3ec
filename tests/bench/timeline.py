"""The timeline: a page of it where there are many events, beside one where there are few."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from store.foundation.events import Category, EventKind
from store.opening import create_store
from store.views.timeline import Span, TimelinePage, timeline_page
from tests.bench.harness import Measure, compare
from tests.clinics import ADULT, MONDAY, Clinic, Clock, enter, populate

MANY, FEW = 100_000, 100
RARE = 1_000
"""One event in so many is a form's."""


def measure() -> list[Measure]:
    """Measure the first page, one in the middle, and one of a rare kind."""
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(Path(folder, "timeline.sqlite"), kind="practice", clock=Clock())
        populate(store)
        clinic = enter(store, store.clock)  # type: ignore[arg-type]
        many, few = (_moment(clinic, number) for number in (MANY, FEW))
        found = list(_measures(clinic, many, few))
        store.close()
        return found


def _measures(clinic: Clinic, many: int, few: int) -> Iterable[Measure]:
    middle = (MONDAY + MANY // 2 * 1000, 1)
    late = (MONDAY + FEW * 1000, 1)
    for name, span, ours, its in (
        ("first page", Span(), None, None),
        ("page in the middle", Span(), middle, late),
        ("page of a rare kind", Span((Category.FORMS,)), None, None),
    ):
        yield compare(
            f"timeline: {name}, {MANY:,} events / {FEW}",
            lambda span=span, ours=ours: _page(clinic, many, span, ours),  # type: ignore[misc]
            lambda span=span, its=its: _page(clinic, few, span, its),  # type: ignore[misc]
            2,
            turns=5,
        )


def _page(clinic: Clinic, moment: int, span: Span, before: tuple[int, int] | None) -> TimelinePage:
    with clinic.store.read(clinic.clinician) as work:
        return timeline_page(work, moment, span, before=before)


def _moment(clinic: Clinic, number: int) -> int:
    """Start a moment in which so many things have happened; a form was answered as often in either."""
    moment = clinic.start(ADULT, "prov", confirmed=True)
    rare = RARE if number == MANY else 1
    with clinic.store.work(clinic.clinician) as work:
        work.db.run_many(
            "INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)"
            " VALUES (:resident, :moment, :at, 1, :kind, 'invånare', 'Prov', :facts)",
            [
                {
                    "resident": clinic.adult,
                    "moment": moment,
                    "at": MONDAY + (place + 1) * 1000,
                    "kind": (EventKind.FORM_SAVED if place % rare == 0 else EventKind.STEP_READ).value,
                    "facts": '{"answer": 1, "form": "maende", "step": "hej"}',
                }
                for place in range(number)
            ],
        )
    return moment
