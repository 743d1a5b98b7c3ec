"""How a preview beside a list is read: a row in a transaction of its own, logged before anything of it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from screens.store_client import StoreClient
from screens.whom import BETWEEN, whom_of
from screens.widgets.drawn_text import Draw
from screens.widgets.rest import Previewed
from store.views.lists import ListRow


class PreviewReader:
    """Reads the rows of a list for its preview."""

    def __init__(self, client: StoreClient, place: str) -> None:
        """`place` is the list's name, by which a visit to it is known in the log."""
        self._client = client
        self._place = place

    async def __call__(self, row: Previewed, is_new_visit: bool, is_awaited: Callable[[], bool]) -> Draw | None:
        """Return how a row is drawn; None where nobody awaits it any longer, and nothing was read.

        Raises:
            DomainError: it may not be read, or can't be.
        """
        view = await self._client.load("store.views.preview")  # tables: not imported before the first rows
        text = await self._client.load("screens.moment.preview_text")
        found = await self._client.run(partial(self._read, view, row, is_new_visit, is_awaited))
        return None if found is None else lambda width: text.draw_preview(found, self._client.clock(), width)

    def _read(self, view: ModuleType, row: Previewed, is_new_visit: bool, is_awaited: Callable[[], bool]) -> Any:
        if not is_awaited():  # the cursor went on while others were read
            return None
        operation = view.preview_moment if row.about is None else view.preview_matter
        return self._client.read_here(
            operation, row.moment, self._place, is_new_visit=is_new_visit, **(row.about or {})
        )


def previewed_row(row: ListRow, *, is_units: bool) -> Previewed:
    """Return a row of a list of moments as its preview needs it; `is_units`: the moment is not the person's own."""
    whom = whom_of(row.name, row.program_title, is_protected=row.is_protected)
    return Previewed(
        row.id,
        BETWEEN.join(whom[:2]),
        row.id,
        is_by_key=is_units or row.is_protected,
        is_protected=row.is_protected,
    )
