"""The pages of the help in the palette (ctrl+p): found by their words, after the commands that are called so."""

from __future__ import annotations

from functools import partial
from typing import cast

from textual.command import Hit, Hits, Provider
from textual.content import Content

from store.foundation.text import fold
from store.help.articles import shipped_help
from store.help.search import search

MOST = 8
"""Pages that are offered at a time; the help itself has the others."""


class HelpProvider(Provider):
    """Offers the pages that a query is about."""

    async def search(self, query: str) -> Hits:
        """Offer the best pages; one whose title has the words stands among the commands, others after them."""
        for rank, hit in enumerate(search(shipped_help(), query)[:MOST]):
            article = hit.article
            is_called_so = fold(query.strip()) in fold(article.title)
            score = 2.0 * len(query) - rank if is_called_so else 1 / (1 + rank)
            shown, group = Content(f"Hjälp: {article.title}"), Content(article.group.label)
            run = partial(self.app.call_later, self.app.run_action, f"app.article('{article.id}')")
            yield Hit(max(score, 0.01), cast(str, shown), run, text=article.title, help=cast(str, group))
