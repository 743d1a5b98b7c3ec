"""F1, F4, F8, F9, ctrl+p and ctrl+q on every screen and dialog of the product: each press is seen to do its thing."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.screen import Screen

import screens
import sob_tui
from screens.catalog import CatalogScreen
from screens.commands import commands_of
from screens.contracts import FollowsChanges, HidesNumbers, HoldsUnsaved, KeepsDrafts, ShowsResidentsSide
from screens.course.walkthrough import WalkthroughScreen
from screens.dialogs.box import Box
from screens.dialogs.calendar import CalendarDialog
from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.clock import ClockDialog
from screens.dialogs.contact import ContactDialog
from screens.dialogs.contact_made import ContactMadeDialog
from screens.dialogs.duty import DecideDutyDialog, FinishDutyDialog
from screens.dialogs.end import EndDialog
from screens.dialogs.export import ExportDialog
from screens.dialogs.flag import FlagDialog
from screens.dialogs.for_several import ForSeveralDialog, Named
from screens.dialogs.form_risks import FormRisksDialog
from screens.dialogs.handle_flag import HandleDialog
from screens.dialogs.handover import HandoverDialog, WithdrawDialog
from screens.dialogs.import_staff import ImportStaffDialog
from screens.dialogs.info import InfoDialog
from screens.dialogs.journal import ArrivedDialog, EditDialog
from screens.dialogs.key import KeyDialog
from screens.dialogs.left_note import LeftNoteDialog
from screens.dialogs.log_review import DrawDialog, RemarkDialog, SignDialog, TargetedDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.offer import OfferDialog
from screens.dialogs.period import Days, PeriodDialog
from screens.dialogs.plan import ChangePlanDialog, PlanDialog
from screens.dialogs.plan_activity import ActivityDialog
from screens.dialogs.plan_follow_up import EndPlanDialog, FollowUpDialog
from screens.dialogs.provider import CloseProgramDialog, ProviderDialog, UnitDialog
from screens.dialogs.purge import CertificateDialog, PurgeDialog, StopDialog
from screens.dialogs.reset_account import ResetAccountDialog
from screens.dialogs.role_analysis import RoleAnalysisDialog
from screens.dialogs.roles import RoleDialog, TrainingDialog
from screens.dialogs.safety_plan import SafetyPlanDialog
from screens.dialogs.scenario import SaveDialog, ScenarioDialog
from screens.dialogs.set_aside import SetAsideDialog
from screens.dialogs.span import SpanDialog
from screens.dialogs.staff import ActivateDialog, AddStaffDialog, InactivateDialog
from screens.dialogs.stand_in import StandInDialog
from screens.dialogs.start import StartDialog
from screens.dialogs.switch import SwitchDialog
from screens.dialogs.switch_all import SwitchAllDialog
from screens.dialogs.take_over import TakeOverDialog
from screens.dialogs.template import RemoveTemplateDialog, TemplateDialog
from screens.dialogs.text_to_save import TextToSaveDialog
from screens.dialogs.ticket import TicketDialog
from screens.dialogs.time_spent import TimeDialog
from screens.dialogs.tour_offer import TourOffer
from screens.dialogs.unit_program import UnitProgramDialog
from screens.door.enrol import AuthenticatorDoor, BackupCodesDoor, EnrolDoor
from screens.door.own_account import BackupCodesDialog, CodesBox, PassphraseDialog
from screens.door.sign_in import SignInDoor
from screens.door.unlock import UnlockDoor
from screens.duties import DutiesScreen
from screens.help.article_screen import ArticleScreen
from screens.help.help_screen import HelpScreen
from screens.key_places import untold
from screens.lock import LockScreen
from screens.log_review.page import ReviewsScreen
from screens.log_review.review import ReviewScreen
from screens.main import MainScreen
from screens.message_search import MessageSearch
from screens.moment.forms.diary_screen import DiaryScreen
from screens.moment.forms.form_screen import FormScreen
from screens.moment.forms.graph_screen import GraphScreen
from screens.moment.journal import JournalScreen
from screens.moment.moment_screen import MomentScreen
from screens.moment.plans.week_screen import WeekScreen
from screens.moment.safety_plan.plan_screen import SafetyPlanScreen
from screens.overview import OverviewScreen
from screens.palette import SwedishPalette
from screens.purge.page import PurgeScreen
from screens.queue.colleague import ColleagueQueue
from screens.queue_pages import colleague_queue
from screens.resident.activities_screen import ActivitiesScreen
from screens.resident.form_screen import ResidentsFormScreen
from screens.resident.help import ResidentHelp
from screens.resident.home import HomeScreen
from screens.resident.mark_dialog import MarkDialog
from screens.resident.messages_screen import ConversationsScreen, ThreadScreen
from screens.resident.plan_screen import ResidentsPlanScreen
from screens.resident.programs_screen import ProgramsScreen
from screens.resident.scores_screen import ScoresScreen
from screens.resident.side import Side
from screens.resident.step_screen import StepScreen
from screens.settings_page import SettingsScreen
from screens.sign_in import SignInScreen
from screens.staff.role_help import PermissionsScreen
from screens.statistics import StatisticsScreen
from screens.store_client import StoreClient
from screens.templates import TemplatesScreen
from screens.themed_app import ThemedApp
from screens.undo import UndoDialog
from screens.widgets.key_bar import KeyBar
from screens.widgets.title_bar import BAND
from sob_tui.app_settings import AppSettings
from store.care.acts import ActKind
from store.care.claims import Taken
from store.care.duties import DutyKind, UnitDuty
from store.care.form_risks import FormRisks
from store.care.log_draw import DrawKind
from store.care.log_review_rows import ReviewLine
from store.care.plan_rules import NewPlan
from store.care.program_shape import Contact
from store.care.role_analyses import Analysis
from store.care.safety_plan_text import SafetyTexts
from store.care.templates import Template
from store.care.time_spent import WeekTime
from store.care.undo import Undoable
from store.foundation.access import Role
from store.foundation.clock import local_day
from store.foundation.read_transaction import ReadTransaction
from store.help.articles import shipped_help
from store.people.provider_settings import ProviderSettings
from store.people.ticket import Where
from store.people.unit_programs import UnitProgram
from store.views.handovers import OfferedMoment
from store.views.plans import PlanRow
from store.views.provider import ProviderUnit, UnitsProgram
from store.views.timeline import Span
from store.views.unit_overview import ClinicianLine, MovableMoment
from tests.app.driver import NOW, OV01, OV02, Driver, running
from tests.app.test_no_role import NEW, without_a_role
from tests.screens.dialogs.host import COLLEAGUES, PROGRAMS, REASONS, WHOM, Performed, Register

HELP, TICKET, HIDE, LOCK, PALETTE, QUIT = KEYS = ("f1", "f4", "f8", "f9", "ctrl+p", "ctrl+q")
TODAY = local_day(NOW)
NUMBER = re.compile(r"\b\d{8}-\d{4}\b")

CLOSES = {(HelpScreen, HELP), (ArticleScreen, HELP), (TicketDialog, TICKET)}
"""Where the key that opened it closes it again."""
IS_OPEN = {(SwedishPalette, PALETTE)}
"""Where the key does nothing: what it opens is there."""
PARTS = 3
"""In how many tests the dialogs are taken, so that two workers share them."""


async def nothing(*_: object) -> Any:
    """A deed that is never done here."""


async def take_over() -> int:
    """Take a flag over, as a dialog asks for it."""
    return NOW


DUTY = UnitDuty(
    DutyKind.PURGE, 2, "SE1-A", "Per Ek", True, "Eva Chef", "2026-11-02", (), "2026-11-16", True, True, True
)
REVIEW = ReviewLine(1, "2026-10", DrawKind.DAY, "frö", "en dag", "2026-10-02", 0, NOW, "Per Ek", 2, 0, 1, None, "")
TEMPLATE = Template(1, "Kallelse", "Hej!", is_units=False)
OFFERED = OfferedMoment(
    moment=1,
    resident=1,
    personnummer="198001022386",
    name="Ahlberg, Sara",
    protected=False,
    program="komigang-online",
    program_title="KomIgång online",
    from_unit="Linden",
    from_unit_hsa_id="SE2321000040-OVN2",
    to_unit="Eken",
    to_unit_hsa_id="SE2321000040-OVN1",
    is_to_us=True,
    note="Vill byta.",
    offered_at=NOW,
    offered_by="Elena Petrovic",
    priority_flags=1,
    priority_since=None,
)
DIALOGS: dict[type[Screen[Any]], Callable[[], Screen[Any]]] = {
    ActivateDialog: lambda: ActivateDialog("Per Ek", ("behandlare",), Performed()),
    ActivityDialog: lambda: ActivityDialog(TODAY, whom=WHOM),
    AddStaffDialog: lambda: AddStaffDialog(Performed(), nothing, roles=(Role.CLINICIAN,), programs=PROGRAMS),
    BackupCodesDialog: lambda: BackupCodesDialog("Nya reservkoder", Performed(), whom=None),
    CodesBox: lambda: CodesBox(("AAAAA-BBBBB-CCCCC",) * 10),
    PassphraseDialog: lambda: PassphraseDialog("Byt lösenfras", Performed(), whom=None),
    CalendarDialog: lambda: CalendarDialog("Till", TODAY, TODAY, whom=WHOM),
    ChangePlanDialog: lambda: ChangePlanDialog(
        PlanRow(1, "Promenader", None, NOW, "Karin Lind", None, (), ()), Performed(), TODAY, whom=WHOM
    ),
    ForSeveralDialog: lambda: ForSeveralDialog(
        "Påminn",
        "Mallen Hälsning skickas som ett meddelande till var och en.",
        [Named(1, WHOM)],
        Performed(),
        text="Hej {förnamn}!",
        left_out=["Berg, Olle · KomIgång online: Alla moduler är öppnade."],
    ),
    ChoiceDialog: lambda: ChoiceDialog("Sortera efter", [Choice(1, "Namn"), Choice(2, "Program")], whom=WHOM),
    ClockDialog: lambda: ClockDialog(NOW, Performed()),
    CloseProgramDialog: lambda: CloseProgramDialog(
        ProviderUnit("SE1-A", "Eken", "05", "", (), ()), UnitsProgram("prov", "Prov", "1", True, ()), Performed()
    ),
    ContactDialog: lambda: ContactDialog(
        "KomIgång online", Contact("Eva Sund", phone="0701740605"), "Ring Anna", whom=WHOM
    ),
    DecideDutyDialog: lambda: DecideDutyDialog(DUTY, [("Per Ek", "SE1-A")], "2026-11-22", Performed()),
    FinishDutyDialog: lambda: FinishDutyDialog(DUTY, Performed()),
    DrawDialog: lambda: DrawDialog("2026-10", "frö", Performed()),
    TargetedDialog: lambda: TargetedDialog("2026-10", Performed()),
    RemarkDialog: lambda: RemarkDialog("2026-10-02: Per Ek, Berg, Åsa", "", Performed()),
    SignDialog: lambda: SignDialog(REVIEW, Performed()),
    RoleAnalysisDialog: lambda: RoleAnalysisDialog(Analysis(Role.CLINICIAN), Performed()),
    EndDialog: lambda: EndDialog(REASONS, PROGRAMS, Performed(), whom=WHOM),
    EndPlanDialog: lambda: EndPlanDialog("Promenader", Performed(), whom=WHOM),
    ExportDialog: lambda: ExportDialog(PROGRAMS, Performed(), today=TODAY),
    FlagDialog: lambda: FlagDialog(Performed(), whom=WHOM),
    FollowUpDialog: lambda: FollowUpDialog("Promenader", Performed(), whom=WHOM),
    FormRisksDialog: lambda: FormRisksDialog(
        FormRisks("risk", "Risk", (("9", "Har du?"),), ("9=ja",), ()), Performed()
    ),
    KeyDialog: lambda: KeyDialog("Lås", "F9", lambda _key: "Nej."),
    LeftNoteDialog: lambda: LeftNoteDialog("Ringde", Performed()),
    ContactMadeDialog: lambda: ContactMadeDialog(Performed(), whom=WHOM, clock=lambda: NOW),
    EditDialog: lambda: EditDialog("KONTAKTER", Performed(), whom=WHOM),
    ArrivedDialog: lambda: ArrivedDialog("Texten är skickad.", Performed(), whom=WHOM),
    HandleDialog: lambda: HandleDialog("Riskfråga", Performed(), whom=WHOM),
    HandoverDialog: lambda: HandoverDialog([("SE2321000040-OVN2", "Linden")], Performed(), may_write=True, whom=WHOM),
    ArticleScreen: lambda: ArticleScreen(shipped_help().articles[0], _support),
    HelpScreen: lambda: HelpScreen((), _support),
    ImportStaffDialog: lambda: ImportStaffDialog(Performed()),
    InactivateDialog: lambda: InactivateDialog("Per Ek", [(1, "KomIgång online")], COLLEAGUES, Performed()),
    InfoDialog: lambda: InfoDialog("HANTERA HÄNDELSER", "Det här visar listan.", whom=WHOM),
    MaintenanceDialog: lambda: MaintenanceDialog(nothing, resume=False, whom=WHOM),
    MarkDialog: lambda: MarkDialog(Performed(), whom=WHOM, is_done=True, note=""),
    OfferDialog: lambda: OfferDialog(OFFERED, COLLEAGUES, Performed(), reveal=nothing, now=NOW),
    PeriodDialog: lambda: PeriodDialog(Days(), Performed(), whom=WHOM),
    PlanDialog: lambda: PlanDialog(NewPlan("Promenader", ()), Performed(), TODAY, whom=WHOM),
    ProviderDialog: lambda: ProviderDialog(
        ProviderSettings("SE1-P", "Region", "", "", "", "", "", 5, 5, "", 0), Performed()
    ),
    StopDialog: lambda: StopDialog(Performed(), whom=WHOM),
    PurgeDialog: lambda: PurgeDialog(12, "12 moment", nothing),
    TextToSaveDialog: lambda: TextToSaveDialog(
        "Rapport", "Granskning 1", Performed(), example="~/r.pdf", missing="Fil?"
    ),
    CertificateDialog: lambda: CertificateDialog("GALLRINGSINTYG 1", Performed()),
    RemoveTemplateDialog: lambda: RemoveTemplateDialog(TEMPLATE, Performed()),
    StandInDialog: lambda: StandInDialog("Per Ek", COLLEAGUES, (), Performed(), today=TODAY, may_write=True),
    SaveDialog: lambda: SaveDialog(Path("/hem"), Performed()),
    ScenarioDialog: lambda: ScenarioDialog(None, Performed()),
    ResetAccountDialog: lambda: ResetAccountDialog("Per Ek", Performed()),
    RoleDialog: lambda: RoleDialog("Per Ek", ("behandlare",), (Role.CLINICIAN, Role.TRAINER), Performed()),
    SafetyPlanDialog: lambda: SafetyPlanDialog(
        Performed(), whom=WHOM, plan=SafetyTexts(), left=None, keep=nothing, throw_away=nothing
    ),
    SetAsideDialog: lambda: SetAsideDialog("Oläst formulär", TODAY, Performed(), whom=WHOM),
    SpanDialog: lambda: SpanDialog(Span(), whom=WHOM),
    StartDialog: lambda: StartDialog(PROGRAMS, Register(), Performed()),
    SwedishPalette: SwedishPalette,
    SwitchAllDialog: lambda: SwitchAllDialog(
        ClinicianLine(OV01, "Karin Lind", True, 1, 1, None, 0, 0),
        COLLEAGUES,
        Performed(),
        [MovableMoment(1, "Ahlberg, Sara", False, "KomIgång online", "pagaende")],
    ),
    SwitchDialog: lambda: SwitchDialog(COLLEAGUES, Performed(), present="Karin Lind", may_write=True, whom=WHOM),
    TemplateDialog: lambda: TemplateDialog("Ny mall", Performed()),
    TicketDialog: lambda: TicketDialog("Ärende: Stöd och behandling i terminalen"),
    TourOffer: TourOffer,
    TakeOverDialog: lambda: TakeOverDialog(
        Taken(1, "SE2321000040-OV01", "Karin", "Karin Lind", NOW, NOW + 1_800_000), take_over, whom=WHOM
    ),
    TimeDialog: lambda: TimeDialog("2026-v47", [WeekTime("2026-v47", 30, 10)], Performed(), whom=WHOM),
    TrainingDialog: lambda: TrainingDialog("Per Ek", (Role.CLINICIAN,), PROGRAMS, (), Performed()),
    UnitDialog: lambda: UnitDialog(Performed()),
    UnitProgramDialog: lambda: UnitProgramDialog(
        UnitProgram("komigang-online", "KomIgång online", "", "", "", (), "ja"), Performed()
    ),
    UndoDialog: lambda: UndoDialog(
        Undoable(1, ActKind.SWITCHED, 0, "Ahlberg, Sara", "KomIgång online", False), _undone, whom=WHOM
    ),
    WithdrawDialog: lambda: WithdrawDialog("Linden", nothing, whom=WHOM),
}
"""How each dialog is opened: it needs no store."""


async def _undone() -> list[str]:
    return []


async def _support() -> Where:
    return Where()


def _diary(client: StoreClient, moment: int) -> DiaryScreen:
    return DiaryScreen(client, moment, "Att göra", whom=WHOM, whose="Ahlberg, Sara", marks_read=False)


def _side(client: StoreClient, moment: int) -> Side:
    return Side(client, moment, looked_at=WHOM)


PAGES: dict[type[Screen[Any]], Callable[[StoreClient, int, int], Screen[Any]]] = {
    CatalogScreen: lambda client, _moment, _answer: CatalogScreen(client),
    ColleagueQueue: lambda client, _moment, _answer: colleague_queue(client, OV01, "Karin Lind", "Översikt"),
    DiaryScreen: lambda client, moment, _answer: _diary(client, moment),
    GraphScreen: lambda client, moment, _answer: GraphScreen(client, moment, "Ahlberg, Sara", whom=WHOM),
    FormScreen: lambda client, moment, answer: FormScreen(
        client, moment, answer, "Att göra", whom=WHOM, whose="Ahlberg, Sara"
    ),
    JournalScreen: lambda client, moment, _answer: JournalScreen(client, moment, "Ahlberg, Sara", whom=WHOM),
    MessageSearch: lambda client, _moment, _answer: MessageSearch(client, "Mina"),
    MomentScreen: lambda client, moment, _answer: MomentScreen(client, moment, "Mina"),
    OverviewScreen: lambda client, _moment, _answer: OverviewScreen(client, "Alla"),
    PermissionsScreen: lambda client, _moment, _answer: PermissionsScreen(client, "Personal"),
    SafetyPlanScreen: lambda client, moment, _answer: SafetyPlanScreen(client, moment, "Ahlberg, Sara", whom=WHOM),
    SettingsScreen: lambda client, _moment, _answer: SettingsScreen(
        client, AppSettings(ThemedApp(), practice=True), "Min profil"
    ),
    PurgeScreen: lambda client, _moment, _answer: PurgeScreen(client, "Att göra"),
    ReviewsScreen: lambda client, _moment, _answer: ReviewsScreen(client, "Att göra"),
    ReviewScreen: lambda client, _moment, _answer: ReviewScreen(client, 1, "Logguppföljning"),
    DutiesScreen: lambda client, _moment, _answer: DutiesScreen(client, "Enhet"),
    StatisticsScreen: lambda client, _moment, _answer: StatisticsScreen(client, "Alla"),
    TemplatesScreen: lambda client, _moment, _answer: TemplatesScreen(client, "Min profil"),
    WalkthroughScreen: lambda client, _moment, _answer: WalkthroughScreen(client, 1),
    WeekScreen: lambda client, moment, _answer: WeekScreen(client, moment, "Ahlberg, Sara", whom=WHOM),
    ActivitiesScreen: lambda client, moment, _answer: ActivitiesScreen(_side(client, moment), "Start"),
    ConversationsScreen: lambda client, moment, _answer: ConversationsScreen(_side(client, moment), "Start"),
    HomeScreen: lambda client, moment, _answer: HomeScreen(_side(client, moment), "Mina"),
    ProgramsScreen: lambda client, _moment, _answer: ProgramsScreen(client),
    ResidentHelp: lambda _client, _moment, _answer: ResidentHelp("Dina meddelanden.", ()),
    ResidentsFormScreen: lambda client, moment, _answer: ResidentsFormScreen(
        _side(client, moment), "Start", "maendeskattning"
    ),
    ResidentsPlanScreen: lambda client, moment, _answer: ResidentsPlanScreen(_side(client, moment), "Start"),
    ScoresScreen: lambda client, moment, _answer: ScoresScreen(_side(client, moment), "Start"),
    StepScreen: lambda client, moment, _answer: StepScreen(_side(client, moment), "Start", "valkommen", "Välkommen"),
    ThreadScreen: lambda client, moment, _answer: ThreadScreen(
        _side(client, moment), "Meddelanden", None, fresh=frozenset()
    ),
}
"""How each page is opened: with a moment of the practice environment, and an answer in it."""

OF_NO_MOMENT: set[type[Screen[Any]]] = {
    *(ActivateDialog, AddStaffDialog, ImportStaffDialog, InactivateDialog, RoleDialog, StandInDialog, TrainingDialog),
    *(BackupCodesDialog, CodesBox, PassphraseDialog, ResetAccountDialog),
    LeftNoteDialog,  # the person may no longer see whose flag it was
    *(ClockDialog, KeyDialog, SaveDialog, ScenarioDialog),
    RoleAnalysisDialog,
    *(DecideDutyDialog, FinishDutyDialog, DrawDialog, TargetedDialog, RemarkDialog, SignDialog),
    ExportDialog,  # of all moments that are chosen
    *(FormRisksDialog, UnitProgramDialog, RemoveTemplateDialog, TemplateDialog, TicketDialog, TourOffer),
    *(CloseProgramDialog, ProviderDialog, UnitDialog),
    *(PurgeDialog, CertificateDialog, TextToSaveDialog),
    StartDialog,  # whom the number means is shown under it
    SwitchAllDialog,  # all of a clinician's
}
"""The dialogs that are about no single moment."""
FROM_LISTS = {
    "sob_tui.app",
    "sob_tui.exercise_guide",
    "screens.lists",
    "screens.log_review.review",
    "screens.provider.actions",
    "screens.provider.tab",
    "screens.purge.actions",
    "screens.queue.tab",
    "screens.row_actions",
    "screens.session",
    "screens.settings_page",
    "screens.staff.actions",
    "screens.templates",
    "screens.unit",
}
"""Where a dialog that may be about nobody is opened so: what a list shows, which unit, staff, templates."""
BY_ITSELF = {MainScreen}
"""What the app opens by itself, signed in."""
WITHOUT_PERSON = {LockScreen, SignInScreen}
"""Where nobody is known to be there: only ctrl+q does its thing."""
DOORS = {SignInDoor, EnrolDoor, AuthenticatorDoor, BackupCodesDoor, UnlockDoor}
"""The same in a real store; see `tests/app/test_door.py`."""


@cache
def modules() -> tuple[tuple[str, tuple[ast.AST, ...]], ...]:
    """All modules of what people see: the name of each, and all that it is made of."""
    found = (one for package in (screens, sob_tui) for one in walk_packages(package.__path__, f"{package.__name__}."))
    imported = [importlib.import_module(one.name) for one in found]
    return tuple((one.__name__, tuple(ast.walk(ast.parse(inspect.getsource(one))))) for one in imported)


@cache
def screens_of_the_product() -> set[type[Screen[Any]]]:
    """Every class of screen that is opened: what has no subclass, and what is made under its own name."""
    calls = (node.func for _, nodes in modules() for node in nodes if isinstance(node, ast.Call))
    made = {name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "") for name in calls}
    ours = {one for one in _below(Screen) if one.__module__.partition(".")[0] in ("screens", "sob_tui")}
    return {one for one in ours if one.__name__ in made or not ours.intersection(one.__subclasses__())}


def _below(cls: type[Any]) -> Iterator[type[Any]]:
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)


def test_every_screen_is_reached_here() -> None:
    assert screens_of_the_product() == {*DIALOGS, *PAGES, *BY_ITSELF, *WITHOUT_PERSON, *DOORS}


def test_every_dialog_says_whom_it_is_about_unless_it_is_about_no_moment() -> None:
    """A new dialog fails here until it says the resident and the program, or stands among those of no moment."""
    dialogs = {one: make() for one, make in DIALOGS.items() if issubclass(one, Box)}
    silent = {one for one, made in dialogs.items() if isinstance(made, Box) and made.whom is None}
    assert silent == OF_NO_MOMENT


def test_what_is_opened_on_a_moment_never_leaves_out_whom_it_is_about() -> None:
    """Dialogs that serve lists as well can be opened on nobody: never from the resident's page."""
    silent = set()
    for name, nodes in modules():
        for node in nodes:
            if isinstance(node, ast.keyword) and node.arg == "whom" and ast.unparse(node.value) == "None":
                silent.add(name)
    assert silent - {one.__module__ for one in OF_NO_MOMENT} == FROM_LISTS


@pytest.mark.parametrize("contract", [FollowsChanges, KeepsDrafts, HidesNumbers, HoldsUnsaved, ShowsResidentsSide])
def test_a_screen_says_what_it_offers_the_app(contract: type) -> None:
    methods = contract.__dict__.keys() - object.__dict__.keys()
    offering = {one for one in screens_of_the_product() if any(name in dir(one) for name in methods if name[0] != "_")}
    assert offering
    assert {one for one in offering if not issubclass(one, contract)} == set()


class Presser:
    """Presses the keys on what is on top, and sees what comes of each."""

    def __init__(self, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.driver, self.app = driver, driver.app
        self.closed: list[Screen[Any]] = []
        monkeypatch.setattr(self.app, "exit", lambda *_, **__: self.closed.append(self.app.screen))

    async def open(self, screen: Screen[Any]) -> None:
        await self.app.push_screen(screen)
        await self.driver.until(lambda: self.app.screen is screen, f"{screen}")
        await self.driver.pilot.pause()

    async def press_all(self) -> None:
        """Press every key on the screen on top, and leave it as it was."""
        top = self.app.screen
        await self._keeps_the_frame(top)
        for key, opened in ((HELP, HelpScreen), (TICKET, TicketDialog)):
            if (type(top), key) not in CLOSES:
                await self._opens(key, opened, top)
                await self.driver.press(key)
                await self._is_back(top, f"{key} closes what it opened")
        if (type(top), PALETTE) not in IS_OPEN:
            await self._opens(PALETTE, SwedishPalette, top)
            await self.driver.press("escape")
            await self._is_back(top, "Esc closes the palette")
        await self._hides(top)
        await self._locks(top)
        await self._quits(top)

    async def _keeps_the_frame(self, top: Screen[Any]) -> None:
        """The band of the practice environment stands above all; on the key bar are the help and the lock."""
        await self.driver.until(lambda: BAND in self.driver.text.split("\n")[0], f"the band over {top}")
        assert not untold(top), "what lies where is told in screens.key_places"
        if top.query(KeyBar):
            keys = ("F1 Hjälp", "F9 Lås")
            await self.driver.until(lambda: all(key in self._bottom for key in keys), f"{keys} on {top}")

    @property
    def _bottom(self) -> str:
        return "".join(self.driver.text.split("\n")[-2:])

    async def _opens(self, key: str, opened: type[Screen[Any]], top: Screen[Any]) -> None:
        await self.driver.press(key)
        await self.driver.until(lambda: type(self.app.screen) is opened, f"{key} on {top}")

    async def _is_back(self, top: Screen[Any], what: str) -> None:
        await self.driver.until(lambda: self.app.screen is top, f"{top}: {what}")

    async def _hides(self, top: Screen[Any]) -> None:
        assert not self.app.hide_numbers
        if "F8" not in "".join(command.keys[0] for command in commands_of(top)):
            assert not NUMBER.search(self.driver.text), f"a number on {top}"
            return
        before = NUMBER.search(self.driver.text)
        await self.driver.press(HIDE)
        await self.driver.until(lambda: self.app.hide_numbers, f"{HIDE} on {top}")
        await self.driver.until(lambda: not NUMBER.search(self.driver.text), f"no number on {top}")
        await self.driver.press(HIDE)
        await self.driver.until(lambda: not self.app.hide_numbers, f"{HIDE} again on {top}")
        await self.driver.until(lambda: bool(NUMBER.search(self.driver.text)) == bool(before), f"the number on {top}")

    async def _locks(self, top: Screen[Any]) -> None:
        await self._opens(LOCK, LockScreen, top)
        assert self.app.locked
        self.app.workers.cancel_group(self.app, "lock")  # which would go on to the choice of person
        await self.app.pop_screen()
        await self._is_back(top, "unlocked")

    async def _quits(self, top: Screen[Any]) -> None:
        await self.driver.press(QUIT)
        await self.driver.until(lambda: self.closed == [top], f"{QUIT} on {top}")
        self.closed.clear()


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_key_on_every_dialog(part: int, practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        presser = Presser(driver, monkeypatch)
        if not part:
            await presser.press_all()  # MainScreen
        for make in list(DIALOGS.values())[part::PARTS]:
            await presser.open(make())
            await presser.press_all()
            await driver.app.pop_screen()


async def test_every_key_where_there_is_no_role(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_role(practice)
    async with running(practice, NEW) as driver:
        await driver.sees("Du har ingen roll på enheten än")
        await Presser(driver, monkeypatch).press_all()


async def test_every_key_on_every_page(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        presser = Presser(driver, monkeypatch)
        moment, answer = await driver.app.client.read(_answered)
        for make in PAGES.values():
            await presser.open(make(driver.app.client, moment, answer))
            await presser.press_all()
            await driver.app.pop_screen()


def _answered(work: ReadTransaction) -> tuple[int, int]:
    """A moment on the unit, and an answer in it."""
    row, *_ = work.db.rows(
        "SELECT moment.id, formanswer.id FROM formanswer JOIN moment ON moment.id = formanswer.moment_id"
        " WHERE moment.unit_id = :unit ORDER BY formanswer.id",
        unit=work.actor.unit_id,
    )
    return int(row[0]), int(row[1])


async def test_every_key_in_a_colleagues_queue(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        presser = Presser(driver, monkeypatch)
        await driver.press("3")
        await driver.sees("[3 Alla")
        await driver.press("o")
        await driver.sees("Översikt", "Karin Lindqvist")
        await driver.press("enter")
        await driver.sees("Att göra för Karin Lindqvist", "Jenny")
        await driver.press("enter")
        await driver.sees("Ärende 1 av")
        assert not driver.app.locked
        await presser.press_all()
        driver.app.notify("Det syns.")
        await driver.sees("Det syns.")


async def test_what_is_said_stands_once_and_covers_neither_the_title_nor_the_keys(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("[2 Mina 15]", "Att göra 26")
        before = driver.text.split("\n")
        for place in range(20):
            driver.app.notify(f"Mening {place}: det här är en sanning som går över flera rader på skärmen.")
        for _ in range(2):
            await driver.press("ctrl+c")
        await driver.sees("stänger appen")
        after = driver.text.split("\n")
        assert after[:2] == before[:2]
        assert after[-2:] == before[-2:]
        assert "F9 Lås" in after[-1]
        assert driver.text.count("stänger appen") == 1
        assert "Mening" not in driver.text, "one at a time"


@pytest.mark.parametrize("key", KEYS)
async def test_at_the_choice_of_person_only_closing_works(
    key: str, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(practice, None) as driver:
        await driver.sees("Vem vill du öva som?", "OV01")
        await _only_closes(driver, key, monkeypatch)
        assert isinstance(driver.app.screen, SignInScreen)


@pytest.mark.parametrize("key", KEYS)
async def test_on_the_lock_only_closing_works(key: str, practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await _only_closes(driver, key, monkeypatch)
        if key == QUIT:
            assert isinstance(driver.app.screen, LockScreen)
        else:
            await driver.sees("Vem vill du öva som?", "OV01")  # as with any key


async def _only_closes(driver: Driver, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press a key and see what comes of it, once all has come that could."""
    app = driver.app
    closed: list[bool] = []
    monkeypatch.setattr(app, "exit", lambda *_, **__: closed.append(True))
    await driver.press(key)
    await driver.pilot.pause()
    await app.workers.wait_for_complete(one for one in app.workers if one.group == "ticket")
    await driver.until(lambda: bool(closed) == (key == QUIT), f"{key}")
    assert not app.hide_numbers
    assert {type(screen) for screen in app.screen_stack} <= {Screen, *BY_ITSELF, *WITHOUT_PERSON}


async def test_the_lock_asks_before_what_is_not_saved_is_lost(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await driver.sees("Mina")
        await driver.press("5")
        await driver.sees("E-post")
        await driver.press("enter")
        await driver.sees("Ändringarna är inte sparade.")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("ctrl+q")
        await driver.sees("Skärmen är låst", "ctrl+q en gång")
        await driver.press("ctrl+q")
        await driver.until(lambda: not driver.app.is_running, "the end")
