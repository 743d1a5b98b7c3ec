"""In whatever order staff come and go: an administrator on every unit, a clinician for every running moment.

And no resident is seen by a unit that has no moment for it.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.care.endings import end_moment
from store.care.handovers import accept_handover, decline_handover, offer_handover, withdraw_handover
from store.care.resident_import import import_residents, read_residents
from store.care.staffing import inactivate_staff, take_role
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import days_after, local_day
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.people.assignments import activate_staff, add_staff, give_role
from store.people.sign_in import StaffActor, sign_in
from store.views.handovers import open_handovers
from store.views.lists import STATUSES, Tab, list_page
from store.views.moment import open_moment
from tests.clinics import Clinic, Clock, new_unit, staff
from tests.conftest import Stores
from tests.properties import examples

NUMBERS = [number.value for number in fictional_numbers(3)]
ROLES = (Role.CLINICIAN, Role.ACCESS_ADMIN, Role.RESIDENT_ADMIN)
unit_numbers = itertools.count()


class World:
    """Two units of their own, on which things are done by numbers that need not make sense."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.store = clinic.store
        self.units = [self._unit(f"SE2321000040-U{next(unit_numbers)}") for _ in range(2)]

    def _unit(self, hsa_id: str) -> str:
        unit, _, _ = new_unit(self.store, hsa_id)
        with self.store.work(OPERATOR) as work:
            staff(work, unit, f"{hsa_id}boss", Role.ACCESS_ADMIN)
            staff(work, unit, f"{hsa_id}more", Role.CLINICIAN, Role.ACCESS_ADMIN)
            staff(work, unit, f"{hsa_id}away", Role.CLINICIAN, Role.ACCESS_ADMIN, active=0)
        return hsa_id

    def people(self, unit: str) -> list[str]:
        """Everybody with an assignment on a unit, active or not, by HSA-id."""
        rows = self.clinic.rows(
            "SELECT s.hsa_id FROM staff s JOIN assignment a ON a.staff_id = s.id JOIN unit u ON u.id = a.unit_id"
            " WHERE u.hsa_id = :unit ORDER BY s.hsa_id",
            unit=unit,
        )
        return [who for (who,) in rows]

    def active(self, unit: str, role: str = "%") -> list[str]:
        """Everybody active on a unit for whom a role is recorded, ended or not, by HSA-id."""
        rows = self.clinic.rows(
            "SELECT DISTINCT s.hsa_id FROM staff s JOIN assignment a ON a.staff_id = s.id AND a.active = 1"
            " JOIN unit u ON u.id = a.unit_id AND u.hsa_id = :unit"
            " JOIN assignmentrole r ON r.staff_id = s.id AND r.unit_id = u.id AND r.role LIKE :role ORDER BY s.hsa_id",
            unit=unit,
            role=role,
        )
        return [who for (who,) in rows]

    def one(self, unit: str, role: Role, which: int) -> StaffActor:
        """One of those who have a role on a unit; somebody else, where nobody has."""
        able = self.active(unit, role.value) or self.active(unit)
        return sign_in(self.store, able[which % len(able)], unit)

    def running(self) -> list[tuple[int, str, str, bool]]:
        """The running moments with their unit, the clinician's HSA-id, and whether they are offered."""
        rows = self.clinic.rows(
            "SELECT m.id, u.hsa_id, s.hsa_id, m.offered_to IS NOT NULL FROM moment m JOIN unit u ON u.id = m.unit_id"
            " JOIN staff s ON s.id = m.responsible_id WHERE m.status <> 'avslutat' ORDER BY m.id"
        )
        return [(moment, where, who, bool(offered)) for moment, where, who, offered in rows if where in self.units]

    def moment(self, which: int, *, offered: bool) -> tuple[int, str]:
        """One of the running moments, with its unit; 0 where there is none."""
        found = [(moment, unit) for moment, unit, _, is_offered in self.running() if is_offered is offered]
        return found[which % len(found)] if found else (0, self.units[0])

    def other(self, unit: str) -> str:
        """The other unit."""
        return next(one for one in self.units if one != unit)

    def do(self, actor: StaffActor, act: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """Do it, or let it be refused."""
        try:
            with self.store.work(actor) as work:
                act(work, *arguments, **options)
        except DomainError:
            pass

    def step(self, what: int, which: int, other: int) -> None:
        """Do something."""
        self.clinic.clock.now += 60_000  # type: ignore[assignment]
        if what < 6:
            self._change_staff(what, self.units[which % 2], which // 2, other)
        elif what < 8:
            self.clinic.clock.now = days_after(self.clinic.clock.now, other + 1)
        elif what < 12:
            self._change_moments(what, which, other)
        else:
            self._answer(what, which, other)

    def _change_staff(self, what: int, unit: str, which: int, other: int) -> None:
        boss, people, active = self.one(unit, Role.ACCESS_ADMIN, which), self.people(unit), self.active(unit)
        to, role = self.one(unit, Role.CLINICIAN, which).hsa_id, ROLES[which]
        match what:
            case 0 | 1:
                self.do(boss, inactivate_staff, active[other % len(active)], to=to)
            case 2:
                self.do(boss, activate_staff, people[other % len(people)])
            case 3:
                self.do(boss, take_role, active[other % len(active)], role, "x", to=to)
            case 4:
                until = local_day(self.clinic.clock.now) + timedelta(days=other % 3)
                self.do(boss, give_role, active[other % len(active)], role, "x", until=until, confirmed=True)
            case _:
                strangers = self.people(self.other(unit))
                self.do(boss, add_staff, strangers[other % len(strangers)])

    def _change_moments(self, what: int, which: int, other: int) -> None:
        moment, unit = self.moment(which, offered=False)
        admin, clinician = self.one(unit, Role.RESIDENT_ADMIN, other), self.one(unit, Role.CLINICIAN, other)
        match what:
            case 8:
                self.do(clinician, start_moment, NUMBERS[other % 3], "komigang-online", confirmed=True)
            case 9 | 10:
                self.do(admin, offer_handover, moment, self.other(unit), "x", confirmed=True, tell_resident=other > 2)
            case _:
                act, word = (switch_clinician, clinician.hsa_id) if other % 2 else (end_moment, "Övrigt")
                self.do(admin if other % 2 else clinician, act, moment, word)

    def _answer(self, what: int, which: int, other: int) -> None:
        moment, unit = self.moment(which, offered=True)
        giver, taker = (self.one(one, Role.RESIDENT_ADMIN, other) for one in (unit, self.other(unit)))
        match what:
            case 12 | 13:
                to = self.one(self.other(unit), Role.CLINICIAN, other).hsa_id
                self.do(taker, accept_handover, moment, to)
            case 14:
                self.do(taker, decline_handover, moment, "x")
            case _:
                self.do(giver, withdraw_handover, moment)

    def check(self) -> None:
        """An administrator on every unit, a clinician for every running moment."""
        for unit in self.units:
            admins = self.active(unit, Role.ACCESS_ADMIN.value)
            assert any(Role.ACCESS_ADMIN in sign_in(self.store, who, unit).roles for who in admins)
        for who, unit in {(who, unit) for _, unit, who, _ in self.running()}:
            assert Role.CLINICIAN in sign_in(self.store, who, unit).roles

    def check_sight(self) -> None:
        """Nobody sees a moment of another unit; what is offered shows as that, to the unit that it is offered to."""
        rows = self.clinic.rows(
            "SELECT m.id, m.unit_id, m.offered_to FROM moment m JOIN unit u ON u.id = m.unit_id"
            " WHERE u.hsa_id IN (:here, :there)",
            here=self.units[0],
            there=self.units[1],
        )
        everybody = [sign_in(self.store, who, unit) for unit in self.units for who in self.active(unit)]
        for actor in everybody:
            for moment, unit_id, _ in rows:
                with self.store.read(actor) as work:
                    try:
                        open_moment(work, moment)
                    except DomainError:
                        continue
                    assert unit_id == actor.unit_id
            assert self._listed(actor) <= {moment for moment, unit_id, _ in rows if unit_id == actor.unit_id}
            assert self._offered(actor) <= {row[0] for row in rows if actor.unit_id in row[1:] and row[2] is not None}

    def _listed(self, actor: StaffActor) -> set[int]:
        found: set[int] = set()
        for tab, status in itertools.product(Tab, STATUSES):
            try:
                with self.store.read(actor) as work:
                    found |= {row.id for row in list_page(work, tab, "komigang-online", status)}
            except DomainError:
                pass
        return found

    def _offered(self, actor: StaffActor) -> set[int]:
        try:
            with self.store.read(actor) as work:
                return {one.moment for one in open_handovers(work)}
        except DomainError:
            return set()


STEPS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 5), st.integers(0, 5)), min_size=10, max_size=25)


def go_through(clinic: Clinic, steps: list[tuple[int, int, int]]) -> None:
    with clinic.store.work(OPERATOR) as work:
        rows = "".join(f"{number};Namn;Eva;05\n" for number in NUMBERS)
        content = f"personnummer;efternamn;fornamn;region\n{rows}".encode()
        import_residents(work, read_residents(content, work.today, is_practice=True))
    world = World(clinic)
    for number, unit in zip(NUMBERS, world.units, strict=False):
        world.do(world.one(unit, Role.CLINICIAN, 0), start_moment, number, "komigang-online", confirmed=True)
    for step in steps:
        world.step(*step)
        world.check()
    world.check_sight()


@examples(15)
@given(steps=STEPS)
def test_no_unit_without_an_administrator_and_no_moment_without_a_clinician(
    stores: Stores, steps: list[tuple[int, int, int]]
) -> None:
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:  # of its own: what went before is in nobody's way
        go_through(clinic, steps)


@examples(4)  # a step is many round trips
@given(steps=STEPS)
def test_nor_on_a_server(stores: Stores, steps: list[tuple[int, int, int]]) -> None:
    with stores.clinic("postgresql", "clinic", Clock()) as clinic:
        go_through(clinic, steps)
