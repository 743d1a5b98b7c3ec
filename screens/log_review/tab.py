"""*Logguppföljning*: the reviews of the unit's log, for a loggranskare."""

import os
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.contracts import TabContent
from screens.dialogs.dialog import Done
from screens.dialogs.log_review import DrawDialog, TargetedDialog
from screens.log_review.review import ReviewScreen
from screens.reading_trouble import ReadingTrouble
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import Ink, clean
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.row import Row
from screens.wording import plural
from screens.workers import start_alone
from store.care.log_draw import DrawKind, Period
from store.care.log_drawing import DrawChoice, draw_from_log
from store.care.log_report import drawn_words
from store.care.log_review_rows import ReviewLine
from store.care.log_reviews import begin_review, log_reviews
from store.foundation.clock import Instant, local, local_day
from store.foundation.errors import DomainError

TITLE = "Logguppföljning"
EMPTY = "Inga granskningar än. Tryck {reviews.draw} för att dra ett stickprov ur förra månadens logg."


class ReviewList(TellingList):
    """The reviews. It takes the focus without one, too: the tab's keys are reached from there."""

    FOCUSED_WHEN_EMPTY = True


@final
class ReviewsTab(Vertical, TabContent):
    """The reviews as a list, and what there is to know of the one that the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Öppna", id="reviews.open", tooltip="Öppna granskningen, och bedöm dess rader."),
        Binding("n", "draw", "Dra\xa0stickprov", id="reviews.draw", tooltip="Dra ett stickprov ur en månads logg."),
        Binding(
            "r",
            "target",
            "Riktad\xa0kontroll",
            id="reviews.target",
            tooltip="Granska allt om en person, vid misstanke. Skälet loggas.",
        ),
    ]
    DEFAULT_CSS = """
    ReviewsTab { height: 1fr; }
    ReviewsTab #empty { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self._reviews: tuple[ReviewLine, ...] = ()
        self._list = ReviewList("reviews")

    def compose(self) -> ComposeResult:
        """Lay out the list and the text."""
        yield ReadingTrouble()
        yield ListAndText(self._list, above=(Static(Content(keyed(EMPTY)), id="empty"),))

    async def on_mount(self) -> None:
        """Read."""
        self._list.show_rows(())
        self.query_one("#empty").display = False
        await self.changed()

    @property
    def review(self) -> ReviewLine | None:
        """The review that the cursor is on."""
        row = self._list.row
        return next((one for one in self._reviews if row and row.id == str(one.id)), None)

    def enter(self) -> None:
        """Take the focus."""
        self._list.focus()

    async def changed(self) -> None:
        """Read again."""
        start_alone(self, "read", self._read)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open what there is."""
        return self.review is not None if action == "open" else super().check_action(action, parameters)

    async def _read(self) -> None:
        refusal: DomainError | None = None
        try:
            self._reviews = tuple(await self.client.read(log_reviews))
        except DomainError as refused:
            refusal = refused
        if not self.is_attached:
            return
        self.query_one(ReadingTrouble).tell(refusal)
        self._list.show_rows(tuple(map(_row, self._reviews)))
        self.query_one("#empty").display = refusal is None and not self._reviews
        self._show_text()

    @on(TellingList.Moved)
    def _show_text(self) -> None:
        review = self.review
        self.query_one(ListAndText).tell(Content("\n").join(_told(review)) if review else Content())
        self.refresh_bindings()

    # What is done

    @work(exclusive=True, group="open")
    async def action_open(self) -> None:
        """Open the review that the cursor is on."""
        if self.review is not None:
            hold_keys(self.app)
            await self._open(self.review.id)

    @work(exclusive=True, group="dialog")
    async def action_draw(self) -> None:
        """Ask what is to be drawn, draw it, and open the review."""
        hold_keys(self.app)
        done = await self.app.push_screen_wait(DrawDialog(self._month, os.urandom(8).hex(), self._begin))
        await self._opened(done)

    @work(exclusive=True, group="dialog")
    async def action_target(self) -> None:
        """Ask whom a riktad kontroll is about and why, and open the review."""
        hold_keys(self.app)
        done = await self.app.push_screen_wait(TargetedDialog(self._month, self._begin))
        await self._opened(done)

    @property
    def _month(self) -> str:
        return str(Period.before(local_day(self.client.clock())))

    async def _begin(self, choice: DrawChoice, _confirmed: bool) -> int:
        draw = await self.client.read(draw_from_log, choice)
        return await self.client.write(begin_review, draw)

    async def _opened(self, done: Done[int] | None) -> None:
        if done is None:
            release_keys(self.app)
            return
        self._list.move_to(str(done.value))
        await self._open(done.value)

    async def _open(self, review: int) -> None:
        said = await self.app.push_screen_wait(ReviewScreen(self.client, review, TITLE))
        if said:
            self.notify(said, markup=False)
        if self.is_attached:
            await self.changed()


def _row(review: ReviewLine) -> Row:
    kind = "riktad kontroll" if review.kind is DrawKind.TARGETED else "stickprov"
    if review.signed_at is not None:
        state = Ink("✓ signerad", "done")
    elif review.left:
        state = Ink(f"○ {review.left} av {review.rows} kvar", "waiting")
    else:
        state = Ink("○ att signera", "waiting")
    return Row(str(review.id), f"{review.period}, {kind} ({review.id})", state=(state,))


def _told(review: ReviewLine) -> list[Content]:
    lines = [Content.styled(f"Granskning {review.id} av loggen från {review.period}", "bold"), Content()]
    lines.append(Content(clean(f"Dragen {_minute(review.drawn_at)} av {review.drawn_by}.")))
    if review.kind is not DrawKind.TARGETED:
        lines.append(Content(clean(f"Stickprov: {review.asked}. Frö: {review.seed}")))
        lines.append(Content(clean(f"Drogs: {drawn_words(review.drawn)}.")))
    else:
        lines.append(Content("Riktad kontroll, vid misstanke."))
    rows = plural(review.rows, "rad", "rader")
    lines.append(Content(f"{rows}, {review.left} att bedöma, {review.remarks} med anmärkning."))
    if review.listed:
        lines.append(Content(f"Utelämnat: {review.listed} gånger då invånaren bara stod i en lista."))
    if review.signed_at is not None:
        lines += [Content(), Content(clean(f"Signerad {_minute(review.signed_at)} av {review.signed_by}."))]
    return lines


def _minute(at: int) -> str:
    return f"{local(Instant(at)):%Y-%m-%d %H.%M}"
