"""What a page of the help says of its exercises, and how they are begun from it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from screens.shown_keys import keyed

IN_PRACTICE = "Öva på det här: tryck {article.practise}."
ELSEWHERE = "Öva på det här i övningsmiljön: kör `sob ovning` i en egen terminal, och välj Övningar med {app.commands}."


async def no_titles(_page: str) -> Sequence[str]:
    """Return that a page has no exercise."""
    return ()


class Practising(NamedTuple):
    """The exercises of the pages of the help."""

    titles: Callable[[str], Awaitable[Sequence[str]]] = no_titles
    """The titles of a page's, by the page's id."""
    begin: Callable[[str], object] | None = None
    """Begins one of a page's; None where there is no practising: nobody is signed in, or the store is a real one."""

    def told(self, titles: Sequence[str]) -> tuple[str, Sequence[str]]:
        """Return a sentence on how it is practised, as Markdown, and what there is, as text."""
        return keyed(IN_PRACTICE if self.begin is not None else ELSEWHERE), titles
