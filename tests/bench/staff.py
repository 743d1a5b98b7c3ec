"""A unit's staff: *Personal* with many persons beside few, and inactivation with many moments beside bare SQL."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from store.care.staffing import inactivate_staff
from store.foundation.access import OPERATOR, Role
from store.foundation.fictional import fictional_numbers
from store.foundation.text import sort_name
from store.opening import create_store
from store.people.personnel import personnel, staff_page
from store.people.sign_in import StaffActor, sign_in
from tests.bench.harness import Measure, compare
from tests.bench.moment_page import Terminal
from tests.bench.store import names, reading
from tests.clinics import Clinic, Clock, enter, hsa_id_of, new_unit, populate, staff

MANY, FEW = 2_000, 20
MOMENTS = 500
ROUNDS = 15
ACTIVE, INACTIVE = "Aktiva (", "Ingen är inaktiv"
FIRST = hsa_id_of(Role.CLINICIAN)


def measure() -> Iterator[Measure]:
    """Yield *Personal* as it is read and as it is seen, and inactivation."""
    with tempfile.TemporaryDirectory() as folder:
        clock, path = Clock(), Path(folder, "staff.sqlite")
        store = create_store(path, kind="practice", clock=clock)
        populate(store)
        clinic = enter(store, clock)
        many, few = (_ready(clinic, _unit_with(clinic, number)) for number in (MANY, FEW))
        yield compare(f"Personal, numbers and first page: {MANY:,} persons / {FEW}", many, few, 1.5, turns=20)
        yield _on_screen(path)
        _start(clinic, MOMENTS)
        name = f"inactivation with {MOMENTS} moments handed over / bare SQL"
        yield compare(name, _inactivate(clinic), _bare(clinic), 5.0)
        store.close()


def _ready(clinic: Clinic, actor: StaffActor) -> Callable[[], object]:
    """Return what reads all that *Personal* shows first."""

    def read(work: Any) -> None:
        personnel(work)
        staff_page(work, active=True, limit=FEW)

    return reading(clinic.store, actor, read)


def _on_screen(path: Path) -> Measure:
    """Measure from the key that opens the active persons until their first rows are painted."""
    line = ("-m", "sob_tui.cli", "ovning", "--store", str(path), "--som")
    terminals = [Terminal(*line, f"{_code(number)}boss") for number in (MANY, FEW)]
    try:
        for terminal in terminals:
            terminal.settle(ACTIVE)
        rounds = [[_open_active(terminal) for terminal in terminals] for _ in range(ROUNDS + 1)][1:]
    finally:
        for terminal in terminals:
            terminal.close()
    many, few = (median(figures) for figures in zip(*rounds, strict=True))
    return Measure(f"Personal on screen: {MANY:,} persons / {FEW}", many, few, 1.5)


def _open_active(terminal: Terminal) -> float:
    terminal.seconds("f", INACTIVE)
    return terminal.seconds("f", ACTIVE)


def _code(number: int) -> str:
    return f"SE2321000040-B{number}"


def _unit_with(clinic: Clinic, number: int) -> StaffActor:
    """Make a unit with so many persons, one in ten with a role that has ended; returns the administrator."""
    hsa_id = _code(number)
    unit, _, _ = new_unit(clinic.store, hsa_id)
    with clinic.store.work(OPERATOR) as work:
        staff(work, unit, f"{hsa_id}boss", Role.ACCESS_ADMIN)
        for place, (family, given) in enumerate(itertools.islice(names(), number - 3)):
            someone = staff(work, unit, f"{hsa_id}x{place}", Role.CLINICIAN, Role.RESIDENT_ADMIN, trained=True)
            name = sort_name(family, given)
            work.db.run("UPDATE assignment SET sort_name = :name WHERE staff_id = :id", name=name, id=someone)
            if place % 10 == 0:
                ended = "UPDATE assignmentrole SET until = '2026-01-01' WHERE staff_id = :id AND role = 'behandlare'"
                work.db.run(ended, id=someone)
        work.db.run("ANALYZE")
    return sign_in(clinic.store, f"{hsa_id}boss")


def _start(clinic: Clinic, number: int) -> None:
    """Give the clinician so many moments, each with a resident of its own."""
    with clinic.store.work(OPERATOR) as work:
        version, clinician = work.db.rows("SELECT max(id) FROM programversion")[0][0], clinic.clinician.staff_id
        for resident, person in enumerate(fictional_numbers(number), 1_000):
            work.db.run(
                "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email,"
                " channel, protection, entered_by_hand)"
                " VALUES (:id, :number, 'Prov', 'Eva', 'prov', '05', '', '', 'ingen', '', 0)",
                id=resident,
                number=person.value,
            )
            work.db.run(
                "INSERT INTO moment (resident_id, unit_id, program, version_id, responsible_id, status, started_at,"
                " end_reason, unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank,"
                " purge_by, sort_name) VALUES (:resident, :unit, 'prov', :version, :clinician, 'pagaende', 1, '', 0, 0,"
                " 0, 0, 0, 3, '2028-01-01', 'prov')",
                resident=resident,
                unit=clinic.here,
                version=version,
                clinician=clinician,
            )
        work.db.run(
            "INSERT INTO momentcount VALUES (:unit, :staff, 'prov', 'pagaende', :number)",
            unit=clinic.here,
            staff=clinician,
            number=number,
        )


def _inactivate(clinic: Clinic) -> Callable[[], object]:
    """Return what inactivates the one who has the moments, after the other was made active by hand."""
    admin = clinic.someone(Role.ACCESS_ADMIN)

    def act() -> None:
        clinic.clock.now += 1  # type: ignore[assignment]
        leaves, takes = _has_moments(clinic)
        with clinic.store.work(admin) as work:
            work.db.run("UPDATE assignment SET active = 1 WHERE staff_id = :id", id=takes.staff_id)
            assert inactivate_staff(work, leaves.hsa_id or "", to=takes.hsa_id) == MOMENTS

    return act


def _has_moments(clinic: Clinic) -> tuple[StaffActor, StaffActor]:
    """Return who has the moments and who takes them: they go back and forth."""
    both = (clinic.clinician, clinic.colleague)
    has = clinic.value("SELECT max(responsible_id) FROM moment")
    return both if has == clinic.clinician.staff_id else both[::-1]


_MOMENTS = (
    "SELECT m.id, r.id, r.personnummer, r.family_name FROM moment m JOIN resident r ON r.id = m.resident_id"
    " WHERE m.unit_id = ?"
)
_LOG = (
    "INSERT INTO log (at, wall_at, unit_id, actor_kind, actor_hsa_id, actor_name, action, operation, personnummer,"
    " resident_name, moment_id, details) VALUES (?, ?, ?, 'personal', ?, ?, 'ändrade', 'x', ?, ?, ?, '')"
)
_COUNT = (
    "INSERT INTO momentcount VALUES (?, ?, 'prov', 'pagaende', ?) ON CONFLICT DO UPDATE"
    " SET number = number + excluded.number"
)


def _bare(clinic: Clinic) -> Callable[[], object]:
    """Return what writes the same rows with the driver alone."""
    driver = clinic.store.engine.connect().driver

    def act() -> None:
        clinic.clock.now += 1  # type: ignore[assignment]
        leaves, takes = _has_moments(clinic)
        at, unit, name = clinic.clock.now, clinic.here, takes.name
        driver.execute("BEGIN IMMEDIATE")
        found = driver.execute(_MOMENTS, (unit,)).fetchall()
        driver.executemany(
            "UPDATE moment SET responsible_id = ? WHERE id = ?", ((takes.staff_id, moment) for moment, *_ in found)
        )
        driver.executemany(
            "INSERT INTO event (resident_id, moment_id, unit_id, at, seq, kind, actor_kind, actor_name, facts)"
            " VALUES (?, ?, ?, ?, 1, 'behandlare-bytt', 'personal', ?, '{}')",
            ((resident, moment, unit, at, name) for moment, resident, *_ in found),
        )
        driver.executemany(_LOG, ((at, at, unit, FIRST, name, number, who, moment) for moment, _, number, who in found))
        for staff_id, change in ((leaves.staff_id, -MOMENTS), (takes.staff_id, MOMENTS)):
            driver.execute(_COUNT, (unit, staff_id, change))
        driver.execute("UPDATE assignment SET active = 1 WHERE staff_id = ?", (takes.staff_id,))
        driver.execute("UPDATE assignment SET active = 0 WHERE staff_id = ?", (leaves.staff_id,))
        driver.execute("COMMIT")

    return act
