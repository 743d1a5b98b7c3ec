"""The palette (ctrl+p): the commands of the screen beneath, to be searched by their words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, cast

from rich.align import Align
from rich.text import Text
from textual import on, work
from textual.command import Command, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.content import Content
from textual.style import Style
from textual.widgets import Input
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerCancelled

from screens.commands import commands_of
from store.foundation.errors import DomainError
from store.foundation.text import without_rings


class _Offer(NamedTuple):
    label: str
    key: str
    sentence: str
    run: Callable[[], object]

    def shown(self, label: Content) -> Content:
        return Content.assemble(label, "  ", (self.key, "not bold")) if self.key else label

    @property
    def help(self) -> str:
        # The palette reads a str as markup, and takes a Content as it is.
        return cast(str, Content(self.sentence))


class CommandProvider(Provider):
    """Offers what can be done on the screen beneath and in the whole app, and then what has no key."""

    async def discover(self) -> Hits:
        """Offer everything, in the order of the key bar."""
        for offer in self._offers():
            shown = cast(str, offer.shown(Content(offer.label)))
            yield DiscoveryHit(shown, offer.run, text=offer.label, help=offer.help)

    async def search(self, query: str) -> Hits:
        """Offer the commands whose words match."""
        matcher = self.matcher(query)
        for offer in self._offers():
            score, places = matcher.fuzzy_search.match(query, offer.label)
            if not score:  # as typed on a keyboard without å ä ö
                score, places = matcher.fuzzy_search.match(without_rings(query), without_rings(offer.label.lower()))
            if score > 0:
                label = Content(offer.label)
                for place in places:
                    label = label.stylize(matcher.match_style, place, place + 1)
                yield Hit(score, cast(str, offer.shown(label)), offer.run, text=offer.label, help=offer.help)

    def _offers(self) -> Iterator[_Offer]:
        for command in commands_of(self.screen):
            if command.enabled and not command.moves_cursor and command.action != "command_palette":
                yield _Offer(command.label.replace("\xa0", " "), ", ".join(command.keys), command.sentence, command.run)
        for label, sentence, run, *_ in self.app.get_system_commands(self.screen):
            yield _Offer(label, "", sentence, run)


AT_ONCE = 0.3
"""Seconds after which what comes no longer shoves aside what stands there: somebody may be about to choose it."""
PAUSE = 0.25
"""Seconds without a key after which what takes its time is searched."""


class SwedishPalette(CommandPalette):
    """Textual's palette in Swedish. What has to be asked for elsewhere comes under the commands, once it is there.

    Textual shows nothing until the slowest has answered, and Enter would run what was found for other words.
    """

    DEFAULT_CSS = """
    /* Automatic: the cursor's ground is another in each theme. */
    SwedishPalette > .command-palette--help-text { color: auto 72%; text-style: not bold not dim; }
    SwedishPalette > #--container {
        width: 84; max-width: 100%; height: auto; max-height: 100%; margin: 2 0 0 0; visibility: visible;
        border: round $border; background: $surface; &:dark { background: $surface; }
    }
    SwedishPalette #--input { dock: top; height: 1; border: none; }
    SwedishPalette #--input SearchIcon { margin: 0 0 0 1; color: $key; }
    SwedishPalette #--input CommandInput { height: 1; border: none; padding: 0; }
    SwedishPalette #--results { overlay: none; max-height: 100%; }
    SwedishPalette CommandList {
        display: none; border: none; border-top: solid $rule; max-height: 100%; scrollbar-size-vertical: 1;
    }
    SwedishPalette CommandList.--visible { display: block; }
    SwedishPalette CommandList > .option-list--option { padding: 0 1; }
    SwedishPalette CommandList > .option-list--option-highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background;
    }
    SwedishPalette LoadingIndicator { display: none; }
    """

    def __init__(self, later: Iterable[type[Provider]] = ()) -> None:
        """Search the app's commands at once, and `later` when who types pauses."""
        self._later = tuple(later)
        self._opened_at = time.monotonic()
        self._first: list[Command] = []
        """What stands over the commands while nothing is typed."""
        self._gathered: list[Command] = []
        self._later_search: Worker[None] | None = None
        self._commands_shown = asyncio.Event()
        """Set while the commands stand there that match what is typed."""
        super().__init__(placeholder="Sök kommando, hjälp eller invånare …", id="--command-palette")

    def on_mount(self) -> None:
        """Show a mark that every font has."""
        self.query_one(SearchIcon).icon = "›"
        self._offer_first()

    @work(exclusive=True, group="later")
    async def _offer_first(self) -> None:
        """Offer what there is without a query over the commands; nothing where it can't be asked for."""
        hits: list[Hit | DiscoveryHit] = []
        for provider in self._later:
            if self._calling_screen is not None:
                with suppress(DomainError):  # the commands are there nevertheless, and a search will say it
                    hits += [hit async for hit in provider(self._calling_screen).discover()]
        commands = self.query_one(CommandList)
        if self.query_one(Input).value or commands.highlighted:
            return
        if time.monotonic() > self._opened_at + AT_ONCE:
            self._add(hits)
            return
        self._first = self._commands(hits)
        if self._gathered:
            self._refresh_command_list(commands, self._gathered, True)

    def _refresh_command_list(self, command_list: CommandList, commands: list[Command], clear_current: bool) -> None:
        """Show what was gathered; while nothing is typed, under what comes first."""
        self._gathered = commands
        first = [] if self.query_one(Input).value else self._first
        super()._refresh_command_list(command_list, [*first, *commands], clear_current)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._commands_shown.clear()
        self.workers.cancel_group(self, "choose")
        self._later_search = self._search_later(event.value.strip())

    @work(exclusive=True, group="later")
    async def _search_later(self, query: str) -> None:
        await asyncio.sleep(PAUSE)
        for provider in self._later:
            if self._calling_screen is not None:
                await self._found_of(provider(self._calling_screen), query)

    async def _found_of(self, provider: Provider, query: str) -> None:
        """Put what one provider finds under the commands, unless something else is typed by then."""
        hits, refusal = list[Hit | DiscoveryHit](), ""
        try:
            hits = [hit async for hit in provider.search(query)]
        except DomainError as refused:  # else nothing found and not asked would look the same
            refusal = refused.message
        await self._commands_shown.wait()  # they take the place of all that stands there
        if self.query_one(Input).value.strip() != query:
            return
        if refusal:
            self._say(refusal)
        else:
            self._add(hits)

    @on(Worker.StateChanged)
    def _search_ended(self) -> None:
        if not self._is_searching_commands:
            self._commands_shown.set()

    @property
    def _is_searching_commands(self) -> bool:
        """Whether the commands that match what is typed don't stand there yet."""
        return any(
            one.node is self and one.group == self._GATHER_COMMANDS_GROUP and not (one.is_finished or one.is_cancelled)
            for one in self.workers
        )

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Choose only among what was found for the words that stand there: of no command, what is found later."""
        if self._is_searching_commands or self._finds_later:
            event.stop()
            event.prevent_default()
            self._choose_once_shown()

    @work(exclusive=True, group="choose")
    async def _choose_once_shown(self) -> None:
        await self._commands_shown.wait()
        if self._finds_later and self._later_search is not None:
            try:
                await self._later_search.wait()
            except WorkerCancelled:  # the palette is being closed
                return
        self._select_or_command()

    @property
    def _finds_later(self) -> bool:
        """Whether nothing stands there that can be chosen, and more is being searched for."""
        is_over = self._later_search is None or self._later_search.is_finished
        return self.query_one(CommandList).highlighted is None and not is_over

    def _add(self, hits: Sequence[Hit | DiscoveryHit]) -> None:
        """Put what was found under what stands there; the cursor stays."""
        commands = self.query_one(CommandList)
        if not hits:
            return
        self._remove_no_matches()
        commands.add_options(self._commands(hits))
        self._list_visible = True
        if commands.highlighted is None:
            commands.highlighted = 0
        self._hit_count = commands.option_count

    def _commands(self, hits: Sequence[Hit | DiscoveryHit]) -> list[Command]:
        help_style = Style.from_styles(self.get_component_styles("command-palette--help-text"))
        return [
            Command(
                Content.assemble(cast(Content, hit.prompt), "\n", Content.styled(str(hit.help), help_style)),
                hit,
                id=f"later-{place}",
            )
            for place, hit in enumerate(hits)
        ]

    def _say(self, sentence: str) -> None:
        """Say under what stands there why the rest could not be searched."""
        self._remove_no_matches()
        self.query_one(CommandList).add_option(Option(Content(f"! {sentence}"), disabled=True))
        self._list_visible = True

    def _remove_no_matches(self) -> None:
        commands = self.query_one(CommandList)
        if commands.option_count == 1 and commands.get_option_at_index(0).id == self._NO_MATCHES:
            commands.remove_option(self._NO_MATCHES)

    def _action_command_list(self, action: str) -> None:
        """Turn no page where no line has room: see `screens.widgets.option_list`."""
        if not action.startswith("page_") or self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Say in Swedish that nothing was found. At once: the words are few and here."""
        self._stop_no_matches_countdown()
        self._list_visible = bool(search_value)
        if search_value:
            words = Align.center(Text("Inget heter så."))
            self.query_one(CommandList).add_option(Option(words, disabled=True, id=self._NO_MATCHES))
