"""*Genomgång*: what a trainee did in an attempt, one thing after the other, with wrong turns marked."""

from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.store_client import StoreClient
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import Instant, local
from store.foundation.errors import DomainError
from store.practice.walkthrough import Thing, Walkthrough, go_through

HEADING = "Genomgång"
NOTHING_DONE = "Inget är gjort i försöket än."
WRONG, DONE, REFUSED = Ink("! felsteg", "risk"), Ink("✓ steg", "done"), Ink("nekat", "waiting")


@final
class WalkthroughScreen(Page[None], FollowsChanges):
    """The things that were done as a list, and all that is said of the cursor's."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "attempt(-1)", "Försöket före", id="walkthrough.before", tooltip="Visa försöket före."),
        Binding("right", "attempt(1)", "Försöket efter", id="walkthrough.after", tooltip="Visa försöket efter."),
        Binding("escape", "back", "Tillbaka", id="walkthrough.back", tooltip="Gå tillbaka till tabellen."),
    ]
    DEFAULT_CSS = """
    WalkthroughScreen > #about { padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient, attempt: int) -> None:
        """Show an attempt, by its id."""
        super().__init__()
        self._client = client
        self._attempt = attempt
        self._shown: Walkthrough | None = None
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self._client, "Kursen", HEADING)
        yield Static(id="about", markup=False)
        yield ListAndText(self._list)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        await self._reading.begin()

    async def changed(self) -> None:
        """Read again: the trainee may have gone on."""
        self._reading.ask()

    async def _read(self) -> None:
        client, attempt = self._client, self._attempt
        self._shown = await client.run(lambda: go_through(client.store, attempt, client.actor))

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays where that can't be done, and why is said."""
        shown = self._shown
        about = _about(shown) if shown is not None else Content("")
        self.query_one("#about", Static).update(
            about if refusal is None else Content.styled(f"! {refusal.message}", "$text-error")
        )
        things = shown.things if shown is not None else ()
        self._list.show_rows(tuple(_row(place, one) for place, one in enumerate(things)))
        if self.focused is None and self._list.can_be_entered and self.is_current:
            self._list.focus()
        self.refresh_bindings()
        self._tell()

    @on(TellingList.Moved)
    def _tell(self) -> None:
        things = self._shown.things if self._shown is not None else ()
        cursor = self._list.cursor
        told = _told(things[int(cursor)]) if cursor and int(cursor) < len(things) else Content(NOTHING_DONE)
        self.query_one(ListAndText).tell(told)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the attempts that there are beside this one."""
        if action == "attempt":
            return self._beside(parameters[0]) is not None
        return super().check_action(action, parameters)

    def _beside(self, step: object) -> int | None:
        """Return the id of the attempt so many steps from this one."""
        others = self._shown.others if self._shown is not None else ()
        if self._attempt not in others or not isinstance(step, int):
            return None
        place = others.index(self._attempt) + step
        return others[place] if 0 <= place < len(others) else None

    def action_attempt(self, step: int) -> None:
        """Show the trainee's attempt before this one at the exercise, or the one after; those on older units too."""
        found = self._beside(step)
        if found is not None:
            self._attempt = found
            self._reading.ask()

    def action_back(self) -> None:
        """Go back to the table."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()


def _about(shown: Walkthrough) -> Content:
    """Return what stands above the list: whose attempt it is, how it went, and what is left."""
    place = shown.others.index(shown.result.attempt) + 1
    which = f"försök {place} av {len(shown.others)}" + (f", omgång {shown.round}" if shown.round > 1 else "")
    left = f"\nKvar: {' '.join(shown.left)}" if shown.left else ""
    return Content.assemble(
        (f"{shown.name} · {shown.title}", "bold"),
        f"\n{which}, börjat {local(shown.begun_at):%Y-%m-%d %H.%M}: {shown.result.words}{left}",
    )


def _row(place: int, thing: Thing) -> Row:
    at = "fråga " if thing.at is None else f"{local(Instant(thing.at)):%H.%M} "
    marks = [WRONG] * bool(thing.wrong_turns) + [DONE] * bool(thing.step) + [REFUSED] * thing.is_refused
    return Row(str(place), thing.what, lead=(Ink(at, "muted"),), state=tuple(marks))


def _told(thing: Thing) -> Content:
    """Return all that is said of a thing."""
    lines = [Content.styled(thing.what, "bold")]
    if thing.at is not None:
        lines.append(Content(f"{local(Instant(thing.at)):%H.%M.%S} som {thing.by}"))
    lines += [Content(thing.whom)] if thing.whom else []
    lines += [Content(f"Tidslinjen: {event}") for event in thing.events]
    lines += [Content.styled("Nekades.", "$text-warning")] if thing.is_refused else []
    lines += [Content.styled(f"✓ {thing.step}", "$text-success")] if thing.step else []
    lines += [Content.styled(f"! Felsteg: {turn}", "$text-error") for turn in thing.wrong_turns]
    return Content("\n").join(lines)
