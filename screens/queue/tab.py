"""*Att göra*: one queue over all that waits for somebody, the most urgent first (domain.md §5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, final

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from screens.contracts import OpensAnew, ShowsAll
from screens.dialogs.choose import ChoiceDialog
from screens.list_trouble import ListTrouble
from screens.marked_list import MarkedList
from screens.marks import flag_lines
from screens.queue.actions import handle_matter, may_handle, may_set_aside, says_of, set_aside, whom_of_matter
from screens.queue.claims import claim_keys, claim_matter, offered_claim
from screens.queue.columns import columns_for
from screens.queue.filter_choices import filter_choices
from screens.queue.labels import said_of, waited
from screens.queue.previewed import previewed
from screens.queue.queue_list import QueueList
from screens.queue.source import MatterRow, QueueFilter, QueueSource
from screens.queue.walk import Walk
from screens.queue.watch import QueueCounted
from screens.row_marks import RowMarks, mark_keys
from screens.shown_keys import keyed, with_keys
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.widgets.cells import wrap
from screens.widgets.columns import GAP, Column
from screens.widgets.drawn_text import DrawnText
from screens.widgets.paged_list import PagedList
from screens.widgets.painted import joined
from screens.widgets.preview_pane import PreviewPane, Read, preview_keys
from screens.widgets.rest import Previewed
from store.care.duties import DutyKind
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from store.people.sign_in import StaffActor
from store.views.flags import CAUTION
from store.views.matters import Matter
from store.views.todo import count_of

NOTHING = "Inget väntar på dig just nu."
NOTHING_THERE = "Inget väntar här just nu."
NOTHING_SHOWN = "Inget av den sorten väntar. {todo.filter} visar resten."
LABEL = "Att göra"

OpenMatters = Callable[[App[Any], StoreClient, Walk, str], Awaitable[str]]
"""Opens the matters of a walk, each in its turn; the text is what the queue is called on the way back.

Returns what to say in the queue then. It comes from above: the queue knows no pages.
"""


@final
class QueueTab(Vertical, OpensAnew, ShowsAll):
    """A queue: one's own as a tab, or a colleague's on a page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "h",
            "handle",
            "Hantera\xa0flagga",
            id="todo.handle",
            tooltip="Hantera flaggan, med en anteckning om vad som har gjorts.",
        ),
        *claim_keys("todo"),
        Binding("u", "set_aside", "Skjut\xa0upp", id="todo.set_aside", tooltip="Skjut upp ärendet till en dag."),
        Binding("f", "filter", "Filtrera", id="todo.filter", tooltip="Visa bara en sorts ärenden, eller en invånares."),
        *preview_keys("todo"),
        *mark_keys("todo"),
    ]
    DEFAULT_CSS = """
    QueueTab { height: 1fr; }
    QueueTab > #only { height: 1; display: none; color: $text-muted; padding: 0 1; }
    QueueTab > QueueList { height: 1fr; }
    QueueTab > #about { height: auto; max-height: 5; padding: 0 1; border-top: solid $rule; color: $text-muted; }
    QueueTab.-filtered > #only { display: block; }
    """
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for the rows."""

    def __init__(
        self,
        client: StoreClient,
        open_matters: OpenMatters,
        read_preview: Read,
        *,
        of: str | None = None,
        label: str = LABEL,
        id: str | None = None,
    ) -> None:
        """Show a queue.

        Args:
            client: the way to the store.
            open_matters: opens the pages of its matters.
            read_preview: reads a matter for the preview.
            of: HSA-id of the one whose queue it is; None for one's own.
            label: what the queue is called on the way back to it.
            id: the widget's id.
        """
        super().__init__(id=id)
        self.client = client
        self._open_matters = open_matters
        self._read_preview = read_preview
        self._of = of
        self._label = label
        self._source = QueueSource(client, of)
        self._trouble = ListTrouble()
        self._marked = MarkedList[Matter](self, RowMarks(lambda matter: matter.moment))

    def compose(self) -> ComposeResult:
        """Lay out the rows, and under them what there is no room for in the cursor's."""
        yield self._trouble
        yield Static(id="only", markup=False)
        rows = QueueList(self._columns(0), self._source, self.client.run, self._nothing)
        yield PreviewPane("todo", self._read_preview, rows)
        yield rows
        yield DrawnText("about")

    async def on_mount(self) -> None:
        """Wait a moment for the rows, so that keys typed ahead find them in the first frame."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.rows.was_read.wait(), self.PATIENCE)

    @property
    def rows(self) -> QueueList:
        """The rows."""
        return self.query_one(QueueList)

    @property
    def preview(self) -> PreviewPane:
        """What the cursor's matter is about."""
        return self.query_one(PreviewPane)

    @property
    def chosen(self) -> Matter | None:
        """The cursor's matter."""
        return self.rows.row.value if self.rows.row else None

    @property
    def _nothing(self) -> str:
        if self._source.only != QueueFilter():
            return keyed(NOTHING_SHOWN)
        return NOTHING if self._of is None else NOTHING_THERE

    # What the owner asks

    def enter(self) -> None:
        """Focus the rows."""
        self._marked.enter()

    def opened_again(self) -> None:
        """Open the queue again, with a log row of its own: somebody has come back to its tab."""
        self._source = QueueSource(self.client, self._of, self._source.only)
        self.rows.set_source(self._source, keep_cursor=True)

    async def changed(self) -> None:
        """Read the queue again, as a change or the database's return asks; the cursor stays on its matter."""
        self.rows.set_columns(self._columns(self.preview.taken))  # ages go on
        self.rows.refresh_rows()

    def on_resize(self, _event: Resize) -> None:
        """Give the preview its place, and show the columns there is room for beside it."""
        self._marked.settle()

    @on(PreviewPane.Settled)
    def make_room(self) -> None:
        """Show the columns that there is room for, and what stands under the list."""
        self._show_about()
        self.rows.set_columns(self._columns(self.preview.taken))

    def _columns(self, taken: int) -> Sequence[Column[MatterRow]]:
        marks: Sequence[Column[MatterRow]] = self._marked.marks.columns(lambda row: row.value.moment, GAP)
        return (*marks, *columns_for(self.app.size.width - taken, self.client.clock()))

    # Reading

    @on(PagedList.Loaded)
    def _loaded(self, event: PagedList.Loaded) -> None:
        event.stop()
        self._trouble.clear()
        if self._of is None:
            self.post_message(QueueCounted(count_of(self._source.queue)))
        self._show_about()
        self._marked.follow_cursor()
        self.preview.read_again()
        self.refresh_bindings()  # somebody may be on the cursor's flag now, or no longer

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        event.stop()
        self._marked.refused(event.error)
        self._trouble.tell(event.error, self.rows)

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._show_about()
        self._marked.follow_cursor()
        self.refresh_bindings()

    def _show_about(self) -> None:
        """Describe the cursor's matter under the list; where nothing waits, say what that doesn't mean."""
        matter, about = self.chosen, self.query_one("#about", DrawnText)
        said = [CAUTION] if matter is None else self._marked.marks.said(matter.moment)
        about_it = None if matter is None else partial(_draw, matter, self._facts(matter))

        def draw(width: int) -> list[Content]:
            lines = [Content(line) for sentence in said for line in wrap(sentence, width)]
            return lines if about_it is None else lines + about_it(width)

        about.display = (matter is not None or not self._source.queue) and not self.preview.is_below
        about.show(draw)

    def _facts(self, matter: Matter) -> str:
        """Return what is said of a matter after its reason."""
        actor = self.client.actor
        is_colleagues = actor and self._of is None and matter.clinician not in ("", actor.hsa_id)
        is_colleagues = is_colleagues and not matter.stands_in_for
        colleague = "en kollegas moment" if is_colleagues else ""
        now = self.client.clock()
        age = _waited(waited(matter, now)) if matter.duty is None or matter.is_overdue else ""
        return " · ".join(filter(None, (*said_of(matter, now), matter.program_title, age, colleague)))

    @property
    def shows_all(self) -> bool:
        """Whether no filter leaves something out."""
        return self._source.only == QueueFilter()

    # What can be done

    def can_mark(self, row: Matter) -> bool:
        """Whether a matter is about a moment, for whose resident something can be done."""
        return row.is_of_a_page

    def previewed(self, row: Matter) -> Previewed:
        """Return a matter as its preview needs it."""
        return previewed(row)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the keys that do something with the cursor's matter."""
        if action == "handle":
            return may_handle(self.chosen)
        if action == "claim":
            return may_handle(self.chosen) and parameters[0] == self._claim
        if action == "set_aside":
            return may_set_aside(self.chosen)
        if action == "filter":
            return bool(self._source.queue)
        offered = self._marked.offers(action)
        return super().check_action(action, parameters) if offered is None else offered

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        event.stop()
        matter = self._source.matter(event.row_id)
        if matter is None:
            return
        hold_keys(self.app)
        if matter.duty is not None:
            self._open_duty(matter.duty)
        elif matter.handover is not None:
            self._answer_offer(matter.handover)
        else:
            self._walk_from(matter)

    @work(exclusive=True, group="open")
    async def _walk_from(self, matter: Matter) -> None:
        """Open the matter, and after it the others, until one turns back."""
        source = self._source
        walk = Walk(self.client, source.shown, matter, source.only, self._of)
        said = await self._open_matters(self.app, self.client, walk, self._label)
        if self.query(QueueList):  # the tab may be closing
            self._done(said)

    @work(exclusive=True, group="dialog")
    async def _answer_offer(self, moment: int) -> None:
        """Show what another unit offers, to be answered."""
        offers = await self.client.load("screens.queue.offers")
        said = await offers.answer_offer(self.app, self.client, moment)
        if self.query(QueueList):
            self._done(said)

    @work(exclusive=True, group="open")
    async def _open_duty(self, duty: DutyKind) -> None:
        """Show where the duty is done, to who has the role for it: the reviews, the purge; else the unit's duties."""
        actor = self.client.actor
        roles = actor.roles if isinstance(actor, StaffActor) else frozenset()
        if duty is DutyKind.LOG_REVIEW and Role.LOG_REVIEWER in roles:
            reviews = await self.client.load("screens.log_review.page")
            await self.app.push_screen_wait(reviews.ReviewsScreen(self.client, self._label))
        elif duty is DutyKind.PURGE and Role.DATA_ADMIN in roles:
            purging = await self.client.load("screens.purge.page")
            await self.app.push_screen_wait(purging.PurgeScreen(self.client, self._label))
        else:
            page = await self.client.load("screens.duties")
            await self.app.push_screen_wait(page.DutiesScreen(self.client, self._label, duty))
        if self.query(QueueList):
            self._done("")

    def action_mark(self) -> None:
        """Mark the cursor's matter, or take the mark away."""
        self._marked.mark()

    def action_unmark(self) -> None:
        """Unmark all rows."""
        self._marked.unmark()

    @work(exclusive=True, group="dialog")
    async def action_act(self) -> None:
        """Do something for the residents of the marked matters; where none is marked, for the cursor's."""
        matters = self._marked.marks.chosen(self.chosen)
        acts = await self.client.load("screens.row_actions")
        rows = [acts.ChosenRow(one.moment, whom_of_matter(one), one.program_title) for one in matters]
        act = await acts.choose_act(self.app, rows, answers=False)
        if act is None:
            return
        outcomes = await acts.carry_out(self.app, self.client, act, rows)
        if self.query(QueueList):
            self._marked.show_outcomes(outcomes)
            self.rows.refresh_rows()
        await acts.tell(self.app, rows, outcomes)

    def action_preview(self) -> None:
        """Show what the cursor's matter is about, or hide it again."""
        self._marked.ask_preview()

    def action_read_preview(self) -> None:
        """Go to the preview's text."""
        self.preview.focus()

    @work(exclusive=True, group="dialog")
    async def action_handle(self) -> None:
        """Handle the cursor's flag."""
        matter = self.chosen  # the cursor is on another once it is handled
        if matter is not None and (said := await handle_matter(self.app, self.client, matter)):
            self._done(says_of(self.app, self.client, matter, said))

    @property
    def _claim(self) -> str:
        """Which of the keys of *Jag tar den* the cursor's flag has."""
        return offered_claim(self.chosen.taken if self.chosen is not None else None, self.client.actor)

    @work(exclusive=True, group="dialog")
    async def action_claim(self, _what: str) -> None:
        """Take the cursor's flag, give it up, or take it over."""
        if self.chosen is not None and (said := await claim_matter(self.app, self.client, self.chosen)):
            self._done(said)

    @work(exclusive=True, group="dialog")
    async def action_set_aside(self) -> None:
        """Set the cursor's matter aside."""
        if self.chosen is not None and (said := await set_aside(self.app, self.client, self.chosen, self._of)):
            self._done(said)

    def _done(self, said: str) -> None:
        if said:
            self.notify(said, markup=False)
        self.rows.refresh_rows()

    # The filter

    @work(exclusive=True, group="dialog")
    async def action_filter(self) -> None:
        """Choose which kind, or whose matters, the queue shows."""
        choices = list(filter_choices(self._source.queue))
        chosen = await self.app.push_screen_wait(ChoiceDialog("Visa", choices, whom=None, current=self._source.only))
        if chosen is None:
            return
        self._source = self._source.showing(chosen)
        label = next(choice.label for choice in choices if choice.value == chosen)
        self.set_class(chosen != QueueFilter(), "-filtered")
        way = with_keys("{todo.filter} visar annat.")
        self.query_one("#only", Static).update(Content.assemble(f"Visar bara: {label}. ", way))
        self.rows.set_source(self._source, empty=self._nothing)


def _draw(matter: Matter, facts: str, width: int) -> list[Content]:
    """Return why a matter waits, and the rest of what is said of it; what is urgent says so first."""
    if matter.severity is not Severity.PRIORITY:
        return joined(((matter.reason, "bold"), (facts, "")), width)
    reason = [line.stylize_before("bold") for line in flag_lines(matter.severity, matter.reason, width)]
    return [*reason, *(Content(f"  {line}") for line in wrap(facts, width - 2))]


def _waited(age: str) -> str:
    """Return since when a matter waits, as a piece of a line: `nyss inkommet`, `har väntat 2 tim`."""
    return "nyss inkommet" if age == "nyss" else f"har väntat {age}"
