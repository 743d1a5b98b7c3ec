"""The resident's säkerhetsplan: read, and written in five parts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar, final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from screens.contracts import ShowsResidentsSide
from screens.dialogs.safety_plan import SafetyPlanDialog
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.resident.texts import PLAN_SAVED
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom
from screens.widgets.cells import clean
from screens.widgets.drawn_text import DrawnText
from screens.widgets.page import Page
from store.care.safety_plan_text import PARTS, SafetyTexts
from store.care.safety_plans import OWN_CHANGEABLE
from store.foundation.errors import Refused
from store.views.residents_page import Part, ResidentsPage
from store.views.safety_plan import SafetyPage, said_of

ABOUT = {
    "varningstecken": "Hur du märker att en kris är på väg.",
    "hjalper": "Vad du själv kan göra för att det ska gå över.",
    "ringa": "Personer som kan hjälpa dig, med telefonnummer.",
    "varden": "Mottagningen, och dit du ringer när den är stängd.",
    "trygg": "Hur läkemedel, vapen och annat farligt är undanlagt.",
}
"""What is written in each part, by its key."""
HEADING = "Säkerhetsplan"
NOT_WRITTEN = "Inget är skrivet än."
LOOK = " Det nya står under varje fält som skiljer sig. Spara en gång till när din text är som den ska vara."


@final
class ResidentsPlanScreen(Page[None], ShowsResidentsSide):
    """The newest plan, with the numbers to call."""

    AUTO_FOCUS = "#side"
    BLANK = True
    about = "Din plan för när det blir svårt. Du och din behandlare kan ändra den. {resident.change_plan} ändrar."
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("e", "change", "Ändra", id="resident.change_plan", tooltip="Ändra din säkerhetsplan."),
    ]
    DEFAULT_CSS = """
    ResidentsPlanScreen DrawnText { padding: 0 1; max-width: 100; }
    """

    def __init__(self, side: Side, origin: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(self, side, origin, heading=lambda: HEADING, read=self._read, show=self._show)
        self._page: ResidentsPage | None = None
        self._plan: SafetyPage | None = None
        self._text = DrawnText()

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        yield self.frame.around(VerticalScroll(self._text, id="side", classes="side"))

    async def _read(self) -> None:
        """Read the plan; the first time the page is opened."""
        if self._page is None:
            await self.side.open(Part.SAFETY_PLAN)
        self._page = await self.side.page()
        self._plan = await self.side.safety_plan()

    def _show(self) -> None:
        if self._plan is not None and self._page is not None:
            self._text.show(partial(draw_own_plan, self._plan))
            if not self.side.only_looks:
                self.frame.say_state(OWN_CHANGEABLE.why_not(self._page.status, is_offered=False))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to change it where that can be done."""
        if action == "change":
            return self._page is not None and self._page.is_running and not self.side.only_looks
        return super().check_action(action, parameters)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()

    def action_change(self) -> None:
        """Write the plan."""
        hold_keys(self.app)
        self._change()

    @work(exclusive=True, group="dialog")
    async def _change(self) -> None:
        plan, page = self._plan, self._page
        if plan is None or page is None:
            release_keys(self.app)
            return
        left = self.side.left_plan
        version = left[1] if left else plan.version

        async def perform(texts: SafetyTexts, _confirmed: bool) -> None:
            nonlocal version
            try:
                await self.side.change_safety_plan(texts, version)
            except Refused as refusal:
                now = await self.side.safety_plan()
                if now.version != version:
                    version = now.version
                    dialog.show_newer(now.texts)
                    refusal.add(LOOK)
                raise

        async def keep(texts: SafetyTexts) -> bool:
            self.side.left_plan = texts, version
            return True

        async def throw_away() -> None:
            self.side.left_plan = None

        whom = Whom(page.name, page.program_title, self.side.moment)
        dialog = SafetyPlanDialog(
            perform,
            whom=whom,
            plan=plan.texts,
            left=left[0] if left else None,
            keep=keep,
            throw_away=throw_away,
            about=ABOUT,
        )
        if await self.app.push_screen_wait(dialog) is not None:
            self.side.left_plan = None
            self.notify(PLAN_SAVED)
        self.frame.reread()


def draw_own_plan(page: SafetyPage, width: int) -> list[Content]:
    """Return the plan's lines for a width, and the numbers under it."""
    return list(_lines(page, max(10, width)))


def _lines(page: SafetyPage, width: int) -> Iterator[Content]:
    newest = page.newest
    yield Content(f"Säkerhetsplanen är {clean(said_of(newest))}." if newest else NOT_WRITTEN)
    for part in PARTS:
        yield from (Content(""), Content.styled(part.heading.capitalize(), "bold"))
        text = page.texts[part]
        if text.strip():
            for line in text.split("\n"):
                yield from Content(clean(line)).wrap(width)
        else:
            yield Content.styled("–", "dim")
    yield from (Content(""), Content.styled("Om det är bråttom", "bold"))
    for number in (*page.numbers, *(() if page.numbers_confirmed else (page.numbers_note,))):
        yield from Content(clean(number)).wrap(width)
