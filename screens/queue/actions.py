"""What is done with a matter of the queue, in the list or on the page that it opened: handle its flag, postpone it."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

from screens.dialogs.handle_flag import HandleDialog, Handling
from screens.dialogs.set_aside import SetAsideDialog, Until
from screens.flag_text import instruction_text
from screens.journal_offer import JournalOffer, is_permanent, with_offer
from screens.note_draft import KEPT, about_flag, note_draft
from screens.refusals import notify_refusal, notify_warning
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom, whom_of
from screens.wording import short_date
from store.care.flags import handle_flag
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError
from store.foundation.flag_kinds import Severity
from store.foundation.hsa_id import hsa_key
from store.views.flags import flags_page
from store.views.matters import Matter
from store.views.todo import set_matter_aside

HANDLED = "Flaggan är hanterad."
TRIED = "Försöket är registrerat. Flaggan väntar kvar."


def may_handle(matter: Matter | None) -> bool:
    """Whether a matter has a flag to be handled."""
    return matter is not None and matter.flag is not None


def says_of(app: App[Any], client: StoreClient, matter: Matter, said: str) -> str:
    """Return what is said of a matter that was handled, with the offer of its *Journalunderlag*."""
    actor = client.actor
    is_mine = bool(matter.stands_in_for) or (
        actor is not None and hsa_key(actor.hsa_id or "") == hsa_key(matter.clinician)
    )
    offer = JournalOffer(client, matter.moment, whom_of_matter(matter))
    return with_offer(app, offer, said, may_read=is_permanent(client, is_mine=is_mine))


def may_set_aside(matter: Matter | None) -> bool:
    """Whether a matter may wait: a prioriterad flagga never does, nor an offer or a duty."""
    return matter is not None and matter.severity is not Severity.PRIORITY and matter.is_of_a_page


def whom_of_matter(matter: Matter) -> Whom:
    """Return whom a matter is about; a protected resident is masked."""
    return whom_of(matter.name, matter.program_title, is_protected=matter.protected, moment=matter.moment)


async def handle_matter(app: App[Any], client: StoreClient, matter: Matter) -> str:
    """Ask what was done about the matter's flag and handle it; returns what to say, nothing where it was not."""
    if matter.flag is None:
        return ""
    hold_keys(app)
    try:
        instruction = await _instruction(client, matter)
    except DomainError as refusal:
        release_keys(app)
        notify_refusal(app, refusal, whom=whom_of_matter(matter))
        return ""
    return await handle_in_dialog(
        app,
        client,
        matter.flag,
        matter.reason,
        client.write,
        whom=whom_of_matter(matter),
        instruction=instruction,
        now=client.clock() if matter.severity is Severity.PRIORITY else None,
    )


async def handle_in_dialog(
    app: App[Any],
    client: StoreClient,
    flag: int,
    reason: str,
    write: Callable[..., Awaitable[object]],
    *,
    whom: Whom,
    instruction: str,
    now: Instant | None,
) -> str:
    """Ask what was done about a flag and handle it; returns what to say, nothing where nothing was done.

    Args:
        app: where the dialog opens.
        client: the way to the store.
        flag: the flag's id.
        reason: why it was raised, as the dialog shows it.
        write: carries out an operation of the store with its arguments.
        whom: the resident and the program.
        instruction: what the unit does at a risk answer, where the flag is of one.
        now: the time, where it is a prioriterad flagga: then it is asked how it went.
    """
    done: Handling | None = None

    async def perform(handling: Handling, _confirmed: bool) -> None:
        nonlocal done
        await write(handle_flag, flag, handling.note, outcome=handling.outcome, next_attempt=handling.next_attempt)
        done = handling

    draft = await note_draft(client, whom.moment or 0, about_flag(flag))
    dialog = HandleDialog(reason, perform, whom=whom, instruction=instruction, now=now, draft=draft)
    await app.push_screen_wait(dialog)
    if await draft.put_away(
        dialog.typed, is_done=done is not None, is_given_up=dialog.is_given_up, is_lost=dialog.is_lost
    ):
        notify_warning(app, KEPT, whom=whom)
    return "" if done is None else whom.says(HANDLED if done.closes else TRIED)


async def set_aside(app: App[Any], client: StoreClient, matter: Matter, of: str | None) -> str:
    """Ask until when the matter may wait and why; returns what to say, nothing where it was not set aside."""
    until: Until | None = None

    async def perform(given: Until, _confirmed: bool) -> None:
        nonlocal until
        await client.write(set_matter_aside, matter.id, given.day, given.reason, of)
        until = given

    whom = whom_of_matter(matter)
    draft = await note_draft(client, matter.moment, f"skäl {matter.id}")
    dialog = SetAsideDialog(matter.reason, local_day(client.clock()), perform, whom=whom, draft=draft)
    await app.push_screen_wait(dialog)
    if await draft.put_away(
        dialog.typed, is_done=until is not None, is_given_up=dialog.is_given_up, is_lost=dialog.is_lost
    ):
        notify_warning(app, KEPT, whom=whom)
    return whom.says(f"Ärendet är uppskjutet till {short_date(until.day)}.") if until else ""


async def _instruction(client: StoreClient, matter: Matter) -> str:
    """Return what the unit does at a risk answer, where the matter is one."""
    if matter.severity is not Severity.PRIORITY:
        return ""
    return instruction_text(await client.read(flags_page, matter.moment))
