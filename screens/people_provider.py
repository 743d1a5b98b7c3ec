"""The residents in the palette (ctrl+p): found by name or number from anywhere, within what one may see (domain.md §5).

A search is a search: it is logged as one, with everybody whom it hands out, so it waits until who types pauses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import App
from textual.command import Hit, Hits, Provider
from textual.content import Content

from screens.list_source import SUBHEADINGS
from screens.marks import PROTECTED
from screens.moment_opener import OpensMoments, ShowsMoment
from store.foundation.access import Role
from store.foundation.text import search_words
from store.people.sign_in import StaffActor
from store.views.lists import READERS, ListRow, Tab

if TYPE_CHECKING:
    from screens.store_client import StoreClient

MOST = 9
"""Moments that are offered at a time; the lists have the others."""
SHORTEST = 2
"""Letters from which on a word is looked for among names."""


class PeopleProvider(Provider):
    """Offers the moments of the residents that a query names; without a query those opened last."""

    async def discover(self) -> Hits:
        """Offer the moments that the person has opened in this session, the latest first, but not the one in view.

        Raises:
            DomainError: the store is out of reach.
        """
        client = _client_of(self.app)
        if client is None:
            return
        here = self.screen.moment_shown if isinstance(self.screen, ShowsMoment) else None
        asked = [moment for moment in client.recent_moments if moment != here][:MOST]
        rows = await client.run_together(partial(_recent, client, asked), PeopleProvider) if asked else []
        for hit in self._hits(rows):
            yield hit

    async def search(self, query: str) -> Hits:
        """Offer them, the latest opened first.

        Raises:
            DomainError: the store is out of reach.
        """
        client = _client_of(self.app)
        if client is None or not any(len(word) >= SHORTEST for word in search_words(query)):
            return
        rows = await client.run_together(partial(_found, client, query), PeopleProvider)
        recent = client.recent_moments
        rows.sort(key=lambda row: recent.index(row.id) if row.id in recent else len(recent))
        for hit in self._hits(rows[:MOST]):
            yield hit

    def _hits(self, rows: Sequence[ListRow]) -> Iterator[Hit]:
        for place, row in enumerate(rows):
            name = PROTECTED if row.is_protected else row.name
            about = Content(f"{row.program_title} · {SUBHEADINGS[row.status]} · {row.clinician_name}")
            run = partial(self.app.call_later, cast(OpensMoments, self.app).open_moment, row.id)
            yield Hit(1 / (1 + place), cast(str, Content(name)), run, text=name, help=cast(str, about))


def _client_of(app: App[object]) -> StoreClient | None:
    """Return the way to the store, where somebody is at work who has lists of residents."""
    if not isinstance(app, OpensMoments):
        return None
    actor = app.client.actor
    return app.client if isinstance(actor, StaffActor) and not actor.roles.isdisjoint(READERS) else None


def _recent(client: StoreClient, moments: Sequence[int]) -> list[ListRow]:
    from store.views.search import list_recent

    return client.read_here(list_recent, moments)


def _found(client: StoreClient, query: str) -> list[ListRow]:
    """Search the lists that the person has; a moment that stands in two is found once."""
    from store.views.search import search_list  # nobody has searched before the first rows

    actor = client.actor
    sees_all = isinstance(actor, StaffActor) and Role.RESIDENT_ADMIN in actor.roles
    tabs = (Tab.ALL,) if sees_all else (Tab.MINE, Tab.ALL)
    found = [row for tab in tabs for row in client.read_here(search_list, tab, query, limit=MOST)]
    return list({row.id: row for row in found}.values())
