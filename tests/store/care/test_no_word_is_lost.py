"""Whatever is written, saved, sent, broken off and taken up again, in two windows: no word is lost or sent twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from store.care.drafts import discard_draft, save_draft
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.foundation.access import Actor
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.work import Work
from tests.clinics import Clinic
from tests.properties import examples
from tests.store.letters import page

ARRIVES, IS_CUT_OFF, IS_NOT_ANSWERED = range(3)
"""What becomes of a command: it is done and answered, undone before the end, or done without the answer coming."""

SPACE = UUID(int=0)
"""The commands of an example are numbered, so that the same steps are the same commands."""


class CutOff(Exception):
    """The line, or the machine, goes before the end of the transaction."""


@dataclass
class Command:
    """What a window asks for; until it is answered, the window asks the same again."""

    uuid: UUID
    act: Callable[[Work], Any]
    words: list[str]
    draft: int | None
    is_sending: bool


@dataclass
class Window:
    """An editor: what stands in it, and which draft it believes it is."""

    words: list[str] = field(default_factory=list)
    draft: int | None = None
    version: int = 0
    asked: Command | None = None

    def clear(self) -> None:
        """Begin on something new."""
        self.words, self.draft, self.version = [], None, 0

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Desk:
    """A clinician with two windows on one moment, the resident, and an account of all that was promised."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.moment = clinic.start(program="prov", confirmed=True)
        self.windows = (Window(), Window())
        self.written = 0
        self.commands = 0
        self.promised: set[str] = set()
        """Words that the store has said it has."""
        self.thrown_away: set[str] = set()
        """Words that somebody who saw them has removed."""
        self.sent: list[str] = []
        """What each sending that was carried out said, once each."""
        self.done: set[UUID] = set()
        self.gone: set[int] = set()
        """Drafts that were sent."""

    def new_word(self) -> str:
        self.written += 1
        return f"ord{self.written}"

    def new_command(self) -> UUID:
        self.commands += 1
        return uuid5(SPACE, str((self.moment, self.commands)))

    def step(self, what: str, which: int, outcome: int) -> None:
        """Do something in a window, or at the resident's side."""
        self.clinic.clock.now += 1_000  # type: ignore[assignment]
        window = self.windows[which]
        if window.asked is not None and what in ("save", "send", "discard"):
            what = "repeat"
        getattr(self, what)(window, outcome)

    def strike_out(self, window: Window, _outcome: int) -> None:
        if window.words:
            self.thrown_away.add(window.words.pop())

    def save(self, window: Window, outcome: int) -> None:
        """Write on, and save what stands there then."""
        window.words.append(self.new_word())
        text, draft, version = window.text, window.draft, window.version

        def act(work: Work) -> Any:
            return save_draft(work, self.moment, text, draft=draft, version=version)

        window.asked = Command(self.new_command(), act, list(window.words), draft, is_sending=False)
        self.ask(window, outcome)

    def send(self, window: Window, outcome: int) -> None:
        text, draft, version = window.text, window.draft, window.version

        def act(work: Work) -> Any:
            return send_message(work, self.moment, text, draft=draft, version=version)

        if window.words:
            window.asked = Command(self.new_command(), act, list(window.words), draft, is_sending=True)
            self.ask(window, outcome)

    def repeat(self, window: Window, outcome: int) -> None:
        if window.asked is not None:
            self.ask(window, outcome)

    def ask(self, window: Window, outcome: int) -> None:
        """Let a window's command be carried out, or not, and answered, or not."""
        command = window.asked
        assert command is not None
        try:
            answer = self.run(self.clinic.clinician, command.act, command.uuid, outcome)
        except CutOff:
            return
        except NeedsConfirmation:
            assert command.draft is not None
            assert self.is_gone(command.draft)
            window.asked, window.draft, window.version = None, None, 0
            return
        except Refused:
            window.asked = None
            return
        if command.is_sending and command.uuid not in self.done:
            assert command.draft not in self.gone, "a draft that was sent is sent again without a question"
            self.sent.append(" ".join(command.words))
            if command.draft is not None and self.is_gone(command.draft):
                self.gone.add(command.draft)
        self.done.add(command.uuid)
        if outcome == IS_NOT_ANSWERED:
            return
        window.asked = None
        self.promised |= set(command.words)
        if command.is_sending:
            later = window.words[len(command.words) :]
            window.clear()
            window.words = later
        else:
            window.draft, window.version = answer

    def run(self, actor: Actor, act: Callable[[Work], Any], command: UUID, outcome: int) -> Any:
        with self.clinic.store.work(actor, command=command) as work:
            answer = act(work)
            if outcome == IS_CUT_OFF:
                raise CutOff
        return answer

    def discard(self, window: Window, _outcome: int) -> None:
        """Empty a window: its words are thrown away, and the draft, as it was seen."""
        if window.draft is not None:
            with self.clinic.store.work(self.clinic.clinician) as work:
                discard_draft(work, self.moment, window.draft, window.version)
        self.thrown_away |= set(window.words)
        window.clear()

    def begin_anew(self, window: Window, outcome: int) -> None:
        """The program is started again: what was not saved is gone, a draft is taken up."""
        window.clear()
        window.asked = None
        drafts = page(self.clinic, self.moment).drafts
        if drafts:
            taken = drafts[outcome == IS_CUT_OFF and len(drafts) > 1]
            window.words, window.draft, window.version = taken.text.split(), taken.id, taken.version

    def residents_turn(self, _window: Window, outcome: int) -> None:
        """The resident writes, and sends it again until it is answered."""
        word, command = self.new_word(), self.new_command()
        for how in (outcome, ARRIVES):
            try:
                self.run(self.clinic.resident(), lambda work: write_message(work, self.moment, word), command, how)
            except CutOff:
                continue
            except Refused:
                return
            if command not in self.done:
                self.sent.append(word)
            self.done.add(command)
        self.promised.add(word)

    def maintain(self, window: Window, outcome: int) -> None:
        """Set the moment in maintenance for a while, in which something is written and cannot be sent."""
        with self.clinic.store.work(self.clinic.clinician) as work:
            maintain_moment(work, self.moment)
        for what in (self.save, self.send):
            if window.asked is None:
                what(window, outcome)
        with self.clinic.store.work(self.clinic.clinician) as work:
            resume_moment(work, self.moment)

    def is_gone(self, draft: int) -> bool:
        return not self.clinic.rows("SELECT 1 FROM draft WHERE id = :id", id=draft)

    def check(self) -> None:
        """Nothing that was promised is missing, and nothing was sent but what was asked for, once."""
        here = {"moment": self.moment}
        sent = [text for (text,) in self.clinic.rows("SELECT text FROM message WHERE moment_id = :moment", **here)]
        drafts = [text for (text,) in self.clinic.rows("SELECT text FROM draft WHERE moment_id = :moment", **here)]
        assert sorted(sent) == sorted(self.sent)
        assert self.promised <= {word for text in sent + drafts for word in text.split()} | self.thrown_away


WHAT = (*("save", "send", "begin_anew") * 3, "repeat", "discard", "strike_out", "residents_turn", "maintain")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHAT),
        st.integers(0, 1),
        st.sampled_from((ARRIVES, ARRIVES, IS_CUT_OFF, IS_NOT_ANSWERED)),
    ),
    min_size=10,
    max_size=40,
)


@examples(40)
@given(steps=STEPS)
def test_no_word_is_lost_and_none_is_sent_twice(filed: Clinic, steps: list[tuple[str, int, int]]) -> None:
    go_through(filed, steps)


@examples(6)  # a step is many round trips
@given(steps=STEPS)
def test_nor_on_a_server(served: Clinic, steps: list[tuple[str, int, int]]) -> None:
    go_through(served, steps)


def go_through(clinic: Clinic, steps: list[tuple[str, int, int]]) -> None:
    desk = Desk(clinic)
    for what, which, outcome in steps:
        desk.step(what, which, outcome)
        desk.check()
