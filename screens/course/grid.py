"""The table of trainees and exercises, with a cursor on one of its cells; it shows the part that there is room for."""

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from screens.widgets.cells import Tone, clean, cut
from screens.widgets.painted import TONES
from screens.widgets.row_list import BLURRED, FOCUSED
from store.practice.results import Result, Results, TraineeResults

NOTHING, BEFORE = "–", "‹"
_NUMBERS = "Övning"
"""Stands before the columns' numbers."""
_NAME = 16
"""Cells that a trainee's name may take."""
_LEAST = 6
"""Cells of an exercise's column at least."""
_GAP = 2
_HEADING = 1
"""Lines above the trainees."""


class Place(NamedTuple):
    """A cell: the trainee's row and the exercise's column, from 0."""

    row: int
    column: int


class ResultsGrid(Widget, can_focus=True):
    """A row for each trainee, a column for each exercise that anybody has begun."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Genomgång", id="course.open", tooltip="Gå igenom vad deltagaren har gjort."),
        Binding("up", "move(-1, 0)", "Upp", show=False, id="course.up", tooltip="Gå till deltagaren ovanför."),
        Binding("down", "move(1, 0)", "Ned", show=False, id="course.down", tooltip="Gå till deltagaren nedanför."),
        Binding("left", "move(0, -1)", "Vänster", show=False, id="course.left", tooltip="Gå till övningen före."),
        Binding("right", "move(0, 1)", "Höger", show=False, id="course.right", tooltip="Gå till övningen efter."),
        Binding("home", "move(0, -99)", "Först", show=False, id="course.first", tooltip="Gå till den första övningen."),
        Binding("end", "move(0, 99)", "Sist", show=False, id="course.last", tooltip="Gå till den sista övningen."),
    ]
    DEFAULT_CSS = """
    ResultsGrid { height: 1fr; text-wrap: nowrap; padding: 0 1; }
    """

    class Moved(Message):
        """The cursor stands on another cell, or its cell says something else."""

    class Opened(Message):
        """A cell with an attempt is opened."""

        def __init__(self, attempt: int) -> None:
            super().__init__()
            self.attempt = attempt

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._results = Results((), (), "")
        self._cursor = Place(0, 0)
        self._top = self._first = 0
        """The first row and the first column in view."""

    def show(self, results: Results) -> None:
        """Show the results; the cursor stays on its trainee and exercise."""
        trainee, exercise = self.trainee, self.exercise
        self._results = results
        rows = [one.trainee for one in results.trainees]
        columns = [name for name, _ in results.exercises]
        row = rows.index(trainee.trainee) if trainee is not None and trainee.trainee in rows else 0
        column = columns.index(exercise[0]) if exercise is not None and exercise[0] in columns else 0
        self._cursor = Place(row, column)
        self.refresh()
        self.refresh_bindings()
        self.post_message(self.Moved())

    @property
    def trainee(self) -> TraineeResults | None:
        """The cursor's trainee."""
        rows = self._results.trainees
        return rows[self._cursor.row] if self._cursor.row < len(rows) else None

    @property
    def exercise(self) -> tuple[str, str] | None:
        """The cursor's exercise, id and title."""
        columns = self._results.exercises
        return columns[self._cursor.column] if self._cursor.column < len(columns) else None

    @property
    def number(self) -> int:
        """The number of the cursor's column, as its heading says."""
        return self._cursor.column + 1

    @property
    def result(self) -> Result | None:
        """What the cursor's cell tells of; None where the trainee has not begun the exercise."""
        if self.trainee is None or self.exercise is None:
            return None
        return self.trainee.results.get(self.exercise[0])

    @property
    def before(self) -> Result | None:
        """What the cursor's trainee did with the exercise before beginning anew."""
        if self.trainee is None or self.exercise is None:
            return None
        return self.trainee.before.get(self.exercise[0])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go through what there is."""
        if action == "open":
            return (self.result or self.before) is not None
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Go through the cursor's attempt."""
        if found := self.result or self.before:
            self.post_message(self.Opened(found.attempt))

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor, as far as the table goes."""
        self._move_to(Place(self._cursor.row + rows, self._cursor.column + columns))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; on the cursor's cell a click opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < _HEADING or offset.x < _NAME:
            return
        clicked = Place(self._top + offset.y - _HEADING, self._first + (offset.x - _NAME) // self._width)
        if clicked == self._cursor:
            self.action_open()
        elif clicked.row < len(self._results.trainees) and clicked.column < len(self._results.exercises):
            self._move_to(clicked)

    def _move_to(self, place: Place) -> None:
        row = max(0, min(place.row, len(self._results.trainees) - 1))
        column = max(0, min(place.column, len(self._results.exercises) - 1))
        self._cursor = Place(row, column)
        self.refresh()
        self.refresh_bindings()
        self.post_message(self.Moved())

    @property
    def _width(self) -> int:
        marks = (result.mark for one in self._results.trainees for result in one.results.values())
        return max(_LEAST, *(cell_len(mark) + _GAP for mark in marks), _LEAST)

    def render(self) -> Content:
        """Paint the part of the table in which the cursor stands."""
        rows, columns = max(1, self.size.height - _HEADING), max(1, (self.size.width - _NAME) // self._width)
        self._top = min(max(self._top, self._cursor.row - rows + 1), self._cursor.row)
        self._first = min(max(self._first, self._cursor.column - columns + 1), self._cursor.column)
        shown = range(self._first, min(self._first + columns, len(self._results.exercises)))
        heading = "".join(f"{number + 1:<{self._width}}" for number in shown)
        more = "…" if shown.stop < len(self._results.exercises) else ""
        lines = [Content.styled(f"{_NUMBERS:<{_NAME}}" + heading.rstrip() + more, "$text-muted")]
        for place, one in enumerate(self._results.trainees[self._top : self._top + rows], self._top):
            lines.append(self._line(place, one, shown))
        return Content("\n").join(lines)

    def _line(self, place: int, one: TraineeResults, shown: range) -> Content:
        name = cut(clean(one.name), _NAME - _GAP)
        parts: list[tuple[str, str]] = [(name + " " * (_NAME - cell_len(name)), "")]
        for column in shown:
            exercise = self._results.exercises[column][0]
            result = one.results.get(exercise)
            mark = result.mark if result is not None else BEFORE if exercise in one.before else NOTHING
            style = TONES[_tone(result)]
            if (place, column) == self._cursor:
                style = FOCUSED if self.has_focus else BLURRED
            parts += [(mark, style), (" " * (self._width - cell_len(mark)), "")]
        return Content.assemble(*parts)


def _tone(result: Result | None) -> Tone:
    if result is None or not (result.is_solved or result.is_under_way):
        return "muted"
    return "done" if result.is_solved else "waiting"
