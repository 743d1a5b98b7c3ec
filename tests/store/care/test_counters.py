"""Kept counts equal a recount, whatever is done in whatever order."""

import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.modules import read_step
from store.care.register import Correction, correct_resident
from store.care.resident_import import import_residents
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.foundation.identity import PersonalNumber
from store.people.residents import as_resident, find_person
from store.people.sign_in import StaffActor, sign_in
from tests.clinics import Clinic, new_unit, staff

NUMBERS = [number.value for number in fictional_numbers(3)]
HEADER = "personnummer;efternamn;fornamn;skydd\n"
unit_numbers = itertools.count()


class World:
    """A unit of its own with two clinicians, on which things are done by numbers that need not make sense."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        hsa_id = f"SE2321000040-C{next(unit_numbers)}"
        self.unit, first, self.admin = new_unit(clinic.store, hsa_id)
        with clinic.store.work(OPERATOR) as work:
            staff(work, self.unit, f"{hsa_id}second", Role.CLINICIAN, trained=True)
        self.clinicians = [first, sign_in(clinic.store, f"{hsa_id}second")]

    @property
    def moments(self) -> list[tuple[int, int]]:
        """Moments with their clinicians, in the order they were started."""
        sql = "SELECT id, responsible_id FROM moment WHERE unit_id = :unit ORDER BY id"
        return [(moment, responsible) for moment, responsible in self.clinic.rows(sql, unit=self.unit)]

    def moment(self, which: int) -> tuple[int, StaffActor]:
        """Return one of the moments with its clinician; 0 where there is none."""
        moments = self.moments
        if not moments:
            return 0, self.clinicians[0]
        moment, responsible = moments[which % len(moments)]
        return moment, next(actor for actor in self.clinicians if actor.staff_id == responsible)

    def do(self, actor: Actor, act: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        """Do it, or let it be refused."""
        try:
            with self.clinic.store.work(actor) as work:
                act(work, *arguments, **options)
        except DomainError:
            pass

    def step(self, what: int, which: int, other: int) -> None:
        """Do something."""
        self.clinic.clock.now += 60_000  # type: ignore[assignment]
        moment, clinician = self.moment(which)
        number = NUMBERS[other % 3]
        match what:
            case 0 | 1:
                program = ("komigang-online", "prov")[other % 2]
                self.do(self.clinicians[which % 2], start_moment, number, program, confirmed=other > 2)
            case 2:
                self.do(clinician, maintain_moment, moment)
            case 3:
                self.do(clinician, resume_moment, moment)
            case 4:
                self.do(clinician, end_moment, moment, "Övrigt", new_program="prov" if other % 2 else None)
            case 5:
                to = self.clinicians[other % 2].hsa_id
                self.do(self.admin, switch_clinician, moment, to, message="Hej!" if other > 2 else None)
            case 6:
                self.do(self.resident(number), read_step, moment, "hej")
            case 7:
                self.do(OPERATOR, correct_resident, number, Correction(family_name=f"Namn{chr(97 + which)}"))
            case _:
                protection = ("", "sekretessmarkering")[other % 2]
                content = f"{HEADER}{number};Namn{chr(97 + which)};Eva;{protection}\n"
                self.do(OPERATOR, import_residents, content.encode())

    def resident(self, number: str) -> Actor:
        """Return the actor at a resident's side."""
        with self.clinic.store.read(OPERATOR) as work:
            someone = find_person(work, PersonalNumber(number))
            assert someone
            return as_resident(work.db, someone, work.today)

    def check(self) -> None:
        """Compare what is kept with what is there."""
        here = {"unit": self.unit}
        rows = self.clinic.rows("SELECT responsible_id, program, status FROM moment WHERE unit_id = :unit", **here)
        kept = self.clinic.rows(
            "SELECT responsible_id, program, status, number FROM momentcount WHERE unit_id = :unit AND number <> 0",
            **here,
        )
        assert {tuple(row[:3]): row[3] for row in kept} == dict(Counter(rows))
        differing = self.clinic.rows(
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE m.unit_id = :unit AND ("
            " m.sort_name <> CASE r.protection WHEN '' THEN r.sort_name ELSE '~' END"
            " OR coalesce(m.last_active_at, 0) <> (SELECT coalesce(max(at), 0) FROM event"
            "   WHERE moment_id = m.id AND actor_kind IN ('invånare', 'ombud'))"
            " OR m.unread_messages <> (SELECT count(*) FROM message"
            "   WHERE moment_id = m.id AND sender = 'invanare' AND read_at IS NULL)"
            " OR (m.status = 'avslutat') <> (m.ended_at IS NOT NULL)"
            " OR (m.status = 'avslutat' AND EXISTS"
            "   (SELECT 1 FROM notice WHERE moment_id = m.id AND state = 'vantar'))"
            " OR m.unread_forms + m.drafts + m.open_flags + m.priority_flags <> 0 OR m.severity_rank <> 3)",
            **here,
        )
        assert differing == []


STEPS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 5)), max_size=25)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_is_kept_equals_a_recount(clinic: Clinic, steps: list[tuple[int, int, int]]) -> None:
    with clinic.store.work(OPERATOR) as work:
        import_residents(work, (HEADER + "".join(f"{number};Namn;Eva;\n" for number in NUMBERS)).encode())
    world = World(clinic)
    for step in steps:
        before, changes = clinic.value("SELECT count(*) FROM event"), clinic.store.change_no(world.unit)
        world.step(*step)
        grown = clinic.value("SELECT count(*) FROM event") > before
        if grown and step[0] not in (7, 8):
            assert clinic.store.change_no(world.unit) > changes
    world.check()
