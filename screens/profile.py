"""*Min profil*: where one is told of what waits (guide, *Aktivera aviseringar*)."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Static

from screens.dialogs.box import Push
from screens.dialogs.controls import Field, Line, Lines, Tick
from screens.seam import Seam
from screens.tab_page import TabPage
from screens.type_ahead import hold_keys
from store.care.templates import save_own_template
from store.foundation.access import OPERATIONS
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.profile import Profile, my_profile, save_profile
from store.people.sign_in import StaffActor

FROM_HSA = "(E-postadressen är hämtad från din HSA-profil)"
NO_EMAIL = (
    "Ingen e-postadress finns i din HSA-profil, så inga notifieringar kan skickas dit. "
    "Den läggs in i HSA, inte här: be din chef eller den som sköter HSA-katalogen."
)
ABOUT_MOBILE = (
    "(Tänk på att detta ska vara en mobiltelefon som kan användas under behandling, alltså inte en privat "
    "mobiltelefon. Mobilnumret måste anges i formatet 07XXXXXXXX)"
)
RECEIVE = "Ta emot notifieringar"
SAVED = "Profilen är sparad."
UNSAVED = "Ändringarna är inte sparade."
WAITING = "Väntar på databasen …"


class Wishes(NamedTuple):
    """What can be changed: the mobile number, and how the person is told."""

    mobile: str
    by_email: bool
    by_mobile: bool


class ProfileTab(TabPage):
    """The person's own settings, filled in on the tab itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="profile.next", tooltip="Nästa fält eller knapp."),
        Binding("ctrl+s", "save", "Spara", id="profile.save", tooltip="Spara hur du vill ta emot notifieringar."),
        Binding(
            *("m", "templates", "Meddelandemallar"),
            id="profile.templates",
            tooltip="Visa och skriv texter att ha färdiga när du skriver meddelanden.",
        ),
    ]
    DEFAULT_CSS = """
    ProfileTab Field, ProfileTab #who, ProfileTab #templates { margin: 0 0 1 0; }
    ProfileTab #who { text-style: bold; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ProfileTab #email { max-height: 4; }
    ProfileTab .note, ProfileTab #templates, ProfileTab #unsaved { color: $text-muted; }
    ProfileTab Field.-ticked { margin: 0; }
    ProfileTab Tick, ProfileTab Tick:focus { margin: 0 0 1 20; }
    ProfileTab Line { max-width: 24; }
    ProfileTab #saving { height: 1; margin: 0 0 1 18; }
    ProfileTab #unsaved { width: 1fr; margin: 0 0 0 2; }
    ProfileTab #undelivered { color: $text-warning; margin: 0 0 1 0; display: none; }
    ProfileTab.-undelivered #undelivered { display: block; }
    """
    SLOW: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""

    def __init__(self, seam: Seam, *, id: str | None = None) -> None:
        """Show nothing until the profile is read."""
        super().__init__(seam, id=id)
        self._read: Profile | None = None
        self._profile: Profile | None = None
        """What is shown."""
        self._known = Wishes("", by_email=False, by_mobile=False)
        """What the store holds, as far as is known here."""
        self._is_saving = False

    def body(self) -> Iterable[Widget]:
        """Return the fields, each with the guide's words under it."""
        yield Static(id="who", markup=False)
        yield Lines(id="undelivered")
        yield Field("epost", "E-post", Static(id="email", markup=False)).add_class("-ticked")
        yield Tick(RECEIVE, id="by-email")
        yield Field("mobil", "Mobilnummer", Line(id="mobile", placeholder="07XXXXXXXX")).add_class("-ticked")
        yield Tick(RECEIVE, id="by-mobile")
        with Horizontal(id="saving"):
            yield Push("Spara", id="save", variant="primary")
            yield Static(id="unsaved", markup=False)
        if self._may_write_templates:
            yield Static(Content("m  Meddelandemallar: egna texter att ha färdiga när du skriver."), id="templates")

    @property
    def first(self) -> Widget | None:
        """The first box that can be ticked: in the field, the tabs' digits would be typed."""
        return next((tick for tick in self.query(Tick) if tick.focusable), None)

    @property
    def is_typed_in(self) -> bool:
        """Whether anything differs from what is saved."""
        return self._profile is not None and self._wishes() != self._known

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the templates to those who can have their own."""
        if action == "templates":
            return self._may_write_templates
        if action == "save":
            return self._profile is not None
        return super().check_action(action, parameters)

    # Reading

    async def read(self) -> None:
        """Read the profile."""
        self._read = await self.seam.read(my_profile)

    def show_state(self) -> None:
        """Show it; a field that has been changed here and not saved stays as it is."""
        profile = self._read
        assert profile is not None
        new = Wishes(profile.mobile, profile.notify_email, profile.notify_mobile)
        typed = self._wishes() if self._profile is not None else self._known
        known, self._known, self._profile = self._known, new, profile
        self._show_words(profile)
        self._fill(_merged(typed, known, new))

    def _show_words(self, profile: Profile) -> None:
        has_email = bool(profile.email)
        self.query_one("#who", Static).update(Content(f"{profile.name} · {profile.hsa_id}"))
        self.query_one("#email", Static).update(Content(profile.email or "–"))
        self._field("epost").show_note([("", Content(FROM_HSA if has_email else NO_EMAIL))])
        self._field("mobil").show_note([("", Content(ABOUT_MOBILE))])
        self.query_one("#by-email", Tick).disabled = not has_email
        self.set_class(bool(profile.fault), "-undelivered")
        undelivered = Content(f"Den senaste notifieringen till dig kom inte fram: {profile.fault.rstrip('.')}.")
        self.query_one("#undelivered", Lines).show([("!", undelivered)])

    def _fill(self, wishes: Wishes) -> None:
        assert self._profile is not None
        mobile = self.query_one("#mobile", Line)
        if mobile.value != wishes.mobile:
            mobile.value = wishes.mobile
        # Without an address nothing comes by e-mail; what the person wished stands in the store until there is one.
        self.query_one("#by-email", Tick).value = wishes.by_email and bool(self._profile.email)
        self.query_one("#by-mobile", Tick).value = wishes.by_mobile
        self._show_unsaved()

    def _wishes(self) -> Wishes:
        """What stands in the fields."""
        by_email = self.query_one("#by-email", Tick)
        return Wishes(
            self.query_one("#mobile", Line).value,
            self._known.by_email if by_email.disabled else by_email.value,
            self.query_one("#by-mobile", Tick).value,
        )

    # Saving

    def action_save(self) -> None:
        """Save what stands in the fields; once is enough."""
        if self._profile is not None and not self._is_saving:
            self._is_saving = True
            self._save(self._wishes())

    @work(group="save")
    async def _save(self, wishes: Wishes) -> None:
        waiting = self.set_timer(self.SLOW, lambda: self._say(WAITING))
        self.show_trouble("")
        self._field("mobil").show_fault("")
        try:
            async with self.turn:
                await self.seam.write(
                    save_profile, wishes.mobile, notify_email=wishes.by_email, notify_mobile=wishes.by_mobile
                )
                self._known = wishes
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

    def _show_failure(self, refusal: DomainError) -> None:
        if not self.is_there:
            return
        if refusal.field == "mobil":
            field = self._field("mobil")
            field.show_fault(refusal.message)
            field.control.focus()
        else:
            is_lost = isinstance(refusal, StoreUnreachable)
            self.show_trouble(self.lost() if is_lost else refusal.message)

    def _show_unsaved(self) -> None:
        self._say(UNSAVED if self.is_typed_in else "")

    def _say(self, words: str) -> None:
        self.query_one("#unsaved", Static).update(Content(words))

    def _field(self, name: str) -> Field:
        return self.query_one(f"#field-{name}", Field)

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _typed(self) -> None:
        if not self._is_saving:
            self._show_unsaved()

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Let Enter in the field lead on, as in dialogs."""
        self.screen.focus_next()

    @on(Button.Pressed, "#save")
    def _pressed(self) -> None:
        self.action_save()

    # Templates

    @property
    def _may_write_templates(self) -> bool:
        actor = self.seam.actor
        return isinstance(actor, StaffActor) and bool(OPERATIONS[save_own_template.__name__].may & actor.roles)

    @work(exclusive=True, group="open")
    async def action_templates(self) -> None:
        """Open the page of templates."""
        hold_keys(self.app)
        page = await self.seam.load("screens.templates")
        self.app.push_screen(page.TemplatesScreen(self.seam, "Min profil"))


def _merged(typed: Wishes, known: Wishes, new: Wishes) -> Wishes:
    """Return what is new, but what has been changed here as it was changed."""
    return Wishes(
        new.mobile if typed.mobile == known.mobile else typed.mobile,
        new.by_email if typed.by_email == known.by_email else typed.by_email,
        new.by_mobile if typed.by_mobile == known.by_mobile else typed.by_mobile,
    )
