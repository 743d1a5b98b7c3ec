"""A list whose rows are marked and previewed: what the keys of `mark_keys` and `preview_keys` do in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

from textual.notifications import SeverityLevel

from screens.row_marks import Outcome, RowMarks
from screens.widgets.paged_list import PagedList
from screens.widgets.preview_pane import PreviewPane
from screens.widgets.rest import Previewed
from store.foundation.errors import NotPermitted

T = TypeVar("T")


class ListOwner(Protocol[T]):
    """The widget that shows the list, its preview, and under it what there is no room for in the cursor's row."""

    @property
    def rows(self) -> PagedList[Any]:
        """The list."""

    @property
    def preview(self) -> PreviewPane:
        """What the cursor's row is about."""

    @property
    def chosen(self) -> T | None:
        """What the cursor's row shows; None where it is on none, or on one that is still being read."""

    def can_mark(self, row: T) -> bool:
        """Whether a row is one to do something for."""

    def previewed(self, row: T) -> Previewed:
        """Return a row as its preview needs it."""

    def make_room(self) -> None:
        """Show the columns that there is room for, and what stands under the list."""

    def refresh_bindings(self) -> None:
        """Offer the keys that do something now."""

    def notify(self, message: str, *, severity: SeverityLevel) -> None:
        """Show a notification."""


class MarkedList(Generic[T]):
    """Marks the rows of a list and shows its preview; held by the widget whose keys do it."""

    def __init__(self, owner: ListOwner[T], marks: RowMarks[T]) -> None:
        self._owner = owner
        self.marks = marks

    def offers(self, action: str) -> bool | None:
        """Return whether an action does something now; None where it is not one of these."""
        if action == "mark":
            return self._can_mark
        if action == "act":
            return self._can_mark or bool(self.marks.rows)
        if action == "unmark":
            return bool(self.marks.rows)
        if action == "preview":
            return self._owner.rows.row_count > 0 and self._owner.preview.can_be_asked
        return self._owner.preview.can_be_read if action == "read_preview" else None

    @property
    def _can_mark(self) -> bool:
        row = self._owner.chosen
        return row is not None and self._owner.can_mark(row)

    def enter(self) -> None:
        """Begin a new visit to the list: what came of it in the last one is told no longer."""
        self._owner.preview.visit()
        if self.marks.outcomes:
            self.marks.outcomes = {}
            self._show()
        self._owner.rows.focus()

    # Marks

    def mark(self) -> None:
        """Mark the cursor's row, or take the mark away."""
        row, shown = self._owner.rows.row, self._owner.chosen
        if row is not None and shown is not None and not self.marks.toggle(row.id, shown):
            self._owner.notify(self.marks.TOO_MANY, severity="warning")
        self._show()

    def unmark(self) -> None:
        """Unmark all rows."""
        self.marks.rows = {}
        self._show()

    def show_outcomes(self, outcomes: Mapping[int, Outcome]) -> None:
        """Show on the rows what came of an action, by moment."""
        self.marks.take(outcomes)
        self._show()

    def refused(self, error: Exception) -> None:
        """Forget the marked rows where they may no longer be seen."""
        if isinstance(error, NotPermitted):
            self.marks.forget()

    def _show(self) -> None:
        self._owner.make_room()
        self._owner.refresh_bindings()

    # The preview

    def follow_cursor(self) -> None:
        """Let the preview stand on the cursor's row."""
        row = self._owner.chosen
        self._owner.preview.stand_on(None if row is None else self._owner.previewed(row))

    def ask_preview(self) -> None:
        """Show what the cursor's row is about, or hide it again."""
        self._owner.preview.ask()
        self._owner.make_room()

    def settle(self) -> None:
        """Give the preview its place in the window, and the list the room beside it."""
        self._owner.preview.settle()
        self._owner.make_room()
