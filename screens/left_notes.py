"""Notes on flags that wait no longer: what was typed and kept in a sealed file is shown, not left there for good."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.app import App
from textual.screen import ModalScreen

from screens.kept_drafts import KeptDraft, KeptDrafts
from screens.note_draft import flag_of
from screens.store_client import StoreClient
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor


async def show_left_notes(app: App[Any], client: StoreClient) -> None:
    """Show each note of the one who is signed in whose flag is handled, or no longer on the unit.

    To be awaited in a worker. While something lies over the page, or without a database, nothing is shown: the next
    start looks again.
    """
    kept, actor = KeptDrafts.of(client), client.actor
    if kept is None or not isinstance(actor, StaffActor):
        return
    notes = {flag: one for one in await client.run_on_files(kept.texts) if (flag := flag_of(one.about)) is not None}
    if not notes:
        return
    views = await client.load("store.views.open_flags")
    with suppress(DomainError):
        waiting = await client.run(lambda: views.still_open(client.store, actor.unit_id or 0, notes))
        for flag, note in notes.items():
            if flag not in waiting and client.actor is actor and not isinstance(app.screen, ModalScreen):
                await _show(app, client, kept, note)


async def _show(app: App[Any], client: StoreClient, kept: KeptDrafts, note: KeptDraft) -> None:
    from screens.dialogs.left_note import LeftNoteDialog  # few ever need it

    async def perform(_value: None, _confirmed: bool) -> None:
        await client.run_on_files(lambda: kept.forget(note.name))

    await app.push_screen_wait(LeftNoteDialog(note.attempts[-1].text, perform))
