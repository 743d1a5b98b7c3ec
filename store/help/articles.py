"""The help's articles: Markdown of ours with a small head in TOML (`data/help/`), read and checked.

    +++
    title = "Vad är ett moment?"
    group = "fraga"
    questions = ["Vad är ett moment?"]
    +++
    Moment är …

The file's name is the article's id.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from store.data import data_folder
from store.foundation.text import clean

SUPPORT, SUPER_USERS = "{support}", "{superanvandare}"
"""What stands in a text for the unit's own words: whom it turns to, and who its superanvändare are."""
NOBODY_NAMED = "ingen är namngiven än, enhetens behörighetsadministratör kan göra det"
ASK_THE_UNIT = "den som enheten har namngivit"
"""Who the superanvändare is where the unit has named nobody, and where it is not known which unit asks."""


class Group(StrEnum):
    """What an article is about, in the order shown. The value is the head's word."""

    GUIDE = "guide"
    QUESTION = "fraga"
    FAULT = "fel"
    CONCEPT = "begrepp"

    @property
    def label(self) -> str:
        """The group's heading."""
        return _LABELS[self]


_LABELS = {
    Group.GUIDE: "Så gör du",
    Group.QUESTION: "Frågor och svar",
    Group.FAULT: "Felmeddelanden",
    Group.CONCEPT: "Begrepp",
}


@dataclass(frozen=True)
class Article:
    """A page of the help. `text` is Markdown without the title."""

    id: str
    title: str
    group: Group
    text: str
    questions: tuple[str, ...] = ()
    """What people ask, in their own words; and what stands on the screen when something has gone wrong."""
    words: tuple[str, ...] = ()
    """Further words by which it is found."""
    places: tuple[str, ...] = ()
    """Where F1 names it: the first part of the ids of the bindings there, as `list` of `list.start`."""
    commands: tuple[str, ...] = ()
    """Lines that do on the command line what it is about."""
    related: tuple[str, ...] = ()
    """Ids of articles to read on in."""

    def filled(self, support: str, super_users: str) -> str:
        """Return the text with the unit's own words in their places."""
        return self.text.replace(SUPPORT, support).replace(SUPER_USERS, super_users)


class Fault(NamedTuple):
    """Something to mend in an article: a file's name, and a sentence."""

    file: str
    message: str


class Help(NamedTuple):
    """All articles, by group and title; what could not be read is left out and told in `faults`."""

    articles: tuple[Article, ...]
    faults: tuple[Fault, ...]

    def article(self, wanted: str) -> Article | None:
        """Return the article with an id."""
        return next((one for one in self.articles if one.id == wanted), None)

    def at(self, places: tuple[str, ...]) -> tuple[Article, ...]:
        """Return the articles that belong to places, those of the first place first."""
        found = (one for place in places for one in self.articles if place in one.places)
        return tuple(dict.fromkeys(found))

    def related_to(self, article: Article) -> tuple[Article, ...]:
        """Return the articles that an article names."""
        return tuple(found for name in article.related if (found := self.article(name)) is not None)


@lru_cache(maxsize=1)
def shipped_help() -> Help:
    """Return the help that is shipped, read once."""
    return read_help(data_folder() / "help")


def read_help(folder: Path) -> Help:
    """Read all articles of a folder."""
    read = [_article(path) for path in sorted(folder.glob("*.md"))]
    articles = tuple(sorted((one for one in read if isinstance(one, Article)), key=_place))
    faults = [one for one in read if isinstance(one, Fault)]
    ids = {one.id for one in articles}
    faults += [
        Fault(f"{one.id}.md", f"related nämner {name}, som inte finns.")
        for one in articles
        for name in one.related
        if name not in ids
    ]
    return Help(articles, tuple(faults))


def _place(article: Article) -> tuple[int, str]:
    return tuple(Group).index(article.group), article.title.casefold()


_LISTS = ("questions", "words", "places", "commands", "related")
_KEYS = ("title", "group", *_LISTS)
_PARTS = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", re.DOTALL)
_NAMED = re.compile(r"\{[^{}]*\}")


_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _article(path: Path) -> Article | Fault:
    """Read an article, or say the first thing that is wrong with it."""
    if not _NAME.fullmatch(path.stem):
        return Fault(clean(path.name, multiline=False), "Filens namn är små bokstäver a–z, siffror och bindestreck.")
    try:
        parts = _PARTS.fullmatch(path.read_text(encoding="utf-8-sig").replace("\r\n", "\n"))
        head = tomllib.loads(parts[1]) if parts else {}
    except (OSError, ValueError, RecursionError):
        return Fault(path.name, "Filen går inte att läsa: UTF-8, med ett huvud i TOML mellan rader med +++.")
    if parts is None:
        return Fault(path.name, "Huvudet saknas: rader i TOML mellan två rader med +++, överst i filen.")
    text = clean(parts[2], multiline=True).strip()
    if wrong := _wrong(head) or _wrong_text(text):
        return Fault(path.name, wrong)
    lists = {key: tuple(clean(one, multiline=False) for one in head.get(key, ())) for key in _LISTS}
    return Article(path.stem, clean(head["title"], multiline=False).strip(), Group(head["group"]), text, **lists)


def _wrong(head: dict[str, Any]) -> str:
    """Return what is wrong with a head; empty where nothing is."""
    if unknown := [key for key in head if key not in _KEYS]:
        return f"Okänd nyckel: {', '.join(unknown)}. De som finns är {', '.join(_KEYS)}."
    if not (isinstance(head.get("title"), str) and head["title"].strip()):
        return 'Titeln saknas: title = "…".'
    if head.get("group") not in tuple(Group):
        return f"group ska vara en av {', '.join(Group)}."
    for key in _LISTS:
        value = head.get(key, [])
        if not (isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)):
            return f'{key} ska vara en lista med texter: {key} = ["…"].'
    return ""


def _wrong_text(text: str) -> str:
    if not text:
        return "Texten saknas efter huvudet."
    unknown = [name for name in _NAMED.findall(text) if name not in (SUPPORT, SUPER_USERS)]
    return f"Okänt i texten: {', '.join(unknown)}. Det som fylls i är {SUPPORT} och {SUPER_USERS}." if unknown else ""
