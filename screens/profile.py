"""*Min profil*: where one is notified of what waits (guide, *Aktivera aviseringar*)."""

from collections.abc import Awaitable, Iterable, Iterator
from typing import ClassVar, final

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field, Lines, TextInput
from screens.shown_keys import with_keys
from screens.tab_form import TabForm, Values, saving
from screens.type_ahead import hold_keys, release_keys
from store.care.templates import save_own_template
from store.foundation.access import Role
from store.foundation.errors import DomainError
from store.foundation.operation import is_permitted
from store.people.channels import CHANNELS, Channel
from store.people.profile import Profile, my_profile, save_profile
from store.people.sign_in import StaffActor
from store.people.substitutions import my_stand_ins, see_lost_stand_ins

FROM_HSA = "(E-postadressen är hämtad från din HSA-profil)"
NO_EMAIL = (
    "Ingen e-postadress finns i din HSA-profil, så inga notifieringar kan skickas dit. "
    "Den läggs in i HSA, inte här: be din chef eller den som sköter HSA-katalogen."
)
ABOUT_MOBILE = (
    "(Tänk på att detta ska vara en mobiltelefon som kan användas under behandling, alltså inte en privat "
    "mobiltelefon. Mobilnumret måste anges i formatet 07XXXXXXXX)"
)
READING_IS_LOGGED = "Det du läser loggas: varje invånare som visas för dig, också i listor och sökningar."
ACCOUNT = "{profile.passphrase}  Byt lösenfras · {profile.codes}  Nya reservkoder: det som du loggar in med."
RECEIVE = "Ta emot notifieringar"


@final
class ProfileTab(TabForm[Profile]):
    """The person's own settings, filled in on the tab itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="profile.next", tooltip="Nästa fält eller knapp."),
        Binding("ctrl+s", "save", "Spara", id="profile.save", tooltip="Spara hur du vill ta emot notifieringar."),
        Binding(
            "i",
            "app.settings",
            "Inställningar",
            id="profile.settings",
            tooltip="Visa och ändra tema, täthet och egna tangenter.",
        ),
        Binding(
            "m",
            "templates",
            "Meddelandemallar",
            id="profile.templates",
            tooltip="Visa och skriv texter att ha färdiga när du skriver meddelanden.",
        ),
        Binding(
            "s",
            "substitute",
            "Ställföreträdare",
            id="profile.substitute",
            tooltip="Utse vem som är ställföreträdare för dig, eller avsluta det.",
        ),
        Binding(
            "l",
            "app.passphrase",
            "Byt\xa0lösenfras",
            id="profile.passphrase",
            tooltip="Välj en ny lösenfras att logga in med.",
        ),
        Binding(
            "r",
            "app.backup_codes",
            "Nya\xa0reservkoder",
            id="profile.codes",
            tooltip="Skapa nya koder på papper; de gamla gäller inte längre.",
        ),
    ]
    DEFAULT_CSS = """
    ProfileTab #logged { color: $text-muted; margin: 0 0 1 0; }
    ProfileTab #templates, ProfileTab #account { color: $text-muted; margin: 0 0 1 0; }
    ProfileTab #email { max-height: 4; }
    ProfileTab Field.-ticked { margin: 0; }
    ProfileTab CheckBox, ProfileTab CheckBox:focus { margin: 0 0 1 20; }
    ProfileTab TextInput { max-width: 24; }
    ProfileTab #saving { margin: 0 0 1 18; }
    ProfileTab #undelivered { color: $text-warning; margin: 0 0 1 0; display: none; }
    ProfileTab.-undelivered #undelivered { display: block; }
    """
    SAVED = "Profilen är sparad."

    def body(self) -> Iterable[Widget]:
        """Return the fields, each with the guide's words under it."""
        yield Static(id="who", markup=False)
        yield Lines(id="undelivered")
        yield Field("epost", "E-post", Static(id="email", markup=False)).add_class("-ticked")
        yield from _ticks("email")
        yield Field("mobil", "Mobilnummer", TextInput(id="mobile", placeholder="07XXXXXXXX")).add_class("-ticked")
        yield from _ticks("mobile")
        yield saving()
        yield Static(Content(READING_IS_LOGGED), id="logged")
        if self._may_write_templates:
            yield Static(
                with_keys("{profile.templates}  Meddelandemallar: egna texter att ha färdiga när du skriver."),
                id="templates",
            )
        if not self.client.practice:
            yield Static(with_keys(ACCOUNT), id="account")

    @property
    def first(self) -> Widget | None:
        """The first box that can be ticked: in the field, the tabs' digits would be typed."""
        return next((tick for tick in self.query(CheckBox) if tick.focusable), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the templates to those who can have their own."""
        if action == "templates":
            return self._may_write_templates
        if action == "substitute":
            return self._may_choose
        return super().check_action(action, parameters)

    # Reading

    async def read(self) -> Profile:
        """Read the profile."""
        return await self.client.read(my_profile)

    def values_of(self, profile: Profile) -> Values:
        """Return the mobile number, and how the person is notified."""
        return {"mobile": profile.mobile, **profile.wishes}

    def show_words(self, profile: Profile) -> None:
        """Show who it is, the e-mail address from HSA, and whether a notice came back."""
        has_email = bool(profile.email)
        self.query_one("#who", Static).update(Content(f"{profile.name} · {profile.hsa_id}"))
        self.query_one("#email", Static).update(Content(profile.email or "–"))
        self._field("epost").describe(FROM_HSA if has_email else NO_EMAIL)
        self._field("mobil").describe(ABOUT_MOBILE)
        for channel in CHANNELS.values():
            self._tick(channel).disabled = channel.address == "email" and not has_email
        self.set_class(bool(profile.fault), "-undelivered")
        undelivered = Content(f"Den senaste notifieringen till dig kom inte fram: {profile.fault.rstrip('.')}.")
        self.query_one("#undelivered", Lines).show([("!", undelivered)])

    def fill(self, values: Values) -> None:
        """Show the values; without an address nothing comes by e-mail, whatever the person wished."""
        mobile = self.query_one("#mobile", TextInput)
        if mobile.value != values["mobile"]:
            mobile.value = values["mobile"]
        for channel in CHANNELS.values():
            tick = self._tick(channel)
            tick.value = values[channel.name] and not tick.disabled

    def typed(self) -> Values:
        """Return what stands in the fields; a box that can't be ticked leaves the wish that is in the store."""
        known = self.known or {}
        typed: Values = {"mobile": self.query_one("#mobile", TextInput).value}
        for channel in CHANNELS.values():
            tick = self._tick(channel)
            typed[channel.name] = known.get(channel.name, False) if tick.disabled else tick.value
        return typed

    def save(self, typed: Values, known: Values, *, confirmed: bool) -> Awaitable[None]:  # noqa: ARG002
        """Return the writing of the number and the wishes."""
        wishes = {name: typed[name] for name in CHANNELS}
        return self.client.write(save_profile, typed["mobile"], wishes)

    def _tick(self, channel: Channel) -> CheckBox:
        return self.query_one(f"#{_tick_id(channel)}", CheckBox)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#field-{name}", Field)

    # Ställföreträdare

    @property
    def _may_choose(self) -> bool:
        return isinstance(self.client.actor, StaffActor) and Role.CLINICIAN in self.client.actor.roles

    def action_substitute(self) -> None:
        """Appoint who stands in for oneself, or end it."""
        hold_keys(self.app)
        self._choose_substitute()

    @work(exclusive=True, group="dialog")
    async def _choose_substitute(self) -> None:
        actor = self.client.actor
        if not isinstance(actor, StaffActor):
            return
        stand_ins = await self.client.load("screens.stand_ins")
        try:
            present, _ = await self.client.read(my_stand_ins)
            if any(one.fell_away and not one.is_seen for one in present):
                await self.client.write(see_lost_stand_ins)  # the dialog says it
            said = await stand_ins.ask_for_substitute(
                self.app, self.client, actor.hsa_id or "", actor.name, present, may_write=True, is_own=True
            )
        except DomainError as refusal:
            release_keys(self.app)
            self.notify(refusal.message, severity="warning", markup=False)
            return
        if said:
            self.notify(said, markup=False)

    # Templates

    @property
    def _may_write_templates(self) -> bool:
        actor = self.client.actor
        return isinstance(actor, StaffActor) and is_permitted(save_own_template, actor.roles)

    @work(exclusive=True, group="open")
    async def action_templates(self) -> None:
        """Open the page of templates."""
        hold_keys(self.app)
        page = await self.client.load("screens.templates")
        self.app.push_screen(page.TemplatesScreen(self.client, "Min profil"))


def _ticks(address: str) -> Iterator[CheckBox]:
    """Yield a box for each channel that goes to an address; one of several says which it is."""
    channels = [channel for channel in CHANNELS.values() if channel.address == address]
    for channel in channels:
        yield CheckBox(RECEIVE if len(channels) == 1 else f"{RECEIVE} som {channel.word}", id=_tick_id(channel))


def _tick_id(channel: Channel) -> str:
    """Return the id of a channel's box: `by-email`, `by-mobile`."""
    return channel.wish.replace("notify_", "by-")
