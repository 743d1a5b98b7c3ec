"""The line above a list that tells that the database is away, and has the list read until it is back."""

from typing import Any, ClassVar

from textual.content import Content
from textual.widgets import Static

from screens.widgets.paged_list import PagedList
from store.foundation.errors import DomainError, StoreUnreachable


class ListTrouble(Static):
    """Nothing, until the list could not be read."""

    DEFAULT_CSS = """
    ListTrouble { height: auto; display: none; color: $text-error; padding: 0 1; }
    ListTrouble.-shown { display: block; }
    """
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def clear(self) -> None:
        """Say nothing: the list has been read."""
        self.set_class(False, "-shown")

    def tell(self, error: Exception, rows: PagedList[Any]) -> None:
        """Say why the list could not be read, and read it again soon where the database was away.

        Raises:
            Exception: `error` itself, where it is a fault of the program.
        """
        if isinstance(error, StoreUnreachable):
            self.update(Content(f"! {error.message}"))
            self.set_class(True, "-shown")
            self.set_timer(self.RETRY, rows.refresh_rows)
        elif isinstance(error, DomainError):
            self.notify(error.message, severity="warning", markup=False)
        else:
            raise error
