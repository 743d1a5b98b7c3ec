"""From the queue to the matters themselves: one page after the other, until somebody turns back or nothing is left."""

from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.marks import PROTECTED
from screens.moment.forms.diary_screen import DiaryScreen
from screens.moment.forms.form_screen import FormScreen
from screens.moment.moment_screen import MomentScreen
from screens.moment.safety_plan.plan_screen import SafetyPlanScreen
from screens.queue.actions import whom_of_matter
from screens.queue.walk import Walk
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.wording import plural
from store.foundation.flag_kinds import MatterKind

ALL_DONE = "Inget mer väntar i kön."


async def walk_through(app: App[Any], client: StoreClient, walk: Walk, origin: str) -> str:
    """Open the matters of a walk, each in its turn; returns what to say in the queue."""
    while True:
        sentence = await app.push_screen_wait(page_of(app, client, walk, origin))
        if not walk.is_leaving:
            return sentence or ""
        if walk.is_done:
            release_keys(app)
            return _end(walk)
        walk.arrived()


def page_of(app: App[Any], client: StoreClient, walk: Walk, origin: str) -> Screen[Any]:
    """Return the page that the walk's matter opens: the answer, the diary, the säkerhetsplan, or the resident's page.

    Only the matter whose row was opened is read by that; going on to the next marks nothing (domain.md §4).

    Args:
        app: where the pages are opened.
        client: the way to the store.
        walk: how far the person has come; the page shows it.
        origin: the queue, as the way back names it.
    """
    matter = walk.current
    whom = whom_of_matter(matter)
    whose = f"{PROTECTED} {matter.name}" if matter.protected else matter.name

    async def open_moment(document: str) -> str | None:
        return await app.push_screen_wait(MomentScreen(client, matter.moment, document, walk=walk))

    if matter.answer is not None:
        return FormScreen(
            client,
            matter.moment,
            matter.answer,
            origin,
            whom=whom,
            whose=whose,
            walk=walk,
            open_moment=open_moment,
            marks_read=walk.is_chosen,
        )
    if matter.is_safety_plan and walk.is_chosen:  # opening the plan handles it
        return SafetyPlanScreen(
            client, matter.moment, origin, whom=whom, whose=whose, walk=walk, open_moment=open_moment
        )
    if matter.kind is MatterKind.FORM and matter.form:
        return DiaryScreen(
            client,
            matter.moment,
            origin,
            whom=whom,
            whose=whose,
            walk=walk,
            open_moment=open_moment,
            marks_read=walk.is_chosen,
        )
    return MomentScreen(client, matter.moment, origin, walk=walk)


def _end(walk: Walk) -> str:
    """Return what is said when the walk is at its end."""
    done = f"{walk.said} " if walk.said else ""
    if not walk.waiting:
        return f"{done}{ALL_DONE}"
    waits = plural(walk.waiting, "ärende väntar", "ärenden väntar")
    return f"{done}Du har gått igenom kön. {waits} fortfarande."
