"""The queue joined to the pages that its matters open: the queue itself knows none of them."""

from typing import Any

from textual.app import App

from screens.preview_reading import PreviewReader
from screens.queue.colleague import ColleagueQueue
from screens.queue.tab import QueueTab
from screens.queue.walk import Walk
from screens.store_client import StoreClient


def own_queue(client: StoreClient, *, id: str | None = None) -> QueueTab:
    """Return the tab *Att göra*."""
    return QueueTab(client, open_matters, PreviewReader(client, "att göra"), id=id)


def colleague_queue(client: StoreClient, hsa_id: str, name: str, origin: str) -> ColleagueQueue:
    """Return the page of a colleague's queue; `origin` is the page it is opened from, as the way back names it."""
    reader = PreviewReader(client, f"att göra för {hsa_id}")
    return ColleagueQueue(client, open_matters, reader, hsa_id, name, origin)


async def open_matters(app: App[Any], client: StoreClient, walk: Walk, origin: str) -> str:
    """Open a matter, and after it the others, until somebody turns back; returns what to say in the queue."""
    pages = await client.load("screens.moment.walk_pages")
    said: str = await pages.walk_through(app, client, walk, origin)
    return said
