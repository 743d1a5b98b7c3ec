"""The top line of a page that is opened from another."""

from __future__ import annotations

from screens.store_client import StoreClient
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day


def page_title(client: StoreClient, origin: str, *about: str) -> TitleBar:
    """Return the line: the way back to `origin`, what the page is `about`, the day and who looks."""
    actor = client.actor
    return TitleBar(
        trail=(f"‹ {origin}", *about),
        practice=client.practice,
        today=local_day(client.clock()),
        person=actor.name if actor else "",
    )
