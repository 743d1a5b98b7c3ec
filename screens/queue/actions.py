"""What is done with a matter where it stands, in the queue or on the page that it opened."""

from typing import Any

from textual.app import App

from screens.dialogs.handle_flag import HandleDialog
from screens.dialogs.set_aside import SetAsideDialog, Until
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.wording import short_date
from store.care.flags import handle_flag
from store.foundation.clock import local_day
from store.foundation.errors import DomainError
from store.foundation.flag_kinds import Severity
from store.views.flags import flags_page
from store.views.matters import Matter
from store.views.todo import set_matter_aside

HANDLED = "Flaggan är hanterad."


def may_handle(matter: Matter | None) -> bool:
    """Whether a matter has a flag to be handled."""
    return matter is not None and matter.flag is not None


def may_set_aside(matter: Matter | None) -> bool:
    """Whether a matter may wait: a prioriterad flagga never does, nor what another unit waits for."""
    return matter is not None and matter.severity is not Severity.PRIORITY and matter.handover is None


async def handle(app: App[Any], client: StoreClient, matter: Matter) -> str:
    """Ask what was done about the matter's flag and handle it; returns what to say, nothing where it was not."""
    hold_keys(app)
    try:
        instruction = await _instruction(client, matter)
    except DomainError as refusal:
        release_keys(app)
        app.notify(refusal.message, severity="warning")
        return ""

    async def perform(note: str, _confirmed: bool) -> None:
        assert matter.flag is not None
        await client.write(handle_flag, matter.flag, note)

    done = await app.push_screen_wait(HandleDialog(matter.reason, perform, instruction=instruction))
    return HANDLED if done is not None else ""


async def set_aside(app: App[Any], client: StoreClient, matter: Matter, of: str | None) -> str:
    """Ask until when the matter may wait and why; returns what to say, nothing where it was not set aside."""
    until: Until | None = None

    async def perform(given: Until, _confirmed: bool) -> None:
        nonlocal until
        await client.write(set_matter_aside, matter.id, given.day, given.reason, of)
        until = given

    await app.push_screen_wait(SetAsideDialog(matter.reason, local_day(client.clock()), perform))
    return f"Ärendet är uppskjutet till {short_date(until.day)}." if until else ""


async def _instruction(client: StoreClient, matter: Matter) -> str:
    """Return what the unit does at a risk answer, where the matter is one."""
    from screens.moment.flags.notice import instruction_words  # a page's, and pages import this

    if matter.severity is not Severity.PRIORITY:
        return ""
    return instruction_words(await client.read(flags_page, matter.moment))
