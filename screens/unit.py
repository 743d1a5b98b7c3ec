"""*Enhet*: what a behörighetsadministratör sees to on the unit."""

from collections.abc import Awaitable, Iterable, Sequence
from typing import ClassVar, NamedTuple, final

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens import unit_form
from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.controls import Lines
from screens.dialogs.form_risks import NO_RISKS, FormRisksDialog
from screens.dialogs.role_analysis import RoleAnalysisDialog
from screens.dialogs.unit_program import OwnProgram, UnitProgramDialog
from screens.refusals import read_for_dialog
from screens.shown_keys import with_keys
from screens.store_client import StoreClient
from screens.tab_form import TabForm, Values
from screens.type_ahead import hold_keys, release_keys
from screens.unit_form import changes, explain
from screens.widgets.cells import clean
from screens.wording import clock_time, day_and_month, plural
from store.care.delivery import UnitNotices, unit_notices
from store.care.duties import UnitDuty, unit_duties
from store.care.form_risks import FormRisks, form_risks, name_form_risks
from store.care.role_analyses import left_words, role_analyses, write_analysis
from store.foundation.access import Role
from store.foundation.clock import Instant, local_day
from store.people.channels import by_word
from store.people.unit_programs import UnitProgram, change_unit_program
from store.people.unit_settings import UnitSettings, change_unit, unit_settings

SAVED_PROGRAM = "Enhetens uppgifter om programmet är sparade."
SAVED_RISKS = "Risksvaren är sparade, och gäller svar från och med nu."
NO_FORMS = "Enheten har inga egna formulär. Installera ett med sob formular installera FIL."
FORMS = "{unit.forms}  Egna formulär: vilka svar som ger en prioriterad flagga."
NO_PROGRAMS = "Inga program är öppna för enheten."
PROGRAMS = "{unit.program}  Program: kontaktperson, egna avslutningsorsaker och utbildningskrav för vart och ett."
ANALYSES = "{unit.analyses}  Behovs- och riskanalyser: vad varje roll vilar på."
DUTIES = "{unit.duties}  Uppgifter: gallring, logguppföljning och annat återkommande."
TEMPLATES = "{unit.templates}  Meddelandemallar: texter för alla som skriver till invånare på enheten."
PRACTICE = "I övningsmiljön skickas inga aviseringar; sob avisera visar vad som skulle ha gått."
_TABLES = " och ".join(f"[{channel.table}]" for channel in by_word())
_MEND = f"Be driften kontrollera att sob avisera körs och att {_TABLES} är inställda."


class UnitState(NamedTuple):
    """The unit's settings, and how its notices fare."""

    settings: UnitSettings
    notices: UnitNotices
    overdue: tuple[UnitDuty, ...]
    """Duties that should have been done before today."""


@final
class UnitTab(TabForm[UnitState], can_focus=True):
    """The unit's settings, and whether its notices go out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="unit.next", tooltip="Nästa fält eller knapp."),
        Binding("ctrl+s", "save", "Spara", id="unit.save", tooltip="Spara enhetens inställningar."),
        Binding(
            "p",
            "program",
            "Program",
            id="unit.program",
            tooltip="Ändra vad enheten har för egna uppgifter om ett program.",
        ),
        Binding(
            "f",
            "forms",
            "Risksvar",
            id="unit.forms",
            tooltip="Ange vilka svar på enhetens egna formulär som ger en prioriterad flagga.",
        ),
        Binding(
            "m",
            "templates",
            "Meddelandemallar",
            id="unit.templates",
            tooltip="Visa och skriv enhetens mallar för meddelanden.",
        ),
        Binding(
            "r",
            "analyses",
            "Riskanalys",
            id="unit.analyses",
            tooltip="Skriv behovs- och riskanalysen för en roll på enheten.",
        ),
        Binding(
            "u",
            "duties",
            "Uppgifter",
            id="unit.duties",
            tooltip="Visa vad enheten ska göra om och om igen, och bestäm hur ofta och av vem.",
        ),
    ]
    DEFAULT_CSS = """
    UnitTab #templates, UnitTab #programs, UnitTab #notices { color: $text-muted; margin: 0 0 1 0; }
    UnitTab.-late #notices, UnitTab #advice { color: $text-warning; }
    UnitTab #duties { color: $text-error; margin: 0 0 1 0; }
    UnitTab #advice, UnitTab CheckBox, UnitTab CheckBox:focus { margin: 0 0 1 0; }
    UnitTab Field .name { width: 21; }
    UnitTab Field > .under { padding: 0 0 0 21; }
    UnitTab TextInput { max-width: 10; }
    UnitTab TextArea { height: 4; }
    """
    SAVED = "Enhetens inställningar är sparade."
    LOOK_AGAIN: ClassVar[float] = 60.0
    """Seconds after which it is read again: notices become late by waiting, and nothing else tells of it."""

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(client, id=id)
        self._programs: tuple[UnitProgram, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Return the warning, what else can be opened, and the form."""
        yield Lines(id="notices")
        yield Lines(id="duties")
        yield Static(Content("\n").join(map(with_keys, (DUTIES, ANALYSES, TEMPLATES, FORMS))), id="templates")
        yield from unit_form.fields()
        yield Static(with_keys(PROGRAMS))
        yield Lines(id="programs")

    @property
    def first(self) -> Widget:
        """The tab itself: its keys are there at once."""
        return self

    async def on_mount(self) -> None:
        """Read, now and then again."""
        explain(self)
        await super().on_mount()
        self.set_interval(self.LOOK_AGAIN, self.reread)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the programs once they are read."""
        return self.known is not None if action == "program" else super().check_action(action, parameters)

    # Reading

    async def read(self) -> UnitState:
        """Read the settings, and how the unit's notices are faring."""
        duties = await self.client.read(unit_duties)
        return UnitState(
            await self.client.read(unit_settings),
            await self.client.read(unit_notices),
            tuple(one for one in duties if one.is_overdue),
        )

    def values_of(self, state: UnitState) -> Values:
        """Return the settings as the fields show them."""
        return unit_form.values_of(state.settings)

    def typed(self) -> Values:
        """Return the settings that stand in the fields now."""
        return unit_form.typed_in(self)

    def fill(self, values: Values) -> None:
        """Show values; a field that shows its own already is let be, with its cursor."""
        unit_form.fill(self, values)

    def save(self, typed: Values, known: Values, *, confirmed: bool) -> Awaitable[None]:
        """Write the settings that have been changed."""
        before = unit_form.seen(typed, known)
        return self.client.write(change_unit, **changes(typed, known), seen=before, confirmed=confirmed)

    def show_words(self, state: UnitState) -> None:
        """Show the unit's name, its advice, its programs and how its notices fare."""
        settings = state.settings
        self._programs = tuple(settings.programs)
        self.query_one("#who", Static).update(Content(f"{settings.name} · {settings.hsa_id}"))
        advice = self.query_one("#advice", Lines)
        advice.display = bool(settings.advice)
        advice.show([("!", Content(one)) for one in settings.advice])
        self.query_one("#numbers", Lines).show(list(unit_form.number_lines(settings)))
        facts = [("·", Content(f"{one.title}: {'; '.join(unit_form.program_facts(one))}")) for one in settings.programs]
        self.query_one("#programs", Lines).show(facts or [("", Content(NO_PROGRAMS))])
        self._show_notices(state.notices)
        late = self.query_one("#duties", Lines)
        late.display = bool(state.overdue)
        late.show([("!", Content(clean(f"{one.title} {one.said}."))) for one in state.overdue])

    def _show_notices(self, notices: UnitNotices) -> None:
        """Warn of notices that have not gone out."""
        said = "" if self.client.practice else late_notices(notices)
        pieces = [("!", Content(said))] if said else [("", Content(PRACTICE))] if self.client.practice else []
        self.set_class(bool(said), "-late")
        lines = self.query_one("#notices", Lines)
        lines.display = bool(pieces)
        lines.show(pieces)

    # Programs, forms and templates

    def action_program(self) -> None:
        """Choose a program, and change what the unit has of its own for it."""
        if self._programs:
            hold_keys(self.app)
            self._choose_program(self._programs)
        else:
            self.notify(NO_PROGRAMS)

    @work(exclusive=True, group="dialog")
    async def _choose_program(self, programs: Sequence[UnitProgram]) -> None:
        choices = [Choice(one, one.title, "; ".join(unit_form.program_facts(one))) for one in programs]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Välj program", choices, whom=None))
        if chosen is not None and await self._changed_program(chosen):
            self.notify(SAVED_PROGRAM)
            self.reread()

    async def _changed_program(self, program: UnitProgram) -> bool:
        async def perform(own: OwnProgram, confirmed: bool) -> None:
            await self.client.write(
                change_unit_program,
                program.program,
                contact_name=own.contact_name,
                contact_email=own.contact_email,
                contact_phone=own.contact_phone,
                end_reasons=own.end_reasons,
                training=own.training,
                seen=program,
                confirmed=confirmed,
            )

        return await self.app.push_screen_wait(UnitProgramDialog(program, perform)) is not None

    def action_forms(self) -> None:
        """Choose one of the unit's forms, and name the answers to it that raise a flag."""
        hold_keys(self.app)
        self._choose_form()

    @work(exclusive=True, group="dialog")
    async def _choose_form(self) -> None:
        forms = await read_for_dialog(self.app, self.client, form_risks, None)
        if forms is None:
            return
        if not forms:
            release_keys(self.app)
            self.notify(NO_FORMS)
            return
        choices = [Choice(one, one.title, "; ".join(one.said) or NO_RISKS) for one in forms]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Välj formulär", choices, whom=None))
        if chosen is not None and await self._named_risks(chosen):
            self.notify(SAVED_RISKS)

    async def _named_risks(self, form: FormRisks) -> bool:
        async def perform(risks: tuple[str, ...], confirmed: bool) -> None:
            await self.client.write(name_form_risks, form.form, risks, confirmed=confirmed)

        return await self.app.push_screen_wait(FormRisksDialog(form, perform)) is not None

    def action_analyses(self) -> None:
        """Choose a role, and write its behovs- och riskanalys."""
        hold_keys(self.app)
        self._choose_role()

    @work(exclusive=True, group="dialog")
    async def _choose_role(self) -> None:
        found = await read_for_dialog(self.app, self.client, role_analyses, None)
        if found is None:
            return
        choices = [Choice(one, one.role.value.capitalize(), one.written_on or "inte skriven") for one in found]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Välj roll", choices, whom=None))
        if chosen is None:
            return

        async def perform(text: str, _confirmed: bool) -> tuple[Role, ...]:
            return await self.client.write(write_analysis, chosen.role, text)

        done = await self.app.push_screen_wait(RoleAnalysisDialog(chosen, perform))
        if done is not None:
            self.notify(f"Behovs- och riskanalysen är sparad. {left_words(done.value)}", markup=False)

    def action_duties(self) -> None:
        """Open the page of the unit's duties."""
        hold_keys(self.app)
        self._open_duties()

    @work(exclusive=True, group="open")
    async def _open_duties(self) -> None:
        page = await self.client.load("screens.duties")
        await self.app.push_screen_wait(page.DutiesScreen(self.client, "Enhet"))
        self.reread()

    def action_templates(self) -> None:
        """Open the page of the unit's templates."""
        hold_keys(self.app)
        self._open_templates()

    @work(exclusive=True, group="open")
    async def _open_templates(self) -> None:
        page = await self.client.load("screens.templates")
        self.app.push_screen(page.TemplatesScreen(self.client, "Enhet", of_unit=True))


def late_notices(notices: UnitNotices) -> str:
    """Return what is said of notices that have not gone out, with what to do; nothing where all is well."""
    if not notices.waiting.late:
        return ""
    number = plural(notices.waiting.late, "avisering", "aviseringar")
    if notices.oldest_due is None:
        return f"{number} har inte gått ut trots flera försök. {_MEND}"
    at = Instant(notices.oldest_due)
    which = "den" if notices.waiting.late == 1 else "den äldsta"
    when = f"{day_and_month(local_day(at))} kl. {clock_time(at)}"
    return f"{number} har inte gått ut, {which} skulle ha gått {when}. {_MEND}"
