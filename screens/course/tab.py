"""*Kursen*: how far the trainees have come, for the utbildare of a practice environment; it fills as they go."""

from typing import final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.contracts import TabContent
from screens.course.grid import ResultsGrid
from screens.course.walkthrough import WalkthroughScreen
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.workers import start_alone
from store.foundation.errors import DomainError
from store.practice.results import Results, results_of

LOOK_SECONDS = 1.0
"""How often it is looked at what the trainees have done: they write on units of their own."""
NO_COURSE = "Det finns ingen kurs. Den görs av driften, med en enhet för varje deltagare: sob ovning kurs 10."
NOT_BEGUN = "Ingen har börjat på någon övning än. Deltagarna väljer en med Övningar, bland kommandona."
LEGEND = "✓ löst   › pågår   · lämnad   2/4 steg   !1 felsteg   ‹ bara på en tidigare enhet"
NOT_DONE = "inte påbörjad"
BEFORE = "inte påbörjad på den nya enheten; på den förra"


@final
class CourseTab(Vertical, TabContent):
    """The table, and in words what the cursor's cell says."""

    DEFAULT_CSS = """
    CourseTab > #course-said { height: auto; padding: 0 1 1 1; }
    CourseTab > #course-legend { height: auto; padding: 0 1; color: $text-muted; }
    CourseTab > #course-cell { padding: 0 1; border-top: solid $rule; height: auto; min-height: 3; }
    """

    def __init__(self, client: StoreClient, *, id: str) -> None:
        super().__init__(id=id)
        self._client = client
        self._results: Results | None = None

    def compose(self) -> ComposeResult:
        """Lay out the table and what stands around it."""
        yield Static(id="course-said", markup=False)
        yield ResultsGrid("course-grid")
        yield Static(id="course-cell", markup=False)
        yield Static(Content(LEGEND), id="course-legend")

    def on_mount(self) -> None:
        """Read now, and again and again."""
        self._look()
        self.set_interval(LOOK_SECONDS, self._look)

    def enter(self) -> None:
        """Take the focus."""
        self._grid.focus()
        self._look()

    async def changed(self) -> None:
        """Read again."""
        self._look()

    @property
    def _grid(self) -> ResultsGrid:
        return self.query_one(ResultsGrid)

    def _look(self) -> None:
        if self.is_attached and self.display and self.screen.is_current:
            start_alone(self, "read", self._read)

    async def _read(self) -> None:
        said = ""
        try:
            found = await self._client.run(lambda: results_of(self._client.store, self._client.actor))
        except DomainError as refusal:
            said = f"! {refusal.message}"
        else:
            if found != self._results:
                self._results = found
                self._grid.show(found)
            said = _said(found)
        if self.is_attached:
            self.query_one("#course-said", Static).update(Content(said))

    @on(ResultsGrid.Moved)
    def _moved(self) -> None:
        self.query_one("#course-cell", Static).update(_cell(self._grid))

    @on(ResultsGrid.Opened)
    def _opened(self, event: ResultsGrid.Opened) -> None:
        hold_keys(self.app)
        self._go_through(event.attempt)

    @work(exclusive=True, group="open")
    async def _go_through(self, attempt: int) -> None:
        await self.app.push_screen_wait(WalkthroughScreen(self._client, attempt))
        self._look()


def _said(found: Results) -> str:
    if not found.trainees:
        return NO_COURSE
    until = f"Kursen raderas senast {found.erased_on}. " if found.erased_on else ""
    return until + (NOT_BEGUN if found.is_empty else "Tabellen fylls på medan deltagarna övar.")


def _cell(grid: ResultsGrid) -> Content:
    """Return in words what the cursor's cell says."""
    if grid.trainee is None or grid.exercise is None:
        return Content("")
    return Content.assemble((f"{grid.trainee.name}, {grid.number} {grid.exercise[1]}", "bold"), f"\n{_words(grid)}")


def _words(grid: ResultsGrid) -> str:
    if grid.result is not None:
        return grid.result.words
    return NOT_DONE if grid.before is None else f"{BEFORE}: {grid.before.words}"
