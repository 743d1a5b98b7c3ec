"""*Notera kontakt*: asked for in a dialog, and noted (domain.md §4)."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

from screens.dialogs.contact_made import ContactMadeDialog, NewContact
from screens.journal_offer import JournalOffer, with_offer
from screens.note_draft import KEPT, note_draft
from screens.refusals import notify_warning
from screens.store_client import StoreClient
from screens.whom import Whom
from store.care.contacts import note_contact

CONTACTED = "Kontakten är noterad."


async def note_contact_in_dialog(
    app: App[Any], client: StoreClient, moment: int, write: Callable[..., Awaitable[object]], *, whom: Whom
) -> str:
    """Ask for a contact that was made and note it; returns what to say, nothing where none was noted.

    Args:
        app: where the dialog opens.
        client: the way to the store.
        moment: the moment's id.
        write: carries out an operation of the store with its arguments.
        whom: the resident and the program.
    """

    async def perform(made: NewContact, _confirmed: bool) -> None:
        await write(note_contact, moment, made.sort, made.minutes, made.note, at=made.at)

    draft = await note_draft(client, moment, "kontakt")
    dialog = ContactMadeDialog(perform, whom=whom, clock=client.clock, draft=draft)
    done = await app.push_screen_wait(dialog)
    if await draft.put_away(
        dialog.typed, is_done=done is not None, is_given_up=dialog.is_given_up, is_lost=dialog.is_lost
    ):
        notify_warning(app, KEPT, whom=whom)
    if done is None:
        return ""
    return with_offer(app, JournalOffer(client, moment, whom), whom.says(CONTACTED), may_read=True)
