"""How far the trainees have come: a table of trainees and exercises (domain.md §9). It is the trainer's to see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from store.foundation.access import Actor, Role
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.people.attempts import Kept, attempts_of
from store.people.seats import Seat, seats
from store.people.sign_in import StaffActor
from store.practice.course_end import erased_on
from store.practice.errors import NotPractice
from store.practice.own import trainee_name

TRAINERS_ALONE = "Deltagarnas resultat är för utbildaren och driften."


@dataclass(frozen=True)
class Result:
    """How far a trainee has come with an exercise: in the attempt that solved it, else in the newest."""

    attempt: int
    exercise: str
    title: str
    done: int
    steps: int
    wrong_turns: int
    seconds: int
    """For which the app was open on it."""
    keys: int
    is_solved: bool
    is_under_way: bool

    @property
    def mark(self) -> str:
        """What stands in the table: a symbol and the steps, and the wrong turns after an exclamation mark."""
        symbol = "✓" if self.is_solved else "›" if self.is_under_way else "·"
        return f"{symbol} {self.done}/{self.steps}" + (f" !{self.wrong_turns}" if self.wrong_turns else "")

    @property
    def state(self) -> str:
        """The symbol in words."""
        return "löst" if self.is_solved else "pågår" if self.is_under_way else "lämnad"

    @property
    def words(self) -> str:
        """All of it, in words."""
        keys = "1 tangent" if self.keys == 1 else f"{self.keys} tangenter"
        turns = "1 felsteg" if self.wrong_turns == 1 else f"{self.wrong_turns} felsteg"
        return f"{self.state}, {self.done} av {self.steps} steg, {turns}, {self.time}, {keys}"

    @property
    def time(self) -> str:
        """The time as minutes and seconds."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True)
class TraineeResults:
    """A trainee's row."""

    trainee: str
    """The HSA-id of a course's trainee, else the name that the sessions carry."""
    name: str
    round: int
    results: Mapping[str, Result] = field(default_factory=dict)
    """By the exercise's id."""
    before: Mapping[str, Result] = field(default_factory=dict)
    """The newest attempts at the places of before, which the trainee has left by beginning anew."""


@dataclass(frozen=True)
class Results:
    """The whole table."""

    trainees: tuple[TraineeResults, ...]
    exercises: tuple[tuple[str, str], ...]
    """Ids and titles of those that anybody has begun, by title."""
    erased_on: str
    """ISO day; empty where there is no course."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody has begun anything."""
        return not self.exercises


def results_of(store: Store, asked_by: Actor | None = None) -> Results:
    """Return the table; in a course of all its trainees, else of those who have begun something.

    Args:
        store: a practice store.
        asked_by: who is signed in; None for who runs the store.

    Raises:
        NotPractice: the store is a real one.
        Refused: a trainee asks.
    """
    require_trainer(store, asked_by)
    with store.lend() as db:
        kept, there, day = attempts_of(db), seats(db), erased_on(db)
    rows = [_row_of_seat(seat, kept) for seat in there]
    others = [one for one in kept if one.seat_id is None]
    for name in dict.fromkeys(one.trainee for one in others):
        rows.append(_row(name, name, 1, [one for one in others if one.trainee == name]))
    titles = {one.exercise: one.title for row in rows for one in (*row.before.values(), *row.results.values())}
    by_title = sorted(titles.items(), key=lambda item: item[1].casefold())
    return Results(tuple(rows), tuple(by_title), str(day or ""))


def require_trainer(store: Store, asked_by: Actor | None) -> None:
    """Refuse whoever is neither utbildare nor runs the store; raises `NotPractice` in a real one."""
    if not store.is_practice:
        raise NotPractice
    if asked_by is None:
        is_trainer = not _is_trainee(store)
    else:
        is_trainer = isinstance(asked_by, StaffActor) and Role.TRAINER in asked_by.roles
    if not is_trainer:
        raise Refused(TRAINERS_ALONE)


def _is_trainee(store: Store) -> bool:
    with store.lend() as db:
        return any(seat.hsa_id == store.access_log.trainee for seat in seats(db))


def _row_of_seat(seat: Seat, kept: Iterable[Kept]) -> TraineeResults:
    row = _row(
        seat.hsa_id, " ".join(trainee_name(seat.number)), seat.round, [one for one in kept if one.seat_id == seat.id]
    )
    older = [one for one in kept if one.trainee == seat.hsa_id and one.seat_id not in (None, seat.id)]
    return replace(row, before={one.exercise: result_of(one) for one in older})


def _row(trainee: str, name: str, round_: int, kept: list[Kept]) -> TraineeResults:
    chosen: dict[str, Kept] = {}
    for one in kept:  # in their order
        before = chosen.get(one.exercise)
        if before is None or before.finished_at is None:
            chosen[one.exercise] = one
    return TraineeResults(trainee, name, round_, {exercise: result_of(one) for exercise, one in chosen.items()})


def result_of(kept: Kept) -> Result:
    """Return what is told of an attempt."""
    return Result(
        attempt=kept.id,
        exercise=kept.exercise,
        title=kept.title,
        done=len(kept.done_steps),
        steps=len(kept.all_steps),
        wrong_turns=len(kept.wrong_turns),
        seconds=kept.worked // 1000,
        keys=kept.keys,
        is_solved=kept.finished_at is not None,
        is_under_way=kept.finished_at is None and kept.left_at is None,
    )
