"""`U` Ångra: the last that the person did, in a moment or anywhere, undone; a message only while it is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.dialog import Dialog, submits
from screens.refusals import notify_refusal, notify_warning
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom, whom_of
from screens.wording import clock_time
from store.care.acts import ActKind
from store.care.held_messages import HOLD, note_release
from store.care.undo import NOTHING, Undoable, undo_act, undoable
from store.foundation.clock import Instant
from store.foundation.errors import DomainError

Do = Callable[..., Awaitable[list[str]]]
"""Carries out an operation of the store with its arguments."""


class UndoDialog(Dialog[bool, list[str]]):
    """Ask before something is undone: the row under the cursor may be another's."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ångra")]
    AUTO_FOCUS: ClassVar[str | None] = "#main"
    main_label = "Ångra"

    def __init__(self, found: Undoable, perform: Callable[[], Awaitable[list[str]]], *, whom: Whom) -> None:
        """Show what would be undone."""

        async def performed(_value: bool, _confirmed: bool) -> list[str]:
            return await perform()

        super().__init__("Ångra", performed, whom=whom)
        self._found = found

    def body(self) -> Iterable[Widget]:
        """Return what was done, and when."""
        yield Static(Content(f"Det senaste du gjorde: {self._found.words}, {clock_time(Instant(self._found.at))}."))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True


async def undo_last(
    app: App[Any], client: StoreClient, moment: int | None, do: Do | None = None, *, here: Whom | None = None
) -> bool:
    """Undo the last that the person did in a moment, or anywhere; a message that is still held comes before that.

    To be awaited in a worker. Returns whether something was undone; what was, or why not, is said. `here` is whom the
    moment is about, where one is given.
    """
    hold_keys(app)
    try:
        found = await _found(client, moment)
    except DomainError as refusal:
        release_keys(app)
        notify_refusal(app, refusal, whom=here)
        return False
    if found is None:
        release_keys(app)
        notify_warning(app, NOTHING, whom=here)
        return False
    whom = whom_of(found.name, found.program_title, is_protected=found.protected)

    async def perform() -> list[str]:
        return await (do or client.write)(undo_act, found.moment)

    if found.kind is ActKind.MESSAGE:  # there is no time to ask
        release_keys(app)
        try:
            said = await perform()
        except DomainError as refusal:
            notify_refusal(app, refusal, whom=whom)
            return False
    else:
        done = await app.push_screen_wait(UndoDialog(found, perform, whom=whom))
        if done is None:
            return False
        said = done.value
    app.notify(whom.says(said[1]), markup=False)
    return True


async def _found(client: StoreClient, moment: int | None) -> Undoable | None:
    latest = await client.read(undoable)
    is_held = latest is not None and latest.kind is ActKind.MESSAGE and latest.at + HOLD > client.clock()
    return latest if moment is None or is_held else await client.read(undoable, moment)


def release_later(app: App[Any], client: StoreClient, moment: int) -> None:
    """Write down, soon after its time, that a held message has gone: the lists show it then. It goes by itself."""

    async def release() -> None:
        with suppress(DomainError):  # else whatever acts in the moment next does it
            await client.write(note_release, moment)

    app.set_timer(HOLD / 1000 + 0.1, lambda: app.run_worker(release(), group="release", exit_on_error=False))
