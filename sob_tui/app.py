"""The app: its commands, what frames the screens, and what keeps them up to date."""

import gc
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen
from textual.worker import Worker

from screens.commands import HELP_ID, LOCK_ID, PERSON_ID
from screens.contracts import FollowsChanges, KeepsDrafts
from screens.journal_offer import OffersJournal
from screens.leave_confirmation import UNSAFE, UNSAVED, LeaveConfirmation
from screens.main import MainScreen
from screens.moment_opener import OpensMoments
from screens.session import Session
from screens.shown_keys import key_of
from screens.store_client import KeptKey, StoreClient
from screens.strips import Strips
from screens.themed_app import PreviewMode, ThemedApp
from screens.type_ahead import TypeAhead, hold_keys, release_keys
from screens.workers import start_alone
from sob_tui import VERSION
from sob_tui.change_watch import ChangeWatch, Seen
from sob_tui.clock_check import ClockCheck
from sob_tui.gone_boxes import GoneBoxes
from sob_tui.guide import Guide
from sob_tui.lone_trainee import begin_trainee
from sob_tui.practice_tools import PracticeTools
from sob_tui.preferences import Preferences, preferences
from sob_tui.printing import tell
from sob_tui.settings import drafts_folder, escape_seconds, state_folder
from sob_tui.sign_ins import SignIns
from sob_tui.tab_jump import TabJump
from store.foundation.access import Role
from store.foundation.clock import Instant, wall_clock
from store.foundation.errors import DomainError, Refused, StoreUnreachable
from store.foundation.store import Store
from store.people.sign_in import StaffActor

if TYPE_CHECKING:
    from store.people.ticket import Where
    from store.purge.purging import Signer

POLL_SECONDS = 0.5
"""How often the unit's change number is looked at: what another terminal changes is on screen within two seconds."""

STARTED_SECONDS = 2.0
"""How long the start may take: garbage is looked for from then on, and not among what was there by then."""

OTHER_PERSON = "Öva vidare som någon annan. Det du har öppet stängs, och det du har skrivit finns kvar hos personen."
OTHER_UNIT = "Arbeta på en annan av dina enheter. Det du har öppet stängs."
CLOSE_STRIP = "Stäng raden längst ner: rundturen, eller vad som hänt sedan du var här."
TOUR = "Rundtur"
TOUR_SENTENCE = "Fem skärmar, och ett moment som du startar själv."
TICKET = "Visa en text till supporten om det senaste felet, färdig att kopiera."
EXERCISE = "Visa övningens steg, få en ledtråd eller svara på en fråga."
TAKEN_UP = "Det du skrev utan kontakt med databasen är sparat som utkast."
LEFT_MOMENTS = "Dygnets regler kunde inte köras för alla moment. Be driften köra sob dygn, som säger vilka."

AHEAD = ("screens.queue_pages", "screens.start_moment", "screens.moment.walk_pages")
"""What is imported once the first rows are on screen, so that the first dialog opens without a pause."""

FAULTS = "Fel i inställningsfilen"
FAULTS_KEPT = "Allt annat gäller. Rätta filen och starta om; sob installningar visar hur det blev."
SETTINGS = "Inställningar"
SETTINGS_SENTENCE = "Visa och ändra tema, täthet och egna tangenter, och se var varje inställning kommer ifrån."
PASSPHRASE = "Byt lösenfras"
PASSPHRASE_SENTENCE = "Välj en ny lösenfras att logga in med. Dina andra inloggningar avslutas."
BACKUP_CODES = "Nya reservkoder"
BACKUP_CODES_SENTENCE = "Skapa nya koder på papper. De gamla gäller inte längre."
CATALOG = "Programkatalogen"
CATALOG_SENTENCE = "Visa alla program, vem man frågar, utbildning, och hur enheten får dem."


def _help_provider() -> type[Provider]:
    """Return what the palette searches in the help; imported when it is opened, not before the first frame."""
    from screens.help.provider import HelpProvider

    return HelpProvider


def _people_provider() -> type[Provider]:
    """Return what the palette searches among residents; imported when it is opened, not before the first frame."""
    from screens.people_provider import PeopleProvider

    return PeopleProvider


SEE_NUMBERS = frozenset((Role.CLINICIAN, Role.RESIDENT_ADMIN))
"""To whom personnummer are shown."""


class SobApp(OffersJournal[int], TypeAhead, OpensMoments):  # the style sheets of the first base alone are taken
    """Stöd och behandling in a terminal."""

    TITLE = "Stöd och behandling"
    COMMANDS = ThemedApp.COMMANDS | {_help_provider}
    LATER_COMMANDS = (_people_provider,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Hjälp", id=HELP_ID, priority=True, tooltip="Visa alla tangenter och var hjälp finns."),
        Binding(
            "f8",
            "mask",
            "Dölj\xa0personnummer",
            id="app.mask",
            priority=True,
            tooltip="Dölj eller visa personnummer, när andra ser skärmen.",
        ),
        Binding("f9", "lock", "Lås", id=LOCK_ID, priority=True, tooltip="Täck skärmen. Det du har skrivit finns kvar."),
        Binding("f6", "switch_unit", "Byt\xa0enhet", id="app.unit", priority=True, tooltip=OTHER_UNIT),
        Binding("f5", "exercise", "Övning", id="exercise.open", priority=True, show=False, tooltip=EXERCISE),
        Binding("f7", "switch_person", "Byt\xa0person", id=PERSON_ID, priority=True, show=False, tooltip=OTHER_PERSON),
        Binding("f3", "close_strip", "Stäng\xa0raden", id="app.strip", priority=True, show=False, tooltip=CLOSE_STRIP),
        Binding("f4", "ticket", "Ärendeunderlag", id="app.ticket", priority=True, tooltip=TICKET),
    ]

    def __init__(
        self,
        url: str,
        hsa_id: str | None = None,
        unit: str | None = None,
        *,
        practice: bool = True,
        preferences: Preferences = Preferences(),  # noqa: B008  # it can't be changed
        clock: Callable[[], Instant] = wall_clock,
        store: Store | None = None,
        tour: bool = False,
    ) -> None:
        """Open the store at `url`, unless `store` is open already; without a person (`hsa_id`) the cast is shown.

        `tour` is whether the tour begins at once.
        """
        super().__init__(
            crash_folder=state_folder(), theme=preferences.theme, version=VERSION, dense=preferences.is_dense
        )
        self.preferences = preferences
        self.graph_curve = preferences.graph
        self.preview_mode = PreviewMode(preferences.preview)
        self.set_keymap(preferences.keymap)
        self.client = StoreClient(url, practice=practice, clock=clock, store=store, drafts=drafts_folder())
        self.client.signer_for = _signer_for
        self.client.pseudonym_key = partial(_pseudonym_key, url)
        self._changes = ChangeWatch(self.client)
        self.boxes = GoneBoxes(self, self.client, self._keep_drafts)
        self._clock_check = ClockCheck(self, self.client)
        self._leave = LeaveConfirmation(self)
        self._tab_jump = TabJump(self, self._leave, self._keep_drafts)
        self._strips = Strips(self)
        self._guide = Guide(self, self.client, self._strips, tour=tour)
        self._sign_ins = SignIns(
            self,
            self.client,
            self._leave,
            named=(hsa_id, unit) if hsa_id else None,
            keep_drafts=self._keep_drafts,
            begin=self._begin_work,
        )
        self._practice = PracticeTools(self, self.client, self._strips, begin_anew=self._sign_ins.begin_anew)

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the tabs where it is known who is at work: a blank screen beneath would be styled in vain."""
        return MainScreen(self.client) if self._sign_ins.knows_whom else super().get_default_screen()

    def on_mount(self) -> None:
        """Paint the frame; the store is opened after it."""
        self.set_interval(POLL_SECONDS, self._look)
        self._clock_check.start()
        self.set_timer(STARTED_SECONDS, _collect_garbage)
        if self._sign_ins.knows_whom:
            hold_keys(self)  # they are for the tabs, which come with `on_ready`
        else:
            self._sign_ins.enter()

    def on_ready(self) -> None:
        """Read who is at work once the first frame is there."""
        if self._sign_ins.knows_whom:
            self._sign_ins.enter()

    async def _begin_work(self, session: Session) -> None:
        self._changes.begin(session.change_no)
        self.last_refusal, self.journal_offer = "", None  # they were another person's, or another unit's
        self._guide.close()
        self._guide.is_newcomer = self._sign_ins.has_chosen
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                await screen.signed_in(session.actor, session.urgent)
        self.call_after_refresh(self._warm)  # what is loaded ahead would keep the first rows waiting

    @work(exclusive=True, group="warm")
    async def _warm(self) -> None:
        for module in AHEAD:
            await self.client.load(module)
        with suppress(StoreUnreachable):
            for sentence in await self.client.said_at_opening():
                self.notify(sentence)
        self._take_up_drafts()
        day = self._run_day()
        await self._tell_faults()
        self._begin_guide(day)
        self._practice.resume_exercise()

    async def _tell_faults(self) -> None:
        """Say what is wrong in the settings file: once, and not to the next person."""
        faults, self.preferences = self.preferences.faults, self.preferences._replace(faults=())
        if faults:
            dialog = await self.client.load("screens.dialogs.info")
            await self.push_screen_wait(dialog.InfoDialog(FAULTS, "\n\n".join((*faults, FAULTS_KEPT)), whom=None))

    @work(exclusive=True, group="guide")
    async def _begin_guide(self, day: Worker[None]) -> None:
        await self._guide.begin(day)

    @work(exclusive=True, group="guide")
    async def action_tour(self) -> None:
        """Begin the tour anew."""
        await self._guide.tour()

    def action_close_strip(self) -> None:
        """Close the line at the bottom."""
        self._strips.hide()

    @work(group="day")
    async def _run_day(self) -> None:
        """Raise what time has brought, where nothing has done so today; `sob dygn` does it otherwise.

        Messages that have gone since a killed program sent them are written down at every start.

        Without a database, or while another run is under way, nothing is done: the next start looks again.
        """
        day_run = await self.client.load("store.care.day_run")
        with suppress(DomainError):
            report = await self.client.run_long(lambda: day_run.catch_up(self.client.store))
            if report and report.left:
                self.notify(LEFT_MOMENTS, severity="warning")

    @work(group="drafts")
    async def _take_up_drafts(self) -> None:
        """Save in the store what was written while it was away: a killed program has left it in files."""
        kept_drafts = await self.client.load("screens.kept_drafts")
        if await kept_drafts.take_up(self.client):
            self.notify(TAKEN_UP)
            self._tell_screens()
        left_notes = await self.client.load("screens.left_notes")
        await left_notes.show_left_notes(self, self.client)

    async def _keep_drafts(self) -> bool:
        """See to it that what is written on any screen outlives it; returns whether it does."""
        kept = [await screen.keep_drafts() for screen in self.screen_stack if isinstance(screen, KeepsDrafts)]
        return all(kept)

    async def action_quit(self) -> None:
        """Close the app, once what is written is safe or the person knows that it isn't."""
        if await self._keep_drafts():
            is_sure = not self._leave.is_needed or self._leave.is_given(UNSAVED, key_of("app.quit"))
        else:
            is_sure = self._leave.is_given(UNSAFE, key_of("app.quit"))
        if is_sure:
            await self._sign_ins.leave()
            self.exit()

    @work(group="look")
    async def _look(self) -> None:
        """Look at an exercise and at the unit's change number, and let the screens show what others have changed.

        A look that waits for its answer is not stopped by the next one: it has to tell that the database is away.
        """
        self._practice.look()
        self._cover_when_idle()
        self._sign_ins.watch_session()
        actor = self.client.actor
        is_away = self.locked and not self.client.practice  # the session may be over, and what lies beneath stays
        if isinstance(actor, StaffActor) and not is_away:
            await self._look_at_unit(actor)

    async def _look_at_unit(self, actor: StaffActor) -> None:
        try:
            seen = await self._changes.look(actor)
        except StoreUnreachable as lost:
            self.remember_refusal(lost.message)
            self._tell_screens()
            return
        if seen is Seen.NOTHING:
            return
        if seen is not Seen.AS_BEFORE or self._is_due:
            self._tell_screens()
            self._sign_ins.follow_roles()
        if seen is Seen.BACK or self.client.has_left_drafts:
            self._take_up_drafts()

    def end_session(self) -> None:
        """End the session of a real store once the app has ended."""
        self._sign_ins.end_now()

    def _cover_when_idle(self) -> None:
        wished = [one for one in (self.preferences.idle_seconds, self._sign_ins.lock_seconds) if one is not None]
        if wished and not self.awaits_person and time.monotonic() - self.last_input > min(wished):
            self.action_lock()

    @property
    def _is_due(self) -> bool:
        """Whether a claim on a flag has run out (*Jag tar den*), or its next attempt is due: nobody writes that."""
        ends = [screen.next_end() for screen in self.screen_stack if isinstance(screen, MainScreen)]
        return any(end is not None and end <= self.client.clock() for end in ends)

    def _tell_screens(self) -> None:
        """Let each screen show what has changed in its turn: once it is made, and not while it is being closed."""
        for screen in self.screen_stack[::-1]:  # what is looked at comes first
            if isinstance(screen, FollowsChanges):
                screen.call_later(screen.changed)
        self.boxes.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another unit to who has several, and to hide numbers to whom any is shown."""
        if action == "switch_unit" and (self._sign_ins.is_asking or len(self._sign_ins.units) < 2):
            return False
        actor = self.client.actor
        if action == "switch_person":
            is_offered = self.client.practice and isinstance(actor, StaffActor) and not self._sign_ins.is_asking
            return is_offered and super().check_action(action, parameters)
        if action in ("passphrase", "backup_codes") and (self.client.practice or not isinstance(actor, StaffActor)):
            return False
        if action == "close_strip" and not self._strips.is_shown:
            return False
        if action == "mask" and isinstance(actor, StaffActor) and actor.roles.isdisjoint(SEE_NUMBERS):
            return False
        if action == "exercise" and not self._practice.is_exercising:
            return False
        return super().check_action(action, parameters)

    def action_exercise(self) -> None:
        """Show the steps of the exercise that is under way."""
        self._practice.show_exercise()

    async def on_event(self, event: events.Event) -> None:
        """Count the keys of an exercise."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._practice.count_key()
        await super().on_event(event)

    def action_help(self) -> None:
        """Show what can be done here; once more closes it."""
        from screens.help.help_screen import toggle_help

        toggle_help(self, self._turn_to, self._catalog, self._practice.practising)

    async def _turn_to(self) -> "Where":
        from screens.support import turn_to

        return await turn_to(self.client)

    def action_article(self, name: str) -> None:
        """Open a page of the help."""
        from screens.help.article_screen import ArticleScreen
        from store.help.articles import shipped_help

        article = shipped_help().article(name)
        if article is not None:
            self.push_screen(ArticleScreen(article, self._turn_to, self._practice.practising))

    @property
    def _catalog(self) -> Callable[[], object] | None:
        """What opens the catalogue of programs; None before somebody is signed in."""
        if not isinstance(self.client.actor, StaffActor):
            return None
        return partial(self.call_later, self.action_catalog)

    def action_catalog(self) -> None:
        """Show all programs, whom to ask about each and how the unit gets it."""
        hold_keys(self)
        self._open_catalog()

    @work(exclusive=True, group="open")
    async def _open_catalog(self) -> None:
        page = await self.client.load("screens.catalog")
        if not isinstance(self.screen, page.CatalogScreen):
            self.push_screen(page.CatalogScreen(self.client))

    @work(exclusive=True, group="open")
    async def action_settings(self) -> None:
        """Show what is set, and change what is the person's own."""
        hold_keys(self)
        page = await self.client.load("screens.settings_page")
        mine = await self.client.load("sob_tui.app_settings")
        if isinstance(self.screen, page.SettingsScreen):
            release_keys(self)
            return
        origin = self.screen.label if isinstance(self.screen, MainScreen) else "Tillbaka"
        await self.push_screen_wait(
            page.SettingsScreen(self.client, mine.AppSettings(self, practice=self.client.practice), origin)
        )
        self.preferences = preferences(practice=self.client.practice)._replace(faults=())

    def action_passphrase(self) -> None:
        """Let the person choose another passphrase, on a real store."""
        start_alone(self, "open", self._sign_ins.change_passphrase)

    def action_backup_codes(self) -> None:
        """Let the person have new codes on paper, on a real store."""
        start_alone(self, "open", self._sign_ins.renew_backup_codes)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Add the tabs and the catalogue to what has no key, in practice the clock, else what belongs to signing in."""
        yield from self._tab_jump.commands(screen)
        if self._catalog is not None:
            yield SystemCommand(CATALOG, CATALOG_SENTENCE, self._catalog)
            yield SystemCommand(SETTINGS, SETTINGS_SENTENCE, self.action_settings)
            if self.client.practice:
                yield SystemCommand(TOUR, TOUR_SENTENCE, partial(self.call_later, self.action_tour))
                yield from self._practice.commands()
            else:
                yield SystemCommand(PASSPHRASE, PASSPHRASE_SENTENCE, self.action_passphrase)
                yield SystemCommand(BACKUP_CODES, BACKUP_CODES_SENTENCE, self.action_backup_codes)
        yield from super().get_system_commands(screen)

    @work(exclusive=True, group="open-moment")
    async def open_moment(self, moment: int) -> None:
        """Open the resident's page over what is on screen."""
        page = await self.client.load("screens.moment.moment_screen")
        if said := await self.push_screen_wait(page.MomentScreen(self.client, moment, "Tillbaka")):
            self.notify(said)

    def action_journal_of_latest(self) -> None:
        """Open the *Journalunderlag* of what was handled or ended last, over what is on screen."""
        from screens.moment.journal import JournalScreen

        if self.journal_offer is not None:
            client, moment, whom = self.journal_offer
            self.hush_offer()
            self.push_screen(JournalScreen(client, moment, "Tillbaka", whom=whom, whose=whom.name))

    def action_mask(self) -> None:
        """Mask the personnummer, or show them again."""
        self.hide_numbers = not self.hide_numbers

    def action_lock(self) -> None:
        """Cover the screen; any key leads to the choice of person."""
        start_alone(self, "lock", self._sign_ins.lock)

    def action_switch_person(self) -> None:
        """Let another of the cast go on, in practice."""
        start_alone(self, "lock", self._sign_ins.switch_person)

    def action_switch_unit(self) -> None:
        """Go on with work on another of one's units."""
        start_alone(self, "unit", self._sign_ins.switch_unit)

    @work(exclusive=True, group="ticket")
    async def action_ticket(self) -> None:
        """Show what the support needs to know; once more closes it."""
        ticket = await self.client.load("screens.dialogs.ticket")
        await ticket.toggle_ticket(self, self.client)


def _collect_garbage() -> None:
    """Turn on Python's garbage collector, which `launch` turned off for a quick start."""
    gc.freeze()
    gc.enable()


def _give_up(app: SobApp) -> None:
    """Give up the flags of whoever was at work, and end the session, where a signal has ended the app."""
    if app.client.own_claims.are_any and app.client.actor is not None:
        from store.care.claims import release_claims

        with suppress(DomainError), app.client.store.work(app.client.actor) as work:
            release_claims(work)
    app.end_session()


def run(store: Store, hsa_id: str | None, unit: str | None, *, tour: bool = False) -> int:
    """Run the app on an open store until it is closed, with the tour or without; returns the exit code."""
    constants.ESCAPE_DELAY = escape_seconds()  # type: ignore[misc]  # where Textual looks each time
    if sys.__stdin__ is None or sys.__stderr__ is None:
        raise Refused("Appen behöver en terminal, och standard in eller standard fel är stängd. Se sob --help.")
    begin_trainee(store)
    mine = preferences(practice=store.is_practice)
    app = SobApp(store.engine.url, hsa_id, unit, practice=store.is_practice, store=store, tour=tour, preferences=mine)
    app.run()
    _give_up(app)
    app.client.close()
    if app.ended_because:
        with suppress(OSError):  # there may be no terminal to say it in
            tell(app.ended_because)
    return app.return_code or 0


def _signer_for(store: Store) -> "Signer":
    """Return what signs the certificates of purges."""
    from sob_tui.purging import signer_for  # keys, and what reads them

    return signer_for(store)


def _pseudonym_key(url: str, store: Store) -> KeptKey:
    """Return the key of the pseudonyms that an export gives, where the store's keys lie."""
    from sob_tui.keys.pseudonym_key import PseudonymKey, refuse_to_ask  # nobody exports before the first rows

    return PseudonymKey(store, url, refuse_to_ask)
