"""Reads `data/practice/exercises/*.toml`, and what a trainer has written: every fault is a sentence with its line."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from store.foundation.errors import DomainError, Refused
from store.foundation.events import EventKind
from store.foundation.hsa_id import HsaId
from store.practice.cast import Cast, Lives
from store.practice.exercises.exercise import Exercise, ExerciseFault, Question, Solution, Step, Trace, WrongTurn
from store.practice.exercises.fitting import misfits
from store.practice.exercises.shelf import exercise_files
from store.practice.reading import read_start
from store.practice.toml_table import TomlTable, parse_toml, read_toml

FORMAT = 1
"""The version of the files that this program reads."""
OWN = "egna/"
"""How the id of a trainer's own begins: its file may be called as a shipped one is."""
MOST_TITLE = 80
MOST_TEXT = 400
"""Characters of what is shown in a box or on a line at 80 columns."""
MOST_ANSWERS = 9
"""To a question: they are chosen by digits."""

T = TypeVar("T")


class FaultyExercise(Refused):
    """An exercise that can't be used, with all its faults."""

    def __init__(self, name: str, faults: tuple[ExerciseFault, ...]) -> None:
        line = "" if faults[0].line is None else f", rad {faults[0].line}"
        super().__init__(f"Övningen {name}{line}: {faults[0].message}", field="fil")
        self.faults = faults


@cache
def shipped_exercises() -> tuple[Exercise, ...]:
    """Return the exercises that are shipped, by title, read once."""
    return _by_title(read_exercise(path) for path in exercise_files(None))


class Shelf(NamedTuple):
    """The exercises to choose from."""

    own: tuple[Exercise, ...]
    """A trainer's, by title."""
    shipped: tuple[Exercise, ...]
    faults: tuple[str, ...]
    """Why one of the own can't be used, a sentence each."""


def all_exercises(own: Path) -> Shelf:
    """Return the shipped exercises and those in a folder, which need not be there."""
    found, faults = [], []
    for path in exercise_files(own):
        if path.parent == own:
            try:
                found.append(own_exercise_of(path))
            except DomainError as error:
                faults.append(error.message)
    return Shelf(_by_title(found), shipped_exercises(), tuple(faults))


def own_exercise_of(path: Path) -> Exercise:
    """Return a trainer's own exercise, with its file's text.

    Raises:
        FaultyExercise: with every fault that was found.
    """
    return replace(read_exercise(path), id=f"{OWN}{path.stem}", source=read_toml(path).whole_text)


def as_begun(exercise: str, source: str) -> Exercise | None:
    """Return an exercise as an attempt at it was begun: a trainer's own may have been changed since, or lie elsewhere.

    Args:
        exercise: its id.
        source: its file's text then; empty for one that is shipped.

    Returns:
        None where it is shipped no longer, or can't be read by this program.
    """
    if not source:
        return next((one for one in shipped_exercises() if one.id == exercise), None)
    try:
        return replace(_Reading(Path(exercise), parse_toml(source), None).exercise(), id=exercise, source=source)
    except DomainError:
        return None


def _by_title(exercises: Iterable[Exercise]) -> tuple[Exercise, ...]:
    return tuple(sorted(exercises, key=lambda one: one.title.casefold()))


def read_exercise(path: Path, cast: Cast | None = None) -> Exercise:
    """Return an exercise.

    Args:
        path: its file.
        cast: whoever is in a practice store as it is made; without it names are not looked for there.

    Raises:
        FaultyExercise: with every fault that was found.
    """
    try:
        top = read_toml(path)
    except DomainError as error:
        raise FaultyExercise(path.name, (_fault(error, None),)) from error
    return _Reading(path, top, cast).exercise()


class _Reading:
    """The reading of one file, and the faults found so far."""

    def __init__(self, path: Path, top: TomlTable, cast: Cast | None) -> None:
        self._path = path
        self._top = top
        self._cast = cast
        self._faults: list[ExerciseFault] = []

    def exercise(self) -> Exercise:
        """Return what stands in the file."""
        lives: Lives = Lives(self._path.name, (), ())
        new: tuple[str, ...] = ()
        with self._noted():
            _check_format(self._top)
        if self._faults:
            raise FaultyExercise(self._path.name, tuple(self._faults))
        with self._noted():
            self._top.only(_KEYS)
        with self._noted():
            new = self._top.texts("nya_invanare", ())
        with self._noted():
            lives = read_start(self._top, self._path.name, self._cast)
        known = None if self._cast is None else {*new, *_numbers(self._cast.lives), *_numbers([lives])}
        steps = self._each("steg", lambda entry: _step(entry, known))
        turns = self._each("felsteg", lambda entry: _wrong_turn(entry, known), needed=False)
        with self._noted():
            exercise = self._whole(lives, steps, turns)
            if not self._faults:
                self._faults += misfits(exercise, self._cast)
            if not self._faults:
                return exercise
        raise FaultyExercise(self._path.name, tuple(self._faults))

    def _whole(self, lives: Lives, steps: tuple[Step, ...], turns: tuple[WrongTurn, ...]) -> Exercise:
        top = self._top
        return Exercise(
            id=self._path.stem,
            title=top.text("titel", most=MOST_TITLE),
            goal=top.text("mal", most=MOST_TEXT),
            why=" ".join(top.text("varfor", multiline=True, most=MOST_TEXT).split()),
            page=top.text("sida", ""),
            as_=_hsa_id(top, "som"),
            as_line=top.line_of("som"),
            unit=_hsa_id(top, "enhet", ""),
            start=lives,
            steps=steps,
            wrong_turns=turns,
            solution=_solution(top),
            done=top.text("klart", most=MOST_TEXT),
        )

    def _each(self, key: str, read: Callable[[TomlTable], T], *, needed: bool = True) -> tuple[T, ...]:
        found: list[T] = []
        with self._noted():
            for entry in self._top.tables(key, needed=needed):
                with self._noted():
                    found.append(read(entry))
        return tuple(found)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note what is refused in the block."""
        try:
            yield
        except DomainError as error:
            self._faults.append(_fault(error, self._top))


_KEYS = (
    *("format", "titel", "mal", "varfor", "sida", "som", "enhet", "klart"),
    *("nya_invanare", "residents", "moments", "steg", "felsteg", "losning"),
)
_TRACE_KEYS = ("operation", "handelse", "fakta", "invanare", "program", "sak", "nekat")
_QUESTION_KEYS = ("fraga", "svar", "ratt", "forklaring")
_STEP_KEYS = ("id", "gor", "ledtradar", "efter")


def _check_format(top: TomlTable) -> None:
    number = top.number("format", 1, 999)
    if number > FORMAT:
        raise top.fault(
            f"filen är skriven för en nyare version av programmet (format {number}, det här läser {FORMAT}). "
            "Uppdatera programmet.",
            "format",
        )


def _numbers(lives: Iterable[Lives]) -> Iterator[str]:
    for one in lives:
        yield from (resident.number for resident in one.residents)


_PLACE = re.compile(r"rad (\d+)(?:: |, )")
_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")


def _fault(error: DomainError, top: TomlTable | None) -> ExerciseFault:
    """Return a refusal as a fault: the line that its sentence names, or that of the key that it is about."""
    sentence, line = error.message, None
    if place := _PLACE.match(sentence):
        sentence, line = sentence[place.end() :], int(place[1])
    elif syntax := _SYNTAX.search(sentence):
        line = int(syntax[1])
    elif top is not None and error.field:
        line = top.line_of(error.field)
    return ExerciseFault(line, sentence)


def _line(entry: TomlTable) -> int:
    place = _PLACE.match(f"{entry.where}: ")
    return int(place[1]) if place else 1


def _step(entry: TomlTable, known: Collection[str] | None) -> Step:
    is_question = entry.has("fraga")
    entry.only((*_STEP_KEYS, *(_QUESTION_KEYS if is_question else _TRACE_KEYS)))
    step = Step(
        where=entry.where,
        line=_line(entry),
        id=entry.text("id"),
        text=entry.text("gor", most=MOST_TEXT),
        hints=entry.texts("ledtradar"),
        after=entry.texts("efter", ()),
        trace=None if is_question else _trace(entry, known),
        question=_question(entry) if is_question else None,
    )
    if not step.hints:
        raise entry.fault("ledtradar ska ha minst en text. Den sista säger tangenten.", "ledtradar")
    return step


def _question(entry: TomlTable) -> Question:
    answers = entry.texts("svar")
    if not 2 <= len(answers) <= MOST_ANSWERS:
        raise entry.fault(f"svar ska vara två till {MOST_ANSWERS} svar att välja bland.", "svar")
    return Question(
        entry.text("fraga", most=MOST_TEXT),
        answers,
        entry.number("ratt", 1, len(answers)),
        entry.text("forklaring", most=MOST_TEXT),
    )


def _wrong_turn(entry: TomlTable, known: Collection[str] | None) -> WrongTurn:
    entry.only((*_TRACE_KEYS, "fore", "forklaring"))
    before = entry.text("fore", "")
    return WrongTurn(entry.where, _line(entry), _trace(entry, known), entry.text("forklaring", most=MOST_TEXT), before)


def _trace(entry: TomlTable, known: Collection[str] | None) -> Trace:
    kind, resident = entry.text("handelse", ""), entry.text("invanare", "")
    trace = Trace(
        operations=entry.texts("operation", ()),
        event=_event(entry, kind) if kind else None,
        facts=entry.values("fakta"),
        resident=resident,
        program=entry.text("program", ""),
        thing=entry.text("sak", ""),
        is_refused=entry.flag("nekat", False),
    )
    if not (trace.operations or trace.event):
        raise entry.fault(
            'ange operation = ["…"] eller handelse = "…": det som visar att det är gjort. '
            'Det som inte lämnar spår blir en fråga: fraga = "…"'
        )
    if trace.facts and trace.event is None:
        raise entry.fault("fakta hör till en handelse. Lägg till handelse, eller ta bort fakta.", "fakta")
    if trace.event and trace.is_refused:
        raise entry.fault("det som nekas lämnar ingen handelse. Ange operation i stället.", "nekat")
    if resident and known is not None and resident not in known:
        raise entry.fault(
            f"invånaren {resident} finns inte. Lägg till invånaren under [[residents]], eller i nya_invanare om den "
            "som övar ska lägga till den.",
            "invanare",
        )
    return trace


def _event(entry: TomlTable, kind: str) -> EventKind:
    try:
        return EventKind(kind)
    except ValueError:
        raise entry.unknown("handelse", kind, tuple(EventKind)) from None


def _hsa_id(entry: TomlTable, key: str, default: str | None = None) -> str:
    value = entry.text(key, default)
    try:
        return value if value == default else HsaId.parse(value).value
    except Refused as refused:
        raise entry.fault(f"{key}: {refused.message}", key) from None


def _solution(top: TomlTable) -> Solution:
    table = top.table("losning")
    lines = table.texts("rader", repeated=True)
    table.done()
    first = top.line_of("losning") or 1
    return Solution(first, lines, tuple(_lines_of(top.whole_text, first, lines)))


def _lines_of(text: str, first: int, lines: tuple[str, ...]) -> Iterator[int]:
    """Yield on which line of the file each of the solution stands: that of the table where it is written otherwise."""
    rest = dict(enumerate(text.split("\n")[first:], first + 1))
    place = first
    for line in lines:
        place = next((at for at, written in rest.items() if line in written or _quoted(line) in written), place)
        rest.pop(place, None)
        yield place


def _quoted(line: str) -> str:
    return line.replace("\\", "\\\\").replace('"', '\\"')
