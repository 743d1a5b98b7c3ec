"""What encryption costs: opening, a list page and a message in a file with keys, beside the same file without."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from store.care.messages import send_message
from store.foundation.keys import StoreKeys
from store.opening import open_store
from store.views.lists import Tab, list_page
from tests.bench.harness import Measure, compare
from tests.bench.store import filled, reading
from tests.clinics import SEALING, Clinic, Clock

MOMENTS = 100_000
PAGE = 40
BUDGET = 1.5


def opening(clinic: Clinic, keys: StoreKeys | None) -> Callable[[], None]:
    """Return what opens a store, and reads what it is."""

    def act() -> None:
        open_store(clinic.store.engine.url, keys=keys, clock=Clock()).close()

    return act


def paging(clinic: Clinic) -> Callable[[], object]:
    """Return what reads the first page of a list, its log row among it."""
    return reading(
        clinic.store, clinic.clinician, lambda work: list_page(work, Tab.MINE, "prov", "pagaende", limit=PAGE)
    )


def sending(clinic: Clinic) -> Callable[[], None]:
    """Return what sends a message, committed."""
    moment = clinic.value("SELECT min(id) FROM moment")

    def act() -> None:
        with clinic.store.work(clinic.clinician) as work:
            send_message(work, moment, "Hur gick det med övningen?" * 5, heading="Övningen")

    return act


def measure() -> Iterator[Measure]:
    """Yield all; a quarter of a minute, most of it to fill the stores."""
    with tempfile.TemporaryDirectory() as name:
        sealed, plain = (
            filled(Path(name, "sealed.sqlite"), MOMENTS, SEALING),
            filled(Path(name, "plain.sqlite"), MOMENTS),
        )
        yield compare(
            "encrypted / plain: open", opening(sealed, SEALING), opening(plain, None), BUDGET, runs=25, turns=20
        )
        yield compare(
            f"encrypted / plain: a list page of {PAGE}", paging(sealed), paging(plain), BUDGET, runs=25, turns=20
        )
        yield compare("encrypted / plain: a message", sending(sealed), sending(plain), BUDGET, runs=25, turns=20)
        for clinic in (sealed, plain):
            clinic.store.close()
