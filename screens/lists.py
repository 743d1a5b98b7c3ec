"""A list of moments with its search: what *Mina*, *Alla* and *Avslutade* hold (domain.md §5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from screens.contracts import TabContent
from screens.list_columns import NARROW, columns_for, cut_in
from screens.list_source import Filter, MomentRow, SearchSource, Section, TabSource
from screens.marked_list import MarkedList
from screens.preview_reading import PreviewReader, previewed_row
from screens.row_marks import Outcome, RowMarks, mark_keys
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.widgets.cells import wrap
from screens.widgets.columns import GAP, Column
from screens.widgets.drawn_text import DrawnText
from screens.widgets.paged_list import PagedList
from screens.widgets.preview_pane import PreviewPane, preview_keys
from screens.widgets.rest import Previewed
from store.foundation.access import Role
from store.foundation.clock import local_day
from store.people.sign_in import StaffActor
from store.views.lists import MAINTENANCE, RUNNING, ListRow, Order, Tab

T = TypeVar("T")

EMPTY = {
    Tab.MINE: "Inga moment än. Tryck {list.start} för att starta ett.",
    Tab.ALL: "Inga moment på enheten att visa.",
    Tab.ENDED: "Inga avslutade moment.",
}
URGENT = "Prioriterade flaggor på enheten"
"""What *Alla* is headed for a clinician who sees of others' moments only those (domain.md §5)."""
NONE_URGENT = "Ingen prioriterad flagga är ohanterad på enheten. Andras moment visas bara när de har en sådan flagga."
NOTHING_FOUND = "Inget moment stämmer med sökningen. {list.leave} tar bort den."


@final
class MomentList(Vertical, TabContent):
    """One tab's list."""

    BLANK = True  # all that is seen are its parts: its own lines needn't be made one by one
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "start", "Starta nytt moment", id="list.start", tooltip="Starta nytt moment."),
        Binding("slash", "search", "Sök", key_display="/", id="list.search", tooltip="Sök på namn eller personnummer."),
        Binding("s", "sort", "Sortera", id="list.sort", tooltip="Välj vad raderna sorteras efter."),
        Binding("f", "filter", "Filtrera", id="list.filter", tooltip="Visa bara ett program eller en status."),
        *preview_keys("list"),
        *mark_keys("list"),
        Binding("escape", "leave_search", "Visa\xa0alla", id="list.leave", tooltip="Visa hela listan igen."),
    ]
    DEFAULT_CSS = """
    MomentList { height: 1fr; }
    MomentList > Static { height: 2; padding: 0 1; text-style: bold; }
    MomentList > Input { display: none; margin: 0 0 1 0; }
    MomentList.-searching > Input { display: block; }
    MomentList > PagedList { height: 1fr; }
    MomentList > #flags {
        display: none; height: auto; max-height: 50%; padding: 0 1; border-top: solid $rule; color: $text-muted;
    }
    """
    SETTLED = 0.2
    """Seconds without a key before a search is made: each search is a changed filter, and leaves a log row."""

    class Opened(Message):
        """A moment was chosen."""

        def __init__(self, moment: int) -> None:
            super().__init__()
            self.moment = moment

    class StartAsked(Message):
        """A new moment was asked for, with the program where a heading was used."""

        def __init__(self, program: str | None) -> None:
            super().__init__()
            self.program = program

    class ActAsked(Message):
        """Something is to be done for some rows."""

        def __init__(self, of: "MomentList", rows: Sequence[ListRow]) -> None:
            super().__init__()
            self.of = of
            self.rows = rows

    class Failed(Message):
        """The rows could not be read."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    class Read(Message):
        """The headings were read; `number` is how many rows the whole tab has."""

        def __init__(self, list_id: str, number: int) -> None:
            super().__init__()
            self.list_id = list_id
            self.number = number

    def __init__(self, client: StoreClient, tab: Tab, *, hide_numbers: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self.tab = tab
        self._source = TabSource(client, tab)
        self._hide_numbers = hide_numbers
        self._settling: Timer | None = None
        self._marked = MarkedList[ListRow](self, RowMarks(lambda row: row.id))

    def compose(self) -> ComposeResult:
        """Show the list, and under it what there is no room for in the cursor's row.

        The search field comes over it when it is first asked for.
        """
        if self._is_urgent:
            yield Static(URGENT, markup=False)
        rows = PagedList[MomentRow](
            self._columns(), self._source, fetch=self._client.run, fetch_anew=self._fetch_anew, empty=self._empty
        )
        yield PreviewPane("list", PreviewReader(self._client, self.tab.value), rows)
        yield rows
        yield DrawnText("flags")

    async def _fetch_anew(self, call: Callable[[], T]) -> T:
        """Read headings and rows at once: one snapshot, and one commit for all of their rows in the log."""
        source, is_search = self._source, self.has_class("-searching")
        return await self._client.run_together(call, (MomentList, self.tab, source.order, source.only, is_search))

    @property
    def _is_urgent(self) -> bool:
        """Whether the list holds only moments with a prioriterad flagga."""
        actor = self._client.actor
        return self.tab is Tab.ALL and isinstance(actor, StaffActor) and Role.RESIDENT_ADMIN not in actor.roles

    @property
    def _empty(self) -> str:
        return NONE_URGENT if self._is_urgent else keyed(EMPTY[self.tab])

    @property
    def rows(self) -> PagedList[MomentRow]:
        """The rows under the search field."""
        return self.query_one(PagedList)

    @property
    def preview(self) -> PreviewPane:
        """What the cursor's row is about."""
        return self.query_one(PreviewPane)

    @property
    def chosen(self) -> ListRow | None:
        """The cursor's row, as the store gave it."""
        return self.rows.row and self.rows.row.row

    @property
    def _is_whole(self) -> bool:
        """Whether all parts stand: what was asked for may be answered while the list is being removed."""
        return {PagedList, PreviewPane, "flags"} <= {part.id or type(part) for part in self.children}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done here."""
        if not self._is_whole:
            return False
        if action == "leave_search":
            return self.has_class("-searching")
        if action == "unmark" and self.has_class("-searching"):
            return False
        if action == "start":
            return self.tab is not Tab.ENDED
        offered = self._marked.offers(action)
        return super().check_action(action, parameters) if offered is None else offered

    async def changed(self) -> None:
        """Read what is shown again; cursor and scroll stay."""
        if self.tab is Tab.MINE:
            self.rows.set_columns(self._columns())  # for whom one stands in may have changed
        self.rows.refresh_rows()

    def show_moment(self, moment: int, program: str) -> None:
        """Put the cursor on a moment of a program that was just started; a search or filter that hides it ends."""
        if self.has_class("-searching"):
            self.action_leave_search()
        if self._source.only.program not in (None, program) or self._source.only.status == MAINTENANCE:
            self._source = self._source.showing(only=Filter())
            self._show(self._source, keep_cursor=True)
        self.rows.seek(moment)

    def enter(self) -> None:
        """Take the focus."""
        self._marked.enter()

    def on_resize(self) -> None:
        """Give the preview its place in the window, and show the columns that there is room for."""
        if self._is_whole:
            self._marked.settle()

    @on(PreviewPane.Settled)
    def make_room(self, event: PreviewPane.Settled | None = None) -> None:
        """Show the columns that there is room for, and what stands under the list."""
        if event is not None:
            event.stop()
        self.rows.set_columns(self._columns())
        self._show_flags()

    # Marked rows, and the preview

    def can_mark(self, _row: ListRow) -> bool:
        """Whether something can be done for rows."""
        return self.tab in (Tab.MINE, Tab.ALL)

    def action_mark(self) -> None:
        """Mark the cursor's row, or take the mark away."""
        self._marked.mark()

    def action_unmark(self) -> None:
        """Unmark all rows."""
        self._marked.unmark()

    def action_act(self) -> None:
        """Ask for something to be done for the marked rows; where none is marked, for the cursor's."""
        if rows := self._marked.marks.chosen(self.chosen):
            hold_keys(self.app)
            self.post_message(self.ActAsked(self, rows))

    def show_outcomes(self, outcomes: Mapping[int, Outcome]) -> None:
        """Show on the rows what came of it, by moment."""
        self._marked.show_outcomes(outcomes)

    def action_preview(self) -> None:
        """Show what the cursor's row is about, or hide it again."""
        self._marked.ask_preview()

    def action_read_preview(self) -> None:
        """Go to the preview's text."""
        self.preview.focus()

    def hide_numbers(self, hidden: bool) -> None:
        """Mask the personnummer, or show them again."""
        self._hide_numbers = hidden
        self.rows.set_columns(self._columns())

    def action_start(self) -> None:
        """Ask for a new moment."""
        hold_keys(self.app)
        self.post_message(self.StartAsked(None))

    async def action_search(self) -> None:
        """Open the search field."""
        if not self.query(Input):
            from screens.dialogs.controls import TextInput

            field = TextInput(id="query", placeholder="Sök: namn eller personnummer")
            # Selected when the focus comes, the first character would be replaced by the second where it came sooner.
            field.select_on_focus = False
            await self.mount(field, before=self.rows)
        self.add_class("-searching")
        self.query_one(Input).focus()
        self.refresh_bindings()

    def action_leave_search(self) -> None:
        """Close the search and show the whole list."""
        self.remove_class("-searching")
        self.query_one(Input).clear()
        self._show(self._source)
        self.rows.focus()
        self.refresh_bindings()

    @work
    async def action_sort(self) -> None:
        """Let the person choose an order."""
        from screens.dialogs.choose import Choice, ChoiceDialog

        choices = [Choice(order, order.value) for order in Order]
        chosen = await self.app.push_screen_wait(
            ChoiceDialog("Sortera efter", choices, whom=None, current=self._source.order)
        )
        if chosen is not None:
            self._source = self._source.showing(order=chosen)
            self._show(self._source, keep_cursor=True)

    @work
    async def action_filter(self) -> None:
        """Let the person choose what is shown."""
        from screens.dialogs.choose import Choice, ChoiceDialog

        titles = {heading.program: heading.title for heading in self._source.headings}
        choices = [Choice(Filter(), "Alla")]
        choices += [Choice(Filter(program=program), title) for program, title in titles.items()]
        if self.tab is not Tab.ENDED:
            choices.append(Choice(Filter(status=RUNNING), "Bara pågående"))
            choices.append(Choice(Filter(status=MAINTENANCE), "Bara i vidmakthållande läge"))
        chosen = await self.app.push_screen_wait(ChoiceDialog("Visa", choices, whom=None, current=self._source.only))
        if chosen is not None:
            self._source = self._source.showing(only=chosen)
            self._show(self._source)

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._settling:
            self._settling.stop()
        self._settling = self.set_timer(self.SETTLED, self._search)

    @on(Input.Submitted)
    def _searched(self) -> None:
        if self._settling is not None:  # else what stands there has been searched for
            self._search()
        self.rows.focus()

    def _search(self) -> None:
        if self._settling:
            self._settling.stop()
            self._settling = None
        if not self.has_class("-searching"):
            return
        query = self.query_one(Input).value.strip()
        if query:
            self.rows.set_source(SearchSource(self._client, self.tab, query), empty=keyed(NOTHING_FOUND))
        else:
            self._show(self._source)

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        event.stop()
        if isinstance(event.row_id, int):
            hold_keys(self.app)
            self.post_message(self.Opened(event.row_id))

    @on(PagedList.HeadingAction)
    def _heading(self, event: PagedList.HeadingAction) -> None:
        event.stop()
        if isinstance(event.section, Section):
            hold_keys(self.app)
            self.post_message(self.StartAsked(event.section.program))

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        event.stop()
        self._marked.refused(event.error)
        self.post_message(self.Failed(event.error))

    @on(PagedList.Highlighted)
    def _moved(self) -> None:
        if not self._is_whole:
            return
        self._show_flags()
        self._marked.follow_cursor()

    def previewed(self, row: ListRow) -> Previewed:
        """Return a row as its preview needs it: what isn't the person's own to work with is read by a key alone."""
        is_units = self.tab is Tab.ALL or (self.tab is Tab.ENDED and row.clinician != self._own)
        return previewed_row(row, is_units=is_units)

    def _show_flags(self) -> None:
        """Say under the list how many rows are marked; of the cursor's what was done and what it has no room for."""
        row, about, list_width = self.rows.row, self.query_one("#flags", DrawnText), self._width
        said = self._marked.marks.said(row and row.id)

        def draw(width: int) -> list[Content]:
            lines = [Content(line) for sentence in said for line in wrap(sentence, width)]
            return lines if row is None else lines + cut_in(row, list_width, width)

        about.display = bool(draw(list_width)) and not self.preview.is_below
        about.show(draw)

    @on(PagedList.Loaded)
    def _read(self) -> None:
        if not self._is_whole:
            return
        self._show_flags()
        self._marked.follow_cursor()
        self.preview.read_again()
        self.post_message(self.Read(self.id or "", sum(heading.number for heading in self._source.headings)))

    def _show(self, source: TabSource, *, keep_cursor: bool = False) -> None:
        self.rows.set_source(source, empty=self._empty, keep_cursor=keep_cursor)

    def _columns(self) -> Sequence[Column[MomentRow]]:
        today = local_day(self._client.clock())
        actor = self._client.actor
        covers = isinstance(actor, StaffActor) and bool(actor.covers)
        before: Sequence[Column[MomentRow]] = self._marked.marks.columns(
            lambda row: row.row.id, 1 if self._width < NARROW else GAP
        )
        shown = columns_for(
            self.tab, today, hide_numbers=self._hide_numbers, own=self._own, covers=covers, width=self._width
        )
        return (*before, *shown)

    @property
    def _width(self) -> int:
        """The columns that the list has."""
        return self.app.size.width - (self.preview.taken if self.query(PreviewPane) else 0)

    @property
    def _own(self) -> str:
        """The HSA-id of the one who works."""
        actor = self._client.actor
        return (actor and actor.hsa_id) or ""
