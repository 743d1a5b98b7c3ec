"""The lines of the help: keys with what they do, pages to read, and where to turn; which of them a search leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen

from screens.commands import Command, commands_of
from screens.widgets.cells import wrap
from store.foundation.text import fold
from store.help.articles import Article, Group, Help
from store.help.search import search
from store.people.ticket import Where

HERE, ABOUT, EVERYWHERE, MORE = "Här", "Om det som finns här", "Överallt", "Mer hjälp"
CURSOR = "Flytta markören"
FOUND, NOTHING = (
    "Sidor i hjälpen",
    "Ingenting i hjälpen stämmer med sökningen. Prova ett annat ord, eller en del av ett.",
)
PAGE = "›"
"""What stands before a page, where a command has its key."""
CATALOG = "Programkatalogen: alla program, kontaktperson, utbildning, och hur enheten får dem."
ALL, ALL_PAGES = "*", "Alla sidor i hjälpen: så gör du, frågor och svar, felmeddelanden, begrepp."
"""What stands for an article's id where all are to be shown, and its line."""
_FIRST = (
    "Läs först i behandlarmanualen. Fråga sedan en kollega eller enhetens superanvändare{}, och därefter den regionala "
    "supporten, som vid behov frågar den nationella."
)
_PLATFORM = "Fel i plattformen: {}"
_RESIDENTS = "Invånare får hjälp på 0770 - 72 00 00, alla dagar 06.00–22.00, eller på 1177.se under Support e-tjänster."
"""Where support is found (domain.md §10)."""
_FIELD_KEYS = (
    (("Tab", "shift+Tab"), "Gå till nästa eller föregående fält."),
    (("ctrl+c",), "Kopiera det som är markerat."),
)
_GAP = 2


class Entry(NamedTuple):
    """A line of the help: it runs a command, opens a page (an article's id) or shows `ALL`, or is only read."""

    text: str
    keys: tuple[str, ...] = ()
    run: Callable[[], object] | None = None
    page: str = ""
    is_heading: bool = False

    @property
    def does(self) -> bool:
        """Whether anything comes of Enter."""
        return self.run is not None or bool(self.page)


def places_of(screens: Sequence[Screen[object]]) -> tuple[str, ...]:
    """Return where one is, the nearest first: a dialog, then the page that it lies over."""
    places: list[str] = []
    for screen in screens[::-1]:
        places += [command.id.partition(".")[0] for command in commands_of(screen) if not command.everywhere]
        if not screen.is_modal:
            break
    return tuple(dict.fromkeys(places))


def entries(
    commands: Sequence[Command],
    pages: Sequence[Article],
    where: Where | None,
    catalog: Callable[[], object] | None,
) -> Iterator[Entry]:
    """Yield all lines; `where` says whom the unit turns to, None while that is not known."""
    own = [_command(one) for one in commands if not one.everywhere and not one.moves_cursor]
    everywhere = [_command(one) for one in commands if one.everywhere]
    cursor = [_command(one)._replace(run=None) for one in commands if not one.everywhere and one.moves_cursor]
    yield from _group(HERE, own)
    yield from _group(ABOUT, [_page(one) for one in pages])
    yield from _group(EVERYWHERE, [*everywhere, *(Entry(text, keys) for keys, text in _FIELD_KEYS)])
    yield from _group(CURSOR, cursor)
    pages_and_programs = [Entry(ALL_PAGES, (PAGE,), page=ALL), *([Entry(CATALOG, (PAGE,), catalog)] if catalog else [])]
    yield from _group(MORE, [*_more(where), *pages_and_programs])


def all_pages(articles: Help) -> Iterator[Entry]:
    """Yield every page, by group."""
    for group in Group:
        yield from _group(group.label, [_page(one) for one in articles.articles if one.group is group])


def found(articles: Help, commands: Iterable[Command], query: str) -> Iterator[Entry]:
    """Yield what a search leaves: the commands here that have all its words, and pages, the best first."""
    words = fold(query).split()
    matching = [one for one in commands if all(word in fold(f"{one.label} {one.sentence}") for word in words)]
    pages = [_page(hit.article) for hit in search(articles, query)]
    yield from _group(FOUND, pages)
    yield from _group(HERE, [_command(one) for one in matching])
    if not matching and not pages:
        yield Entry(NOTHING)


def _group(title: str, lines: Sequence[Entry]) -> Iterator[Entry]:
    if lines:
        yield Entry(title, is_heading=True)
        yield from lines


def _command(command: Command) -> Entry:
    return Entry(command.sentence, command.keys, command.run if command.enabled else None)


def _page(article: Article) -> Entry:
    return Entry(article.title, (PAGE,), page=article.id)


def _more(where: Where | None) -> Iterator[Entry]:
    named = f" ({one_line(where.super_users)})" if where and where.super_users else ""
    yield Entry(_FIRST.format(named), (PAGE,), page="support")
    yield Entry(_PLATFORM.format(one_line(where.support) if where else "…"), (PAGE,), page="vart-vander-jag-mig")
    yield Entry(_RESIDENTS, (PAGE,), page="invanaren-kommer-inte-in")


def one_line(text: str) -> str:
    """Return a text of several lines as one."""
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def drawn(entry: Entry, column: int, width: int) -> Content:
    """Return a line as it is shown, wrapped under itself; `column` is the width of the keys."""
    if entry.is_heading:
        return Content.styled(entry.text, "bold $text-muted")
    if not entry.keys:
        return Content("\n").join(map(Content, wrap(entry.text, width)))
    name = " ".join(entry.keys)
    first, *rest = wrap(entry.text, max(10, width - column - _GAP))
    pad = " " * (column - cell_len(name) + _GAP)
    is_page = entry.keys == (PAGE,)
    begun = (pad[1:], name, " ") if is_page else ((name, "bold"), pad)
    lines = [Content.assemble(*begun, first)]
    return Content("\n").join([*lines, *(Content(" " * (column + _GAP) + line) for line in rest)])


def column_of(shown: Iterable[Entry]) -> int:
    """Return how wide the keys are."""
    return max((cell_len(" ".join(one.keys)) for one in shown), default=0)
