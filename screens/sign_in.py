"""The choice of person: the practice environment's cast (domain.md §9; contract.md §4)."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.contracts import AwaitsPerson
from screens.marks import PROTECTED
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.option_list import Hanging, NumberedList, OptionList, numbered
from screens.widgets.title_bar import TitleBar
from store.foundation.errors import DomainError
from store.practice import CastMember, cast_of

QUESTION = "Vem vill du öva som? Alla personer här är påhittade. {app.person} byter person när som helst."
NO_ROLE = "ingen roll än"


class CastList(NumberedList):
    """The cast, a line each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Börja arbeta",
            id="signin.choose",
            tooltip="Börja arbeta som den valda personen. En siffra väljer sin rad.",
        ),
    ]


class SignInScreen(Screen[CastMember | None], AwaitsPerson):
    """Choose as whom to work. Returns the person and unit; None where the one who is at work stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", "Tillbaka", id="signin.back", tooltip="Fortsätt som samma person."),
    ]
    DEFAULT_CSS = """
    SignInScreen > Static { padding: 1 1; height: auto; }
    SignInScreen > CastList, SignInScreen > CastList:focus {
        height: 1fr; border: none; padding: 0; background: $surface; background-tint: transparent;
        scrollbar-size-vertical: 1;
    }
    SignInScreen > CastList > .option-list--option { padding: 0 1; }
    """

    def __init__(self, client: StoreClient, *, may_stay: bool = False) -> None:
        """`may_stay` is whether somebody is at work who may come back without choosing."""
        super().__init__()
        self._client = client
        self._may_stay = may_stay
        self._cast: tuple[CastMember, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield TitleBar(practice=self._client.practice, id="title")
        yield Static(Content(keyed(QUESTION)), id="question")
        yield CastList()
        yield KeyBar()

    def on_mount(self) -> None:
        """Fetch the cast; keys that come before it is there are for it."""
        hold_keys(self.app)
        self._fetch()

    @work(exclusive=True)
    async def _fetch(self) -> None:
        try:
            self._cast = await self._client.run(lambda: cast_of(self._client.store))
        except DomainError as refusal:
            self.query_one("#question", Static).update(Content(refusal.message))
        else:
            self._show_cast()
        finally:
            self.call_after_refresh(release_keys, self.app)

    def _show_cast(self) -> None:
        options = self.query_one(CastList)
        options.add_options(Option(line_of(at, member)) for at, member in enumerate(self._cast))
        options.highlighted = 0
        options.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back to who came from somewhere."""
        if action == "stay":
            return self._may_stay
        return super().check_action(action, parameters)

    def action_stay(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._cast[event.option_index])


def line_of(at: int, member: CastMember) -> Hanging:
    """Return the line of somebody whom one can be, the one at `at` (from 0)."""
    roles = ", ".join(role.value for role in member.roles) or NO_ROLE
    code = member.hsa_id.rpartition("-")[2]
    name = PROTECTED if member.protected else member.name
    who = Content.assemble((f"{name:<24} ", "bold"), f"{code:<6} ")
    return numbered(at, Content(f"{member.unit_name} · {roles}"), who)
