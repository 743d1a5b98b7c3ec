"""Leaving what is not saved: asked about once, and answered by the same key while the question stands."""

import time
from typing import Any

from textual.app import App

from screens.contracts import CoversAll, HoldsUnsaved

STANDS_SECONDS = 15.0
UNSAFE = "Det du har skrivit går inte att spara just nu. {} en gång till stänger ändå."
UNSAVED = "Ändringarna på fliken är inte sparade. Spara dem, eller tryck {} en gång till för att lämna dem."


class Leaving:
    """What was asked last, and when."""

    def __init__(self, app: App[Any]) -> None:
        """Ask on an app's screen."""
        self._app = app
        self._asked = ""
        self._until = 0.0

    @property
    def loses(self) -> bool:
        """Whether something stands written on a tab that only its own saving keeps."""
        return any(isinstance(screen, HoldsUnsaved) and screen.is_typed_in for screen in self._app.screen_stack)

    def is_sure(self, question: str, key: str) -> bool:
        """Return whether this was asked just now, and is answered by asking for it again; else ask it."""
        question = question.format(key)
        if question == self._asked and time.monotonic() < self._until:
            return True
        self._asked, self._until = question, time.monotonic() + STANDS_SECONDS
        self._ask(question)
        return False

    def _ask(self, question: str) -> None:
        if isinstance(self._app.screen, CoversAll):
            self._app.screen.ask(question)
        else:
            self._app.notify(question, severity="warning", timeout=STANDS_SECONDS)
