"""The rows of a review of the log: each is judged, and the whole is signed."""

from pathlib import Path
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.dialogs.info import InfoDialog
from screens.dialogs.log_review import RemarkDialog, SignDialog
from screens.dialogs.text_to_save import TextToSaveDialog
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.reading_trouble import ReadingTrouble
from screens.refusals import notify_refusal
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import Ink, clean
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from screens.wording import plural
from store.care.log_report import report_lines
from store.care.log_report_file import write_report
from store.care.log_review_rows import Review, ReviewRow
from store.care.log_reviews import (
    VERDICTS,
    WITH,
    WITHOUT,
    judge_rows,
    open_review,
    print_review,
    review_again,
    sign_review,
)
from store.foundation.clock import Instant, local
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.sign_in import StaffActor

EXAMPLE = "Till exempel ~/rapport.pdf eller ~/rapport.txt"
MISSING = "Ange en fil. Slutar den på .pdf blir det en PDF, annars text. Rapporten kan visas igen."
LEFT = "{review.without} utan anmärkning, {review.remark} med. När alla är bedömda: {review.sign} signerar."
READY = "Alla rader är bedömda. {review.sign} signerar."


@final
class ReviewScreen(Page[str], FollowsChanges):
    """The rows as a list, and of the cursor's what is needed to judge it; closed, it gives what is to be said."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "without", "Utan", id="review.without", tooltip="Bedöm raden utan anmärkning, och gå till nästa."),
        Binding("m", "remark", "Med", id="review.remark", tooltip="Bedöm raden med anmärkning, och en kommentar."),
        Binding(
            "a",
            "alike",
            "Alla\xa0lika\xa0utan",
            id="review.alike",
            tooltip="Bedöm alla rader som återstår om samma person och invånare utan anmärkning.",
        ),
        Binding("s", "sign", "Signera", id="review.sign", tooltip="Signera granskningen när alla rader är bedömda."),
        Binding(
            "r",
            "report",
            "Rapport",
            id="review.report",
            tooltip="Visa rapporten, och spara den i en fil.",
        ),
        Binding("escape", "back", "Tillbaka", id="review.back", tooltip="Gå tillbaka till granskningarna."),
    ]
    DEFAULT_CSS = """
    ReviewScreen #about { color: $text-muted; padding: 0 1; height: auto; }
    ReviewScreen ListAndText.-wide #names { width: 60; }
    """

    def __init__(self, client: StoreClient, review: int, origin: str) -> None:
        """Show a review.

        Args:
            client: the way to the store.
            review: its number.
            origin: where it was opened from, as the way back names it.
        """
        super().__init__()
        self.client = client
        self._number = review
        self._origin = origin
        self._review: Review | None = None
        self._is_open = False
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, f"Granskning {self._number}")
        yield ReadingTrouble()
        yield Static(id="about", markup=False)
        yield ListAndText(self._list)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        await self._reading.begin()

    @property
    def row(self) -> ReviewRow | None:
        """The row that the cursor is on."""
        found = self._list.row
        rows = self._review.rows if self._review else ()
        return next((one for one in rows if found and found.id == str(one.number)), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done: judging and signing until it is signed, the report after that."""
        review, row = self._review, self.row
        is_signed = review is not None and review.line.signed_at is not None
        if action in ("without", "remark", "alike"):
            return row is not None and not is_signed and not row.is_own
        if action == "sign":
            return review is not None and not is_signed
        if action == "report":
            return is_signed
        return super().check_action(action, parameters)

    # Reading

    async def changed(self) -> None:
        """Read again: something on the unit has changed, or the database is gone, or back."""
        self._reading.ask()

    async def _read(self) -> None:
        self._review = await self.client.read(review_again if self._is_open else open_review, self._number)
        self._is_open = True

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays while the database is away, and why is said."""
        if refusal is not None and not isinstance(refusal, StoreUnreachable):
            self._review = None
        self.query_one(ReadingTrouble).tell(refusal)
        rows = self._review.rows if self._review else ()
        self._list.show_rows(tuple(map(_row, rows)))
        self.query_one("#about", Static).update(Content(self._about()))
        self._list.take_free_focus()
        self._show_text()

    def _about(self) -> str:
        if self._review is None:
            return ""
        line = self._review.line
        if line.signed_at is not None:
            return clean(f"Signerad av {line.signed_by}.")
        if not line.left:
            return keyed(READY)
        return f"{plural(line.left, 'rad', 'rader')} att bedöma. {keyed(LEFT)}"

    @on(TellingList.Moved)
    def _show_text(self) -> None:
        row = self.row
        self.query_one(ListAndText).tell(Content("\n").join(_told(row)) if row else Content())
        self.refresh_bindings()

    # What is done

    def action_back(self) -> None:
        """Go back to the reviews."""
        self.dismiss("")

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    def action_without(self) -> None:
        """Judge the cursor's row without a remark."""
        if self.row is not None:
            self._judge((self.row.number,))

    def action_alike(self) -> None:
        """Judge what is left of the same person and resident without a remark."""
        row = self.row
        if row is None or self._review is None:
            return
        alike = [one for one in self._review.rows if _whom(one) == _whom(row) and not one.verdict]
        self._judge(tuple(one.number for one in alike) or (row.number,))

    @work(group="judge")
    async def _judge(self, numbers: tuple[int, ...]) -> None:
        try:
            await self.client.write(judge_rows, self._number, numbers, WITHOUT)
        except DomainError as refusal:
            notify_refusal(self.app, refusal, whom=None)
        else:
            self._go_on(numbers)

    def _go_on(self, judged: tuple[int, ...]) -> None:
        """Put the cursor on the next row that is left, and read again."""
        rows = self._review.rows if self._review else ()
        left = [one.number for one in rows if not one.verdict and not one.is_own and one.number not in judged]
        following = next((one for one in left if one > judged[-1]), left[0] if left else judged[-1])
        self._list.move_to(str(following))
        self._reading.ask()

    @work(exclusive=True, group="dialog")
    async def action_remark(self) -> None:
        """Ask what is remarked of the cursor's row."""
        row = self.row
        if row is None:
            return
        hold_keys(self.app)

        async def perform(comment: str, _confirmed: bool) -> None:
            await self.client.write(judge_rows, self._number, (row.number,), WITH, comment)

        which = f"{row.day}: {row.actor_name}, {row.resident}"
        if await self.app.push_screen_wait(RemarkDialog(which, row.comment, perform)) is not None:
            self._go_on((row.number,))

    @work(exclusive=True, group="dialog")
    async def action_sign(self) -> None:
        """Sign, and show the report."""
        if self._review is None:
            return
        hold_keys(self.app)

        async def perform(_value: bool, confirmed: bool) -> None:
            await self.client.write(sign_review, self._number, confirmed=confirmed)

        if await self.app.push_screen_wait(SignDialog(self._review.line, perform)) is not None:
            self._reading.ask()
            await self._show_report()

    @work(exclusive=True, group="dialog")
    async def action_report(self) -> None:
        """Show the report, to be saved as text or PDF."""
        hold_keys(self.app)
        await self._show_report()

    async def _show_report(self) -> None:
        try:
            found = await self.client.read(print_review, self._number)
        except DomainError as refusal:
            release_keys(self.app)
            notify_refusal(self.app, refusal, whom=None)
            return
        actor = self.client.actor
        unit = f"{actor.unit_name} ({actor.unit_hsa_id})" if isinstance(actor, StaffActor) else ""

        async def perform(place: str, _confirmed: bool) -> str:
            made_at = self.client.clock()
            return await self.client.run_on_files(lambda: _save(place, found, unit, made_at))

        text = "\n".join(report_lines(found, unit))
        done = await self.app.push_screen_wait(
            TextToSaveDialog("Rapport", text, perform, example=EXAMPLE, missing=MISSING)
        )
        if done is not None:
            await self.app.push_screen_wait(InfoDialog("Rapporten är sparad", done.value, whom=None))


def _save(place: str, found: Review, unit: str, made_at: Instant) -> str:
    """Write a report in a new file; returns where it is. Raises `Refused`."""
    path = Path(place).expanduser()
    write_report(path, found, unit, made_at)
    return str(path)


def _whom(row: ReviewRow) -> tuple[str, str, str]:
    return row.actor_hsa_id, row.resident, row.number_of


def _row(row: ReviewRow) -> Row:
    if row.verdict:
        state = Ink("✓ utan", "done") if row.verdict == WITHOUT else Ink("! med", "waiting")
    else:
        state = Ink("· din egen", "muted") if row.is_own else Ink("○")
    return Row(str(row.number), f"{row.day[5:]}  {row.actor_name} · {row.resident or 'okänd'}", state=(state,))


def _told(row: ReviewRow) -> list[Content]:
    """Return what is needed to judge a row, in lines."""
    times = "" if row.times == 1 else f", {row.times} rader i loggen"
    first, last = (f"{local(Instant(at)):%H.%M}" for at in (row.first_at, row.last_at))
    when = first if first == last else f"{first}–{last}"
    acted = ", ".join(filter(None, (row.acted_as, row.grounds)))
    lines = [
        Content.styled(clean(f"{row.actor_name} ({row.actor_hsa_id})"), "bold"),
        Content(clean(f"{row.day} {when}{times}")),
        Content(clean(f"Som: {acted or 'okänt'}")),
        Content(clean(f"Vad: {row.what}")),
        Content(clean(f"Invånare: {row.resident or 'okänd'}")),
        Content.assemble("Därför: ", (clean(", ".join(row.why)), "$text-warning")),
    ]
    if row.refused:
        lines.append(Content(f"Nekat: {plural(row.refused, 'gång', 'gånger')}"))
    if row.verdict:
        said = f"{VERDICTS[row.verdict]}, av {row.judged_by}"
        lines += [Content(), Content(clean(f"Bedömd {said}{f': {row.comment}' if row.comment else ''}"))]
    elif row.is_own:
        lines += [Content(), Content("Raden är din egen. Någon annan loggranskare bedömer den.")]
    if row.details:
        lines += [Content(), *(Content(clean(one)) for one in row.details)]
    return lines
