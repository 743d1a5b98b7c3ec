"""Which steps of an exercise are done: read in the log and on the timelines, from when it began, of one trainee.

A trainee may play anybody of the cast, in the app and on the command line: the sessions carry the trainee's name
(`store.foundation.log.AccessLog`). Nothing is logged here: a practice store's residents are nobody.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.log import DENIED
from store.foundation.log_reading import Condition, LogRow, log_rows
from store.foundation.store import Store
from store.practice.errors import NotPractice
from store.practice.exercises.exercise import Exercise, Step, Trace, WrongTurn


@dataclass(frozen=True)
class Attempt:
    """A trainee's attempt at an exercise. `id` is the stored one's; `since` is the log's last row before it."""

    id: int
    exercise: Exercise
    trainee: str
    since: int
    begun_at: Instant
    answers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """What was answered to each question, by its step's id, in order."""


class Mistake(NamedTuple):
    """A wrong turn that was taken. `row` is the log's, 0 for a wrong answer."""

    row: int
    explanation: str


@dataclass(frozen=True)
class Standing:
    """How far an attempt has come."""

    done: frozenset[str]
    """The ids of the steps that are done."""
    mistakes: tuple[Mistake, ...]
    is_solved: bool


def deeds_so_far(store: Store, attempt: Attempt) -> int:
    """Return how many rows the trainee has left since the attempt began: where there are no new ones, nothing is new.

    Raises:
        NotPractice: in a real store nobody's log is read so.
    """
    if not store.is_practice:
        raise NotPractice
    with store.lend() as db:
        sql = f"SELECT count(*) FROM log WHERE {_OWN}"
        return int(db.value(sql, since=attempt.since, **_prefix(attempt)))


def judge(store: Store, attempt: Attempt) -> Standing:
    """Return how far an attempt has come.

    Raises:
        NotPractice: the store is a real one.
    """
    if not store.is_practice:
        raise NotPractice
    with store.lend() as db:
        deeds = _deeds(db, attempt)
    return _judged(attempt, deeds)


@dataclass(frozen=True)
class _Happened:
    kind: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class _Deed:
    """A row of the log, with the program of its moment and the events that came with it."""

    row: LogRow
    program: str | None
    events: tuple[_Happened, ...]

    def shows(self, trace: Trace) -> bool:
        """Whether it is what leaves such a trace."""
        row = self.row
        if (row.outcome == DENIED) is not trace.is_refused:
            return False
        wanted = ((trace.resident, row.personnummer), (trace.program, self.program), (trace.thing, row.thing_id))
        if any(wish and wish != found for wish, found in wanted):
            return False
        if trace.operations and row.operation not in trace.operations:
            return False
        return trace.event is None or any(
            one.kind == trace.event and trace.facts.items() <= one.facts.items() for one in self.events
        )


_OWN = "id > :since AND substr(session, 1, :length) = :prefix"


def _prefix(attempt: Attempt) -> dict[str, object]:
    prefix = f"{attempt.trainee}/"
    return {"prefix": prefix, "length": len(prefix)}


def _deeds(db: Connection, attempt: Attempt) -> list[_Deed]:
    """Return what the trainee has done since the attempt began, in order."""
    rows = log_rows(db, None, Condition(_OWN, (("since", attempt.since), *_prefix(attempt).items())))
    happened: dict[tuple[int, int], list[_Happened]] = {}
    programs: dict[int, str] = {}
    for moment in {row.moment_id for row in rows if row.moment_id is not None}:
        programs |= dict(db.pairs("SELECT id, program FROM moment WHERE id = :id", id=moment))
        for event in db.all(
            _EventRow, "SELECT at, kind, facts FROM event WHERE moment_id = :id AND at >= :at", id=moment, at=rows[0].at
        ):
            happened.setdefault((moment, event.at), []).append(_Happened(event.kind, json.loads(event.facts)))
    return [
        _Deed(row, programs.get(row.moment_id or 0), tuple(happened.get((row.moment_id or 0, row.at), ())))
        for row in rows
    ]


class _EventRow(NamedTuple):
    at: int
    kind: str
    facts: str


def _judged(attempt: Attempt, deeds: Iterable[_Deed]) -> Standing:
    exercise = attempt.exercise
    done = {step.id for step in exercise.steps if _is_answered(attempt, step)}
    mistakes = [
        Mistake(0, step.question.explanation)
        for step in exercise.steps
        if step.question is not None
        for answer in attempt.answers.get(step.id, ())
        if answer != step.question.right
    ]
    for mark in _marks(exercise, deeds, done):
        mistakes += [Mistake(mark.deed.row.id, turn.explanation) for turn in mark.turns]
    return Standing(frozenset(done), tuple(mistakes), len(done) == len(exercise.steps))


class _Mark(NamedTuple):
    """What a deed was: the step that it ticked off, and the wrong turns that it was."""

    deed: _Deed
    step: Step | None
    turns: list[WrongTurn]


def _marks(exercise: Exercise, deeds: Iterable[_Deed], done: set[str]) -> Iterator[_Mark]:
    """Yield what each deed was, in order; `done` are the steps that are done without one, and come to hold the rest."""
    for deed in deeds:
        turns = _turns(exercise, deed, done)
        ticked = next((step for step in exercise.steps if _ticks(step, deed, done)), None)
        if ticked is not None:
            done.add(ticked.id)
        yield _Mark(deed, ticked, turns)


class Done(NamedTuple):
    """A row of the log that a trainee left in an attempt, and what it was."""

    row: int
    at: int
    """By the store's clock."""
    by: str
    """The name of whom it was done as."""
    operation: str
    resident: str
    """The name; empty where it was about none."""
    personnummer: str
    events: tuple[tuple[str, Mapping[str, object]], ...]
    """The kinds of the events that came with it, with their facts."""
    moment: int | None
    is_refused: bool
    step: Step | None
    """What it ticked off."""
    wrong_turns: tuple[str, ...]
    """Why it was wrong."""


def deeds_of(db: Connection, attempt: Attempt, until: int | None) -> list[Done]:
    """Return all that a trainee did in an attempt in a practice store, in order.

    Args:
        db: the store's.
        attempt: the attempt.
        until: the last row of the log that belongs to it; None for all that there are.
    """
    deeds = [deed for deed in _deeds(db, attempt) if until is None or deed.row.id <= until]
    answered = {step.id for step in attempt.exercise.steps if _is_answered(attempt, step)}
    return [_done(mark) for mark in _marks(attempt.exercise, deeds, answered)]


def _done(mark: _Mark) -> Done:
    row = mark.deed.row
    return Done(
        row=row.id,
        at=row.at,
        by=row.actor_name,
        operation=row.operation,
        resident=row.resident_name or "",
        personnummer=row.personnummer or "",
        events=tuple((one.kind, one.facts) for one in mark.deed.events),
        moment=row.moment_id,
        is_refused=row.outcome == DENIED,
        step=mark.step,
        wrong_turns=tuple(turn.explanation for turn in mark.turns),
    )


def _is_answered(attempt: Attempt, step: Step) -> bool:
    return step.question is not None and step.question.right in attempt.answers.get(step.id, ())


def _ticks(step: Step, deed: _Deed, done: set[str]) -> bool:
    """Whether a deed is the step that is to be done: those before it are, and it isn't yet."""
    return step.trace is not None and step.id not in done and done.issuperset(step.after) and deed.shows(step.trace)


def _turns(exercise: Exercise, deed: _Deed, done: set[str]) -> list[WrongTurn]:
    return [turn for turn in exercise.wrong_turns if turn.before not in done and deed.shows(turn.trace)]
