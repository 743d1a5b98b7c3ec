"""`sob ovning kontrollera`: an exercise that a trainer has written is tried. Needs no store."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.swedish import carried_out
from sob_tui.options import take_common
from sob_tui.printing import drop
from store.foundation.errors import DomainError, NeedsConfirmation, Refused

if TYPE_CHECKING:
    from store.practice.exercises.checking import Run
    from store.practice.exercises.exercise import Exercise, ExerciseFault
    from store.practice.exercises.solving import Command

HELP = "Pröva övningar: starten, lösningen och vad som händer när ett steg utelämnas. Visa alla fel."
Files = Annotated[list[Path], typer.Argument(metavar="FIL", help="Övningens fil, i TOML.")]


def kontrollera(ctx: typer.Context, files: Files) -> None:
    """Print every fault of exercises, or that they can be used."""
    from store.practice.opening import make_practice

    here, run = Session(ctx), runner(ctx.find_root().command)
    with TemporaryDirectory(prefix="sob-ovning-") as folder:
        made = Path(folder, "ovning.sqlite")
        make_practice(made).close()
        tried = [_tried(file, made, run) for file in files]
    here.answer({"exercises": [one.json for one in tried]}, [line for one in tried for line in one.lines])
    if number := sum(len(one.faults) for one in tried):
        what = "Övningen" if len(tried) == 1 else "Övningarna"
        raise Refused(f"{what} har {number} fel.", field="fil")


@dataclass(frozen=True)
class _Tried:
    """What came of a file; `exercise` is None where it can't be read."""

    file: Path
    exercise: "Exercise | None"
    faults: "Sequence[ExerciseFault]"

    @property
    def json(self) -> dict[str, Any]:
        """As `--json` answers it."""
        return {
            "file": self.file.name,
            "exercise": self.file.stem,
            "title": self.exercise.title if self.exercise else None,
            "faults": [{"line": one.line, "message": one.message} for one in self.faults],
        }

    @property
    def lines(self) -> list[str]:
        """As it is printed."""
        if self.exercise is not None and not self.faults:
            steps = len(self.exercise.steps)
            told = f"{self.exercise.title}, {steps} steg, löst av lösningen och inte av mindre."
            return [f"{self.file.name}: inga fel. {told}"]
        return [f"{self._place(one)}: {one.message}" for one in self.faults]

    def _place(self, fault: "ExerciseFault") -> str:
        return self.file.name if fault.line is None else f"{self.file.name}:{fault.line}"


def _tried(file: Path, made: Path, run: "Run") -> _Tried:
    from store.practice.exercises.checking import check_exercise
    from store.practice.exercises.reading import FaultyExercise, read_exercise
    from store.practice.seed import whole_cast

    try:
        exercise = read_exercise(file, whole_cast())
    except FaultyExercise as faulty:
        return _Tried(file, None, faulty.faults)
    return _Tried(file, exercise, check_exercise(exercise, run, made))


def runner(command: Any) -> "Run":
    """Return what carries out a line of `sob`, that command, in this process."""
    from store.practice.exercises.solving import FOLDER

    def run(store: Path, trainee: str, line: "Command") -> str:
        words = [word.replace(FOLDER, str(store.parent)) for word in line.words]
        common, words = take_common([*words, "--store", str(store)])
        with _set_aside(trainee, line.given):
            try:
                code = carried_out(command, words, common)
                return f"kommandot slutade med {code}." if code else ""
            except NeedsConfirmation as error:
                return f"{' '.join(error.warnings)} Lägg till --ja på raden."
            except DomainError as error:
                return error.message
            finally:
                drop()

    return run


@contextmanager
def _set_aside(trainee: str, given: str) -> Iterator[None]:
    """Keep what a command says to itself, and give it a trainee and a text on standard input."""
    outside, stdin = os.environ.get("SOB_DELTAGARE"), sys.stdin
    os.environ["SOB_DELTAGARE"] = trainee
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.stdin = stdin
        if outside is None:
            del os.environ["SOB_DELTAGARE"]
        else:
            os.environ["SOB_DELTAGARE"] = outside
