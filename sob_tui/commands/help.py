"""`sob hjalp`: the help's articles, searched. Needs no store."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.printing import put, put_json, tell
from sob_tui.settings import own_exercises

if TYPE_CHECKING:
    from store.help.articles import Article, Help

HELP = "Sök i hjälpen: hur man gör, frågor och svar, felmeddelanden, begrepp. Utan ord: vad som finns."
NOTHING = "Ingen sida i hjälpen handlar om det. Prova ett annat ord, eller sob hjalp för att se alla sidor."
PRACTISE = "Öva, med sob ovning och Övningar i ctrl+p"
MOST_SHOWN = 5
"""Further articles that are named under the one that is printed."""


def hjalp(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="ORD", help="Det som söks: ord, en fråga, en feltext, en sidas namn.")
    ] = None,
) -> None:
    """Print the article that words are about, and the names of others; without words all names."""
    from store.help.articles import shipped_help
    from store.help.search import search
    from store.practice.exercises.shelf import titles_by_page

    here, articles = Session(ctx), shipped_help()
    for fault in articles.faults:
        tell(f"{fault.file}: {fault.message}")
    query = " ".join(words or ())
    named = articles.article(query.strip().lower())
    found = [hit.article for hit in search(articles, query)] if query else list(articles.articles)
    if named is not None:
        found = [named, *(one for one in found if one is not named)]
    if here.common.json:
        practised = titles_by_page(own_exercises())
        put_json([_json(one, practised.get(one.id, [])) for one in found])
    elif not query:
        _put_names(articles.articles)
    elif found:
        practised = titles_by_page(own_exercises())
        _put_article(articles, found[0], found[1 : 1 + MOST_SHOWN], practised.get(found[0].id, []))
    else:
        put(NOTHING)


def _json(article: "Article", exercises: list[str]) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "group": article.group.value,
        "text": _text(article),
        "commands": list(article.commands),
        "related": list(article.related),
        "exercises": exercises,
    }


def _text(article: "Article") -> str:
    """Return the text with what holds without a store."""
    from store.help.articles import ASK_THE_UNIT
    from store.people.ticket import Where

    return article.filled(Where().support, ASK_THE_UNIT)


def _put_names(articles: Sequence["Article"]) -> None:
    group = None
    for article in articles:
        if article.group is not group:
            if group is not None:
                put()
            group = article.group
            put(f"# {group.label}")
        put(f"{article.title} ({article.id})")
    put()
    put("Läs en sida med sob hjalp NAMN, namnet inom parentes, eller sök med egna ord.")


def _put_article(articles: "Help", article: "Article", others: Sequence["Article"], exercises: Sequence[str]) -> None:
    put(f"# {article.title}")
    put()
    put(_text(article), multiline=True)
    for title, lines in (
        ("Kommandon", article.commands),
        (PRACTISE, exercises),
        ("Se också", tuple(_named(articles, article, others))),
    ):
        if lines:
            put()
            put(f"# {title}")
            for line in lines:
                put(line)


def _named(articles: "Help", article: "Article", others: Sequence["Article"]) -> Iterator[str]:
    """Yield the articles to read on in: what else the words may be about, and what the article names."""
    for one in dict.fromkeys((*others, *articles.related_to(article))):
        yield f"{one.title} ({one.id})"
