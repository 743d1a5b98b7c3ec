"""*Personal*: who works on the unit, with which roles, for the behörighetsadministratör (FAQ; domain.md §7)."""

from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from screens.contracts import OpensAnew
from screens.dialogs.controls import Lines
from screens.list_trouble import ListTrouble
from screens.shown_keys import keyed
from screens.staff.actions import (
    Action,
    activate,
    add,
    change_role,
    choose_substitute,
    import_file,
    inactivate,
    invite_person,
    record_trainings,
    show_history,
)
from screens.staff.rows import StaffSource, columns_for, described, told
from screens.store_client import StoreClient
from screens.tab_actions import TabActions
from screens.type_ahead import hold_keys
from screens.widgets.cells import clean
from screens.widgets.paged_list import PagedList
from store.foundation.access import Role
from store.people.personnel import StaffLine

NOBODY = {
    True: "Ingen aktiv personal. Tryck {personnel.add} för att lägga till någon.",
    False: "Ingen är inaktiv på enheten.",
}
WIDE = 130
"""Columns of the screen from which the cursor's person is described beside the list."""


class StaffList(PagedList[StaffLine]):
    """The list of the unit's staff."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Roller", show=False, id="personnel.open", tooltip="Ge rollen, eller ta bort en."),
    ]


@final
class PersonnelTab(Vertical, OpensAnew):
    """The active persons or the inactive, with what should be thought of above, and the cursor's person beside."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "add", "Lägg\xa0till", id="personnel.add", tooltip="Lägg till en person på enheten, med HSA-id."),
        Binding("r", "role", "Roller", id="personnel.role", tooltip="Ge den valda personen en roll, eller ta bort en."),
        Binding("u", "training", "Utbildning", id="personnel.training", tooltip="Registrera utbildningar."),
        Binding(
            "i",
            "inactivate",
            "Inaktivera",
            id="personnel.inactivate",
            tooltip="Inaktivera den valda personen; pågående moment lämnas över.",
        ),
        Binding("a", "activate", "Aktivera", id="personnel.activate", tooltip="Aktivera den valda personen igen."),
        Binding("f", "switch(False)", "Inaktiva", id="personnel.inactive", tooltip="Visa dem som är inaktiva."),
        Binding("f", "switch(True)", "Aktiva", id="personnel.active", tooltip="Visa dem som är aktiva."),
        Binding(
            "l",
            "import_file",
            "Läs\xa0in\xa0fil",
            id="personnel.import",
            tooltip="Läs in personal från en CSV-fil, med roller och utbildningar.",
        ),
        Binding(
            "s",
            "substitute",
            "Ställföreträdare",
            id="personnel.substitute",
            tooltip="Utse vem som är ställföreträdare för den valda personen, eller avsluta det.",
        ),
        Binding(
            "b",
            "invite",
            "Bjud\xa0in",
            id="personnel.invite",
            tooltip="Bjud in den valda personen att skapa sitt konto, eller nollställ det.",
        ),
        Binding("h", "history", "Historik", id="personnel.history", tooltip="Visa vad som har ändrats för personen."),
        Binding(
            "v",
            "permissions",
            "Vad\xa0rollerna\xa0får",
            id="personnel.permissions",
            tooltip="Visa vad varje roll får göra.",
        ),
    ]
    DEFAULT_CSS = """
    PersonnelTab { height: 1fr; }
    PersonnelTab > #advice { display: none; color: $text-warning; padding: 0 1; max-height: 6; margin: 0 0 1 0; }
    PersonnelTab.-advised > #advice { display: block; }
    PersonnelTab > #both { height: 1fr; }
    PersonnelTab StaffList { width: 1fr; height: 1fr; }
    PersonnelTab #detail {
        display: none; width: 46; height: 1fr; padding: 0 1; border-left: solid $rule; scrollbar-size-vertical: 1;
    }
    PersonnelTab #told { height: auto; max-height: 25vh; padding: 0 1; border-top: solid $rule; color: $text-muted; }
    PersonnelTab.-wide #detail { display: block; }
    PersonnelTab.-wide #told { display: none; }
    """

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self._source = StaffSource(client, active=True)
        self._trouble = ListTrouble()
        self._actions = TabActions(self, self.changed)

    def compose(self) -> ComposeResult:
        """Lay out the advice, and under it the rows, beside or over what there is to know of the cursor's person."""
        yield self._trouble
        yield Lines(id="advice")
        with Horizontal(id="both"):
            yield StaffList(columns_for(), self._source, fetch=self.client.run, empty=keyed(NOBODY[True]))
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="about", markup=False)
        yield Static(id="told", markup=False)

    @property
    def rows(self) -> StaffList:
        """The list of the unit's staff."""
        return self.query_one(StaffList)

    @property
    def line(self) -> StaffLine | None:
        """The cursor's person."""
        return self.rows.row if self.query(StaffList) and self.rows.row_count else None

    # What the owner asks

    def enter(self) -> None:
        """Take the focus."""
        self.rows.focus()

    async def changed(self) -> None:
        """Read it again: something has changed, or the database is gone, or back. The cursor stays on its person."""
        if self.query(StaffList):  # the tab may be closing
            self.rows.refresh_rows()

    def opened_again(self) -> None:
        """Read it again: somebody has come back to it."""
        self.rows.refresh_rows()

    def on_resize(self, _event: Resize) -> None:
        """Describe the cursor's person where there is room."""
        self.set_class(self.app.size.width >= WIDE, "-wide")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's person, and the persons that are not shown."""
        if action == "switch":
            return parameters[0] is not self._source.active
        if action == "substitute":
            return self.line is not None and self.line.is_active and _is_clinician(self.line)
        if action == "invite":
            return not self.client.practice and self.line is not None and self.line.is_active
        if action in ("role", "inactivate"):
            return self.line is not None and self.line.is_active
        if action == "activate":
            return self.line is not None and not self.line.is_active
        return self.line is not None if action in ("training", "history") else super().check_action(action, parameters)

    # Reading

    @on(PagedList.Loaded)
    def _loaded(self, event: PagedList.Loaded) -> None:
        event.stop()
        self._trouble.clear()
        advice = self._source.overview.advice
        self.set_class(bool(advice), "-advised")
        self.query_one("#advice", Lines).show([("!", Content(clean(sentence))) for sentence in advice])
        self._show_person()

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._show_person()

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        event.stop()
        self._trouble.tell(event.error, self.rows)

    def _show_person(self) -> None:
        line = self.line
        self.query_one("#about", Static).update(described(line, self._source.programs) if line else Content(""))
        self.query_one("#told", Static).update(told(line) if line else Content(""))
        self.refresh_bindings()

    # What is done

    def action_switch(self, active: bool) -> None:
        """Show the active ones, or the inactive."""
        self._source = StaffSource(self.client, active=active)
        self.rows.set_source(self._source, empty=keyed(NOBODY[active]))
        self.refresh_bindings()

    def action_add(self) -> None:
        """Add a person to the unit."""
        self._actions.begin(self._add)

    async def _add(self) -> str:
        said, line = await add(self.app, self.client)
        if line is not None and self.query(StaffList):
            if not self._source.active:
                self.action_switch(True)
            self._source.expect(line)
            self.rows.seek(line.id)  # the key that the word names is about that person
        return said

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        event.stop()
        if self.check_action("role", ()):
            self.action_role()

    def action_role(self) -> None:
        """Give the cursor's person a role, or take one."""
        self._begin(change_role)

    def action_training(self) -> None:
        """Record the trainings of the cursor's person."""
        self._begin(record_trainings)

    def action_substitute(self) -> None:
        """Appoint who stands in for the cursor's person, or end it."""
        self._begin(choose_substitute)

    def action_inactivate(self) -> None:
        """Inactivate the cursor's person."""
        self._begin(inactivate)

    def action_activate(self) -> None:
        """Activate the cursor's person."""
        self._begin(activate)

    def _begin(self, action: Action) -> None:
        line = self.line
        if line is not None:
            self._actions.begin(lambda: action(self.app, self.client, line))

    def action_import_file(self) -> None:
        """Place persons from a file on the unit."""
        self._actions.begin(lambda: import_file(self.app, self.client))

    def action_invite(self) -> None:
        """Invite the cursor's person, or reset the account."""
        self._begin(invite_person)

    def action_history(self) -> None:
        """Show what was done with the cursor's person."""
        self._begin(show_history)

    def action_permissions(self) -> None:
        """Open the page of what each role may do."""
        hold_keys(self.app)
        self._open_permissions()

    @work(exclusive=True, group="open")
    async def _open_permissions(self) -> None:
        page = await self.client.load("screens.staff.role_help")
        self.app.push_screen(page.PermissionsScreen(self.client, "Personal"))


def _is_clinician(line: StaffLine) -> bool:
    return any(role.role is Role.CLINICIAN and role.is_held for role in line.roles)
