"""The rows of a queue, and what Enter does with the cursor's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.queue.labels import Opening, opening
from screens.queue.source import MatterRow, QueueSource
from screens.widgets.columns import Column
from screens.widgets.paged_list import PagedList
from screens.widgets.paging import Fetch, FetchedRows, Request


class QueueList(PagedList[MatterRow]):
    """The rows. What Enter does depends on the cursor's row, and the key bar says it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            f"open_as('{words}')",
            words.replace(" ", "\xa0"),
            id=f"todo.open.{place}",
            tooltip=f"{words}. Sedan leder varje ärende vidare till nästa.",
        )
        for place, words in enumerate(Opening)
    ]

    def __init__(self, columns: Sequence[Column[MatterRow]], source: QueueSource, fetch: Fetch, empty: str) -> None:
        """Show a queue."""
        super().__init__(columns, source, fetch=fetch, empty=empty)
        self.was_read = asyncio.Event()

    def _take(self, request: Request[MatterRow], reading: FetchedRows[MatterRow]) -> None:
        super()._take(request, reading)
        self.was_read.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer Enter with the words of the cursor's row."""
        if action == "open_as":
            row = self.row
            return self.row_count > 0 and parameters[0] == (opening(row.value) if row else Opening.READ_ANSWER)
        return super().check_action(action, parameters)

    def action_open_as(self, _words: str) -> None:
        """Open the cursor's row."""
        self.action_open()
