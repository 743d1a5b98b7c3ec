"""What is shown of a resident: a protected one is masked until somebody chooses to see (domain.md §8)."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sob_tui.commands.words import NOTHING
from store.foundation.errors import NotPermitted
from store.foundation.identity import MASKED_NAME, PersonalNumber
from store.foundation.read_transaction import ReadTransaction


class HasResident(Protocol):
    """A list's row, or a moment's page."""

    @property
    def id(self) -> int: ...  # noqa: D102 - the moment's id
    @property
    def personnummer(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def protection(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Shown:
    """A resident as shown; None is what is masked."""

    personnummer: str | None
    name: str | None
    is_protected: bool

    @property
    def name_text(self) -> str:
        """The name, or what stands in its place."""
        return self.name or MASKED_NAME

    def number_text(self, today: date) -> str:
        """The number with its separator, or a dash."""
        return PersonalNumber(self.personnummer).display(today) if self.personnummer else NOTHING


def shown(work: ReadTransaction, row: HasResident, *, reveal: bool) -> Shown:
    """Return the resident; revealing a protected one is logged, and left out for who may only see the list."""
    if not row.protection:
        return Shown(row.personnummer, row.name, is_protected=False)
    if reveal:
        from store.views.moment import reveal_protected

        try:
            return Shown(*reveal_protected(work, row.id), is_protected=True)
        except NotPermitted:
            pass
    return Shown(None, None, is_protected=True)
