"""The resident's side in a terminal of its own (domain.md §9)."""

from __future__ import annotations

import sys
from contextlib import suppress

from textual import constants

from screens.resident.resident_app import ResidentApp
from screens.store_client import StoreClient
from sob_tui import VERSION
from sob_tui.lone_trainee import begin_trainee
from sob_tui.preferences import preferences
from sob_tui.printing import tell
from sob_tui.settings import escape_seconds, state_folder
from store.foundation.access import Actor
from store.foundation.errors import Refused
from store.foundation.store import Store


def run_as_resident(store: Store, actor: Actor, personnummer: str) -> int:
    """Run the resident's side on an open practice store until it is closed; returns the exit code."""
    constants.ESCAPE_DELAY = escape_seconds()  # type: ignore[misc]  # where Textual looks each time
    if sys.__stdin__ is None or sys.__stderr__ is None:
        raise Refused("Appen behöver en terminal, och standard in eller standard fel är stängd. Se sob --help.")
    begin_trainee(store)
    client = StoreClient(store.engine.url, practice=True, clock=store.clock, store=store)
    client.actor = actor
    mine = preferences(practice=True)
    app = ResidentApp(
        client,
        personnummer,
        keymap=mine.keymap,
        crash_folder=state_folder(),
        theme=mine.theme,
        version=VERSION,
        dense=mine.is_dense,
    )
    app.run()
    client.close()
    if app.ended_because:
        with suppress(OSError):  # there may be no terminal to say it in
            tell(app.ended_because)
    return app.return_code or 0
