"""*Enhet*: what a behörighetsadministratör sees to on the unit."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Select, Static, TextArea

from screens import unit_form
from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.controls import Field, Lines
from screens.dialogs.unit_program import OwnProgram, UnitProgramDialog
from screens.seam import Seam
from screens.tab_page import TabPage
from screens.type_ahead import hold_keys
from screens.unit_form import Values, changes, explain, fill, merged, typed_in, values_of
from screens.wording import clock_time, day_and_month, plural
from store.care.delivery import UnitNotices, unit_notices
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.unit_settings import UnitProgram, UnitSettings, change_unit, change_unit_program, unit_settings

SAVED = "Enhetens inställningar är sparade."
SAVED_PROGRAM = "Enhetens uppgifter om programmet är sparade."
UNSAVED = "Ändringarna är inte sparade."
NOTHING_TO_SAVE = "Inget är ändrat."
WAITING = "Väntar på databasen …"
NO_PROGRAMS = "Inga program är öppna för enheten."
PROGRAMS = "p  Program: kontaktperson, egna avslutningsorsaker och utbildningskrav för vart och ett."
TEMPLATES = "m  Meddelandemallar: texter för alla som skriver till invånare på enheten."
PRACTICE = "I övningsmiljön skickas inga aviseringar; sob avisera visar vad som skulle ha gått."
_MEND = "Be driften kontrollera att sob avisera körs och att [smtp] och [sms] är inställda."


class UnitTab(TabPage, can_focus=True):
    """The unit's settings, and whether its notices go out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="unit.next", tooltip="Nästa fält eller knapp."),
        Binding("ctrl+s", "save", "Spara", id="unit.save", tooltip="Spara enhetens inställningar."),
        Binding(
            *("p", "program", "Program"),
            id="unit.program",
            tooltip="Ändra vad enheten har för egna uppgifter om ett program.",
        ),
        Binding(
            *("m", "templates", "Meddelandemallar"),
            id="unit.templates",
            tooltip="Visa och skriv enhetens mallar för meddelanden.",
        ),
    ]
    DEFAULT_CSS = """
    UnitTab #templates, UnitTab #programs, UnitTab #notices { color: $text-muted; margin: 0 0 1 0; }
    UnitTab.-late #notices, UnitTab #advice { color: $text-warning; }
    UnitTab #who { text-style: bold; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    UnitTab Field, UnitTab #who, UnitTab #advice, UnitTab Tick, UnitTab Tick:focus { margin: 0 0 1 0; }
    UnitTab .note, UnitTab #unsaved { color: $text-muted; }
    UnitTab Line { max-width: 10; }
    UnitTab Writing { height: 4; }
    UnitTab #saving { height: 1; margin: 0 0 1 0; }
    UnitTab #unsaved { width: 1fr; margin: 0 0 0 2; }
    """
    LOOK_AGAIN: ClassVar[float] = 60.0
    """Seconds after which it is read again: notices become late by waiting, and nothing else tells of it."""
    SLOW: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""

    def __init__(self, seam: Seam, *, id: str | None = None) -> None:
        """Show nothing until it is read."""
        super().__init__(seam, id=id)
        self._notices: UnitNotices | None = None
        self._settings: UnitSettings | None = None
        self._known: Values | None = None
        """What the store holds, as far as is known here; None until it is shown."""
        self._is_saving = False

    def body(self) -> Iterable[Widget]:
        """Return the warning, what else can be opened, and the form."""
        yield Lines(id="notices")
        yield Static(Content(TEMPLATES), id="templates")
        yield from unit_form.fields()
        yield Static(Content(PROGRAMS))
        yield Lines(id="programs")

    @property
    def first(self) -> Widget:
        """The tab itself: its keys are there at once."""
        return self

    @property
    def is_typed_in(self) -> bool:
        """Whether anything differs from what is saved."""
        return self._known is not None and typed_in(self) != self._known

    async def on_mount(self) -> None:
        """Read, now and then again."""
        await super().on_mount()
        self.set_interval(self.LOOK_AGAIN, self.reread)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to save once there is something to save."""
        if action in ("save", "program"):
            return self._known is not None
        return super().check_action(action, parameters)

    # Reading

    async def read(self) -> None:
        """Read the settings, and how the unit's notices are faring."""
        settings = await self.seam.read(unit_settings)
        self._notices = await self.seam.read(unit_notices)
        self._settings = settings

    def show_state(self) -> None:
        """Show it; a field that has been changed here and not saved stays as it is."""
        assert self._settings is not None
        new = values_of(self._settings)
        known, self._known = self._known, new
        fill(self, new if known is None else merged(typed_in(self), known, new))
        if known is None:
            explain(self)
            self.refresh_bindings()
        self._show_words(self._settings)
        self._show_notices()
        self._show_unsaved()

    def _show_words(self, settings: UnitSettings) -> None:
        self.query_one("#who", Static).update(Content(f"{settings.name} · {settings.hsa_id}"))
        advice = self.query_one("#advice", Lines)
        advice.display = bool(settings.advice)
        advice.show([("!", Content(one)) for one in settings.advice])
        facts = [("·", Content(f"{one.title}: {'; '.join(unit_form.program_facts(one))}")) for one in settings.programs]
        self.query_one("#programs", Lines).show(facts or [("", Content(NO_PROGRAMS))])

    def _show_notices(self) -> None:
        """Warn of notices that have not gone out."""
        assert self._notices is not None
        said = "" if self.seam.practice else late_notices(self._notices)
        pieces = [("!", Content(said))] if said else [("", Content(PRACTICE))] if self.seam.practice else []
        self.set_class(bool(said), "-late")
        lines = self.query_one("#notices", Lines)
        lines.display = bool(pieces)
        lines.show(pieces)

    # Saving

    def action_save(self) -> None:
        """Save what has been changed; once is enough."""
        if self._known is None or self._is_saving:
            return
        self._clear()
        typed = typed_in(self)
        try:
            given = changes(typed, self._known)
        except DomainError as refusal:
            self._show_failure(refusal)
            return
        if not given:
            self._say(NOTHING_TO_SAVE)
            return
        self._is_saving = True
        self._save(typed, given)

    @work(group="save")
    async def _save(self, typed: Values, given: Values) -> None:
        waiting = self.set_timer(self.SLOW, lambda: self._say(WAITING))
        try:
            async with self.turn:
                await self.seam.write(change_unit, **given)
                self._known = typed
        except DomainError as refusal:
            self._show_failure(refusal)
        else:
            self.notify(SAVED)
            self.reread()
        finally:
            waiting.stop()
            self._is_saving = False
            if self.is_there:
                self._show_unsaved()

    def _clear(self) -> None:
        self.show_trouble("")
        for field in self.query(Field):
            field.show_fault("")

    def _show_failure(self, refusal: DomainError) -> None:
        if not self.is_there:
            return
        field = next((one for one in self.query(Field) if one.id == f"field-{refusal.field}"), None)
        if field is not None:
            field.show_fault(refusal.message)
            field.control.focus()
            self.call_after_refresh(field.scroll_visible, animate=False)
        else:
            is_lost = isinstance(refusal, StoreUnreachable)
            self.show_trouble(self.lost() if is_lost else refusal.message)

    def _show_unsaved(self) -> None:
        self._say(UNSAVED if self.is_typed_in else "")

    def _say(self, words: str) -> None:
        self.query_one("#unsaved", Static).update(Content(words))

    @on(Input.Changed)
    @on(Select.Changed)
    @on(TextArea.Changed)
    @on(Checkbox.Changed)
    def _typed(self) -> None:
        if not self._is_saving:
            self._show_unsaved()

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Let Enter in a field lead on, as in dialogs."""
        self.screen.focus_next()

    @on(Button.Pressed, "#save")
    def _pressed(self) -> None:
        self.action_save()

    # Programs and templates

    @work(exclusive=True, group="dialog")
    async def action_program(self) -> None:
        """Choose a program, and change what the unit has of its own for it."""
        assert self._settings is not None
        programs = self._settings.programs
        if not programs:
            self.notify(NO_PROGRAMS)
            return
        hold_keys(self.app)
        choices = [Choice(one, one.title, "; ".join(unit_form.program_facts(one))) for one in programs]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Välj program", choices))
        if chosen is not None and await self._changed_program(chosen):
            self.notify(SAVED_PROGRAM)
            self.reread()

    async def _changed_program(self, program: UnitProgram) -> bool:
        async def perform(own: OwnProgram, _confirmed: bool) -> None:
            await self.seam.write(
                change_unit_program,
                program.program,
                contact_name=own.contact_name,
                contact_email=own.contact_email,
                contact_phone=own.contact_phone,
                end_reasons=own.end_reasons,
                training=own.training,
            )

        return await self.app.push_screen_wait(UnitProgramDialog(program, perform)) is not None

    @work(exclusive=True, group="open")
    async def action_templates(self) -> None:
        """Open the page of the unit's templates."""
        hold_keys(self.app)
        page = await self.seam.load("screens.templates")
        self.app.push_screen(page.TemplatesScreen(self.seam, "Enhet", of_unit=True))


def late_notices(notices: UnitNotices) -> str:
    """Return what is said of notices that have not gone out, with what to do; nothing where all is well."""
    if not notices.late:
        return ""
    number = plural(notices.late, "avisering", "aviseringar")
    if notices.oldest_due is None:
        return f"{number} har inte gått ut trots flera försök. {_MEND}"
    at = Instant(notices.oldest_due)
    which = "den" if notices.late == 1 else "den äldsta"
    when = f"{day_and_month(local_day(at))} kl. {clock_time(at)}"
    return f"{number} har inte gått ut, {which} skulle ha gått {when}. {_MEND}"
