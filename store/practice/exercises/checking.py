"""An exercise is tried before trainees get it: unsolved at its start, solved by its solution, and by nothing less."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from store.foundation.clock import local_day
from store.foundation.errors import DomainError
from store.foundation.store import Store
from store.opening import open_store
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.exercise import Exercise, ExerciseFault
from store.practice.exercises.judging import Attempt, judge
from store.practice.exercises.solving import Command, command_of, filled

Run = Callable[[Path, str, Command], str]
"""Carries out a command in a store, as a trainee's; returns the sentence that it is refused with, else nothing."""

_TRAINEE, _OTHER = "den-som-provar", "nagon-annan"


def check_exercise(exercise: Exercise, run: Run, made: Path) -> list[ExerciseFault]:
    """Return what is wrong with an exercise that could be read; nothing where it can be used.

    Args:
        exercise: what is tried.
        run: how a line of the solution is carried out.
        made: a practice store's file, made today, which nobody has open; it is copied.
    """
    with TemporaryDirectory(prefix="sob-ovning-") as folder:
        return _Trial(exercise, run, Path(folder)).faults(_copy(made, Path(folder, "start.sqlite")))


class _Trial:
    """An exercise under trial, in a folder of its own."""

    def __init__(self, exercise: Exercise, run: Run, folder: Path) -> None:
        self._exercise = exercise
        self._run = run
        self._folder = folder

    def faults(self, start: Path) -> list[ExerciseFault]:
        """Return the faults: those of the start, else of the whole solution, else of leaving out a line."""
        try:
            with _opened(start) as store:
                attempt = begin_exercise(store, self._exercise, _TRAINEE)
                if judge(store, attempt).done:
                    return [ExerciseFault(None, "Något steg är gjort redan vid starten. Ändra moments eller steget.")]
        except DomainError as refused:
            return [_at_start(refused)]
        before: list[tuple[Path, Attempt]] = []
        for at, place in enumerate(self._exercise.solution.places):
            before.append((_copy(start, self._folder / f"fore-{at}.sqlite"), attempt))
            attempt, refusal = self._done(start, attempt, at)
            trace = self._exercise.steps[at].trace
            if refusal and not (trace is not None and trace.is_refused):
                return [ExerciseFault(place, f"Raden nekas: {refusal}")]
        return self._whole(start, attempt) or list(self._needless(before))

    def _done(self, path: Path, attempt: Attempt, at: int) -> tuple[Attempt, str]:
        """Carry out a line; returns the attempt with what was answered, and what was refused."""
        step, line = self._exercise.steps[at], self._exercise.solution.lines[at]
        if step.question is not None:
            return replace(attempt, answers={**attempt.answers, step.id: (int(line.split()[1]),)}), ""
        try:
            with _opened(path) as store, store.lend() as db:
                command = filled(db, self._as_somebody(command_of(line)), step, local_day(store.clock()))
        except DomainError as refused:
            return attempt, refused.message
        return attempt, self._run(path, _TRAINEE, command)

    def _as_somebody(self, command: Command) -> Command:
        """Return a command as whom the exercise is begun as, unless the line says who."""
        words = command.words
        if not any(word == "--som" or word.startswith("--som=") for word in words):
            words += ("--som", self._exercise.as_)
            words += ("--enhet", self._exercise.unit) if self._exercise.unit else ()
        return command._replace(words=words)

    def _whole(self, path: Path, attempt: Attempt) -> list[ExerciseFault]:
        """Return what is wrong once all lines are carried out."""
        with _opened(path) as store:
            standing = judge(store, attempt)
            others = judge(store, replace(attempt, trainee=_OTHER, answers={}))
        faults = [
            ExerciseFault(
                step.line,
                f"Steget {step.id} räknas inte som gjort när lösningen är körd. Ändra operation, handelse, invanare, "
                "sak eller fakta i steget, eller lösningens rad. Det som inte lämnar spår blir en fråga.",
            )
            for step in self._exercise.steps
            if step.id not in standing.done and standing.done.issuperset(step.after)
        ]
        faults += [
            ExerciseFault(self._exercise.solution.line, f"Lösningen gör ett felsteg: {one.explanation}")
            for one in standing.mistakes
        ]
        if others.done:
            faults.append(ExerciseFault(None, "Någon annans arbete räknas. Anmäl felet: det ligger i programmet."))
        return faults

    def _needless(self, before: list[tuple[Path, Attempt]]) -> Iterator[ExerciseFault]:
        """Yield a fault for each line without which the exercise is solved all the same."""
        for left_out, (path, attempt) in enumerate(before):
            for at in range(left_out + 1, len(before)):
                attempt, _ = self._done(path, attempt, at)  # what is refused for want of it is no fault
            with _opened(path) as store:
                if judge(store, attempt).is_solved:
                    step = self._exercise.steps[left_out]
                    yield ExerciseFault(
                        self._exercise.solution.places[left_out],
                        f"Övningen räknas som löst fast raden är utelämnad: steget {step.id} görs av en annan rad. "
                        "Gör steget tydligare, eller ta bort det.",
                    )


_AT = re.compile(r"rad (\d+)(?:: |, )")


def _at_start(refused: DomainError) -> ExerciseFault:
    """Return what the practice store refuses of the start, with the line that the sentence names."""
    place = _AT.match(refused.message)
    sentence = refused.message[place.end() :] if place else refused.message
    return ExerciseFault(int(place[1]) if place else None, f"Starten går inte att göra: {sentence}")


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    store = open_store(path)
    try:
        yield store
    finally:
        store.close()


def _copy(path: Path, to: Path) -> Path:
    """Copy a store's file, and what its log of changes holds; nobody has it open."""
    for end in ("", "-wal"):
        source = path.with_name(path.name + end)
        if source.exists():
            shutil.copy(source, to.with_name(to.name + end))
    return to
