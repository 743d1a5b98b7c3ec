"""The line over what a page shows that says why it could not be read anew."""

from __future__ import annotations

from textual.content import Content

from screens.dialogs.controls import Lines
from store.foundation.errors import DomainError


class ReadingTrouble(Lines):
    """Nothing, until a reading is refused."""

    DEFAULT_CSS = """
    ReadingTrouble { display: none; color: $text-error; padding: 0 1; }
    ReadingTrouble.-shown { display: block; }
    """

    def tell(self, refusal: DomainError | None) -> None:
        """Say why; nothing where it was read."""
        self.set_class(refusal is not None, "-shown")
        self.show([("!", Content(refusal.message))] if refusal else ())
