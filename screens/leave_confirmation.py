"""Asks once before what is not saved is left; the same key answers, for as long as the question stands."""

import time
from typing import Any

from textual.app import App

from screens.contracts import CoversAll, HoldsUnsaved

STANDS_SECONDS = 15.0
UNSAFE = "Det du har skrivit går inte att spara just nu. Tryck {} en gång till för att stänga ändå."
UNSAVED = "Det du har skrivit här är inte sparat. Spara det, eller tryck {} en gång till för att lämna det."


class LeaveConfirmation:
    """What was asked last, and until when it stands."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._question = ""
        self._until = 0.0

    @property
    def is_needed(self) -> bool:
        """Whether something stands written on a tab that only its own saving keeps."""
        return any(isinstance(screen, HoldsUnsaved) and screen.is_typed_in for screen in self._app.screen_stack)

    def is_given(self, question: str, key: str) -> bool:
        """Return whether a key answers a question that it was asked just now; else ask it."""
        question = question.format(key)
        if question == self._question and time.monotonic() < self._until:
            return True
        self._question, self._until = question, time.monotonic() + STANDS_SECONDS
        self._ask(question)
        return False

    def _ask(self, question: str) -> None:
        if isinstance(self._app.screen, CoversAll):
            self._app.screen.ask(question)
        else:
            self._app.notify(question, severity="warning", timeout=STANDS_SECONDS)
