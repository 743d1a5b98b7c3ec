"""*Genomgång*: what a trainee did in an attempt, one thing after the other, with wrong turns marked (domain.md §9).

It is read in the log and on the timelines of a practice store, whose residents are nobody; so reading it is not logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from store.care.event_words import EventWords
from store.care.programs import program_of
from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import OPERATIONS
from store.foundation.store import Store
from store.people.attempts import Kept, attempts_of
from store.people.personnel import declare_all
from store.people.seats import own_names
from store.practice.exercises.exercise import Exercise
from store.practice.exercises.judging import Attempt, Done, deeds_of
from store.practice.exercises.reading import as_begun, shipped_exercises
from store.practice.own import Own, hyphened, trainee_name
from store.practice.results import Result, require_trainer, result_of


@dataclass(frozen=True)
class Thing:
    """Something that a trainee did."""

    at: int | None
    """By the store's clock; None for an answer to a question."""
    by: str
    """As whom."""
    whom: str
    """The resident's name and personnummer; empty where it was about none."""
    what: str
    """What it was, in words."""
    events: tuple[str, ...]
    """What the timeline says of it."""
    is_refused: bool
    step: str
    """The step that it ticked off, as it is told; empty where none."""
    wrong_turns: tuple[str, ...]
    """Why it was wrong."""


@dataclass(frozen=True)
class Walkthrough:
    """An attempt with all that was done in it. `others` are the ids of all the trainee's attempts at the exercise."""

    name: str
    """The trainee's."""
    title: str
    goal: str
    round: int
    begun_at: Instant
    result: Result
    left: tuple[str, ...]
    """The steps that are not done, as they are told."""
    things: tuple[Thing, ...]
    others: tuple[int, ...]


def go_through(store: Store, attempt: int, asked_by: Actor | None = None) -> Walkthrough:
    """Return what was done in an attempt.

    Args:
        store: a practice store.
        attempt: its id (`Result.attempt`).
        asked_by: who is signed in; None for who runs the store.

    Raises:
        NotPractice: the store is a real one.
        Refused: a trainee asks; there is no such attempt.
    """
    require_trainer(store, asked_by)
    declare_all()
    with store.lend() as db:
        kept = next((one for one in attempts_of(db) if one.id == attempt), None)
        if kept is None:
            raise Refused("Försöket finns inte längre: övningsmiljön är gjord om.")
        own = _exercise(db, kept)
        tried = Attempt(kept.id, own, kept.trainee, kept.since, Instant(kept.begun_at), kept.given)
        of_trainee = attempts_of(db, kept.trainee)
        following = next((one.since for one in of_trainee if one.id > kept.id), None)
        done = deeds_of(db, tried, following)
        words = _Words(db)
        known = dict(kept.wrong_turns)
        things = [words.thing(one, is_news, known) for one, is_news in zip(done, _news(done), strict=True)]
        seat = db.pair("SELECT number, round FROM trainee WHERE id = :seat", seat=kept.seat_id or 0)
    if kept.finished_at is not None:
        last = max((at for at, one in enumerate(things) if one.step), default=len(things))
        things = things[: last + 1]  # what came after it was solved is no part of it
    is_done = set(kept.done_steps)
    return Walkthrough(
        name=kept.trainee if seat is None else " ".join(trainee_name(seat[0])),
        title=own.title,
        goal=own.goal,
        round=1 if seat is None else int(seat[1]),
        begun_at=Instant(kept.begun_at),
        result=result_of(kept),
        left=tuple(step.text for step in own.steps if step.id not in is_done),
        things=(*things, *_answers(own, kept)),
        others=tuple(one.id for one in of_trainee if one.exercise == kept.exercise),
    )


def _news(done: list[Done]) -> list[bool]:
    """Return for each whether it is the first of its transaction in its moment: the events are those of all of them."""
    before = [None, *((one.moment, one.at) for one in done[:-1])]
    return [(one.moment, one.at) != last for one, last in zip(done, before, strict=False)]


def _exercise(db: Connection, kept: Kept) -> Exercise:
    """Return the attempt's exercise as it was at the trainee's place; one that is gone has no steps to tell."""
    found = as_begun(kept.exercise, kept.source)
    if found is None:
        return replace(shipped_exercises()[0], id=kept.exercise, title=kept.title, goal="", steps=(), wrong_turns=())
    return found if kept.seat_id is None else Own(own_names(db, kept.seat_id)).of(found)


def _answers(exercise: Exercise, kept: Kept) -> list[Thing]:
    """Return the answers to questions, in the order of the steps: when they were given is not kept."""
    return [
        Thing(
            at=None,
            by="",
            whom="",
            what=f"{step.question.text} {step.question.answers[answer - 1]}",
            events=(),
            is_refused=False,
            step=step.text if answer == step.question.right else "",
            wrong_turns=() if answer == step.question.right else (step.question.explanation,),
        )
        for step in exercise.steps
        if step.question is not None
        for answer in kept.given.get(step.id, ())
        if 1 <= answer <= len(step.question.answers)
    ]


class _Words:
    """Puts what was done in words; each moment's program is looked up once."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._forms: dict[str, str] = dict(db.pairs("SELECT form, title FROM installedform ORDER BY id"))
        self._by_moment: dict[int, EventWords] = {}

    def thing(self, done: Done, is_news: bool, known: Mapping[int, str]) -> Thing:
        """Return what was done in words.

        Args:
            done: it.
            is_news: whether its events have not been told of yet.
            known: the wrong turns that were kept, by the log's row.
        """
        declared = OPERATIONS.get(done.operation)
        return Thing(
            at=done.at,
            by=done.by,
            whom=f"{done.resident} {hyphened(done.personnummer)}" if done.personnummer else "",
            what=declared.text if declared is not None else done.operation,
            events=tuple(self._event(done.moment, kind, facts) for kind, facts in done.events if is_news),
            is_refused=done.is_refused,
            step=done.step.text if done.step is not None else "",
            wrong_turns=done.wrong_turns or ((known[done.row],) if done.row in known else ()),
        )

    def _event(self, moment: int | None, kind: str, facts: Mapping[str, object]) -> str:
        return self._words(moment or 0).sentence(EventKind(kind), facts)

    def _words(self, moment: int) -> EventWords:
        if moment not in self._by_moment:
            version = self._db.value("SELECT version_id FROM moment WHERE id = :id", id=moment)
            self._by_moment[moment] = EventWords(program_of(self._db, version), self._forms)
        return self._by_moment[moment]
