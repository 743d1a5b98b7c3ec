"""Kept counts equal a recount, whatever is done in whatever order."""

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.drafts import discard_draft, save_draft
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.care.modules import read_step
from store.care.recount import miscounted_moments, miscounted_units
from store.care.register import Correction, correct_resident
from store.care.resident_import import import_residents, read_residents
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import local_day
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.foundation.identity import PersonalNumber
from store.people.residents import as_resident, find_person
from store.people.sign_in import StaffActor, sign_in
from store.views.conversations import open_conversation
from tests.clinics import MONDAY, Clinic, Clock, new_unit, staff
from tests.conftest import Stores
from tests.properties import examples
from tests.store.moves import LATER, MOVES, move

NUMBERS = [number.value for number in fictional_numbers(3)]
HEADER = "personnummer;efternamn;fornamn;skydd\n"
unit_numbers = itertools.count()


class World:
    """A unit of its own with two clinicians, on which things are done by numbers that need not make sense."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        clinic.clock.now = MONDAY
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
                new = "prov" if other % 2 else None
                self.do(clinician, end_moment, moment, "Övrigt", new_program=new, confirmed=other > 1)
            case 5:
                to = self.clinicians[other % 2].hsa_id
                self.do(self.admin, switch_clinician, moment, to, message="Hej!" if other > 2 else None)
            case 6:
                self.do(self.resident(number), read_step, moment, "hej")
            case 7:
                self.do(OPERATOR, correct_resident, number, Correction(family_name=f"Namn{chr(97 + which)}"))
            case 8:
                self.do((clinician, self.admin)[other % 2], send_message, moment, "Hej!", **self.place(moment, other))
            case 9 | 10:
                self.do(self.resident_of(moment), write_message, moment, "Hej!", **self.place(moment, other))
            case 11:
                act = (mark_conversation_read, mark_conversation_unread, open_conversation)[other % 3]
                place = self.place(moment, -1)["conversation"] or 0
                self.do((clinician, self.admin)[other // 3], act, moment, place)
            case 12:
                self.draft(moment, (clinician, self.admin)[which // 3], other)
            case 13:
                protection = ("", "sekretessmarkering")[other % 2]
                content = f"{HEADER}{number};Namn{chr(97 + which)};Eva;{protection}\n"
                rows = read_residents(content.encode(), local_day(self.clinic.clock.now), is_practice=True)
                self.do(OPERATOR, import_residents, rows)
            case _:
                move(self, what - 14, which, other)

    def place(self, moment: int, which: int) -> dict[str, int | None]:
        """Return where to write: one of the moment's conversations, or a new one."""
        sql = "SELECT id FROM conversation WHERE moment_id = :moment ORDER BY id"
        places = [place for (place,) in self.clinic.rows(sql, moment=moment)]
        return {"conversation": [None, *places][which % (len(places) + 1)]}

    def draft(self, moment: int, actor: StaffActor, which: int) -> None:
        """Save a new draft or an older one, on its version or on an older, or send or discard one."""
        sql = "SELECT id, version FROM draft WHERE moment_id = :moment AND staff_id = :staff ORDER BY id"
        drafts = self.clinic.rows(sql, moment=moment, staff=actor.staff_id)
        draft, version = drafts[which % len(drafts)] if drafts else (4711, 1)
        match which:
            case 0 | 1:
                self.do(actor, save_draft, moment, "Utkast", **self.place(moment, which))
            case 2:
                self.do(actor, save_draft, moment, "Mer", draft=draft, version=version)
            case 3:
                self.do(actor, save_draft, moment, "Annat", draft=draft, version=version - 1)
            case 4:
                self.do(actor, discard_draft, moment, draft, version)
            case _:
                self.do(actor, send_message, moment, "Hej!", draft=draft, version=version)

    def resident_of(self, moment: int) -> Actor:
        """Return the actor at the side of a moment's resident."""
        sql = "SELECT personnummer FROM resident r JOIN moment m ON m.resident_id = r.id WHERE m.id = :moment"
        rows = self.clinic.rows(sql, moment=moment)
        return self.resident(rows[0][0] if rows else NUMBERS[0])

    def resident(self, number: str) -> Actor:
        """Return the actor at a resident's side."""
        with self.clinic.store.read(OPERATOR) as work:
            someone = find_person(work, PersonalNumber(number))
            assert someone
            return as_resident(work.db, someone, work.today)

    def check(self) -> None:
        """Compare what is kept with what is there."""
        with self.clinic.store.lend() as db:
            assert (miscounted_moments(db), miscounted_units(db)) == ([], [])
        self.check_conversations()

    def check_conversations(self) -> None:
        """Compare what conversations and moments keep of messages with the messages."""
        messages = self.clinic.rows(
            "SELECT t.moment_id, t.conversation_id, t.sender, t.sent_at, t.read_at FROM message t"
            " JOIN moment m ON m.id = t.moment_id WHERE m.unit_id = :unit ORDER BY t.sent_at, t.id",
            unit=self.unit,
        )
        counted: dict[int, tuple[int, int, int, int | None]] = {}
        for moment, place, sender, sent_at, read_at in messages:
            _, _, unread, waiting = counted.get(place, (moment, 0, 0, None))
            is_residents = sender == "invanare"
            waiting = (waiting or sent_at) if is_residents else None
            counted[place] = (moment, sent_at, unread + (is_residents and read_at is None), waiting)
        kept = self.clinic.rows(
            "SELECT c.id, c.moment_id, c.latest_at, c.unread, c.unanswered_at FROM conversation c"
            " JOIN moment m ON m.id = c.moment_id WHERE m.unit_id = :unit",
            unit=self.unit,
        )
        assert {row[0]: row[1:] for row in kept} == counted
        oldest: dict[int, int] = {}
        for moment, _, _, waiting in counted.values():
            if waiting is not None:
                oldest[moment] = min(waiting, oldest.get(moment, waiting))
        sql = "SELECT id, oldest_unanswered_at FROM moment WHERE unit_id = :unit AND oldest_unanswered_at IS NOT NULL"
        assert dict(self.clinic.rows(sql, unit=self.unit)) == oldest


KINDS = st.sampled_from((*range(14 + MOVES), 9, 11, 11, 12, 12, 14, 14, 18, 18))
"""What needs something done before it, more often."""

STEPS = st.lists(st.tuples(KINDS, st.integers(0, 5), st.integers(0, 5)), min_size=10, max_size=30)


@examples(20)
@given(steps=STEPS)
def test_what_is_kept_equals_a_recount(stores: Stores, steps: list[tuple[int, int, int]]) -> None:
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:  # of its own: what went before is in nobody's way
        go_through(clinic, steps)


@examples(4)  # a step is many round trips
@given(steps=STEPS)
def test_so_it_does_on_a_server(stores: Stores, steps: list[tuple[int, int, int]]) -> None:
    with stores.clinic("postgresql", "clinic", Clock()) as clinic:
        go_through(clinic, steps)


def go_through(clinic: Clinic, steps: list[tuple[int, int, int]]) -> None:
    with clinic.store.work(OPERATOR) as work:
        content = (HEADER + "".join(f"{number};Namn;Eva;\n" for number in NUMBERS)).encode()
        import_residents(work, read_residents(content, work.today, is_practice=True))
    world = World(clinic)
    for step in ((0, 0, 1), (9, 0, 0), (14, 3, 5), *steps):  # from the first on there is something to do it with
        before, changes = clinic.value("SELECT count(*) FROM event"), clinic.store.change_no(world.unit)
        world.step(*step)
        grown = clinic.value("SELECT count(*) FROM event") > before
        if grown and step[0] not in (7, 13, 14 + LATER):
            assert clinic.store.change_no(world.unit) > changes
    world.check()
