"""Whether the parts of an exercise fit: steps that can come, operations that there are, lines for the steps."""

import difflib
import shlex
from collections.abc import Collection, Iterator

from store.foundation.hsa_id import hsa_key
from store.foundation.operation import OPERATIONS
from store.people.personnel import declare_all
from store.practice.cast import Cast
from store.practice.exercises.exercise import Exercise, ExerciseFault, Step, Trace, WrongTurn


def misfits(exercise: Exercise, cast: Cast | None) -> list[ExerciseFault]:
    """Return what doesn't fit; with the cast also operations and people that there are not."""
    found = [*_in_order(exercise), *_solved(exercise)]
    if cast is not None:
        declare_all()
        found += [*_operations(exercise), *_people(exercise, cast)]
    return found


def _in_order(exercise: Exercise) -> Iterator[ExerciseFault]:
    """Yield steps that stand twice, come after none that there is, or after themselves."""
    ids = [step.id for step in exercise.steps]
    if not ids:
        yield ExerciseFault(None, "Övningen har inget steg. Lägg till [[steg]].")
    for at, step in enumerate(exercise.steps):
        if step.id in ids[:at]:
            yield ExerciseFault(step.line, f"Steget {step.id} står två gånger. Ge det ett eget id.")
        for name in step.after:
            if name not in ids:
                yield ExerciseFault(step.line, f"efter: steget {name} finns inte. {_nearest(name, ids)}")
    for step in _never_reached(exercise.steps):
        yield ExerciseFault(
            step.line, f"Steget {step.id} kan aldrig göras: det ska komma efter sig självt. Ändra efter."
        )
    for turn in exercise.wrong_turns:
        if turn.before and turn.before not in ids:
            yield ExerciseFault(turn.line, f"fore: steget {turn.before} finns inte. {_nearest(turn.before, ids)}")


def _never_reached(steps: tuple[Step, ...]) -> list[Step]:
    """Return the steps that wait for one another in a circle, or for those."""
    ids = {step.id for step in steps}
    reached: set[str] = set()
    while more := {step.id for step in steps if ids & set(step.after) <= reached} - reached:
        reached |= more
    return [step for step in steps if step.id not in reached]


def _solved(exercise: Exercise) -> Iterator[ExerciseFault]:
    """Yield what is wrong with the lines of the solution, as far as they can be read."""
    steps, solution = exercise.steps, exercise.solution
    if len(solution.lines) != len(steps):
        yield ExerciseFault(
            solution.line,
            f"Lösningen har {len(solution.lines)} rader, och övningen {len(steps)} steg. Skriv en rad för varje steg.",
        )
        return
    for step, line, place in zip(steps, solution.lines, solution.places, strict=True):
        if step.question is not None:
            answers = [f"svar {number}" for number in range(1, len(step.question.answers) + 1)]
            if line not in answers:
                yield ExerciseFault(place, f"Steget {step.id} är en fråga: skriv svar och numret, som {answers[0]}.")
        elif fault := _misread(line):
            yield ExerciseFault(place, fault)


def _misread(line: str) -> str:
    try:
        words = shlex.split(line)
    except ValueError:
        return "Raden har ett citattecken som inte avslutas."
    if words[:1] != ["sob"]:
        return "Raden ska vara ett kommando som börjar med sob."
    if words[1:2] in (["ovning"], ["övning"]) or any(word.startswith("--store") for word in words):
        return "Raden körs i övningens egen miljö: skriv den utan --store och inte som sob ovning."
    return ""


def _operations(exercise: Exercise) -> Iterator[ExerciseFault]:
    for thing, trace in _traces(exercise):
        for name in trace.operations:
            if name not in OPERATIONS:
                yield ExerciseFault(thing.line, f"operation: {name} finns inte. {_nearest(name, OPERATIONS)}")


def _traces(exercise: Exercise) -> Iterator[tuple[Step | WrongTurn, Trace]]:
    for step in exercise.steps:
        if step.trace is not None:
            yield step, step.trace
    for turn in exercise.wrong_turns:
        yield turn, turn.trace


def _people(exercise: Exercise, cast: Cast) -> Iterator[ExerciseFault]:
    staff = {hsa_key(one.hsa_id): one for one in cast.staff}
    if hsa_key(exercise.as_) not in staff:
        yield ExerciseFault(
            exercise.as_line, f"som: ingen i rollistan har HSA-id {exercise.as_}. Se sob ovning --utan-app."
        )


def _nearest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"Menade du {near[0]}?" if near else "Kontrollera stavningen."
