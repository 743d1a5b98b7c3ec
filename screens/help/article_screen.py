"""A page of the help, with the pages to read on in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown
from textual.widgets.option_list import Option

from screens.contracts import ClosesFreely
from screens.help.entries import one_line
from screens.help.practising import Practising
from screens.shown_keys import with_keys
from screens.widgets.option_list import OptionList
from store.help.articles import NOBODY_NAMED, SUPER_USERS, SUPPORT, Article, Help, shipped_help
from store.people.ticket import Where

COMMANDS = "På kommandoraden:"
KEYS = "{article.next} Se också   {article.read} Läs   {article.back} Tillbaka"
PRACTISE = "{article.practise} Öva"
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


class Related(OptionList):
    """The pages to read on in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Läs", id="article.read", tooltip="Läs den sidan."),
    ]
    DEFAULT_CSS = """
    Related, Related:focus {
        dock: bottom; height: auto; max-height: 30vh; border: none; border-top: solid $rule; padding: 0;
        border-title-color: $text-muted; background: $surface; background-tint: transparent;
    }
    Related > .option-list--option { padding: 0 1; }
    """


class ArticleScreen(ModalScreen[bool], ClosesFreely):
    """An article; returns whether the help that it was opened from is to be closed with it."""

    AUTO_FOCUS = "#page"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="article.back", tooltip="Gå tillbaka till det förra."),
        Binding("tab", "app.focus_next", "Se också", id="article.next", tooltip="Gå till sidorna att läsa vidare på."),
        Binding("o", "practise", "Öva", id="article.practise", tooltip="Börja övningen som hör till sidan."),
    ]
    DEFAULT_CSS = """
    ArticleScreen { align: center middle; }
    ArticleScreen > Vertical {
        width: 84; max-width: 100%; height: 100%; margin: 1 0 0 0; /* over all of the help, not over the title bar */
        background: $surface; border: round $border; border-title-color: $foreground; border-title-style: bold;
        border-subtitle-color: $text-muted;
    }
    ArticleScreen #page { height: auto; max-height: 100%; padding: 0 1; scrollbar-size-vertical: 1; }
    ArticleScreen Markdown { padding: 0; margin: 0; background: $surface; }
    ArticleScreen #page MarkdownBullet { color: $text-muted; }
    ArticleScreen MarkdownBlock > .code_inline { background: $panel !important; color: $foreground !important; }
    """

    def __init__(
        self,
        article: Article,
        support: Callable[[], Awaitable[Where]],
        practising: Practising | None = None,
        articles: Help | None = None,
    ) -> None:
        """Show a page.

        Args:
            article: the page.
            support: says whom the unit turns to, where the page has that in it.
            practising: the pages' exercises; None for none.
            articles: all pages; None for those that are shipped.
        """
        super().__init__()
        self._article = article
        self._support = support
        self._practising = practising or Practising()
        self._titles: Sequence[str] = ()
        """Of the exercises of the page."""
        self._help = articles or shipped_help()
        self._before: list[Article] = []
        """The pages that were read on the way to this one."""

    def compose(self) -> ComposeResult:
        """Lay out the text over the pages to read on in."""
        with Vertical() as box:
            box.border_subtitle = with_keys(KEYS, "bold")
            with VerticalScroll(id="page"):
                yield Markdown(id="text", open_links=False)
            related = Related(id="related", markup=False)
            related.border_title = "Se också"
            yield related

    def on_mount(self) -> None:
        """Show the page."""
        self._show()

    @work(exclusive=True, group="show")
    async def _show(self) -> None:
        article = self._article
        self._titles = ()
        self.query_one(Vertical).border_title = Content(f"Hjälp · {article.title}")
        related = self.query_one(Related)
        related.clear_options()
        related.add_options(Option(Content(f"› {one.title}")) for one in self._help.related_to(article))
        related.display = bool(related.option_count)
        related.highlighted = 0 if related.option_count else None
        where = await self._support() if SUPPORT in article.text or SUPER_USERS in article.text else Where()
        self._titles = await self._practising.titles(article.id)
        if self.query("#text"):  # else closed meanwhile
            keys = f"{PRACTISE}   {KEYS}" if self._may_practise else KEYS
            self.query_one(Vertical).border_subtitle = with_keys(keys, "bold")
            told = self._practising.told(self._titles) if self._titles else None
            await self.query_one("#text", Markdown).update("\n".join(_markdown(article, where, told)))
            self.query_one("#page").scroll_home(animate=False)
            self.refresh_bindings()

    @property
    def _may_practise(self) -> bool:
        return bool(self._titles) and self._practising.begin is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer an exercise where the page has one that can be begun."""
        if action == "practise":
            return self._may_practise
        return super().check_action(action, parameters)

    def action_practise(self) -> None:
        """Close the help, and begin the page's exercise."""
        if self._practising.begin is not None:
            self._practising.begin(self._article.id)
            self.dismiss(True)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._before.append(self._article)
        self._article = self._help.related_to(self._article)[event.option_index]
        self.query_one("#page").focus()
        self._show()

    def action_back(self) -> None:
        """Go back to the page before, or to where the first was opened from."""
        if self._before:
            self._article = self._before.pop()
            self.query_one("#page").focus()
            self._show()
        else:
            self.dismiss(False)


def _markdown(article: Article, where: Where, told: tuple[str, Sequence[str]] | None) -> Iterator[str]:
    """Yield an article's Markdown; what the unit or a trainer has written is only text in it."""
    yield article.filled(literal(where.support), literal(where.super_users) or NOBODY_NAMED)
    if told is not None:
        sentence, titles = told
        yield f"\n{sentence}\n"
        yield from (f"- {literal(title)}" for title in titles)
    if article.commands:
        yield f"\n{COMMANDS}\n"
        yield from (f"- `{line}`" for line in article.commands)


def literal(text: str) -> str:
    """Return a text as Markdown that shows it as it stands, on one line."""
    return _MARKS.sub(r"\\\1", one_line(text))
