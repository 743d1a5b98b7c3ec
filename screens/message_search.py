"""*Sök i meddelanden*: all that one's residents and their clinicians have written, the newest first."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, final

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input
from textual.widgets.option_list import Option

from screens.contracts import FollowsChanges
from screens.dialogs.controls import Field, Lines, TextInput
from screens.marks import PROTECTED
from screens.page_title import page_title
from screens.shown_keys import key_of
from screens.store_client import STILL_HERE, StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import clean
from screens.widgets.key_bar import KeyBar
from screens.widgets.option_list import OptionList
from screens.widgets.page import Page
from screens.widgets.title_bar import TitleBar
from screens.wording import list_time, number, plural
from store.care.conversations import Sender
from store.foundation.clock import Instant
from store.foundation.errors import DomainError, NotPermitted, StoreUnreachable
from store.foundation.text import fold
from store.views.lists import Tab, list_place
from store.views.message_search import MOST_HITS, MessageHit, search_messages

HEADING = "Sök i meddelanden"
HINT = (
    "Sök i alla meddelanden till och från dina invånare, och deras som du är ställföreträdare för, också i avslutade "
    "moment. Alla ord ska finnas i meddelandet; en del av ett ord räcker. Varje sökning loggas."
)
NOTHING = "Inget meddelande stämmer med sökningen. Prova färre ord, eller en del av ett ord."
GONE = "Det som hittades finns inte längre bland dina moment."
SEARCHING = "Söker …"
SENDERS = {Sender.RESIDENT: "från invånaren", Sender.CLINICIAN: "från behandlare"}
_HIDDEN = "•••"
_NAME, _PROGRAM = 22, 18
"""Cells of a name and of a program; what is longer stands whole, and what comes after it further to the right."""


class Query(TextInput):
    """What is searched for. The search is made by Enter alone, since each one is logged."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Sök", id="message_search.submit", tooltip="Sök efter det som står i fältet."),
        Binding("down", "screen.results", "Till träffarna", show=False, id="message_search.down"),
    ]


class Hits(OptionList):
    """The messages that were found, two lines or three each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Öppna", id="message_search.open", tooltip="Öppna konversationen hos invånaren."),
    ]
    DEFAULT_CSS = """
    Hits, Hits:focus { height: 1fr; border: none; border-top: solid $rule; padding: 0; background: $background; }
    Hits:focus { background-tint: transparent; }
    Hits > .option-list--option { padding: 0 1; }
    """


@final
class MessageSearch(Page[None], FollowsChanges):
    """A search field over the messages that were found."""

    AUTO_FOCUS = "#query"
    SLOW: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "again",
            "Sök igen",
            key_display="/",
            id="message_search.again",
            tooltip="Gå till fältet och sök efter något annat.",
        ),
        Binding("escape", "back", "Tillbaka", id="message_search.back", tooltip="Gå tillbaka till listan."),
    ]
    DEFAULT_CSS = """
    MessageSearch Field { padding: 0 1; margin: 1 0 0 0; }
    MessageSearch Field .name { width: 12; }
    MessageSearch Field > .under { padding: 0 0 0 12; }
    MessageSearch #said { padding: 0 1; margin: 1 0; color: $text-muted; }
    MessageSearch.-troubled #said { color: $text-error; }
    """

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the list that it was opened from, as the way back names it."""
        super().__init__()
        self.client = client
        self._origin = origin
        self._hits: list[MessageHit] = []
        self._words: tuple[str, ...] = ()
        self._is_searching = False

    def compose(self) -> ComposeResult:
        """Lay out the field over the list."""
        yield page_title(self.client, self._origin, HEADING)
        yield Field("sok", "Sök efter", Query(id="query"))
        yield Lines(id="said")
        yield Hits(id="hits", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks, and what is searched; take over what was typed while the page was on its way."""
        self._say(HINT)
        self._show([])
        self.call_after_refresh(release_keys, self.app)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back to the field where one has left it."""
        if action == "again":
            return not isinstance(self.focused, Query)
        return super().check_action(action, parameters)

    # Searching

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._is_searching:
            self._is_searching = True
            self._search(event.value)

    @work(group="search")
    async def _search(self, query: str) -> None:
        waiting: Timer = self.set_timer(self.SLOW, lambda: self._say(SEARCHING))
        hits: list[MessageHit] = []
        fault, trouble, said = "", "", ""
        try:
            hits = await self.client.read(search_messages, query, MOST_HITS + 1)
            said = _found(hits)
        except StoreUnreachable as lost:
            trouble = f"{lost.message} {STILL_HERE} Tryck {key_of('message_search.submit')} för att söka igen."
        except DomainError as refusal:
            fault, trouble = (refusal.message, "") if refusal.field == "sok" else ("", refusal.message)
        finally:
            waiting.stop()
            self._is_searching = False
        if not self.query(Field):  # closed meanwhile
            return
        self.query_one(Field).show_fault(fault)
        self._say(trouble or said or HINT, is_trouble=bool(trouble))
        self._words = tuple(fold(word) for word in query.split())
        self._show(hits[:MOST_HITS])
        self.action_results()

    def _show(self, hits: list[MessageHit]) -> None:
        self._hits = hits
        options = self.query_one(Hits)
        options.clear_options()
        options.add_options(Option(_shown(hit, self._words)) for hit in hits)
        options.highlighted = 0 if hits else None
        options.display = bool(hits)

    def _say(self, sentence: str, *, is_trouble: bool = False) -> None:
        self.set_class(is_trouble, "-troubled")
        self.query_one("#said", Lines).show([("!" if is_trouble else "", Content(sentence))])

    def action_results(self) -> None:
        """Move the focus to the messages that were found."""
        if self._hits:
            self.query_one(Hits).focus()

    def action_again(self) -> None:
        """Move the focus to the search field."""
        self.query_one(Query).focus()

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    # What was found

    @on(OptionList.OptionSelected)
    @work(exclusive=True, group="open")
    async def _open(self, event: OptionList.OptionSelected) -> None:
        hold_keys(self.app)
        hit = self._hits[event.option_index]
        module = await self.client.load("screens.moment.moment_screen")
        page = module.MomentScreen(self.client, hit.moment, HEADING)
        closed = self.app.push_screen(page, wait_for_dismiss=True)
        page.run_worker(page.show_conversation(hit.conversation))  # the page's own: it ends with the page
        if said := await closed:
            self.notify(said)
        await self.changed()

    async def changed(self) -> None:
        """Take what may not be seen any longer off the screen. No new search is made: none was asked for."""
        if self._hits:
            self._drop_lost()

    @work(exclusive=True, group="drop")
    async def _drop_lost(self) -> None:
        before = self._hits
        try:
            kept = await self.client.run(lambda: _still_own(self.client, {hit.moment for hit in before}))
        except NotPermitted:
            kept = set()
        except DomainError:
            return
        hits = [hit for hit in before if hit.moment in kept]
        if hits == before or self._hits is not before or not self.query(Hits):
            return
        self._show(hits)
        if not hits:
            self._say(GONE)
            self.action_again()


def _still_own(client: StoreClient, moments: Iterable[int]) -> set[int]:
    """Return those of the moments that one's lists still hold."""
    tabs = (Tab.MINE, Tab.ENDED)
    return {moment for moment in moments if any(client.read_here(list_place, tab, moment) for tab in tabs)}


def _found(hits: Sequence[MessageHit]) -> str:
    if not hits:
        return NOTHING
    if len(hits) > MOST_HITS:
        return f"De {number(MOST_HITS)} nyaste visas, men det finns fler. Lägg till ett ord för att hitta rätt."
    return f"{plural(len(hits), 'meddelande', 'meddelanden')}, de nyaste först." if len(hits) > 1 else "1 meddelande."


def _shown(hit: MessageHit, words: Sequence[str]) -> Content:
    """Return who, in what, when and from whom, and under it what stands around the words, which are marked."""
    who = Content.styled(_padded(PROTECTED if hit.protected else clean(hit.name), _NAME), "bold")
    program = _padded(clean(hit.program_title), _PROGRAM)
    facts = f"  {program}  {list_time(Instant(hit.sent_at))}  {SENDERS[hit.sender]}"
    facts += f"  för {clean(hit.stands_in_for)}" if hit.stands_in_for else ""
    excerpt = clean(hit.excerpt)
    if hit.protected:  # what is masked above is not said below
        excerpt = _without(excerpt, hit.name)
    marked = Content(excerpt)
    for start, end in places(excerpt, words):
        marked = marked.stylize("bold underline", start, end)
    return Content.assemble(who, facts, "\n", marked)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _without(text: str, name: str) -> str:
    parts = [fold(part) for part in name.replace(",", " ").split()]
    for start, end in reversed(places(text, parts)):
        text = text[:start] + _HIDDEN + text[end:]
    return text


def places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where folded words stand in a text, from left to right; what overlaps is one place."""
    folded, origin = _folded(text)
    found: list[tuple[int, int]] = []
    for start, end in sorted(_spans(folded, words)):
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found[-1][1])
            found.pop()
        found.append((start, end))
    return [(origin[start], origin[end - 1] + 1) for start, end in found]


def _spans(text: str, words: Iterable[str]) -> Iterable[tuple[int, int]]:
    for word in filter(None, words):
        at = text.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + len(word))


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text folded character by character, and which character each of the folded ones comes from."""
    letters = [(letter, at) for at, character in enumerate(text) for letter in fold(character)]
    return "".join(letter for letter, _ in letters), [at for _, at in letters]
