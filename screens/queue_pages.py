"""*Att göra* with the pages that its matters lead to. The queue knows of no page: it is handed what opens them."""

from typing import Any

from textual.app import App

from screens.queue.tab import TodoTab
from screens.queue.walk import Walk
from screens.store_client import StoreClient


def own_queue(client: StoreClient, id: str) -> TodoTab:
    """Return the tab with one's own queue."""
    return TodoTab(client, walk_through, id=id)


async def walk_through(app: App[Any], client: StoreClient, walk: Walk, origin: str) -> str:
    """Open the matters of a walk, each in its turn; returns what to say in the queue.

    Args:
        app: where the pages are opened.
        client: the way to the store.
        walk: how far the person has come.
        origin: the queue, as the way back names it.
    """
    pages = await client.load("screens.moment.walk_pages")  # what the first rows don't wait for
    said: str = await pages.walk_through(app, client, walk, origin)
    return said
