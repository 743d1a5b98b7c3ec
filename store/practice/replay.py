"""The cast plays what its file says: every act through the real operation, at its time, in the order of time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from store.care.conversations import mark_conversation_read, newest_conversation, unread_conversations
from store.care.day_run import run_day
from store.care.endings import end_moment
from store.care.form_answers import answer_form, mark_answer_read, unread_answers
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import HEADING, send_message, write_message
from store.care.modules import hide_module, open_module, read_step, show_module
from store.care.moments import load_moment
from store.care.program_files import Program
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR
from store.foundation.clock import STOCKHOLM, Instant, instant, local_day
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.residents import as_resident, known_person
from store.people.sign_in import sign_in
from store.practice.cast import Act, Cast, CastMoment, Deed
from store.practice.fixtures import add_guardians, lay_ground, register, resident_id, settle_past
from store.practice.toml_table import placed

MORNING = time(7)
"""When the ground is laid and residents come into the register: before anybody is at work."""


@dataclass(frozen=True)
class _Event:
    """Something that happens; `where` is its place in the file."""

    at: Instant
    where: str
    happen: Callable[[], None]


def play(store: Store, cast: Cast, programs: Iterable[Program]) -> None:
    """Let everything in the file happen in the store; its clock is moved from one to the next and left at the last.

    Raises:
        Refused: a rule says no to something in the file; the message names the place.
    """
    today = local_day(store.clock())
    for event in sorted(_events(store, cast, programs, today), key=lambda event: event.at):
        store.clock = partial(Instant, event.at)
        with placed(f"Övningsmiljöns rollista {cast.file}{event.where}"):
            event.happen()
    run_day(store)  # on the days that were played `sob dygn` would have run too
    with store.work(OPERATOR) as work:
        settle_past(work)


def _events(store: Store, cast: Cast, programs: Iterable[Program], today: date) -> Iterator[_Event]:
    """Yield all that happens; those of one instant in order."""
    days = _days_in_register(cast)

    def by_operator(days_ago: int, where: str, do: Callable[[Work], None]) -> _Event:
        def happen() -> None:
            with store.work(OPERATOR) as work:
                do(work)

        return _Event(_instant(today, days_ago, MORNING), where, happen)

    yield by_operator(max(days.values(), default=0) + 1, "", lambda work: lay_ground(work, cast, programs))
    for resident in cast.residents:
        yield by_operator(days[resident.number], f": {resident.where}", partial(register, resident=resident))
    for child in cast.residents:
        yield by_operator(days[child.number], f": {child.where}", partial(add_guardians, child=child))
    for moment in cast.moments:
        course = _Course(store, moment)
        for act in moment.acts:
            at = _instant(today, act.days_ago, act.time, act.minutes)
            yield _Event(at, f": {act.where}", partial(course.perform, act))


def _days_in_register(cast: Cast) -> dict[str, int]:
    """Return by number how many days ago each resident came into the register: the day before the first moment."""
    days = {resident.number: 1 for resident in cast.residents}
    for moment in cast.moments:
        days[moment.resident] = max(days[moment.resident], moment.acts[0].days_ago + 1)
    for child in cast.residents:
        for guardian in child.guardians:
            days[guardian] = max(days[guardian], days[child.number])
    return days


def _dated(answers: str, today: date) -> str:
    """Return the answers with the day itself for `"i-dag"`: the file is played on any day."""
    return answers.replace('"i-dag"', f'"{today}"')


def _instant(today: date, days_ago: int, at: time, minutes: int = 0) -> Instant:
    here = datetime.combine(today - timedelta(days=days_ago), at) + timedelta(minutes=minutes)
    return instant(here.replace(tzinfo=STOCKHOLM))


class _Course:
    """One moment of the cast on its way."""

    def __init__(self, store: Store, moment: CastMoment) -> None:
        self.store = store
        self.moment = moment
        self.clinician = moment.clinician
        self.id = 0

    def perform(self, act: Act) -> None:
        """Do one act as the one who does it."""
        if act.deed in (Deed.READ, Deed.ANSWER, Deed.WRITE):
            with self._as_resident() as work:
                self._by_resident(work, act)
            return
        with self._as_staff(act.by or self.clinician) as work:
            self._by_staff(work, act)

    def _by_resident(self, work: Work, act: Act) -> None:
        if act.deed is Deed.READ:
            read_step(work, self.id, act.object)
            return
        if act.deed is Deed.WRITE:
            write_message(work, self.id, act.message or "", heading=act.heading or None)
            return
        faults = answer_form(work, self.id, act.object, _dated(act.answers, work.today))
        if bool(faults) is not act.is_refused:
            raise Refused(" ".join(faults) or "Svaret skulle inte ha tagits emot, men gjorde det.", field="answers")

    def _by_staff(self, work: Work, act: Act) -> None:
        match act.deed:
            case Deed.START:
                number, program = self.moment.resident, self.moment.program
                self.id = start_moment(work, number, program, responsible=self.clinician)
            case Deed.READ_FORM:
                for answer in unread_answers(work, load_moment(work, self.id), act.object):
                    mark_answer_read(work, self.id, answer)
            case Deed.MESSAGE:
                newest = None if act.heading else newest_conversation(work, load_moment(work, self.id))
                heading = act.heading or HEADING
                send_message(work, self.id, act.message or "", conversation=newest, heading=heading)
            case Deed.READ_MESSAGES:
                for conversation in unread_conversations(work, load_moment(work, self.id)):
                    mark_conversation_read(work, self.id, conversation)
            case Deed.OPEN:
                open_module(work, self.id, act.object)
            case Deed.HIDE:
                hide_module(work, self.id, act.object)
            case Deed.SHOW:
                show_module(work, self.id, act.object)
            case Deed.SWITCH:
                switch_clinician(work, self.id, act.object, message=act.message)
                self.clinician = act.object
            case Deed.MAINTAIN:
                maintain_moment(work, self.id)
            case Deed.RESUME:
                resume_moment(work, self.id)
            case Deed.END:
                end_moment(work, self.id, act.object, message=act.message)

    def _as_staff(self, hsa_id: str) -> AbstractContextManager[Work]:
        return self.store.work(sign_in(self.store, hsa_id, self.moment.unit))

    def _as_resident(self) -> AbstractContextManager[Work]:
        with self.store.lend() as db:
            someone = known_person(db, resident_id(db, self.moment.resident))
            return self.store.work(as_resident(db, someone, local_day(self.store.clock())))
