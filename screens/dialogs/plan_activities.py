"""The activities of a plan while it is written: a list to add to and take from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.dialogs.controls import Button
from screens.dialogs.plan_activity import ActivityDialog
from screens.whom import Whom
from screens.widgets.option_list import OptionList
from store.care.plan_rules import NewActivity
from store.care.recurrence import first_on, in_words
from store.views.plans import ActivityRow

NOTHING = "Inga aktiviteter än."


@dataclass(frozen=True)
class Entry:
    """An activity in the list: one that is new, or one that is in the plan already."""

    text: str
    new: NewActivity | None = None
    id: int | None = None
    is_removed: bool = False


def new_entry(activity: NewActivity, today: date) -> Entry:
    """Return an activity that is to be added."""
    rule = activity.recurrence
    starts_on = first_on(rule.weekdays, min(rule.dates, default=activity.starts_on or today))
    words = in_words(starts_on, rule.as_text(starts_on))
    later = f" från {activity.starts_on}" if activity.starts_on and activity.starts_on > today else ""
    return Entry(f"{activity.description} · {words}{later} {activity.at}".strip(), activity)


def known_entry(row: ActivityRow) -> Entry:
    """Return an activity that is in the plan."""
    return Entry(f"{row.description} · {row.when} {row.at}".strip(), id=row.id)


class EntryList(OptionList):
    """The list of a plan's activities."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Ändra\xa0aktivitet", id="plan.edit", tooltip="Ändra aktiviteten vid markören."),
        Binding("delete", "take(True)", "Ta\xa0bort", id="plan.take", tooltip="Ta bort aktiviteten vid markören."),
        Binding("delete", "take(False)", "Ångra", id="plan.put_back", tooltip="Låt aktiviteten vara kvar i planen."),
    ]
    DEFAULT_CSS = """
    EntryList, EntryList:focus {
        height: auto; max-height: 9; border: none; border-left: outer $panel; padding: 0;
        background: $panel; background-tint: transparent;
    }
    EntryList:focus { border-left: outer $border; }
    EntryList > .option-list--option { padding: 0 1 0 0; }
    """

    class Changed(Message):
        """Activities were added or removed."""

        def __init__(self, entries: Sequence[Entry]) -> None:
            super().__init__()
            self.entries = entries

    def __init__(self) -> None:
        super().__init__(id="entries")
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry], at: int | None = None) -> None:
        """Show these activities; the cursor stays, or goes to one."""
        here = self.highlighted if at is None else at
        self.entries = list(entries)
        self.set_options(Option(_content(entry)) for entry in entries)
        self.highlighted = min(here or 0, len(entries) - 1) if entries else None
        self.can_focus = bool(entries)
        self.refresh_bindings()

    @property
    def entry(self) -> Entry | None:
        """The activity that the cursor is on."""
        here = self.highlighted
        return self.entries[here] if here is not None and here < len(self.entries) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what does something with the cursor's entry."""
        entry = self.entry
        if action == "select":
            return entry is not None and entry.new is not None
        if action == "take":
            return entry is not None and entry.is_removed is not parameters[0]
        return super().check_action(action, parameters)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Offer what can be done with another entry."""
        super().watch_highlighted(highlighted)
        self.refresh_bindings()

    def action_take(self, _away: bool) -> None:
        """Ask for the entry to be taken out; one that is in the plan stays to be seen, and can be put back."""
        here, entry = self.highlighted, self.entry
        if here is None or entry is None:
            return
        stays = () if entry.id is None else (replace(entry, is_removed=not entry.is_removed),)
        self.post_message(self.Changed([*self.entries[:here], *stays, *self.entries[here + 1 :]]))


class Activities(Vertical):
    """The list of activities, with the button that adds one."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Activities { height: auto; }
    Activities > #nothing { color: $text-muted; }
    Activities > Button { margin: 1 0 0 0; }
    """

    def __init__(self, entries: Iterable[Entry], today: date, whom: Whom) -> None:
        """`whom` says whose plan it is, in the dialogs that are opened from here."""
        super().__init__(id="activities")
        self._whom = whom
        self._first = tuple(entries)
        self._today = today

    def compose(self) -> ComposeResult:
        """Lay out the list and the button."""
        yield Static(Content(NOTHING), id="nothing")
        yield EntryList()
        yield Button("+ Lägg till aktivitet", id="add")

    def on_mount(self) -> None:
        """Show what is there."""
        self._show(self._first)

    @property
    def entry_list(self) -> EntryList:
        """The list of a plan's activities."""
        return self.query_one(EntryList)

    @property
    def added(self) -> tuple[NewActivity, ...]:
        """The activities that are to be added to the plan."""
        return tuple(entry.new for entry in self.entry_list.entries if entry.new is not None)

    @property
    def removed(self) -> tuple[int, ...]:
        """Ids of the activities that are to be removed from the plan."""
        return tuple(entry.id for entry in self.entry_list.entries if entry.id is not None and entry.is_removed)

    @on(Button.Pressed, "#add")
    def _add_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.add()

    @work(exclusive=True, group="dialog")
    async def add(self) -> None:
        """Write another activity."""
        done = await self.app.push_screen_wait(ActivityDialog(self._today, whom=self._whom))
        if done is not None:
            entries = [*self.entry_list.entries, new_entry(done.value, self._today)]
            self._show(entries, len(entries) - 1)

    @on(OptionList.OptionSelected)
    @work(exclusive=True, group="dialog")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        """Change an activity that is not saved in the plan yet."""
        event.stop()
        at, entry = event.option_index, self.entry_list.entries[event.option_index]
        if entry.new is None:
            return
        done = await self.app.push_screen_wait(ActivityDialog(self._today, entry.new, whom=self._whom))
        if done is not None:
            entries = list(self.entry_list.entries)
            entries[at] = new_entry(done.value, self._today)
            self._show(entries, at)

    @on(EntryList.Changed)
    def _changed(self, event: EntryList.Changed) -> None:
        event.stop()
        self._show(event.entries)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def _show(self, entries: Sequence[Entry], at: int | None = None) -> None:
        self.entry_list.show(entries, at)
        self.query_one("#nothing").display = not entries
        if not entries and self.entry_list.has_focus:
            self.query_one("#add").focus()
        self.entry_list.display = bool(entries)


def _content(entry: Entry) -> Content:
    if entry.is_removed:
        return Content.styled(f"✗ {entry.text} – tas bort ur planen", "$text-warning")
    return Content(f"+ {entry.text}" if entry.new else f"  {entry.text}")
