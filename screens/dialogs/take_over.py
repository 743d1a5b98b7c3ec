"""*Ta över*: somebody else is on a flag, and the person takes it from them (domain.md §4)."""

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.dialog import Dialog, submits
from screens.whom import Whom
from screens.wording import clock_time
from store.care.claims import Taken
from store.foundation.clock import Instant

MEANS = "Tar du över ser alla på enheten att du har den, och {name} att det inte längre gäller. Stäm av först."


class TakeOverDialog(Dialog[bool, int]):
    """Confirms taking over a colleague's claim on a flag; gives until when the own claim holds (UTC milliseconds)."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ta över")]
    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    def __init__(self, taken: Taken, perform: Callable[[], Awaitable[int]], *, whom: Whom) -> None:
        """`taken` says who is on it, `whom` is the resident and the program."""

        async def without_value(_value: bool, _confirmed: bool) -> int:
            return await perform()

        super().__init__("Ta över flaggan", without_value, whom=whom)
        self._taken = taken
        self.main_label = f"Ta över från {taken.name}"  # type: ignore[misc]

    def body(self) -> Iterable[Widget]:
        """Return who is on it, since when and until when, and what taking it over means."""
        until = clock_time(Instant(self._taken.until)).replace(":", ".")
        yield Static(Content(f"{self._taken.said}, till {until}."))
        yield Static(Content(f"\n{MEANS.format(name=self._taken.name)}"))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True
