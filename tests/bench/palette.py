"""A resident among 100,000 by name, as the palette (ctrl+p) searches, beside a look-up of a personnummer."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store.care.look_up import look_up_resident
from store.foundation.access import OPERATOR
from store.foundation.text import search_parts
from store.people.residents import INDEX
from store.views.lists import Tab
from store.views.search import search_list
from tests.bench.harness import Measure, compare
from tests.bench.store import filled, reading
from tests.clinics import Clinic

MANY = 100_000
MOST = 9
"""Moments that the palette offers."""
SOUGHT = 1500
"""The resident with a name that no other has."""


def measure() -> Iterator[Measure]:
    """Yield the palette's search, both lists in one transaction, beside one look-up; both write to the log."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = filled(Path(folder, "palette.sqlite"), MANY)
        _index(clinic)
        number = clinic.value("SELECT personnummer FROM resident WHERE id = :id", id=SOUGHT)
        look_up = reading(clinic.store, clinic.clinician, lambda work: look_up_resident(work, number))
        search = reading(clinic.store, clinic.clinician, _search)
        yield compare(f"palette: a resident among {MANY:,} by name / a look-up", search, look_up, 3, turns=20)
        clinic.store.close()


def _index(clinic: Clinic) -> None:
    """Let the residents be found by their names."""
    with clinic.store.work(OPERATOR) as work:
        work.db.run("UPDATE resident SET family_name = 'Qvarnström', given_name = 'Ture' WHERE id = :id", id=SOUGHT)
        people = work.db.rows("SELECT id, family_name, given_name FROM resident WHERE id >= 1000")
        work.db.driver.executemany(
            INDEX,
            (
                {"part": part, "resident_id": resident}
                for resident, family, given in people
                for part in search_parts(family, given)
            ),
        )


def _search(work: Any) -> None:
    found = {row.id for tab in (Tab.MINE, Tab.ALL) for row in search_list(work, tab, "qvarns ture", limit=MOST)}
    if len(found) != 1:
        raise ValueError(f"found {len(found)} moments instead of one")
