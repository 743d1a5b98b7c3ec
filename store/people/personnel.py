"""*Personal*: the unit's staff as the behörighetsadministratör sees it (FAQ; domain.md §7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.flag_kinds import OLDEST_PRIORITY
from store.foundation.log import DONE
from store.foundation.log_reading import Condition, log_rows
from store.foundation.operation import OPERATIONS, operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import sort_name
from store.people.members import member_of
from store.people.served import serve_moments
from store.people.sign_in import HELD
from store.people.substitutions import StandIn, stand_ins_on

PAGE = 25
"""Persons in a page: as many as a screen has room for."""

Key = tuple[str, int]
"""Where a person stands in the list: sort name, id."""


@dataclass(frozen=True)
class HeldRole:
    """A role with who gave it. `given_at` in UTC milliseconds, 0 for what came with the store; `until` an ISO day."""

    role: Role
    given_by: str
    given_at: int
    reason: str
    until: str
    is_held: bool
    """Whether it is held today, or would be by somebody inactive who is activated."""
    is_kept: bool
    """Whether its end has passed and does not bite: a matter for the administrator."""


@dataclass(frozen=True)
class StaffLine:
    """A person on the unit."""

    id: int
    sort_name: str
    hsa_id: str
    given_name: str
    family_name: str
    email: str
    protection: str
    """Colleagues see who it is all the same; residents don't (`staff.name_for_residents`)."""
    is_active: bool
    moments: int
    """That the person is ansvarig behandlare for, not ended."""
    roles: tuple[HeldRole, ...] = ()
    """In the order of `Role`."""
    trainings: tuple[str, ...] = ()
    """Roles' words and programs' ids."""
    renewals: Mapping[str, str] = field(default_factory=dict)
    """The ISO day on which a refresher is due, by training; those that are never to be renewed are left out."""
    substitutes: tuple[StandIn, ...] = ()
    """Who stands, or is to stand, in for the person, and what has fallen away."""

    @property
    def name(self) -> str:
        """Efternamn, Förnamn."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def key(self) -> Key:
        """The person's place in the list."""
        return self.sort_name, self.id


@dataclass(frozen=True)
class Personnel:
    """How many there are, active and inactive, and what the administrator should think of, a sentence each."""

    active: int
    inactive: int
    advice: tuple[str, ...]


@dataclass(frozen=True)
class Permission:
    """A row of the access table: what can be done, and who may."""

    text: str
    may: tuple[str, ...]
    is_deed: bool = True
    """Whether somebody sets out to do it: what is only a step of something else has no row in the log of its own."""


_MAY = frozenset({Role.ACCESS_ADMIN})


@operation("Se enhetens personal", may=_MAY, action=None, category=DataCategory.STAFF)
def personnel(work: ReadTransaction) -> Personnel:
    """Return what stands over the list of the unit's staff. Concerns no resident."""
    rows = work.db.pairs(
        "SELECT active, count(*) FROM assignment WHERE unit_id = :unit GROUP BY active", unit=work.actor.unit_id
    )
    numbers = {active: int(number) for active, number in rows}
    return Personnel(numbers.get(1, 0), numbers.get(0, 0), tuple(_advice(work)))


@operation("Bläddra bland enhetens personal", may=_MAY, action=None, category=DataCategory.STAFF)
def staff_page(
    work: ReadTransaction, *, active: bool, after: Key | None = None, limit: int = PAGE, back: bool = False
) -> list[StaffLine]:
    """Return up to `limit` persons, active or inactive, in Swedish order: those after a key, or with `back` before it.

    Without a key they are the first, or with `back` the last.
    """
    beyond = "" if after is None else f" AND (a.sort_name, a.staff_id) {'<' if back else '>'} (:name, :id)"
    way = "DESC" if back else "ASC"
    place = {} if after is None else {"name": after[0], "id": after[1]}
    rest = f"{beyond} ORDER BY a.sort_name {way}, a.staff_id {way} LIMIT :limit"
    lines = _lines(work, f"AND a.active = :active{rest}", active=int(active), limit=limit, **place)
    return lines[::-1] if back else lines


@operation("Hoppa bland enhetens personal", may=_MAY, action=None, category=DataCategory.STAFF)
def staff_page_at(work: ReadTransaction, *, active: bool, skip: int, limit: int = PAGE) -> list[StaffLine]:
    """Return the persons from a far place on."""
    rest = "AND a.active = :active ORDER BY a.sort_name, a.staff_id LIMIT :limit OFFSET :skip"
    return _lines(work, rest, active=int(active), limit=limit, skip=skip)


@operation("Räkna personalen före en plats", may=_MAY, action=None, category=DataCategory.STAFF)
def staff_offset(work: ReadTransaction, *, active: bool, key: Key) -> int:
    """Return how many persons come before a key."""
    number = work.db.value(
        "SELECT count(*) FROM assignment a WHERE a.unit_id = :unit AND a.active = :active"
        " AND (a.sort_name, a.staff_id) < (:name, :id)",
        unit=work.actor.unit_id,
        active=int(active),
        name=key[0],
        id=key[1],
    )
    return int(number)


@operation("Se en person på enheten", may=_MAY, action=None, category=DataCategory.STAFF)
def staff_line(work: ReadTransaction, hsa_id: str) -> StaffLine:
    """Return somebody with an assignment on the unit, active or not; raises `NotPermitted`."""
    return _lines(work, "AND a.staff_id = :staff", staff=member_of(work, hsa_id).staff_id)[0]


@dataclass(frozen=True)
class StaffChange:
    """Something that was done with somebody on the unit. `at` in UTC milliseconds; `by` is who did it."""

    at: int
    by: str
    what: str
    """`rollen behandlare given till och med 2026-12-31: Vikarie`."""


@operation("Se vad som har ändrats för en person", may=_MAY, action=None, category=DataCategory.STAFF)
def staff_history(work: ReadTransaction, hsa_id: str) -> list[StaffChange]:
    """Return what was done with somebody's assignment, roles and trainings, the newest first: the log has it all."""
    member = member_of(work, hsa_id)
    start = f"{member.hsa_id}: "
    wanted = Condition(
        "unit_id = :unit AND category = :category AND outcome = :done AND action = :changed",
        (
            ("unit", work.actor.unit_id),
            ("category", DataCategory.STAFF.value),
            ("done", DONE),
            ("changed", Action.CHANGED.value),
        ),
    )
    rows = sorted(log_rows(work.db, work.keys, wanted), key=lambda row: (row.at, row.id), reverse=True)
    # What was done stands sealed where the store has keys: it is looked through once it is opened.
    return [
        StaffChange(row.at, row.actor_name, row.details.removeprefix(start))
        for row in rows
        if row.details.startswith(start)
    ]


@operation("Se vad varje roll får göra", may=_MAY, action=None, category=DataCategory.STAFF)
def permissions(work: ReadTransaction) -> list[Permission]:
    """Return the access table as help: what staff may do, with the roles and standings, in Swedish order."""
    declare_all()
    standings = {Standing.RESPONSIBLE, Standing.SUBSTITUTE, Standing.WATCHING}
    staff = {*Role, *standings} - (set() if work.is_practice else {Role.TRAINER})
    found = [(one, [str(who) for who in (*Role, *Standing) if who in one.may & staff]) for one in OPERATIONS.values()]
    rows = [Permission(one.text, tuple(may), one.action is not None) for one, may in found if may]
    return sorted(rows, key=lambda row: sort_name(row.text, ""))


@operation("Se vilka moment någon lämnar efter sig", may=_MAY, action=None, category=DataCategory.RECORD)
def moments_left_by(work: ReadTransaction, hsa_id: str) -> list["LeftMoment"]:
    """Return the running moments of somebody on the unit.

    Enough to say who takes which; the administrator learns nobody's name.
    """
    rows = work.db.all(
        LeftMoment,
        f"SELECT m.id, v.title, m.started_at, {OLDEST_PRIORITY} AS priority_since FROM moment m"
        " JOIN programversion v ON v.id = m.version_id"
        " WHERE m.unit_id = :unit AND m.responsible_id = :staff AND m.status <> 'avslutat' ORDER BY m.id",
        unit=work.actor.unit_id,
        staff=member_of(work, hsa_id).staff_id,
    )
    serve_moments(work, f"kvar efter {hsa_id}", (row.id for row in rows))
    return rows


class LeftMoment(NamedTuple):
    """A running moment of somebody who leaves. Instants are UTC milliseconds."""

    id: int
    title: str
    """The program's."""
    started_at: int
    priority_since: int | None
    """Since when its oldest unhandled prioriterad flagga waits; None where it has none."""


def declare_all() -> None:
    """Import whatever declares operations: the table is whole only then."""
    for name in ("care", "people", "views"):
        package = import_module(f"store.{name}")
        for module in iter_modules(package.__path__):
            import_module(f"store.{name}.{module.name}")


_MOMENTS = (
    "coalesce((SELECT sum(c.number) FROM momentcount c WHERE c.unit_id = a.unit_id AND c.responsible_id = a.staff_id"
    " AND c.status <> 'avslutat'), 0)"
)
_STAFF = (
    "SELECT s.id, a.sort_name, s.hsa_id, s.given_name, s.family_name, s.email, s.protection, a.active AS is_active,"
    f" {_MOMENTS} AS moments FROM assignment a JOIN staff s ON s.id = a.staff_id WHERE a.unit_id = :unit"
)


def _lines(work: ReadTransaction, rest: str, **parameters: Any) -> list[StaffLine]:
    lines = work.db.all(StaffLine, f"{_STAFF} {rest}", unit=work.actor.unit_id, **parameters)
    ids = [line.id for line in lines]
    roles, trainings = _roles_of(work, ids), _trainings_of(work, ids)
    substitutes = stand_ins_on(work, work.actor.unit_id or 0)
    return [
        replace(
            line,
            moments=int(line.moments),
            roles=tuple(roles.get(line.id, ())),
            trainings=tuple(one.subject for one in trainings.get(line.id, ())),
            renewals={one.subject: one.renew_on for one in trainings.get(line.id, ()) if one.renew_on},
            substitutes=tuple(substitutes.get(line.hsa_id, ())),
        )
        for line in lines
    ]


class _RoleRow(NamedTuple):
    staff_id: int
    role: Role
    given_by: str
    given_at: int
    reason: str
    until: str
    is_held: bool


def _roles_of(work: ReadTransaction, staff: list[int]) -> dict[int, list[HeldRole]]:
    """Return the roles of some persons by id, in the order of `Role`."""
    today, (names, ids) = work.today.isoformat(), _named(staff)
    rows = work.db.all(
        _RoleRow,
        "SELECT r.staff_id, r.role, r.given_by, r.given_at, r.reason, r.until,"
        f" CASE WHEN a.active = 1 AND {HELD} THEN 1 ELSE 0 END AS is_held FROM assignmentrole r"
        " JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id"
        f" WHERE r.unit_id = :unit AND r.staff_id IN ({names})",
        unit=work.actor.unit_id,
        today=today,
        **ids,
    )
    found: dict[int, list[HeldRole]] = {}
    for row in rows:
        is_past = bool(row.until) and row.until < today
        held = HeldRole(
            row.role,
            row.given_by,
            row.given_at,
            row.reason,
            row.until,
            row.is_held or not is_past,
            row.is_held and is_past,
        )
        found.setdefault(row.staff_id, []).append(held)
    for roles in found.values():
        roles.sort(key=lambda one: list(Role).index(one.role))
    return found


class _TrainingRow(NamedTuple):
    staff_id: int
    subject: str
    renew_on: str


def _trainings_of(work: ReadTransaction, staff: list[int]) -> dict[int, list[_TrainingRow]]:
    names, ids = _named(staff)
    found: dict[int, list[_TrainingRow]] = {}
    for row in work.db.all(
        _TrainingRow,
        f"SELECT staff_id, subject, renew_on FROM training WHERE staff_id IN ({names}) ORDER BY subject",
        **ids,
    ):
        found.setdefault(row.staff_id, []).append(row)
    return found


def _named(staff: list[int]) -> tuple[str, dict[str, int]]:
    """Return the parameters' names for an IN, and their values; nobody has the id 0."""
    named = {f"s{place}": staff_id for place, staff_id in enumerate(staff or [0])}
    return ", ".join(f":{name}" for name in named), named


def _advice(work: ReadTransaction) -> Iterable[str]:
    """Yield who is alone as administrator, whose roles should have ended, and whose trainings been renewed."""
    here = {"unit": work.actor.unit_id, "today": work.today.isoformat()}
    admins = work.db.all(
        _Holder, f"{_HOLDERS} AND r.role = :role AND {HELD} LIMIT 2", **here, role=Role.ACCESS_ADMIN.value
    )
    if len(admins) == 1:
        yield (
            f"{admins[0].name} är ensam behörighetsadministratör. Det är bra om mer än en person har rollen, till "
            "exempel när någon blir sjuk."
        )
    past = f"{_HOLDERS} AND r.role IN (:admin, :clinician) AND r.until > '' AND r.until < :today AND {HELD}"
    kept = {"admin": Role.ACCESS_ADMIN.value, "clinician": Role.CLINICIAN.value}
    for one in work.db.all(_Holder, f"{past} ORDER BY a.sort_name, r.role", **here, **kept):
        why = "rollen annars skulle saknas på enheten"
        if one.role is Role.CLINICIAN:
            why = "hen är ansvarig behandlare för " + ("ett moment" if one.moments == 1 else f"{one.moments} moment")
        yield f"Rollen {one.role} för {one.name} skulle ha gått ut {one.until} men gäller än, eftersom {why}."

    late = work.db.all(
        _Late,
        # CROSS JOIN: few trainings are ever due, and SQLite would begin with all who work on the unit.
        "SELECT s.given_name || ' ' || s.family_name AS name, t.subject, t.renew_on FROM training t"
        " CROSS JOIN assignment a JOIN staff s ON s.id = a.staff_id"
        " WHERE t.renew_on > '' AND t.renew_on <= :today AND a.staff_id = t.staff_id AND a.unit_id = :unit"
        " AND a.active = 1 ORDER BY a.sort_name, s.id, t.subject",
        **here,
    )
    for training in late:
        yield f"Utbildningen {training.subject} för {training.name} ska ha förnyats senast {training.renew_on}."


class _Late(NamedTuple):
    name: str
    subject: str
    renew_on: str


class _Holder(NamedTuple):
    name: str
    role: Role
    until: str
    moments: int


_HOLDERS = (
    f"SELECT s.given_name || ' ' || s.family_name AS name, r.role, r.until, {_MOMENTS} AS moments"
    " FROM assignmentrole r"
    " JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id AND a.active = 1"
    " JOIN staff s ON s.id = r.staff_id WHERE r.unit_id = :unit"
)
