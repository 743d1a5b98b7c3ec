"""Flags as a state machine: claims, attempts, undo, switches, ställföreträdare, roles and days, in whatever order.

Beside the store a model is kept of who has the moment, who stands in, who may what, and who is on which flag. After
each step everybody's queue is compared with it: no flag is lost, none is invisible to all, and nobody is on one, or
handles one, without a standing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.care.claims import release_claims, release_flag, take_flag
from store.care.conversations import mark_conversation_read
from store.care.day_run import run_day
from store.care.flags import add_flag, handle_flag
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.care.set_aside import set_aside
from store.care.staffing import inactivate_staff, take_role
from store.care.substituting import end_substitute, set_substitute
from store.care.switching import switch_clinician
from store.care.undo import undo_act
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import Instant, days_after, local_day
from store.foundation.errors import DomainError, NotPermitted
from store.foundation.flag_kinds import Outcome, Severity
from store.people.assignments import activate_staff, give_role
from store.people.sign_in import sign_in
from store.views.matters import Matter
from store.views.todo import todo_again
from tests.clinics import HERE, Clinic, Clock, staff
from tests.conftest import Stores
from tests.properties import examples
from tests.store.people.staffing import admin_of

THIRD = f"{HERE}third"
MINUTE = 60_000
HALF_AN_HOUR = 30 * MINUTE


@dataclass
class Standing:
    """That one stands in for another, both by their place among the clinicians."""

    of: int
    to: int
    first: date
    last: date
    is_open: bool = True


@dataclass
class Model:
    """What should be so. Persons are numbers: the clinicians 0, 1 and 2, the invånaradministratör 3."""

    responsible: int = 0
    active: set[int] = field(default_factory=lambda: {0, 1, 2})
    roles: dict[int, date | None] = field(default_factory=lambda: dict.fromkeys((0, 1, 2)))
    """The last day of each one's role behandlare; None for no end."""
    stand_ins: list[Standing] = field(default_factory=list)
    claims: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By flag: who took it, and until when."""
    open: set[int] = field(default_factory=set)
    tried: int = 0
    aside: date | None = None
    """Until when the warning is set aside."""
    switches: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: {one: [] for one in range(4)})
    """By who did it: from whom, and to whom."""
    asides: dict[int, list[date | None]] = field(default_factory=lambda: {one: [] for one in range(4)})
    """By who did it: until when the warning was set aside before."""

    def holds(self, who: int, today: date) -> bool:
        """Whether somebody may see the unit's priority flags: an active behandlare, or the administrator."""
        if who == 3:
            return True
        if who not in self.active or who not in self.roles:
            return False
        until = self.roles[who]
        return until is None or until >= today or who == self.responsible

    def has(self, who: int, today: date) -> bool:
        """Whether the moment is one's own, or of somebody for whom one stands in."""
        stands = any(
            one.is_open and (one.of, one.to) == (self.responsible, who) and one.first <= today <= one.last
            for one in self.stand_ins
        )
        return who != 3 and self.holds(who, today) and (who == self.responsible or stands)

    def end_stand_ins(self, today: date, which: Callable[[Standing], bool]) -> None:
        for one in self.stand_ins:
            if one.last >= today and which(one):
                one.is_open = False

    def leaves(self, who: int, to: int, today: date) -> None:
        """Somebody is behandlare no more; where the moment was theirs, another has it."""
        self.claims = {flag: claim for flag, claim in self.claims.items() if claim[0] != who}
        self.end_stand_ins(today, lambda one: who in (one.of, one.to))
        if self.responsible == who:
            self.responsible, self.claims = to, {}


class World:
    """The store, and the model beside it."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.model = clinic, Model()
        self.latest = 0
        """Who did last what can be undone."""
        with clinic.store.work(OPERATOR) as work:
            staff(work, clinic.here, THIRD, Role.CLINICIAN)
        self.people = [clinic.clinician, clinic.colleague, sign_in(clinic.store, THIRD), clinic.admin]
        self.moment = clinic.start(program="prov")
        with clinic.store.work(clinic.resident()) as work:
            write_message(work, self.moment, "Hej!")
        self.place = clinic.value("SELECT id FROM conversation")
        with clinic.store.work(clinic.clinician) as work:
            self.priority = add_flag(work, self.moment, "Ring.", severity=Severity.PRIORITY)
            self.warning = add_flag(work, self.moment, "Fråga.", severity=Severity.WARNING)
        self.model.open = {self.priority, self.warning}

    @property
    def today(self) -> date:
        return local_day(self.clinic.clock.now)

    def did(self, by: Actor, act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Do it; returns what it returned, or the refusal."""
        try:
            with self.clinic.store.work(by) as work:
                return act(work, *arguments, **options)
        except DomainError as refused:
            return refused

    def may(self, who: int, flag: int) -> bool:
        """Whether somebody may act on the flag: whoever has the moment, and every behandlare while it is urgent."""
        is_urgent = flag == self.priority and flag in self.model.open
        return who == 3 or self.model.has(who, self.today) or (is_urgent and self.model.holds(who, self.today))

    def holder(self, flag: int) -> int | None:
        """Who should be said to be on the flag."""
        who, until = self.model.claims.get(flag, (0, 0))
        is_on = until > self.clinic.clock.now and flag in self.model.open and self.may(who, flag)
        return who if is_on else None

    # What is done

    def step(self, what: int, who: int, other: int) -> None:
        """Do something, which may be refused, and let the model follow."""
        self.clinic.clock.now = Instant(self.clinic.clock.now + (1 + other) * MINUTE)
        flag = (self.priority, self.warning)[other % 2]
        of = self.model.responsible if other < 4 else who % 3
        match what:
            case 0 | 1:
                substitutes = [
                    one for one in range(3) if one != self.model.responsible and self.model.has(one, self.today)
                ]
                by = substitutes[0] if substitutes and other > 2 else who
                self.take(by, flag, takes_over=what == 1)
            case 2:
                self.let_go(who, flag if other < 4 else None)
            case 3:
                self.handle(who, self.priority, Outcome.NOT_REACHED)
            case 4:
                self.switch(3 if other < 3 else who, (self.model.responsible + 1 + other % 2) % 3)
            case 5 | 6:
                self.stand_in(of, (of + 1 + who % 2) % 3, other)
            case 7:
                if not isinstance(self.did(admin_of(self.clinic), end_substitute, self.hsa_id(of)), DomainError):
                    self.model.end_stand_ins(self.today, lambda one: one.of == of)
            case 8:
                self.let_days_pass(1 + other % 3, runs_rules=other > 2)
            case 9:
                self.leave_or_come(next((one for one in range(3) if one not in self.model.active), who % 3), other)
            case 10:
                self.change_role(who % 3, other)
            case 11:
                self.set_aside(who, self.today + timedelta(1 + other % 2))
            case 12 | 13:
                self.undo(self.latest if other < 4 else who)
            case 14:
                self.talk(who, other)
            case 15:
                self.did(self.people[who], (maintain_moment, resume_moment)[other % 2], self.moment)
            case 16:
                self.handle(who, self.warning, None)
            case _:
                self.handle(who, self.priority, Outcome.REACHED)

    def hsa_id(self, who: int) -> str:
        return self.people[who].hsa_id or ""

    def take(self, who: int, flag: int, *, takes_over: bool) -> None:
        until = self.did(self.people[who], take_flag, flag, confirmed=takes_over)
        is_free = takes_over or self.holder(flag) in (None, who)
        assert isinstance(until, DomainError) is not (self.may(who, flag) and flag in self.model.open and is_free)
        if not isinstance(until, DomainError):
            assert until == self.clinic.clock.now + HALF_AN_HOUR
            self.model.claims[flag] = who, until

    def let_go(self, who: int, flag: int | None) -> None:
        """Release a flag, or sign out."""
        own = {one for one, claim in self.model.claims.items() if claim[0] == who and claim[1] > self.clinic.clock.now}
        if flag is None:
            freed = self.did(self.people[who], release_claims)
            assert isinstance(freed, DomainError) or freed == len(own)
        else:
            freed = self.did(self.people[who], release_flag, flag)
            own &= {flag}
            assert isinstance(freed, DomainError) is not self.may(who, flag)
            assert isinstance(freed, DomainError) or freed is bool(own)
        if not isinstance(freed, DomainError):
            self.model.claims = {one: claim for one, claim in self.model.claims.items() if one not in own}

    def handle(self, who: int, flag: int, outcome: Outcome | None) -> None:
        refused = self.did(self.people[who], handle_flag, flag, "Ringde.", outcome=outcome)
        assert isinstance(refused, DomainError) is not (self.may(who, flag) and flag in self.model.open)
        if refused is None and outcome is Outcome.NOT_REACHED:
            self.model.tried += 1
        elif refused is None:
            self.model.open.discard(flag)

    def switch(self, who: int, to: int) -> None:
        if self.did(self.people[who], switch_clinician, self.moment, self.hsa_id(to), confirmed=True) is None:
            self.latest = who
            self.model.switches[who].append((self.model.responsible, to))
            self.model.responsible, self.model.claims = to, {}

    def stand_in(self, of: int, to: int, other: int) -> None:
        first = self.today + timedelta(other % 2)
        last = first + timedelta(other // 2)
        by = admin_of(self.clinic)
        done = self.did(by, set_substitute, self.hsa_id(of), self.hsa_id(to), first, last, confirmed=True)
        if not isinstance(done, DomainError):
            self.model.stand_ins.append(Standing(of, to, first, last))

    def let_days_pass(self, days: int, *, runs_rules: bool) -> None:
        self.clinic.clock.now = days_after(self.clinic.clock.now, days)
        if runs_rules:
            run_day(self.clinic.store)
            today = self.today
            self.model.end_stand_ins(today, lambda one: not self.model.holds(one.to, today))

    def leave_or_come(self, who: int, other: int) -> None:
        """Inactivate somebody, or activate who is inactive."""
        to, by = (who + 1 + other % 2) % 3, admin_of(self.clinic)
        if who not in self.model.active:
            assert self.did(by, activate_staff, self.hsa_id(who)) is None
            self.model.active.add(who)
            if (until := self.model.roles.get(who)) is not None and until < self.today:
                del self.model.roles[who]
        else:
            taker = self.hsa_id(to) if self.model.responsible == who else None
            if not isinstance(self.did(by, inactivate_staff, self.hsa_id(who), to=taker, confirmed=True), DomainError):
                self.model.leaves(who, to, self.today)
                self.model.active.discard(who)

    def change_role(self, who: int, other: int) -> None:
        """Take the role behandlare from somebody, or give it, mostly with an end."""
        to, by = (who + 1 + other % 2) % 3, admin_of(self.clinic)
        if other < 2:
            taker = self.hsa_id(to) if self.model.responsible == who else None
            what = (self.hsa_id(who), Role.CLINICIAN, "Slutar")
            if not isinstance(self.did(by, take_role, *what, to=taker, confirmed=True), DomainError):
                self.model.leaves(who, to, self.today)
                del self.model.roles[who]
            return
        until = self.today + timedelta(other - 2) if other < 5 else None
        what = (self.hsa_id(who), Role.CLINICIAN, "Vikarie")
        if self.did(by, give_role, *what, until=until, confirmed=True) is None:
            self.model.roles[who] = until

    def set_aside(self, who: int, until: date) -> None:
        matter = f"flagga-{self.warning}"
        refused = self.did(self.people[who], set_aside, self.moment, matter, until, "Semester")
        assert isinstance(refused, DomainError) is not self.may(who, self.warning)
        if refused is None:
            self.latest = who
            self.model.asides[who].append(self.model.aside)
            self.model.aside = until

    def undo(self, who: int) -> None:
        """Undo what somebody did last: what was handled or tried stays so."""
        undone = self.did(self.people[who], undo_act, self.moment)
        if isinstance(undone, DomainError):
            return
        if undone[0] == "byte":
            giver, taker = self.model.switches[who].pop()
            assert (taker, self.model.holds(giver, self.today)) == (self.model.responsible, True)
            self.model.responsible, self.model.claims = giver, {}
        elif undone[0] == "uppskjutet":
            self.model.aside = self.model.asides[who].pop()

    def talk(self, who: int, other: int) -> None:
        """The resident writes, or somebody answers or reads; an answer is held so that it can be undone."""
        if other < 2:
            self.did(self.clinic.resident(), write_message, self.moment, "En sak till", conversation=self.place)
        elif other < 4:
            self.did(self.people[who], send_message, self.moment, "Svar", conversation=self.place, hold=True)
        else:
            self.did(self.people[who], mark_conversation_read, self.moment, self.place)

    # What must be so

    def check(self) -> None:
        """Compare everybody's queue, and the rows, with the model."""
        queues = [self.queue(who) for who in range(4)]
        for who, queue in enumerate(queues):
            assert (queue is not None) is self.model.holds(who, self.today), "who may look at a queue"
            if queue is not None:
                self.check_priority(queue)
                self.check_warning(who, queue)
        own = queues[self.model.responsible]
        assert own is not None, "a moment has somebody who sees it"
        aside = {self.warning} if self.is_aside else set()
        seen = {one.flag for one in own}
        rows = self.clinic.rows("SELECT id, kind, handled_at, handled_by, severity FROM flag ORDER BY id")
        waiting = {flag for flag, kind, at, *_ in rows if at is None and kind != "obesvarat"}
        assert waiting - aside <= seen, "no flag is invisible to all"
        assert {flag for flag in (self.priority, self.warning) if flag in waiting} == self.model.open
        closed_by_nobody = [row for row in rows if row[2] and not row[3]]
        assert not [row for row in closed_by_nobody if row[4] == "prioriterad" or row[1] == "egen"]
        unhandled = [row for row in rows if row[2] is None]
        urgent = sum(row[4] == "prioriterad" for row in unhandled)
        assert self.clinic.rows("SELECT open_flags, priority_flags FROM moment") == [(len(unhandled), urgent)]

    @property
    def is_aside(self) -> bool:
        return self.model.aside is not None and self.model.aside > self.today

    def queue(self, who: int) -> list[Matter] | None:
        try:
            with self.clinic.store.read(self.people[who]) as work:
                return todo_again(work)
        except NotPermitted:
            return None

    def check_priority(self, queue: list[Matter]) -> None:
        """Every behandlare and the administrator has it first, with its attempts and with who is on it."""
        found = [one for one in queue if one.flag == self.priority]
        assert len(found) == (self.priority in self.model.open)
        if found:
            assert found == queue[:1]
            assert (found[0].severity, found[0].attempts) == (Severity.PRIORITY, self.model.tried)
            self.check_holder(found[0])

    def check_warning(self, who: int, queue: list[Matter]) -> None:
        """Only whose moment it is and who stands in have it, while it is not set aside."""
        found = [one for one in queue if one.flag == self.warning]
        is_seen = self.warning in self.model.open and self.model.has(who, self.today) and not self.is_aside
        assert len(found) == is_seen
        if found:
            self.check_holder(found[0])

    def check_holder(self, matter: Matter) -> None:
        who = self.holder(matter.flag or 0)
        assert (matter.taken and matter.taken.hsa_id) == (None if who is None else self.hsa_id(who))


KINDS = st.sampled_from((*range(18), 0, 1, 4, 5, 6, 7, 8))
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 3), st.integers(0, 5)), min_size=20, max_size=30)


@examples(18)
@given(steps=STEPS)
def test_whatever_is_done_no_flag_is_lost_and_nobody_is_on_one_without_a_standing(
    stores: Stores, steps: list[tuple[int, int, int]]
) -> None:
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:
        world = World(clinic)
        world.check()
        for step in steps:
            world.step(*step)
            world.check()
