"""*Vårdgivare*: the units below, who administers each, and which programs each has and runs (domain.md §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.care.moments import MomentStatus
from store.fence.rules import RUNNING_IN_UNITS
from store.foundation.access import DataCategory, Role
from store.foundation.connection import columns
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import fold
from store.people.providers import MAY_ABOVE, provider_for
from store.people.sign_in import HELD

NO_ADMIN = "Enheten har ingen behörighetsadministratör. Driften utser en med sob personal utse."
ONE_ADMIN = "Enheten har bara en behörighetsadministratör: det bör finnas fler."


@dataclass(frozen=True)
class RunningVersion:
    """A version with which moments of a unit run."""

    version: str
    moments: int


@dataclass(frozen=True)
class UnitsProgram:
    """A program that is open to a unit, or of which moments still run there."""

    program: str
    title: str
    version: str
    """With which a new moment starts."""
    is_open: bool
    running: tuple[RunningVersion, ...]
    """The newest version first; moments that have not ended, those in maintenance too."""

    @property
    def moments(self) -> int:
        """How many moments run, in whatever version."""
        return sum(one.moments for one in self.running)

    @property
    def said(self) -> str:
        """How it stands on the unit, in words: whether it is open, and how many moments have not ended."""
        state = f"öppet, version {self.version}" if self.is_open else "stängt"
        if not self.running:
            return f"{state}; inga moment"
        if self.is_open and [one.version for one in self.running] == [self.version]:
            return f"{state}; {self.moments} moment"
        each = ", ".join(f"{one.moments} i version {one.version}" for one in self.running)
        return f"{state}; {self.moments} moment ({each})"


@dataclass(frozen=True)
class UnitsAdmin:
    """A behörighetsadministratör of a unit."""

    hsa_id: str
    name: str


@dataclass(frozen=True)
class ProviderUnit:
    """A unit as it is seen from above."""

    hsa_id: str
    name: str
    region: str
    contact: str
    administrators: tuple[UnitsAdmin, ...]
    programs: tuple[UnitsProgram, ...]

    @property
    def advice(self) -> str:
        """What should be thought of; empty where all is well."""
        return {0: NO_ADMIN, 1: ONE_ADMIN}.get(len(self.administrators), "")


@dataclass(frozen=True)
class Provided:
    """A care provider's units, who stands above them, and what can be opened."""

    units: tuple[ProviderUnit, ...]
    administrators: tuple[UnitsAdmin, ...]
    """The vårdgivaradministratörer."""
    programs: tuple[tuple[str, str], ...]
    """Id and title of every installed program."""


@operation("Se vårdgivarens enheter och program", may=MAY_ABOVE, action=None, category=DataCategory.STAFF)
def provided(work: ReadTransaction, provider: str | None = None) -> Provided:
    """Return what there is below a care provider, in the order of names. Concerns no resident.

    Raises:
        NotPermitted, Refused: as `provider_for`.
    """
    above = provider_for(work, provider).id
    admins, newest = _admins(work, above), work.db.all(_Newest, _NEWEST)
    programs = _programs(work, above, newest)
    units = work.db.all(_Unit, f"SELECT {columns(_Unit)} FROM unit WHERE provider_id = :id", id=above)
    return Provided(
        units=tuple(
            ProviderUnit(
                one.hsa_id,
                one.name,
                one.region,
                one.contact,
                tuple(UnitsAdmin(who.hsa_id, who.name) for who in admins if who.unit_id == one.id),
                tuple(programs.get(one.id, ())),
            )
            for one in sorted(units, key=lambda unit: (fold(unit.name), unit.hsa_id))
        ),
        administrators=tuple(
            work.db.all(
                UnitsAdmin,
                "SELECT s.hsa_id, s.given_name || ' ' || s.family_name AS name FROM provideradmin p"
                " JOIN staff s ON s.id = p.staff_id WHERE p.provider_id = :id ORDER BY s.sort_name, s.id",
                id=above,
            )
        ),
        programs=tuple((one.program, one.title) for one in newest),
    )


class _Unit(NamedTuple):
    id: int
    hsa_id: str
    name: str
    region: str
    contact: str


class _Admin(NamedTuple):
    unit_id: int
    hsa_id: str
    name: str


def _admins(work: ReadTransaction, provider: int) -> list[_Admin]:
    return work.db.all(
        _Admin,
        "SELECT r.unit_id, s.hsa_id, s.given_name || ' ' || s.family_name AS name FROM unit u"
        " JOIN assignmentrole r ON r.unit_id = u.id AND r.role = :role"
        " JOIN assignment a ON a.unit_id = r.unit_id AND a.staff_id = r.staff_id AND a.active = 1"
        f" JOIN staff s ON s.id = r.staff_id WHERE u.provider_id = :id AND {HELD} ORDER BY s.sort_name, s.id",
        role=Role.ACCESS_ADMIN.value,
        today=work.today.isoformat(),
        id=provider,
    )


class _Running(NamedTuple):
    unit_id: int
    program: str
    version: str
    moments: int


RUNNING = (
    "SELECT r.unit_id, v.program, v.version, r.moments FROM {counted} r"
    " JOIN programversion v ON v.id = r.version_id ORDER BY v.id DESC"
)
"""How many moments a provider's units have in each version, the newest version first."""
COUNTED = f"({RUNNING_IN_UNITS.format(provider=':id', running=':running', maintained=':maintained')})"


class _Newest(NamedTuple):
    program: str
    title: str
    version: str


_NEWEST = (
    "SELECT program, title, version FROM programversion"
    " WHERE id IN (SELECT max(id) FROM programversion GROUP BY program) ORDER BY sort_title, program"
)


def _programs(work: ReadTransaction, provider: int, newest: Sequence[_Newest]) -> dict[int, list[UnitsProgram]]:
    """Return by the unit's id what is open there and what still runs, by title."""
    opened = {
        (unit, program)
        for unit, program in work.db.pairs(
            "SELECT o.unit_id, o.program FROM openprogram o JOIN unit u ON u.id = o.unit_id WHERE u.provider_id = :id",
            id=provider,
        )
    }
    running: dict[tuple[int, str], list[RunningVersion]] = {}
    statuses = {"running": MomentStatus.RUNNING.value, "maintained": MomentStatus.MAINTENANCE.value}
    counted = work.asked_past_fence("sob_running(:id, :running, :maintained)", COUNTED)
    for row in work.db.all(_Running, RUNNING.format(counted=counted), **statuses, id=provider):
        running.setdefault((row.unit_id, row.program), []).append(RunningVersion(row.version, row.moments))
    found: dict[int, list[UnitsProgram]] = {}
    for one in newest:
        for unit, program in sorted(opened | running.keys()):
            if program == one.program:
                place = (unit, program)
                found.setdefault(unit, []).append(
                    UnitsProgram(program, one.title, one.version, place in opened, tuple(running.get(place, ())))
                )
    return found
