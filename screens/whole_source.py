"""A list that is read whole each time, since it is never long: its rows, in the shape that the list widget asks for."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from screens.widgets.outline import SectionInfo
from screens.widgets.paging import Key, Place

T = TypeVar("T")

_ALL = "all"


@dataclass(frozen=True)
class WholeRow(Generic[T]):
    """A row of a list that is read whole: its value, and its place."""

    id: str
    value: T
    place: int

    @property
    def key(self) -> Key:
        """The row's place, as the key that lists order by."""
        return (self.place,)


class WholeSource(Generic[T]):
    """Rows without headings. Called in a thread. Subclasses give `read` and `id_of`."""

    _rows: tuple[WholeRow[T], ...] = ()

    def read(self) -> Sequence[T]:
        """Read all that is shown, in order.

        Raises:
            DomainError: what the operation refuses.
        """
        raise NotImplementedError

    def id_of(self, value: T) -> str:
        """Return what tells a row from the others."""
        raise NotImplementedError

    def sections(self) -> Sequence[SectionInfo]:
        """Read the whole list as one section."""
        self._rows = tuple(WholeRow(self.id_of(value), value, place) for place, value in enumerate(self.read()))
        return [SectionInfo(_ALL, len(self._rows))] if self._rows else []

    def page(
        self,
        section: Hashable,  # noqa: ARG002
        after: Key | None,
        limit: int,
        *,
        backwards: bool = False,
    ) -> Sequence[WholeRow[T]]:
        """Return the rows next after a key, or next before it."""
        if backwards:
            end = len(self._rows) if after is None else int(after[0])
            return self._rows[max(0, end - limit) : end]
        start = 0 if after is None else int(after[0]) + 1
        return self._rows[start : start + limit]

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[WholeRow[T]]:  # noqa: ARG002
        """Return the rows from a place on."""
        return self._rows[offset : offset + limit]

    def locate(self, row_id: Hashable) -> Place | None:
        """Return where a row stands now."""
        return next((Place(_ALL, row.place) for row in self._rows if row.id == row_id), None)

    def offset_of(self, section: Hashable, key: Key) -> int:  # noqa: ARG002
        """Return how many rows come before a key."""
        return min(int(key[0]), len(self._rows))
