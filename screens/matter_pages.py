"""From the queue to the matters themselves: one page after the other, until somebody turns back or nothing is left."""

from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.list_columns import PROTECTED
from screens.moment.diary import DiaryScreen
from screens.moment.form import FormScreen
from screens.moment.page import MomentScreen
from screens.queue_walk import Walk
from screens.seam import Seam
from screens.type_ahead import release_keys
from screens.wording import plural
from store.views.matters import FORM

ALL_DONE = "Inget mer väntar i kön."


async def walk_through(app: App[Any], seam: Seam, walk: Walk, origin: str) -> str:
    """Open the matters of a way, each in its turn; returns what to say in the queue."""
    while True:
        told = await app.push_screen_wait(page_of(seam, walk, origin))
        if not walk.is_leaving:
            return told or ""
        if walk.is_done:
            release_keys(app)
            return _end(walk)
        walk.arrived()


def page_of(seam: Seam, walk: Walk, origin: str) -> Screen[Any]:
    """Return the page that the way's matter opens: the answer, the diary, or the resident's page at what it is about.

    Args:
        seam: the way to the store.
        walk: where one is; the page shows it.
        origin: the queue, as the way back names it.
    """
    matter = walk.current
    whose = f"{PROTECTED} {matter.name}" if matter.protected else matter.name
    if matter.answer is not None:
        return FormScreen(seam, matter.moment, matter.answer, origin, whose).alone().on(walk)
    if matter.kind == FORM and matter.form:
        return DiaryScreen(seam, matter.moment, origin, whose).alone().on(walk)
    return MomentScreen(seam, matter.moment, origin).on(walk)


def _end(walk: Walk) -> str:
    """Return what is said when the way is at its end."""
    done = f"{walk.said} " if walk.said else ""
    if not walk.waiting:
        return f"{done}{ALL_DONE}"
    waits = plural(walk.waiting, "ärende väntar", "ärenden väntar")
    return f"{done}Du har gått igenom kön. {waits} fortfarande."
