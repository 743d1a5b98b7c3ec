"""An exercise: one goal, the steps to it, what goes wrong on the way, and how it is solved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.foundation.events import EventKind
from store.practice.cast import Lives


@dataclass(frozen=True)
class Trace:
    """What shows in the log, and on the timeline, that something was done; all that is said of it must be so."""

    operations: tuple[str, ...] = ()
    """By any of these; empty for whatever wrote the event."""
    event: EventKind | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    """Facts of the event."""
    resident: str = ""
    """The personnummer of whom it was done to; empty for anybody, and nobody."""
    program: str = ""
    """The moment's program."""
    thing: str = ""
    """Id of the very thing that it was done with, as the log has it: a module, a form, a colleague's HSA-id."""
    is_refused: bool = False
    """Whether it is the attempt that counts, which was refused."""


@dataclass(frozen=True)
class Question:
    """What is asked where what is done leaves no trace: one of several answers is right."""

    text: str
    answers: tuple[str, ...]
    right: int
    """The number of the right one, from 1."""
    explanation: str
    """Why; said of a wrong answer."""


@dataclass(frozen=True)
class Step:
    """Something to do: it shows by a trace, or by the answer to a question."""

    where: str
    line: int
    id: str
    text: str
    """What to do, in a sentence."""
    hints: tuple[str, ...]
    """On demand, one after the other; the last one names the key, by the id of its binding in braces."""
    after: tuple[str, ...]
    """The ids of the steps that come before it."""
    trace: Trace | None = None
    question: Question | None = None


@dataclass(frozen=True)
class WrongTurn:
    """What is explained when it is done, since it leads astray."""

    where: str
    line: int
    trace: Trace
    explanation: str
    before: str = ""
    """The id of the step before which alone it is wrong."""


@dataclass(frozen=True)
class Solution:
    """How the author does it: a line for each step, in their order."""

    line: int
    lines: tuple[str, ...]
    places: tuple[int, ...]
    """The file's line on which each stands."""


@dataclass(frozen=True)
class Exercise:
    """An exercise as its file tells it."""

    id: str
    """The file's name."""
    title: str
    goal: str
    why: str
    page: str
    """The id of the help's page that it belongs to."""
    as_: str
    """HSA-id of whom of the cast it is begun as."""
    as_line: int | None
    unit: str
    """HSA-id of the unit, for who works on several; else empty."""
    start: Lives
    """What happens in the practice store before it begins."""
    steps: tuple[Step, ...]
    wrong_turns: tuple[WrongTurn, ...]
    solution: Solution
    done: str
    """What is said when it is solved."""
    source: str = ""
    """The whole file's text, of a trainer's own: an attempt keeps it."""


@dataclass(frozen=True)
class ExerciseFault:
    """Something to mend in an exercise's file: its line, where it has one, and what is wrong and what mends it."""

    line: int | None
    message: str
