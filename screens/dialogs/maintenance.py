"""*Vidmakthållande läge* and back: what it means, before it is done (FAQ; domain.md §3.3)."""

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.dialog import Dialog, submits
from screens.whom import Whom

MAINTAIN = (
    "I vidmakthållande läge kan invånaren repetera programmet, men varken svara, skriva eller skicka meddelanden. Inte "
    "heller du kan skriva till invånaren.\n\n"
    "Påminnelser upphör, och inga flaggor om tystnad eller saknade formulär sätts. Prioriterade flaggor finns kvar. "
    "Den ansvariga behandlaren kan när som helst återuppta momentet, byta behandlare eller avsluta."
)
RESUME = (
    "Momentet blir pågående igen. Invånaren kan svara, skriva och skicka meddelanden, och du kan skriva till "
    "invånaren. Påminnelser och flaggor gäller på nytt."
)


class MaintenanceDialog(Dialog[bool, None]):
    """Put a moment in maintenance, or take it back."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Bekräfta")]
    AUTO_FOCUS: ClassVar[str | None] = "#main"

    def __init__(self, perform: Callable[[], Awaitable[None]], *, whom: Whom, resume: bool) -> None:
        """`resume`: the moment is in maintenance already."""
        heading = "Återuppta momentet" if resume else "Vidmakthållande läge"
        super().__init__(heading, _without_value(perform), whom=whom)
        self._resume = resume
        self.main_label = "Återuppta" if resume else "Sätt i vidmakthållande läge"  # type: ignore[misc]

    def body(self) -> Iterable[Widget]:
        """Return what it means."""
        yield Static(Content(RESUME if self._resume else MAINTAIN))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True


def _without_value(perform: Callable[[], Awaitable[None]]) -> Callable[[bool, bool], Awaitable[None]]:
    async def performed(_value: bool, _confirmed: bool) -> None:
        await perform()

    return performed
