"""What part of a list is in view, and where the view goes when the cursor moves: arithmetic only."""

from __future__ import annotations

from typing import NamedTuple

from screens.widgets.outline import Kind, Outline

LEAST_HEIGHT_TO_PIN = 8
"""In a lower list the headings scroll away instead of standing still at the top."""


class View(NamedTuple):
    """The lines from `top` on, `height` of them. `pin`: headings that scroll out of view stand still at the top."""

    outline: Outline
    top: int
    height: int
    pin: bool = True

    @property
    def max_top(self) -> int:
        """How far down the view can go."""
        return max(0, self.outline.lines - self.height)

    def rows(self) -> tuple[int, int]:
        """The rows in view: the first, and the one after the last."""
        first = self.outline.row_from(self.top)
        last = self.outline.row_until(self.top + self.height - 1)
        return (0, 0) if first is None or last is None else (first, last + 1)

    def pinned(self) -> tuple[int, int]:
        """The section whose headings stand over the top of the view, and how many lines of them (0 to 2)."""
        if self.outline.compact:
            return self._pinned_compact()
        line = self.outline.line(self.top)
        if line is None or line.kind not in (Kind.COLUMNS, Kind.ROW):
            return 0, 0
        return line.section, self._depth(line.section)

    def _pinned_compact(self) -> tuple[int, int]:
        """The titles stand over every view, and under them the headings unless they are there anyway."""
        below = self.outline.line(self.top + 1)
        if below is None or not self._depth(below.section):
            return 0, 0
        return below.section, 1 if below.kind is Kind.HEADING else self._depth(below.section)

    def shows(self, row: int) -> bool:
        """Whether a row can be seen."""
        return self.pinned()[1] <= self.outline.line_of(row) - self.top < self.height

    def top_showing(self, row: int) -> int:
        """The top of the nearest view that shows a row, and for a section's first row its headings too."""
        line = self.outline.line_of(row)
        section = self.outline.section_of(row)
        highest = max(0, min(line - self._depth(section), self.outline.head_line(row)))
        lowest = min(line - self.height + 1, highest)
        return max(lowest, min(self.top, highest))

    def paged(self, row: int, direction: int) -> tuple[int, int]:
        """The row a page further from a row (`direction` 1 or -1), and the view's top, the row's screen line kept."""
        line = self.outline.line_of(row)
        step = max(1, self.height - self._depth(self.outline.section_of(row)) - 1)
        target = line + direction * step
        found = self.outline.row_until(target) if direction > 0 else self.outline.row_from(target)
        beside = row + direction
        if found is None or (found - beside) * direction < 0:
            found = beside
        found = max(0, min(found, self.outline.rows - 1))
        moved = self.outline.line_of(found) - line
        top = max(0, min(self.top + moved, self.max_top))
        return found, View(self.outline, top, self.height, self.pin).top_showing(found)

    def _depth(self, section: int) -> int:
        if not self.pin or self.height < LEAST_HEIGHT_TO_PIN:
            return 0
        info = self.outline.sections[section]
        return 2 if info.subheading or self.outline.program_of(section).heading else 1
