"""Paints the lines of a list: from text and tone to strips of segments, each exactly as wide as the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from screens.widgets.cells import ELLIPSIS, Ink, clean, cut, fit, wrap
from screens.widgets.columns import GAP, Column, lay_out, longest
from screens.widgets.list_model import ListModel
from screens.widgets.outline import Kind, SectionInfo
from screens.widgets.paging import KeyedRow
from screens.widgets.view import View

RowT = TypeVar("RowT", bound=KeyedRow)

MARGIN = 1
"""Empty cells left and right of a line; on the cursor's row they hold its marks."""
FOCUSED_MARKS = "▌", "▐"
BLURRED_MARKS = "▏", "▕"


class LinePainter(Generic[RowT]):
    """Paints lines at one width; it keeps the rows it painted until told to forget them."""

    KEPT = 400

    def __init__(self, columns: Sequence[Column[RowT]], style: Callable[[str], Style]) -> None:
        """Paint these columns; `style` gives the style of `row`, the list's own, and of each of `PARTS`."""
        self._columns = tuple(columns)
        self._find_style = style
        self._styles: dict[str, Style] = {}
        self._wanted = tuple(column.width for column in columns)
        self._widths: tuple[int, ...] = ()
        self._painted: dict[tuple[int, tuple[str, str] | None], Strip] = {}
        self.width = 0

    def set_width(self, width: int) -> None:
        """Paint lines of this width from now on."""
        if width != self.width:
            self.width = width
            self._lay_out()

    def set_columns(self, columns: Sequence[Column[RowT]]) -> None:
        """Paint other columns from now on."""
        self._columns = tuple(columns)
        self.start_over()

    def start_over(self) -> None:
        """Forget how long the texts of earlier rows were."""
        self._wanted = tuple(column.width for column in self._columns)
        self._lay_out()

    def make_room_for(self, rows: Sequence[RowT]) -> None:
        """Let the columns that may not be cut grow to the texts of these rows."""
        wanted = longest(self._columns, rows, self._wanted)
        if wanted != self._wanted:
            self._wanted = wanted
            self._lay_out()

    def forget(self) -> None:
        """Paint every row again: rows or styles have changed."""
        self._painted.clear()
        self._styles.clear()

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._find_style(part)
        return style

    def _lay_out(self) -> None:
        self._widths = lay_out(self._columns, self._wanted, self.width - 2 * MARGIN)
        self.forget()

    def row(self, index: int, row: RowT, marks: tuple[str, str] | None) -> Strip:
        """A row; `marks` stand at its ends if the cursor is on it."""
        strip = self._painted.get((index, marks))
        if strip is None:
            if len(self._painted) >= self.KEPT:
                self._painted.clear()
            strip = self._painted[index, marks] = self._row([column.cell(row) for column in self._columns], marks)
        return strip

    def _row(self, cells: Sequence[Ink | str | tuple[Ink, ...]], marks: tuple[str, str] | None) -> Strip:
        inks: list[Ink] = [Ink(marks[0] if marks else " " * MARGIN)]
        for cell, column, width in zip(cells, self._columns, self._widths, strict=True):
            if width:
                inks += fit(cell, width, right=column.right)
                inks.append(Ink(" " * column.gap))
        inks.pop()
        return self._line(inks, "row" if marks is None else "cursor", marks[1] if marks else "")

    def placeholder(self, marks: tuple[str, str] | None) -> Strip:
        """A row that has not been read yet."""
        inks = [Ink(marks[0] if marks else " "), Ink(ELLIPSIS, "" if marks else "muted")]
        return self._line(inks, "row" if marks is None else "cursor", marks[1] if marks else "")

    def heading(self, title: str, action: str) -> Strip:
        """A program's title, and at the right what can be done there."""
        action = clean(action)
        room = self.width - 2 * MARGIN
        if not action:
            return self._plain(title, "heading")
        title = cut(clean(title), max(0, room - cell_len(action) - GAP))
        space = room - cell_len(title) - cell_len(action)
        segments = [
            Segment(" " + title + " " * max(0, space), self._style("heading")),
            Segment(cut(action, room), self._style("action")),
            Segment(" ", self._style("heading")),
        ]
        return self._strip(segments, self._style("heading"))

    def on_action(self, section: SectionInfo, x: int) -> bool:
        """Whether a heading's action stands in this cell."""
        end = self.width - MARGIN
        return bool(section.action) and end - cell_len(clean(section.action)) <= x < end

    def subheading(self, section: SectionInfo) -> Strip:
        """What the section's rows are."""
        return self._plain(section.subheading, "row")

    def context(self, program: SectionInfo, section: SectionInfo) -> Strip:
        """What the rows under the top of the view belong to, while their headings are out of sight."""
        return self._plain(_both_headings(program, section), "context")

    def titles(self, *, pinned: bool = False) -> Strip:
        """The columns' titles."""
        inks = [Ink(" " * MARGIN)]
        for column, width in zip(self._columns, self._widths, strict=True):
            if width:
                inks += (*fit(column.title, width, right=column.right), Ink(" " * column.gap))
        return self._line(inks, "pinned" if pinned else "muted")

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.width, self._style("row"))

    def message(self, text: str) -> Strip:
        """A line of text in the middle."""
        text = cut(text, self.width)
        left = (self.width - cell_len(text)) // 2
        return self._line([Ink(" " * left), Ink(text)], "muted")

    def _plain(self, text: str, part: str) -> Strip:
        return self._line([Ink(" " * MARGIN), Ink(cut(clean(text), self.width - 2 * MARGIN))], part)

    def _line(self, inks: Sequence[Ink], part: str, end: str = "") -> Strip:
        """Segments in the part's style, runs of one tone joined; the cursor's row has one colour throughout."""
        style = self._style(part)
        segments: list[Segment] = []
        run, run_tone = "", ""
        for text, tone in inks:
            tone = "" if part == "cursor" else tone
            if tone != run_tone and not text.isspace():
                if run:
                    segments.append(Segment(run, self._style(run_tone) if run_tone else style))
                run, run_tone = "", tone
            run += text
        segments.append(Segment(run, self._style(run_tone) if run_tone else style))
        return self._strip(segments, style, end)

    def _strip(self, segments: list[Segment], style: Style, end: str = "") -> Strip:
        """Segments as a strip of the list's width; `end` stands at its right."""
        room = self.width - cell_len(end)
        spare = room - sum(cell_len(segment.text) for segment in segments)
        if spare < 0:
            segments = list(Strip(segments).crop(0, room))
        elif spare > 0:
            segments.append(Segment(" " * spare, style))
        if end:
            segments.append(Segment(end, style))
        return Strip(segments, self.width)


def _both_headings(program: SectionInfo, section: SectionInfo) -> str:
    return " · ".join(filter(None, (program.heading, section.subheading)))


def paint(
    painter: LinePainter[RowT], model: ListModel[RowT], view: View, y: int, *, marks: tuple[str, str], message: str
) -> Strip:
    """The strip for screen line `y` of a view; `marks` for the cursor's row, `message` where there are no rows."""
    outline = view.outline
    pinned, depth = view.pinned() if y < 2 else (0, 0)
    if y < depth:
        has_titles = y == 0 if outline.compact else y == depth - 1
        if has_titles:
            return painter.titles(pinned=True)
        return painter.context(outline.program_of(pinned), outline.sections[pinned])
    line = outline.line(view.top + y)
    if line is None:
        return _message_line(painter, view, y, "" if outline.rows else message)
    if line.kind is Kind.ROW:
        row = model.window.get(line.row)
        shown = marks if line.row == model.cursor else None
        return painter.placeholder(shown) if row is None else painter.row(line.row, row, shown)
    if line.kind is Kind.HEADING:
        section = outline.sections[line.section]
        title = _both_headings(outline.program_of(line.section), section) if outline.compact else section.heading
        return painter.heading(title, section.action)
    if line.kind is Kind.SUBHEADING:
        return painter.subheading(outline.sections[line.section])
    return painter.titles() if line.kind is Kind.COLUMNS else painter.blank()


def _message_line(painter: LinePainter[RowT], view: View, y: int, text: str) -> Strip:
    """A line below the last one: in a list without rows it may say why there are none."""
    lines = wrap(text, max(1, painter.width - 4)) if text else []
    above = view.outline.lines
    first = above + max(min(above, 1), (view.height - above - len(lines)) // 2)
    return painter.message(lines[y - first]) if 0 <= y - first < len(lines) else painter.blank()
