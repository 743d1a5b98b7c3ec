"""The start page of a moment's side: what is new, and the way to all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.contracts import ShowsResidentsSide
from screens.resident.activities_screen import ActivitiesScreen
from screens.resident.form_screen import ResidentsFormScreen
from screens.resident.home_rows import HomeRow, Target, home_rows
from screens.resident.messages_screen import ConversationsScreen
from screens.resident.plan_screen import ResidentsPlanScreen
from screens.resident.scores_screen import ScoresScreen
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.resident.step_screen import StepScreen
from screens.resident.texts import STATUS
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.whom import Whom
from screens.widgets.option_list import OptionList
from screens.widgets.page import Page
from store.people.residents import ResidentActor
from store.views.residents_page import Part, ResidentsPage

START = "Start"
"""What the way back to the page is called."""


def look_at_side(client: StoreClient, moment: int, origin: str, whom: Whom, first: Target | None) -> HomeScreen:
    """Return the resident's side of a moment for staff to look at; `first` is what the cursor stands on at first."""
    return HomeScreen(Side(client, moment, looked_at=whom), origin, first=first)


class HomeList(OptionList):
    """The rows; the cursor stays on what it is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Öppna", id="resident.open", tooltip="Öppna det som är markerat."),
    ]
    DEFAULT_CSS = """
    HomeList, HomeList:focus {
        height: 1fr; border: none; padding: 0; background: $background; background-tint: transparent;
    }
    HomeList > .option-list--option { padding: 0 1; }
    HomeList > .option-list--option-disabled { color: $foreground; text-style: bold; }
    """

    _rows: Sequence[HomeRow] = ()

    def show(self, rows: Sequence[HomeRow], first: Target | None) -> None:
        """Show rows; `first` is what the cursor stands on where there was none."""
        here = self._row_at(self.highlighted)
        self._rows = rows
        self.clear_options()
        self.add_options(Option(row.text, disabled=row.target is None) for row in rows)
        self.highlighted = self._place(here, first)

    def target(self, index: int) -> Target | None:
        """Return what a row opens."""
        return self._rows[index].target

    def _row_at(self, index: int | None) -> HomeRow | None:
        return None if index is None or index >= len(self._rows) else self._rows[index]

    def _place(self, here: HomeRow | None, first: Target | None) -> int | None:
        for index, row in enumerate(self._rows):
            if here is not None and row.id == here.id and row.id is not None:
                return index
        wanted = here.target if here else first
        found = [index for index, row in enumerate(self._rows) if row.target is not None]
        same = [index for index in found if self._rows[index].target == wanted]
        return next(iter((*same[-1:], *found)), None)


@final
class HomeScreen(Page[None], ShowsResidentsSide):
    """What the resident sees first of a moment."""

    BLANK = True
    about = (
        "Här ser du vad som är nytt, och allt du kan läsa, fylla i och göra. "
        "Gå med pilarna och öppna med {resident.open}."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("m", "open('MESSAGES')", "Meddelanden", id="resident.messages", tooltip="Läs och skriv meddelanden."),
        Binding("a", "open('ACTIVITIES')", "Aktiviteter", id="resident.activities", tooltip="Se dina aktiviteter."),
        Binding(
            "s", "open('SAFETY_PLAN')", "Säkerhetsplan", id="resident.safety_plan", tooltip="Läs din säkerhetsplan."
        ),
        Binding("g", "open('SCORES')", "Mina\xa0resultat", id="resident.scores", tooltip="Se dina resultat över tid."),
    ]

    def __init__(self, side: Side, origin: str, *, first: Target | None = None) -> None:
        """`first` is what the cursor stands on at first."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(
            self,
            side,
            origin,
            heading=self._heading,
            read=self._read,
            show=self._show,
            next_at=lambda: self.page.next_at if self.page else None,
        )
        self._first = first
        self.page: ResidentsPage | None = None

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        about = Static(id="about", classes="words side", markup=False)
        yield self.frame.around(about, HomeList(id="side", classes="side"))

    def _heading(self) -> str:
        """Return the program; where staff look, the top line says it already."""
        if self.side.only_looks:
            return "Invånarens sida"
        return self.page.program_title if self.page else ""

    async def _read(self) -> None:
        """Read the page; the first time it is opened."""
        if self.page is None:
            await self.side.open(Part.START)
        self.page = await self.side.page()

    def _show(self) -> None:
        page = self.page
        if page is None:
            return
        actor = self.side.client.actor
        is_proxy = isinstance(actor, ResidentActor) and actor.is_proxy
        who = f"Du är ombud för {page.name}." if is_proxy else f"{page.name}."
        about = f"{who} Behandlare: {page.clinician}, {page.unit_name}."
        said = "\n".join(filter(None, (about, STATUS[page.status])))
        self.query_one("#about", Static).update(Content(said))
        self.query_one(HomeList).show(home_rows(page), self._first)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is."""
        if action == "open":
            there = {Part.SCORES.name: self.page is not None and self.page.shows_scores}
            return there.get(str(parameters[0]), self.page is not None)
        return super().check_action(action, parameters)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if (target := self.query_one(HomeList).target(event.option_index)) is not None:
            self._open(target)

    def action_open(self, part: str) -> None:
        """Open a part."""
        self._open(Target(Part[part]))

    def _open(self, target: Target) -> None:
        side = self.side
        match target.part:
            case Part.STEP:
                opened: Page[None] = StepScreen(side, START, target.id, self._title_of(target.id))
            case Part.FORM:
                opened = ResidentsFormScreen(side, START, target.id)
            case Part.MESSAGES:
                opened = ConversationsScreen(side, START)
            case Part.ACTIVITIES:
                opened = ActivitiesScreen(side, START)
            case Part.SAFETY_PLAN:
                opened = ResidentsPlanScreen(side, START)
            case _:
                opened = ScoresScreen(side, START)
        hold_keys(self.app)
        self.app.push_screen(opened, self.frame.come_back)

    def _title_of(self, step: str) -> str:
        modules = self.page.modules if self.page else ()
        return next((one.title for module in modules for one in module.steps if one.id == step), "")
