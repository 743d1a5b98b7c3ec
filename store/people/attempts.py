"""Attempts at exercises in a practice store: who tried what, how far they came, and where they went astray.

They outlive the app, and a trainer sees them (domain.md §9). They are erased with their course; others when they are as
old as a course may be (`store/practice/course_end.py`).
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.connection import Connection
from store.foundation.tables import EMPTY


class ExerciseAttempt(SQLModel, table=True):
    """An attempt. Times without another word are by the machine's own clock, which nobody moves."""

    id: int | None = Field(default=None, primary_key=True)
    trainee: str = Field(index=True)
    """Whose sessions count: the HSA-id of a course's trainee, else the name in `SOB_DELTAGARE` or of the session."""
    seat_id: int | None = Field(default=None, foreign_key="trainee.id")
    """The trainee's place; None outside a course."""
    exercise: str
    """Its id, which is its file's name."""
    title: str
    source: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The text of its file, of a trainer's own; empty for one that is shipped."""
    steps: str
    """The ids of its steps, as JSON."""
    since: int
    """The log's last row before it."""
    begun_at: int = Field(sa_type=BigInteger)
    """By the store's clock."""
    made_at: int = Field(sa_type=BigInteger)
    answers: str = "{}"
    """What was answered to each question, by its step's id, in order; as JSON."""
    done: str = "[]"
    """The ids of the steps that are done, as JSON."""
    mistakes: str = "[]"
    """The wrong turns: the log's row, 0 for an answer, and why it was one; as JSON."""
    worked: int = Field(default=0, sa_type=BigInteger)
    """Milliseconds for which the app has been open on it."""
    keys: int = 0
    """Key presses."""
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it was solved."""
    left_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it was given up for another, or for none."""


class Kept(NamedTuple):
    """An attempt as it is stored; what is JSON is as in `ExerciseAttempt`."""

    id: int
    trainee: str
    seat_id: int | None
    exercise: str
    title: str
    source: str
    steps: str
    since: int
    begun_at: int
    made_at: int
    answers: str
    done: str
    mistakes: str
    worked: int
    keys: int
    finished_at: int | None
    left_at: int | None

    @property
    def done_steps(self) -> tuple[str, ...]:
        """The ids of the steps that are done, in their order."""
        done = set(json.loads(self.done))
        return tuple(step for step in self.all_steps if step in done)

    @property
    def all_steps(self) -> tuple[str, ...]:
        """The ids of all its steps."""
        return tuple(json.loads(self.steps))

    @property
    def wrong_turns(self) -> tuple[tuple[int, str], ...]:
        """The wrong turns that were taken: the log's row (0 for an answer), and the explanation."""
        return tuple((row, explanation) for row, explanation in json.loads(self.mistakes))

    @property
    def given(self) -> dict[str, tuple[int, ...]]:
        """What was answered, by step."""
        return {step: tuple(answers) for step, answers in json.loads(self.answers).items()}


COLUMNS = ", ".join(Kept._fields)


def attempts_of(db: Connection, trainee: str | None = None) -> list[Kept]:
    """Return the attempts of a trainee, or of all, in the order in which they were begun."""
    return db.all(
        Kept,
        f"SELECT {COLUMNS} FROM exerciseattempt WHERE trainee = :trainee OR :all = 1 ORDER BY id",
        trainee=trainee or "",
        all=int(trainee is None),
    )


def attempt_under_way(db: Connection, trainee: str) -> Kept | None:
    """Return the attempt that a trainee has neither finished nor left: the newest, at the place of now."""
    found = db.one(
        Kept,
        f"SELECT {COLUMNS} FROM exerciseattempt WHERE trainee = :trainee ORDER BY id DESC LIMIT 1",
        trainee=trainee,
    )
    if found is None or found.finished_at is not None or found.left_at is not None:
        return None
    newer = "SELECT 1 FROM trainee t JOIN trainee n ON n.number = t.number AND n.round > t.round WHERE t.id = :seat"
    return None if db.has(newer, seat=found.seat_id or 0) else found


def keep_attempt(
    db: Connection,
    attempt: int,
    *,
    answers: Mapping[str, tuple[int, ...]],
    done: list[str],
    mistakes: list[tuple[int, str]],
    worked: int,
    keys: int,
    finished_at: int | None,
) -> None:
    """Write how far an attempt has come; once it is finished it stays so."""
    db.run(
        "UPDATE exerciseattempt SET answers = :answers, done = :done, mistakes = :mistakes, worked = :worked,"
        " keys = :keys, finished_at = :finished_at WHERE id = :id AND finished_at IS NULL",
        id=attempt,
        answers=json.dumps(answers),
        done=json.dumps(done),
        mistakes=json.dumps(mistakes, ensure_ascii=False),
        worked=worked,
        keys=keys,
        finished_at=finished_at,
    )


def leave_attempts(db: Connection, trainee: str, at: int) -> None:
    """Note that a trainee goes on with none of the attempts of before."""
    db.run(
        "UPDATE exerciseattempt SET left_at = :at WHERE trainee = :trainee AND finished_at IS NULL AND left_at IS NULL",
        trainee=trainee,
        at=at,
    )
