"""*Dataexport*: an export is made and may be given up, and the unit's earlier ones stand in a list (domain.md §11)."""

import asyncio
from pathlib import Path
from threading import Event
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.widgets import ProgressBar, Static

from screens.contracts import TabContent
from screens.dialogs.controls import Lines
from screens.dialogs.export import FORMATS, IDENTITIES, ExportDialog, ExportOrder
from screens.refusals import read_for_dialog
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import Ink, clean
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.row import Row
from screens.wording import clock_time, plural
from store.care.export_choice import Choice, Identity, count_export, exportable_programs
from store.care.exports import ListedExport, check_pseudonyms, list_exports
from store.export.exporting import Done, export_to
from store.export.pseudonyms import Pseudonyms
from store.export.words import NOTES
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, NeedsConfirmation, Refused, StoreUnreachable

ABOUT = (
    "Ett programs moment skrivs till en fil, och det står i loggen på varje invånare. {exports.new} gör en ny export."
)
EMPTY = "Inga exporter än."
NO_PROGRAMS = "Enheten har inga moment att exportera."
GIVEN_UP = "Exporten är avbruten. Ingen fil är skriven."
OUTSIDE = "Filen är utanför programmets skydd: ansvara för var den ligger, och radera den när den inte behövs."
NO_KEY = "Pseudonymer kan inte göras här. Gör exporten på kommandoraden: sob exportera PROGRAM --identitet pseudonym."
RETRY = 1.0
"""Seconds after which a reading that found no database is tried again."""
SAID_SECONDS = 20.0
"""For which what came of an export stands: it names a file."""
PATIENCE = 5.0
"""Seconds that the end of the tab waits for an export to remove what it has half written."""


class GivenUp(Exception):
    """The person does not want the export any longer."""


@final
class ExportsTab(Vertical, TabContent, can_focus=True):
    """The exports as a list, what is known of the cursor's, and how far one has come that is under way."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "Ny\xa0export", id="exports.new", tooltip="Välj vad som exporteras, till vem och varför."),
        Binding(
            "escape",
            "give_up",
            "Avbryt\xa0exporten",
            id="exports.give_up",
            tooltip="Avbryt exporten som pågår. Ingen fil blir kvar.",
        ),
    ]
    DEFAULT_CSS = """
    ExportsTab { height: 1fr; }
    ExportsTab > #trouble { display: none; color: $text-error; padding: 0 1; }
    ExportsTab.-troubled > #trouble { display: block; }
    ExportsTab #about, ExportsTab #empty { color: $text-muted; padding: 0 1; height: auto; }
    ExportsTab #going { display: none; height: 1; padding: 0 1; }
    ExportsTab.-going #going { display: block; }
    ExportsTab #said { width: auto; padding: 0 2 0 0; }
    """

    class Written(Message):
        """So many moments are in the file."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done, self.total = done, total

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self._list = TellingList("exports-list")
        self._exports: tuple[ListedExport, ...] = ()
        self._titles: dict[str, str] = {}
        self._is_wanted = Event()
        self._has_ended = Event()
        """Cleared in the thread while it writes."""
        self._has_ended.set()
        self.is_exporting = False
        self._is_closing = False

    def compose(self) -> ComposeResult:
        """Lay out what can be done, how far it has come, and what has been done."""
        yield Lines(id="trouble")
        yield Static(Content(keyed(ABOUT)), id="about")
        with Horizontal(id="going"):
            yield Static(id="said", markup=False)
            yield ProgressBar(show_eta=False, id="bar")
        yield ListAndText(self._list, above=(Static(Content(EMPTY), id="empty"),))

    def on_mount(self) -> None:
        """Read."""
        self.query_one("#empty").display = False
        self.reread()

    async def on_unmount(self) -> None:
        """Give up what is under way, and wait until nothing is left of it."""
        self._is_closing = True
        self._is_wanted.clear()
        if not self._has_ended.is_set():
            await asyncio.to_thread(self._has_ended.wait, PATIENCE)

    def enter(self) -> None:
        """Take the focus; an empty list can't."""
        (self._list if self._list.can_be_entered else self).focus()

    async def changed(self) -> None:
        """Read again: something on the unit has changed, or the database is gone, or back."""
        self.reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a new export, or to give up the one that is under way."""
        if action == "give_up":
            return self.is_exporting
        return not self.is_exporting if action == "new" else super().check_action(action, parameters)

    # Reading

    @work(exclusive=True, group="read")
    async def reread(self) -> None:
        """Read the list; what stands stays where that can't be done, and why is said."""
        try:
            self._exports = tuple(await self.client.read(list_exports))
            self._titles = dict(await self.client.read(exportable_programs))
        except DomainError as refusal:
            self._tell_trouble(refusal.message)
            if isinstance(refusal, StoreUnreachable):
                self.set_timer(RETRY, self.reread)
            return
        self._tell_trouble("")
        self._list.show_rows(tuple(map(self._row, self._exports)))
        self.query_one("#empty").display = not self._exports
        if self.has_focus:
            self.enter()
        self._show_export()

    def _tell_trouble(self, sentence: str) -> None:
        if self.query("#trouble"):  # the tab may be closing
            self.set_class(bool(sentence), "-troubled")
            self.query_one("#trouble", Lines).show([("!", Content(sentence))] if sentence else ())

    def _row(self, one: ListedExport) -> Row:
        state = () if one.finished_at is not None else (Ink("inte klar", "muted"),)
        day = local_day(Instant(one.begun_at)).isoformat()
        return Row(str(one.id), clean(f"{day} {self._title(one.program)} → {one.recipient}"), state=state)

    def _title(self, program: str) -> str:
        return self._titles.get(program, program)

    @on(TellingList.Moved)
    def _show_export(self) -> None:
        row = self._list.row
        shown = next((one for one in self._exports if row and row.id == str(one.id)), None)
        self.query_one(ListAndText).tell(self._told(shown) if shown else Content(""))
        self.refresh_bindings()

    def _told(self, one: ListedExport) -> Content:
        begun = Instant(one.begun_at)
        identity = next(words for words, value in IDENTITIES if value is one.identity)
        form = next((words for words, value in FORMATS if value == one.format), one.format)
        done = plural(one.moments, "moment", "moment") if one.finished_at is not None else "Inte klar: ingen fil finns."
        lines = (
            done,
            f"Mottagare: {one.recipient}",
            f"Ändamål: {one.purpose}",
            f"Vem invånaren är: {identity}",
            f"Format: {form}",
            f"Fil: {one.file}",
            f"Av {one.actor_name}, {local_day(begun).isoformat()} kl. {clock_time(begun)}",
        )
        heading = Content.styled(clean(self._title(one.program)), "bold")
        return Content("\n").join((heading, Content(""), *(Content(clean(line)) for line in lines)))

    # An export

    def action_new(self) -> None:
        """Choose an export, and make it."""
        hold_keys(self.app)
        self._export()

    def action_give_up(self) -> None:
        """Give up the export that is under way."""
        self._is_wanted.clear()

    @work(exclusive=True, group="export")
    async def _export(self) -> None:
        programs = await read_for_dialog(self.app, self.client, exportable_programs, None)
        if not programs:
            release_keys(self.app)
            if programs is not None:
                self.notify(NO_PROGRAMS)
            return
        today = local_day(self.client.clock())
        ordered = await self.app.push_screen_wait(ExportDialog(programs, self._considered, today=today))
        if ordered is not None:
            await self._carry_out(ordered.value)

    async def _considered(self, order: ExportOrder, confirmed: bool) -> ExportOrder:
        """Say how much an export is, and what should be thought of, before it begins.

        Raises:
            NeedsConfirmation: so it is.
            DomainError: it may not be done, or there is nothing to export.
        """
        count = await self.client.read(count_export, order.choice)
        if confirmed:
            return order
        warnings = [
            f"{count.title}: {plural(count.moments, 'moment', 'moment')} "
            f"({plural(count.residents, 'invånare', 'invånare')}) exporteras till {order.folder}."
        ]
        if count.protected:
            whose = plural(count.protected, "moment", "moment")
            is_in = "är med" if order.choice.reveals else "lämnas utanför"
            warnings.append(f"{whose} med skyddade personuppgifter {is_in}.")
        if note := NOTES[order.choice.identity]:
            warnings.append(note)
        if order.choice.identity is Identity.PSEUDONYM:
            warnings += await self.client.run_long(lambda: self._lost_key(order.choice))
        raise NeedsConfirmation(warnings)

    def _lost_key(self, choice: Choice) -> tuple[str, ...]:
        """Return what is said where a recipient's pseudonyms had been made with a key that is lost. In a thread."""
        try:
            self.client.read_here(check_pseudonyms, choice.recipient, self._pseudonyms(choice, keep=False).key_id)
        except NeedsConfirmation as warning:
            return warning.warnings
        return ()

    def _pseudonyms(self, choice: Choice, *, keep: bool) -> Pseudonyms:
        """Return the recipient's pseudonyms; a new key is kept once it is to be used. In a thread."""
        if self.client.pseudonym_key is None:
            raise Refused(NO_KEY, field="identitet")
        kept = self.client.pseudonym_key(self.client.store)
        if keep:
            kept.keep()
        return Pseudonyms(kept.key, choice.recipient)

    async def _carry_out(self, order: ExportOrder) -> None:
        self._is_wanted.set()
        self.is_exporting = True
        self._show_going(order)
        severity: SeverityLevel = "information"
        try:
            done = await self.client.run_long(lambda: self._written(order))
            said = f"{plural(done.moments, 'moment', 'moment')} exporterade till {done.place}. {OUTSIDE}"
        except GivenUp:
            said = GIVEN_UP
        except DomainError as refusal:
            said, severity = f"{refusal.message} Ingen fil är skriven.", "warning"
        finally:
            self.is_exporting = False
        if not self._is_closing:
            self.set_class(False, "-going")
            self.notify(said, severity=severity, markup=False, timeout=SAID_SECONDS)
            self.refresh_bindings()
            self.reread()

    def _show_going(self, order: ExportOrder) -> None:
        self.query_one("#said", Static).update(Content(clean(f"Exporterar {self._title(order.choice.program)}")))
        self.query_one("#bar", ProgressBar).update(total=None, progress=0)
        self.set_class(True, "-going")
        self.refresh_bindings()

    def _written(self, order: ExportOrder) -> Done:
        """Export. In a thread; nothing is left of what is given up."""
        self._has_ended.clear()
        try:
            actor = self.client.actor
            if actor is None or not self._is_wanted.is_set():
                raise GivenUp
            choice = order.choice
            pseudonyms = self._pseudonyms(choice, keep=True) if choice.identity is Identity.PSEUDONYM else None
            return export_to(
                self.client.store, actor, choice, order.format, Path(order.folder), pseudonyms, self._told_how_far
            )
        finally:
            self._has_ended.set()

    def _told_how_far(self, done: int, total: int) -> None:
        """Say how far it has come; stop where nobody wants it any longer. In a thread."""
        if not self._is_wanted.is_set():
            raise GivenUp
        self.post_message(self.Written(done, total))

    @on(Written)
    def _show_how_far(self, event: Written) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.total, progress=event.done)
