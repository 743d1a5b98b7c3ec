"""Flags on screen: each can be opened at its source and handled where it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.moment.flags.flag_rows import FlagLine, flag_rows, row_id, waiting_rows
from screens.queue.claims import claim_keys, offered_claim
from screens.widgets.row import Row
from screens.widgets.wrapped_list import WrappedList
from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.flag_kinds import About, Severity
from store.views.flags import FlagRow, FlagsPage


class FlagList(WrappedList):
    """A list of flags. It changes nothing itself: it posts what is asked for, and is shown the flags anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Öppna", id="flags.open", tooltip="Öppna det som flaggan kommer från."),
        Binding(
            "h",
            "handle",
            "Hantera flagga",
            id="flags.handle",
            tooltip="Hantera flaggan, med en anteckning om vad som har gjorts.",
        ),
        *claim_keys("flags"),
    ]

    class OpenAsked(Message):
        """What a flag came from is to be opened."""

        def __init__(self, flag: FlagRow) -> None:
            super().__init__()
            self.flag = flag

    class HandleAsked(Message):
        """A flag is to be handled."""

        def __init__(self, flag: FlagRow) -> None:
            super().__init__()
            self.flag = flag

    class ClaimAsked(Message):
        """A flag is to be taken, given up or taken over."""

        def __init__(self, flag: FlagRow) -> None:
            super().__init__()
            self.flag = flag

    def __init__(self, id: str, *, waiting: bool = False) -> None:
        """Show nothing until there are flags; with `waiting` the list shows only those that are not handled."""
        super().__init__(id)
        self._rows_of = waiting_rows if waiting else flag_rows
        self._may_handle: Callable[[Severity], bool] = lambda _: False
        self._actor: Actor | None = None

    def show(
        self, page: FlagsPage, now: Instant, *, may_handle: Callable[[Severity], bool], actor: Actor | None
    ) -> None:
        """Show flags to somebody; the cursor stays."""
        self._may_handle, self._actor = may_handle, actor
        self.show_made(partial(self._rows_of, page.flags, now))

    def move_to_flag(self, flag: int | None) -> None:
        """Put the cursor on a flag, now or when it has been read."""
        self.move_to(row_id(flag))

    @property
    def flag(self) -> FlagRow | None:
        """The cursor's flag."""
        row = self.row
        return row.flag if isinstance(row, FlagLine) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's flag."""
        flag = self.flag
        if action == "open":
            return flag is not None and has_source(flag)
        if action == "handle":
            return flag is not None and flag.handled_at is None and self._may_handle(flag.severity)
        if action == "claim":
            may = flag is not None and flag.handled_at is None and self._may_handle(flag.severity)
            return may and flag is not None and parameters == (offered_claim(flag.taken, self._actor),)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Post that the flag's source is to be opened."""
        if self.flag is not None and has_source(self.flag):
            self.post_message(self.OpenAsked(self.flag))

    def action_handle(self) -> None:
        """Post that the flag is to be handled."""
        if self.flag is not None:
            self.post_message(self.HandleAsked(self.flag))

    def action_claim(self, _what: str) -> None:
        """Post that the flag is to be taken, given up or taken over."""
        if self.flag is not None:
            self.post_message(self.ClaimAsked(self.flag))

    def clicked(self, row: Row) -> None:
        """Post that a clicked flag's source is to be opened."""
        if isinstance(row, FlagLine) and row.flag is not None and has_source(row.flag):
            self.post_message(self.OpenAsked(row.flag))


def has_source(flag: FlagRow) -> bool:
    """Whether there is something to be opened that a flag came from."""
    return flag.kind.facts.about is not About.NOTHING
