"""A tab of the top level that is a form: read when it is opened and again when others change what it shows.

What is typed on it is merged with what others save, and saved by one key.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static, TextArea

from screens.contracts import HoldsUnsaved, TabContent
from screens.dialogs.controls import Button, Field
from screens.store_client import StoreClient, lost_sentence
from store.foundation.errors import DomainError, NeedsConfirmation, StoreUnreachable

S = TypeVar("S")
"""What is read for the tab."""

UNSAVED = "Ändringarna är inte sparade."
NOTHING_TO_SAVE = "Inget är ändrat."
WAITING = "Väntar på databasen …"
AGAIN = "Spara en gång till för att göra det ändå."

Values = dict[str, Any]
"""What stands in the fields, by the setting's name, as it was typed."""


def saving() -> Widget:
    """Return the line with *Spara*, and what is said of what is unsaved."""
    return Horizontal(Button("Spara", id="save", variant="primary"), Static(id="unsaved", markup=False), id="saving")


class TabForm(VerticalScroll, TabContent, HoldsUnsaved, Generic[S], can_focus=False):
    """The frame of such a tab. Subclasses say what it holds, how it is read, shown and saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave_field",
            "Ur\xa0fältet",
            id="form.leave",
            tooltip="Lämna fältet, så att siffrorna öppnar flikar igen; det skrivna står kvar.",
        ),
    ]
    DEFAULT_CSS = """
    TabForm { height: 1fr; padding: 0 0 0 1; scrollbar-size-vertical: 1; }
    TabForm > #trouble { display: none; color: $text-error; margin: 0 1 1 0; }
    TabForm.-troubled > #trouble { display: block; }
    TabForm > #body { height: auto; max-width: 101; padding: 0 1 0 0; display: none; }
    TabForm.-read > #body { display: block; }
    TabForm #who { text-style: bold; height: 1; text-wrap: nowrap; text-overflow: ellipsis; margin: 0 0 1 0; }
    TabForm Field { margin: 0 0 1 0; }
    TabForm #unsaved { color: $text-muted; }
    TabForm #saving { height: 1; margin: 0 0 1 0; }
    TabForm #unsaved { width: 1fr; margin: 0 0 0 2; }
    """
    SAVED: ClassVar[str]
    """What is said once it is saved."""
    SLOW: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self.known: Values | None = None
        """What the store holds, as far as is known here; None until it is shown.

        Of a field that is changed here it is what stood there when that began: others may have changed it since.
        """
        self._warned: Values | None = None
        """What was typed when a confirmation was asked for."""
        self._turn = asyncio.Lock()
        """Held by whoever reads or writes, so that what is read is never older than what was written."""
        self._shown = asyncio.Event()
        self._is_saving = False
        self._said = ""
        """What stands beside the button."""

    # What a tab gives

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """Return what the tab holds."""

    @property
    @abstractmethod
    def first(self) -> Widget | None:
        """The widget that gets the focus when the tab opens."""

    @abstractmethod
    async def read(self) -> S:
        """Read from the store what the tab shows.

        Raises:
            DomainError: what the operation refuses.
        """

    @abstractmethod
    def values_of(self, state: S) -> Values:
        """Return the values of the fields for a state that was read."""

    @abstractmethod
    def typed(self) -> Values:
        """Return the values that stand in the fields now."""

    @abstractmethod
    def fill(self, values: Values) -> None:
        """Show values; a field that shows its own already is let be, with its cursor."""

    @abstractmethod
    def show_words(self, state: S) -> None:
        """Show the parts of a state that are not fields."""

    @abstractmethod
    def save(self, typed: Values, known: Values, *, confirmed: bool) -> Awaitable[object]:
        """Return the writing of what differs from what was there before it was changed here.

        Args:
            typed: what stands in the fields.
            known: what is saved; of a field that is changed here, what stood there when that began.
            confirmed: whether the same has been warned of, and is to be saved all the same.

        Raises:
            NeedsConfirmation: another has changed the same.
            DomainError: something will not do as it stands; here and when it is waited for.
        """

    # Reading

    def compose(self) -> ComposeResult:
        """Lay out what is wrong, and under it what there is."""
        yield Static(id="trouble", markup=False)
        with Vertical(id="body"):
            yield from self.body()

    async def on_mount(self) -> None:
        """Read. What is read soon is there in the first frame."""
        self.reread()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shown.wait(), self.PATIENCE)

    async def changed(self) -> None:
        """Read it again: something has changed, or the database is gone, or back."""
        self.reread()

    @work(group="read")
    async def reread(self) -> None:
        """Read and show; what stands stays where that can't be done, and why is said."""
        async with self._turn:
            state = await self._read_or_say()
        if state is not None and self._is_there:
            self._show(state)
        self._shown.set()

    async def _read_or_say(self) -> S | None:
        try:
            state = await self.read()
        except DomainError as refusal:
            self._say_trouble(refusal)
            return None
        if self._is_there:
            self._show_trouble("")
        return state

    @property
    def _is_there(self) -> bool:
        """Whether there is still anything to show it on: another person may have come meanwhile."""
        return bool(self.query("#trouble"))

    def _say_trouble(self, refusal: DomainError) -> None:
        """Say what is wrong with the whole; a database that is gone is looked for again."""
        if not self._is_there:
            return
        if isinstance(refusal, StoreUnreachable):
            self.set_timer(self.RETRY, self.reread)
            self._show_trouble(lost_sentence(refusal, typed=self.is_typed_in))
        else:
            self._show_trouble(refusal.message)

    def _show_trouble(self, sentence: str) -> None:
        self.set_class(bool(sentence), "-troubled")
        self.query_one("#trouble", Static).update(Content(f"! {sentence}"))

    def _show(self, state: S) -> None:
        """Show what was read; a field that has been changed here and not saved stays as it is."""
        new, known = self.values_of(state), self.known
        typed = self.typed() if known is not None else {}
        changed = [k for k in typed if known is not None and typed[k] not in (known[k], new[k])]
        self.known = {k: known[k] if known is not None and k in changed else new[k] for k in new}
        self.show_words(state)
        self.fill({k: typed[k] if k in changed else new[k] for k in new})
        if known is None:
            self.refresh_bindings()
            self._show_first()
        if self.is_typed_in or self._said != NOTHING_TO_SAVE:  # which still holds
            self._show_unsaved()

    def _show_first(self) -> None:
        self.add_class("-read")
        if self.display and self.screen.focused is None:
            self.call_after_refresh(self.enter)

    def enter(self) -> None:
        """Take the focus."""
        if (first := self.first) is not None:
            first.focus()

    @property
    def is_typed_in(self) -> bool:
        """Whether anything differs from what is saved."""
        return self.known is not None and self.typed() != self.known

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to save once there is something to save, and to leave a field that takes the tabs' digits."""
        if action == "leave_field":
            return isinstance(self.screen.focused, Input | TextArea)
        return self.known is not None if action == "save" else super().check_action(action, parameters)

    def action_leave_field(self) -> None:
        """Leave the field that has the focus, so that digits open tabs again."""
        self.enter()

    # Saving

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Save the fields; a press while that is under way does nothing."""
        if self.known is None or self._is_saving:
            return
        self._show_trouble("")
        for field in self.query(Field):
            field.show_fault("")
        typed = self.typed()
        if typed == self.known:
            self._say(NOTHING_TO_SAVE)
            return
        self._is_saving = True
        self._save(typed)

    @work(group="save")
    async def _save(self, typed: Values) -> None:
        waiting = self.set_timer(self.SLOW, lambda: self._say(WAITING))
        try:
            async with self._turn:
                if self.known is not None:
                    await self.save(typed, self.known, confirmed=typed == self._warned)
                    self.known = typed
        except DomainError as refusal:
            self._show_failure(refusal)
        else:
            self.notify(self.SAVED)
            self.reread()
        finally:
            waiting.stop()
            self._is_saving = False
            if self._is_there:
                self._show_unsaved()

    def _show_failure(self, refusal: DomainError) -> None:
        if not self._is_there:
            return
        if isinstance(refusal, NeedsConfirmation):
            self._warned = self.typed()
            refusal.add(f" {AGAIN}")
        field = next((one for one in self.query(Field) if one.id == f"field-{refusal.field}"), None)
        if field is not None:
            field.show_fault(refusal.message)
            field.control.focus()
            self.call_after_refresh(field.scroll_visible, animate=False)
        else:
            self._say_trouble(refusal)

    def _show_unsaved(self) -> None:
        self._say(UNSAVED if self.is_typed_in else "")

    def _say(self, words: str) -> None:
        self._said = words
        self.query_one("#unsaved", Static).update(Content(words))

    @on(Input.Changed)
    @on(Select.Changed)
    @on(TextArea.Changed)
    @on(Checkbox.Changed)
    def _typed(self) -> None:
        if not self._is_saving:
            self._show_unsaved()

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Let Enter in a field lead on, as in dialogs."""
        self.screen.focus_next()
