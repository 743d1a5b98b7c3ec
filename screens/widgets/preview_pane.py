"""Beside a list, or under it: what the cursor's row is about, read once the cursor rests there (domain.md §5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from screens.safe_app import safe_app
from screens.shown_keys import with_keys
from screens.themed_app import PreviewMode
from screens.widgets.cells import clean
from screens.widgets.drawn_text import Draw, DrawnText
from screens.widgets.painted import TONES
from screens.widgets.rest import Previewed, Rest, State
from store.foundation.errors import DomainError, StoreUnreachable

Read = Callable[[Previewed, bool, Callable[[], bool]], Awaitable[Draw | None]]
"""Reads a row: the row, whether the visit to the list is new, and whether what is read would still be shown.

Returns how it is drawn; None where nobody would have seen it, and nothing was read.
"""

REST_HERE = "Stanna på en rad så visas den här, utan att öppnas."
BY_KEY = "{{{place}.preview}} visar raden här, utan att öppna den."
PROTECTED_BY_KEY = "{{{place}.preview}} visar raden här. Skyddade personuppgifter visas aldrig av sig själva."


def preview_keys(place: str) -> tuple[Binding, Binding]:
    """Return the keys of a list that has a preview; `place` begins their ids."""
    return (
        Binding(
            "v",
            "preview",
            "Förhandsvisa",
            id=f"{place}.preview",
            tooltip="Visa det som raden gäller utan att öppna det.",
        ),
        Binding(
            "tab",
            "read_preview",
            "Till\xa0texten",
            id=f"{place}.read_preview",
            tooltip="Gå till förhandsvisningens text, för att rulla den.",
        ),
    )


class PreviewPane(VerticalScroll, inherit_bindings=False):
    """What a row is about. It is filled when the cursor has rested; in a narrow window, or else so set, by a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Upp", show=False, id="preview.up", tooltip="Rulla uppåt."),
        Binding("down", "scroll_down", "Ned", show=False, id="preview.down", tooltip="Rulla nedåt."),
        Binding("pageup", "page_up", "Sida upp", show=False, id="preview.page_up", tooltip="En sida uppåt."),
        Binding("pagedown", "page_down", "Sida ned", show=False, id="preview.page_down", tooltip="En sida nedåt."),
        Binding("home", "scroll_home", "Först", show=False, id="preview.first", tooltip="Till textens början."),
        Binding("end", "scroll_end", "Sist", show=False, id="preview.last", tooltip="Till textens slut."),
        Binding("escape,tab", "leave", "Till\xa0listan", id="preview.list", tooltip="Gå tillbaka till listan."),
    ]
    DEFAULT_CSS = """
    PreviewPane {
        display: none; dock: bottom; height: 50%; border-top: solid $rule; padding: 0 0 0 1; scrollbar-size-vertical: 1;
        &.-beside { dock: right; height: 1fr; border-top: none; border-left: solid $rule; }
        &:focus { border-top: solid $primary; }
        &.-beside:focus { border-top: none; border-left: solid $primary; }
        & > * { padding: 0 1 0 0; }
    }
    """

    class Settled(Message):
        """It takes another place than before: the list has more room, or less."""

    REST: ClassVar[float] = 0.3
    """Seconds for which the cursor rests on a row before it is read."""
    WIDE: ClassVar[int] = 120
    """Columns of the window from which it stands beside the list."""
    LEAST, MOST = 44, 90

    def __init__(self, place: str, read: Read, follows: Widget) -> None:
        """Show nothing yet.

        Args:
            place: what the ids of the list's keys begin with.
            read: reads a row.
            follows: the list, which has the focus when it is left.
        """
        super().__init__()
        self.set_class(self.is_wide, "-beside", update=False)  # else it is styled anew when it is placed
        self._place = place
        self._read = read
        self._list = follows
        self._rest = Rest()
        self._resting: Timer | None = None
        self._is_opened = False
        """Whether it has been opened by its key."""
        self._width = 0
        self._visit, self._begun_visit = 1, 0
        """The visit to the list, by number, and the one in which something was read last."""
        self._turn = asyncio.Lock()
        self._is_lost = False
        """Whether the database was away when the row was to be read."""
        self._why = ""
        """Why the row could not be read; empty where nothing is known against it."""
        self._shown_hint: Content | None = Content()
        """What is said where nothing is shown; None while something is."""

    def compose(self) -> ComposeResult:
        """Lay out the text: whom it is about and what there is, or what is said while nothing is shown.

        One part, since each takes its time of what one waits for before the first rows.
        """
        yield DrawnText("preview-text")

    def on_mount(self) -> None:
        """Place the preview beside the list or under it, as the window's width allows."""
        self.settle()

    # What the list tells and asks

    @property
    def mode(self) -> PreviewMode:
        """What the person has set."""
        return safe_app(self.app).preview_mode

    @property
    def is_wide(self) -> bool:
        """Whether it stands beside the list."""
        return self.app.size.width >= self.WIDE

    @property
    def is_below(self) -> bool:
        """Whether it stands under the list, where there is room for nothing else."""
        return self.display and not self.is_wide

    @property
    def taken(self) -> int:
        """How many columns the list gives up for it."""
        return self._width if self.display and self.is_wide else 0

    @property
    def can_be_asked(self) -> bool:
        """Whether its key does something."""
        return self.mode is not PreviewMode.OFF and (
            not self._fills_itself or (self._rest.row is not None and self._rest.row.is_by_key)
        )

    @property
    def can_be_read(self) -> bool:
        """Whether there is more of the text than is seen."""
        return self.display and self._rest.state is State.SHOWN and self.max_scroll_y > 0

    def stand_on(self, row: Previewed | None) -> None:
        """Follow the list's cursor to a row, or to none: the row's text is read once the cursor has rested there."""
        if self._rest.move(row):
            self._why = ""
            self._wait()
            self._show_nothing()

    def read_again(self) -> None:
        """Read what is shown anew: something on the unit has changed, or the database is back."""
        if self._is_lost:
            self._why = ""
            self._wait()
            self._show_nothing()
        if self._rest.state is State.SHOWN and self.display and self._rest.row and not self._rest.row.said:
            self._begin()

    def visit(self) -> None:
        """Begin a new visit to the list: what is shown from now on is logged, though it was before."""
        self._visit += 1
        self._why = ""
        self._rest.clear()
        self._show_nothing()
        self._wait()

    def ask(self) -> None:
        """Show the row, as its key asks; where it is shown, hide it again."""
        if self.mode is PreviewMode.OFF:
            return
        if self._rest.state is State.SHOWN and self.display:
            self._is_opened = False
            self._rest.clear()
            self._show_nothing()
        else:
            self._is_opened = True
            if self._rest.rested(is_asked=True):
                self._begin()
        self.settle()

    def settle(self) -> None:
        """Show or hide the preview, beside the list or under it, by the window's width and the person's setting."""
        is_shown, before = self.mode is not PreviewMode.OFF and (self._is_opened or self._fills_itself), self.taken
        self._width = min(self.MOST, max(self.LEAST, self.app.size.width * 3 // 8))
        self.styles.width = self._width if self.is_wide else "100%"
        self.set_class(self.is_wide, "-beside")
        self.can_focus = is_shown
        if is_shown and not self.display:
            self.display = True
            self._wait()
        elif not is_shown and self.display:
            self.display = False
            self._stop()
            self._rest.clear()
        if self._rest.state is State.EMPTY:
            self._show_nothing()
        self.refresh_bindings()
        if self.taken != before:
            self.post_message(self.Settled())

    @property
    def _fills_itself(self) -> bool:
        return self.mode is PreviewMode.RESTING and self.is_wide

    # Resting and reading

    def _wait(self) -> None:
        self._stop()
        row = self._rest.row
        if row is not None and not row.is_by_key and self.display and self._fills_itself:
            self._resting = self.set_timer(self.REST, self._rested)

    def _stop(self) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None

    def _rested(self) -> None:
        self._resting = None
        if not self.screen.is_active:  # something lies over it, as the lock does
            self._wait()
        elif self._is_in_sight and self._fills_itself and self._rest.rested():
            self._begin()

    @property
    def _is_in_sight(self) -> bool:
        return all(one.display for one in self.ancestors_with_self if isinstance(one, Widget))

    def _begin(self) -> None:
        row, self._is_lost, self._why = self._rest.row, False, ""
        if row is not None:
            self._fill(row, self._rest.begin())

    @work(group="preview")
    async def _fill(self, row: Previewed, turn: int) -> None:
        if row.said:
            self._show(row, turn, lambda width: [line for line in Content(row.said).wrap(max(1, width))])
            return
        async with self._turn:  # one at a time: a visit is begun once
            visit = self._visit
            try:
                draw = await self._read(row, visit != self._begun_visit, lambda: self._rest.awaits(turn))
            except DomainError as refusal:
                self._fail(turn, refusal)
                return
            if draw is not None:
                self._begun_visit = visit
                self._show(row, turn, draw)

    def _fail(self, turn: int, refusal: DomainError) -> None:
        if self._rest.awaits(turn) and self.is_attached:
            self._rest.clear()
            self._is_lost, self._why = isinstance(refusal, StoreUnreachable), refusal.message
            self._show_nothing()

    def _show(self, row: Previewed, turn: int, draw: Draw) -> None:
        if not self.is_attached:
            return
        was_shown = self._rest.state is State.SHOWN
        if not self._rest.came(turn):
            return
        title = Content.styled(clean(row.title), "bold")
        self._shown_hint = None
        self.query_one(DrawnText).show(lambda width: (*title.wrap(max(1, width)), *draw(width)))
        if not was_shown:
            self.scroll_home(animate=False)
        self.call_after_refresh(self.refresh_bindings)

    def _show_nothing(self) -> None:
        """Empty it; say how it is filled, or why it could not be."""
        hint = Content(self._why) if self._why else with_keys(self._hint)
        if not self.is_attached or hint == self._shown_hint:
            return
        self._shown_hint = hint
        said = hint.stylize_before(TONES["muted"])
        self.query_one(DrawnText).show(lambda width: said.wrap(max(1, width)) if hint else ())
        self.refresh_bindings()

    @property
    def _hint(self) -> str:
        row = self._rest.row
        if row is None:
            return ""
        if self._fills_itself and not row.is_by_key:
            return REST_HERE
        words = PROTECTED_BY_KEY if row.is_protected else BY_KEY
        return words.format(place=self._place)

    # Its own keys

    def action_leave(self) -> None:
        """Go back to the list."""
        self._list.focus()
