"""*Gallring*: what is due, what stops it, and a purge of what is chosen (domain.md §3.7)."""

from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.contracts import TabContent
from screens.dialogs.controls import Lines
from screens.list_trouble import ListTrouble
from screens.purge.actions import certificate, lift, purge, stop
from screens.purge.rows import PurgeRow, PurgeSource, above_words, columns_for, key_of, told
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.tab_actions import TabActions
from screens.widgets.paged_list import PagedList
from store.views.purge_list import Line

NOTHING = "Inget ska gallras inom 90 dagar. Tryck {purge.all} för alla avslutade."
NOTHING_ENDED = "Inget moment på enheten är avslutat."


class PurgeList(PagedList[PurgeRow]):
    """The moments, and residents without any, by *Gallras senast*."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "open", "Välj", id="purge.choose", tooltip="Välj momentet för gallring, eller ta bort det."),
        Binding("enter", "open", "Välj", id="purge.enter", tooltip="Välj momentet, eller ta bort det."),
    ]


@final
class PurgeTab(Vertical, TabContent):
    """What is due, with what should be thought of above, and the cursor's moment under it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "choose_due", "Välj\xa0förfallna", id="purge.due", tooltip="Välj alla vars dag har kommit."),
        Binding("g", "purge", "Gallra", id="purge.purge", tooltip="Gallra det valda, eller fortsätt det som avbröts."),
        Binding("s", "stop", "Stoppa", id="purge.stop", tooltip="Sätt gallringsstopp på momentet, med grund."),
        Binding("h", "lift", "Häv\xa0stopp", id="purge.lift", tooltip="Häv momentets gallringsstopp."),
        Binding(
            "f", "show(True)", "Alla\xa0avslutade", id="purge.all", tooltip="Visa också avslutade med lång tid kvar."
        ),
        Binding("f", "show(False)", "Bara\xa0snart", id="purge.near", tooltip="Visa bara det som ska gallras snart."),
        Binding(
            "i", "certificate", "Intyg", id="purge.certificate", tooltip="Visa intyget för den senaste gallringen."
        ),
    ]
    DEFAULT_CSS = """
    PurgeTab { height: 1fr; }
    PurgeTab > #above { padding: 0 1; max-height: 6; margin: 0 0 1 0; }
    PurgeTab PurgeList { width: 1fr; height: 1fr; }
    PurgeTab > #told { height: auto; max-height: 6; padding: 0 1; border-top: solid $rule; color: $text-muted; }
    """

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self._source = PurgeSource(client)
        self._trouble = ListTrouble()
        self._actions = TabActions(self, self.changed)

    def compose(self) -> ComposeResult:
        """Lay out what should be thought of, and under it the moments, over what there is to know of one."""
        yield self._trouble
        yield Lines(id="above")
        yield PurgeList(columns_for(self._source), self._source, fetch=self.client.run, empty=keyed(NOTHING))
        yield Static(id="told", markup=False)

    @property
    def rows(self) -> PurgeList:
        """The list."""
        return self.query_one(PurgeList)

    @property
    def line(self) -> Line | None:
        """The cursor's moment."""
        return self.rows.row.value if self.query(PurgeList) and self.rows.row else None

    # What the owner asks

    def enter(self) -> None:
        """Take the focus."""
        self.rows.focus()

    async def changed(self) -> None:
        """Read it again: something has changed, or the database is gone, or back. The cursor stays on its row."""
        if self.query(PurgeList):  # the tab may be closing
            self.rows.refresh_rows()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's moment, and with what is chosen."""
        line, found = self.line, self._source.found
        if action == "show":
            return parameters[0] is not self._source.all_ended
        if action == "purge":
            return bool(self._source.chosen) or bool(found and found.unfinished)
        if action == "choose_due":
            return bool(self._source.due - self._source.chosen)
        if action == "lift":
            return line is not None and bool(line.stop_until)
        is_moment = line is not None and not line.resident
        return is_moment if action == "stop" else super().check_action(action, parameters)

    # Reading

    @on(PagedList.Loaded)
    def _loaded(self, event: PagedList.Loaded) -> None:
        event.stop()
        self._trouble.clear()
        self._show()

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._show()

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        event.stop()
        self._trouble.tell(event.error, self.rows)

    def _show(self) -> None:
        self.query_one("#above", Lines).show(list(above_words(self._source)))
        line = self.line
        self.query_one("#told", Static).update(told(line) if line else Content(""))
        self.refresh_bindings()

    # What is done

    @on(PagedList.Opened)
    def _chosen(self, event: PagedList.Opened) -> None:
        """Choose the cursor's moment, or not; what can't be purged is told why."""
        event.stop()
        line = self.line
        if line is None:
            return
        if not line.can_be_purged:
            self.notify(told(line).plain.splitlines()[-1], severity="warning", markup=False)
            return
        self._source.chosen ^= {key_of(line)}
        self._chosen_again()

    def action_choose_due(self) -> None:
        """Choose all whose day has come."""
        self._source.chosen |= self._source.due
        self._chosen_again()

    def _chosen_again(self) -> None:
        self.rows.set_columns(columns_for(self._source))
        self._show()

    def action_show(self, all_ended: bool) -> None:
        """Show all that have ended, or what is due alone; what is chosen stays so."""
        self._source = PurgeSource(self.client, all_ended=all_ended, chosen=self._source.chosen)
        self.rows.set_columns(columns_for(self._source))
        self.rows.set_source(self._source, empty=keyed(NOTHING_ENDED if all_ended else NOTHING))
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Keep the cursor's moment from being purged."""
        line = self.line
        if line is not None:
            self._actions.begin(lambda: stop(self.app, self.client, line))

    def action_lift(self) -> None:
        """Lift what keeps the cursor's moment from being purged."""
        line = self.line
        if line is not None:
            self._actions.begin(lambda: lift(self.client, line))

    def action_purge(self) -> None:
        """Purge what is chosen."""
        self._actions.begin(lambda: purge(self.app, self.client, self._source))

    def action_certificate(self) -> None:
        """Show the newest certificate."""
        self._actions.begin(lambda: certificate(self.app, self.client))
