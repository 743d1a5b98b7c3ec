"""How fast moments are exported: rows a second, all tables together, against a bare SELECT of the same; and memory.

In seconds of the processor, the log row on each resident among them. Memory is the most that Python held: the same,
whether all moments are exported or half of them.
"""

import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from store.care.export_choice import Choice, Identity, Life, Part
from store.export.exporting import Format, export_to
from store.foundation.access import Role
from tests.bench.harness import Measure, seconds
from tests.bench.store import filled
from tests.clinics import Clinic

MOMENTS, WHOLE = 10_000, 100_000
"""By default, and in `bench whole`."""
EVENTS = 10
"""Of each moment."""
_CHOICE = Choice("prov", Life.RUNNING, Identity.FULL, "Forskargruppen", "Utvärdering", frozenset({Part.EVENTS}))


def measure() -> Iterator[Measure]:
    """Yield it at a tenth of the size; some ten seconds."""
    yield from measured(MOMENTS)


def measured(moments: int) -> Iterator[Measure]:
    """Yield the measures of so many moments, each with its events, answers and a message that was sent."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = filled(Path(folder, "export.sqlite"), moments, most_residents=moments)
        try:
            live(clinic)
            rows = _rows(clinic)
            floor = seconds(lambda: _select(clinic))
            for form in (Format.XML, Format.CSV, Format.FHIR):
                ours = seconds(lambda form=form: _export(clinic, Path(folder), form))  # type: ignore[misc]
                yield Measure(f"{rows:,} rows exported as {form} / a bare SELECT of them", ours, floor, 20.0)
            most = _memory(clinic, Path(folder))
            clinic.run("UPDATE moment SET program = 'andra' WHERE id > :id", id=moments // 2)
            half = _memory(clinic, Path(folder))
            yield Measure(f"memory of {moments:,} moments exported / of half as many", most, half, 1.2)
        finally:
            clinic.store.close()


_TABLES = (
    "SELECT m.*, r.*, s.* FROM moment m JOIN resident r ON r.id = m.resident_id JOIN staff s ON s.id = m.responsible_id"
    " WHERE m.program = 'prov'",
    "SELECT * FROM event",
    "SELECT * FROM message",
)


def live(clinic: Clinic) -> None:
    """Let something have happened in each moment."""
    db = clinic.store.engine.connect()
    db.driver.execute("BEGIN IMMEDIATE")
    db.run(
        "INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number)"
        " SELECT resident_id, id, started_at + i, 1, 'steg-last', 'invånare', 'Prov, Eva', '{\"step\":\"hej\"}'"
        " FROM moment, n",
        number=EVENTS,
    )
    db.run(
        "INSERT INTO conversation (resident_id, moment_id, heading, started_at, latest_at, unread)"
        " SELECT resident_id, id, 'Prov', started_at, started_at, 0 FROM moment"
    )
    db.run(
        "INSERT INTO message (resident_id, moment_id, conversation_id, sender, author, text, sent_at, release_at)"
        " SELECT resident_id, moment_id, id, 'invanare', 'Prov, Eva', 'Hej', started_at, 0 FROM conversation"
    )
    db.driver.execute("COMMIT")
    db.close()


def _rows(clinic: Clinic) -> int:
    """Return how many rows there are to export."""
    return sum(int(clinic.value(f"SELECT count(*) FROM {table}")) for table in ("moment", "event", "message"))


def _export(clinic: Clinic, folder: Path, form: Format) -> None:
    """Export all moments of the program, to a folder of their own."""
    place = Path(tempfile.mkdtemp(dir=folder))
    export_to(clinic.store, clinic.someone(Role.DATA_ADMIN), _CHOICE, form, place)


def _select(clinic: Clinic) -> None:
    """Let the driver hand out the same rows."""
    driver = clinic.store.engine.connect().driver
    for sql in _TABLES:
        for _ in driver.execute(sql):
            pass


def _memory(clinic: Clinic, folder: Path) -> float:
    """Return the most bytes that Python held while the moments were exported."""
    tracemalloc.start()
    _export(clinic, folder, Format.XML)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(most)
