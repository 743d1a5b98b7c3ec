"""*Startade moduler* on screen: rows with a cursor, folded and unfolded, one painted widget (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from screens.moment.modules.module_keys import KEYS
from screens.moment.modules.module_rows import (
    STARTED,
    WAITING,
    ModuleRow,
    first_unfolded,
    module_id,
    module_rows,
    next_unopened,
)
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from store.views.moment import ModuleState


class ModuleList(RowList):
    """The modules with their steps. It changes nothing itself: it posts what is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    class HideAsked(Message):
        """A module or section is to be hidden from the resident, or shown again."""

        def __init__(self, part: str, *, hide: bool) -> None:
            super().__init__()
            self.part = part
            self.hide = hide

    class OpenAsked(Message):
        """A module is to be opened for the resident."""

        def __init__(self, module: str) -> None:
            super().__init__()
            self.module = module

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("modules", STARTED)
        self._modules: Sequence[ModuleState] = ()
        self._unfolded: set[str] = set()
        self._is_unfolded_first = False
        """Whether what is unfolded at first is."""
        self._today: date | None = None
        self._may_hide = self._may_open = False

    def show(self, modules: Sequence[ModuleState], today: date, *, may_hide: bool, may_open: bool) -> None:
        """Show a page's modules; the cursor and what is unfolded stay."""
        if (modules, today, may_hide, may_open) == (self._modules, self._today, self._may_hide, self._may_open):
            return
        self._modules, self._today, self._may_hide, self._may_open = modules, today, may_hide, may_open
        if not self._is_unfolded_first:
            self._unfolded, self._is_unfolded_first = first_unfolded(modules), True
        self._lay_out()

    def start_over(self) -> None:
        """Forget what is folded: the next moment that is shown is another."""
        self._is_unfolded_first, self._cursor, self._modules = False, STARTED, ()

    def unfold(self, part: str) -> None:
        """Show a module's steps, those of the module that a section stands in, with the cursor on it."""
        module = next((one.id for one in self._modules for s in one.sections if part in (one.id, s.id)), part)
        self._unfolded |= {STARTED, WAITING, module_id(module)}
        self._lay_out()
        self.move_to_module(module)

    def move_to_module(self, module: str) -> None:
        """Put the cursor on a module."""
        self.move_to(module_id(module))

    @property
    def row(self) -> ModuleRow | None:
        """The cursor's row."""
        row = super().row
        return row if isinstance(row, ModuleRow) else None

    @property
    def step(self) -> str:
        """The step that the cursor is on, the first of the module that it is on, empty where it is on neither."""
        row = self.row
        if row is None or row.step:
            return row.step if row else ""
        return next((module.steps[0].id for module in self._modules if module.id == row.module and module.steps), "")

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's module, section or step."""
        row = self.row
        if action == "fold":
            return row is not None and row.is_open is (not parameters[0])
        if action == "hide":
            return bool(self._may_hide and row and row.part and row.is_hidden is (not parameters[0]))
        if action == "open_next":
            return self._may_open and next_unopened(self._modules) is not None
        return super().check_action(action, parameters)

    def action_fold(self, unfold: bool) -> None:
        """Unfold the cursor's row, or fold it."""
        if self.row is not None:
            self._fold(self.row, unfold=unfold)

    def action_hide(self, hide: bool) -> None:
        """Post that the cursor's part is to be hidden, or shown again."""
        if self.row is not None:
            self.post_message(self.HideAsked(self.row.part, hide=hide))

    def action_open_next(self) -> None:
        """Post that the next module is to be opened."""
        if (module := next_unopened(self._modules)) is not None:
            self.post_message(self.OpenAsked(module.id))

    def clicked(self, row: Row) -> None:
        """Fold what can be folded, or unfold it."""
        if isinstance(row, ModuleRow) and row.is_open is not None:
            self._fold(row, unfold=not row.is_open)

    def _fold(self, row: ModuleRow, *, unfold: bool) -> None:
        (self._unfolded.add if unfold else self._unfolded.discard)(row.id)
        self._lay_out()

    def _lay_out(self) -> None:
        if self._today is None:  # nothing has been shown yet
            return
        rows, row = module_rows(self._modules, self._unfolded, self._today), self.row
        if row is not None and row.id not in {shown.id for shown in rows}:
            self._cursor = module_id(row.module)  # a step folded away leaves the cursor on its module
        self.show_rows(rows)
