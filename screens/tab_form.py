"""A tab that is a form: what is typed on it is merged with what others save, and saved by one key."""

from collections.abc import Awaitable
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static, TextArea

from screens.dialogs.controls import Button, Field
from screens.store_client import StoreClient
from screens.tab_page import TabPage
from store.foundation.errors import DomainError, StoreUnreachable

UNSAVED = "Ändringarna är inte sparade."
NOTHING_TO_SAVE = "Inget är ändrat."
WAITING = "Väntar på databasen …"

Values = dict[str, Any]
"""What stands in the fields, by the setting's name, as it was typed."""


def saving() -> Widget:
    """Return the line with *Spara*, and what is said of what is unsaved."""
    return Horizontal(Button("Spara", id="save", variant="primary"), Static(id="unsaved", markup=False), id="saving")


class TabForm(TabPage):
    """The frame of such a tab. Subclasses give `body`, `read`, `values`, `typed`, `fill`, `show_words` and `save`."""

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
    TabForm #who { text-style: bold; height: 1; text-wrap: nowrap; text-overflow: ellipsis; margin: 0 0 1 0; }
    TabForm Field { margin: 0 0 1 0; }
    TabForm .note, TabForm #unsaved { color: $text-muted; }
    TabForm #saving { height: 1; margin: 0 0 1 0; }
    TabForm #unsaved { width: 1fr; margin: 0 0 0 2; }
    """
    SAVED: ClassVar[str]
    """What is said once it is saved."""
    SLOW: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        """Show nothing until it is read."""
        super().__init__(client, id=id)
        self.known: Values | None = None
        """What the store holds, as far as is known here; None until it is shown."""
        self._is_saving = False

    def values(self) -> Values:
        """Return what was read, as the fields show it."""
        raise NotImplementedError

    def typed(self) -> Values:
        """Return what stands in the fields."""
        raise NotImplementedError

    def fill(self, values: Values) -> None:
        """Show values; a field that shows its own already is let be, with its cursor."""
        raise NotImplementedError

    def show_words(self) -> None:
        """Show what was read and is not to be filled in."""
        raise NotImplementedError

    def save(self, typed: Values) -> Awaitable[object]:
        """Return the writing of what differs from `known`.

        Raises:
            DomainError: something will not do as it stands; here and when it is waited for.
        """
        raise NotImplementedError

    @property
    def is_typed_in(self) -> bool:
        """Whether anything differs from what is saved."""
        return self.known is not None and self.typed() != self.known

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to save once there is something to save, and to leave a field that takes the tabs' digits."""
        if action == "leave_field":
            return isinstance(self.screen.focused, Input | TextArea)
        return self.known is not None if action == "save" else super().check_action(action, parameters)

    def show_state(self) -> None:
        """Show what was read; a field that has been changed here and not saved stays as it is."""
        new, known = self.values(), self.known
        typed = self.typed() if known is not None else {}
        self.known = new
        self.show_words()
        self.fill(new if known is None else {k: new[k] if typed[k] == known[k] else typed[k] for k in new})
        if known is None:
            self.refresh_bindings()
        self._show_unsaved()

    def action_leave_field(self) -> None:
        """Put the focus where digits are keys again."""
        self.enter()

    # Saving

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Save what stands in the fields; once is enough."""
        if self.known is None or self._is_saving:
            return
        self.show_trouble("")
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
            async with self.turn:
                await self.save(typed)
                self.known = typed
        except DomainError as refusal:
            self._show_failure(refusal)
        else:
            self.notify(self.SAVED)
            self.reread()
        finally:
            waiting.stop()
            self._is_saving = False
            if self.is_there:
                self._show_unsaved()

    def _show_failure(self, refusal: DomainError) -> None:
        if not self.is_there:
            return
        field = next((one for one in self.query(Field) if one.id == f"field-{refusal.field}"), None)
        if field is not None:
            field.show_fault(refusal.message)
            field.control.focus()
            self.call_after_refresh(field.scroll_visible, animate=False)
        else:
            self.show_trouble(self.lost() if isinstance(refusal, StoreUnreachable) else refusal.message)

    def _show_unsaved(self) -> None:
        self._say(UNSAVED if self.is_typed_in else "")

    def _say(self, words: str) -> None:
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
