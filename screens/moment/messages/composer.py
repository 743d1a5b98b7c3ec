"""Where a message is written: the field, how the resident is told of it, and the button (guide)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Input, Static

from screens.dialogs.controls import Button, CheckBox, Field, Lines, TextArea, TextInput
from screens.moment.messages.autosave import Written
from screens.moment.messages.delivery_pick import DeliveryPick
from screens.wording import clock_time, day_and_month, number
from store.care.messages import MESSAGE_LIMIT
from store.care.notices import Delivery
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError
from store.foundation.text import clean

NOTIFY = "Avisera till inkorgen i e-tjänsterna"
SEND = "Skicka meddelande"
UNREACHED = "Ingen avisering når fram till invånaren. Varför står på fliken Hantera."
COUNT_FROM = MESSAGE_LIMIT - 500
"""Characters from which they are counted."""


class Composer(Vertical):
    """The fields of a message, how the resident is notified, and the button. It sends and saves nothing itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="desk.next", tooltip="Nästa fält eller knapp."),
        Binding("ctrl+t", "template", "Mallar", id="desk.template", tooltip="Sätt in en mall vid markören."),
    ]
    DEFAULT_CSS = """
    Composer {
        height: auto; max-height: 100%; overflow-y: auto; padding: 0 1; scrollbar-size-vertical: 1;
        & #text { height: 4; }
        & #field-rubrik .name { width: 8; }
        & #field-rubrik > .under { padding: 0 0 0 8; }
        & #how { height: 1; }
        & #tick { width: auto; margin: 0 2 0 0; }
        & #field-meddelande > .under { padding: 0 0 0 1; }
        & #note { display: none; color: $text-muted; padding: 0 0 0 1; }
        & #aside { display: none; color: $text-warning; padding: 0 0 0 1; }
        & #note.-shown, & #aside.-shown { display: block; }
        & #foot { height: auto; }
        & #state { width: 1fr; height: auto; color: $text-muted; padding: 0 0 0 1; }
        & #state.-trouble { color: $text-error; }
        & #send { margin: 0; }
    }
    """

    class Typed(Message):
        """What stands in the field has changed."""

    class SendAsked(Message):
        """The button was pressed."""

    class TemplateAsked(Message):
        """A template is to be chosen."""

    def __init__(self) -> None:
        """Ask for no heading, until a new conversation is begun."""
        super().__init__()
        self._asks_heading = False
        self._collects_at: int | None = None
        self._is_reached = True
        self._said = ("", False, "")

    def compose(self) -> ComposeResult:
        """Lay out the field, the options under it, and the button on the last line."""
        yield Field("rubrik", "Rubrik", TextInput(id="heading"))
        yield Field("meddelande", "", TextArea(id="text", placeholder="Skriv ett meddelande till invånaren"))
        with Horizontal(id="how"):
            yield CheckBox(NOTIFY, id="tick")
            yield DeliveryPick(id="delivery")
        yield Lines(id="note")
        yield Lines(id="aside")
        with Horizontal(id="foot"):
            yield Static(id="state", markup=False)
            yield Button(SEND, id="send", variant="primary")

    def on_mount(self) -> None:
        """Preset how the resident is notified."""
        self.start_over()

    # What stands here

    @property
    def field(self) -> TextArea:
        """The field of the text."""
        return self.query_one("#text", TextArea)

    @property
    def written(self) -> Written:
        """What stands in the fields; a reply has no heading."""
        heading = self.query_one("#heading", TextInput)
        return Written(heading.value if self._asks_heading else "", self.field.text)

    @property
    def delivery(self) -> Delivery | None:
        """When the resident is notified; None for not at all."""
        return self.query_one(DeliveryPick).value if self.query_one("#tick", CheckBox).value else None

    def start_over(self) -> None:
        """Preset how the resident is notified, and take back what was said at the fields."""
        self.query_one("#tick", CheckBox).value = True
        self.query_one(DeliveryPick).value = Delivery.DIRECT
        self.show_fault(None)

    def write(self, written: Written, *, asks_heading: bool) -> None:
        """Put a text in the fields; the cursor stays where it was, or as near as possible."""
        self._asks_heading = asks_heading
        self.query_one("#field-rubrik").display = asks_heading
        self.query_one("#heading", TextInput).value = written.heading
        field, at = self.field, self.field.cursor_location
        if field.text != written.text:
            was_at_end = at == field.document.end
            field.load_text(written.text)
            field.move_cursor(field.document.end if was_at_end else at)

    def insert_template(self, text: str) -> None:
        """Put a text in at the cursor, in the place of what is marked, with a blank line to what stands around it."""
        start, end = sorted(self.field.selection)
        before = self.field.get_text_range((0, 0), start)
        after = self.field.get_text_range(end, self.field.document.end)
        self.field.replace(set_apart(before, text, after), start, end, maintain_selection_offset=False)
        self.field.focus()
        self.call_after_refresh(self.field.scroll_cursor_visible)  # the field does not know its new height before

    def to_end(self) -> None:
        """Put the cursor after the text."""
        self.field.move_cursor(self.field.document.end)

    # What is said here

    def show_notice(self, collects_at: int, *, is_reached: bool) -> None:
        """Say when a collected notice would go, and whether any reaches the resident."""
        if (collects_at, is_reached) != (self._collects_at, self._is_reached):
            self._collects_at, self._is_reached = collects_at, is_reached
            self._show_note()

    def show_state(self, sentence: str, *, trouble: bool, aside: str = "") -> None:
        """Say what has become of the draft, and what happened to it elsewhere."""
        state = next(iter(self.query("#state").results(Static)), None)
        if state is None:  # the page is being closed
            return
        counted, is_over = _count(self.field.text)
        said = "  ".join(part for part in (sentence, counted) if part), trouble or is_over, aside
        if said == self._said:  # most keys change nothing here, and the page is not laid out anew for each
            return
        self._said = said
        state.update(Content(said[0]))
        state.set_class(said[1], "-trouble")
        self._show("#aside", [("!", Content(aside))] if aside else ())

    def show_fault(self, refusal: DomainError | None) -> None:
        """Say why the message was not sent, at the field that is at fault; None takes that away."""
        at = refusal.field if refusal is not None and refusal.field in ("rubrik", "meddelande") else "meddelande"
        for field in self.query(Field):
            said = refusal is not None and field.id == f"field-{at}"
            field.show_fault(refusal.message if refusal is not None and said else "")

    def _show_note(self) -> None:
        self._show("#note", list(self._note()))

    def _note(self) -> Iterator[tuple[str, Content]]:
        if self.delivery is Delivery.COLLECTED and self._collects_at is not None:
            at = Instant(self._collects_at)
            when = f"{day_and_month(local_day(at))} kl. {clock_time(at)}"
            yield "", Content(f"Uppsamlat: går {when}. Aviseringen kan dröja en dag.")
        if self.delivery is not None and not self._is_reached:
            yield "!", Content.styled(UNREACHED, "$text-warning")

    def _show(self, selector: str, pieces: Sequence[tuple[str, Content]]) -> None:
        lines = self.query_one(selector, Lines)
        lines.show(pieces)
        lines.set_class(bool(pieces), "-shown")

    # What is done here

    def action_template(self) -> None:
        """Post that a template is to be chosen."""
        self.post_message(self.TemplateAsked())

    @on(Button.Pressed, "#send")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.SendAsked())

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _typed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Typed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.field.focus()

    @on(Checkbox.Changed)
    @on(DeliveryPick.Changed)
    def _chosen(self, event: Message) -> None:
        event.stop()
        self.query_one(DeliveryPick).disabled = not self.query_one("#tick", CheckBox).value
        self._show_note()


def set_apart(before: str, text: str, after: str) -> str:
    """Return a text with the newlines that make a blank line between it and what stands before and after it."""
    above = len(before) - len(before.rstrip("\n")) if before.strip() else 2
    below = len(after) - len(after.lstrip("\n")) if after.strip() else 2
    return "\n" * (2 - above) + text.strip("\n") + "\n" * (2 - below)


def _count(text: str) -> tuple[str, bool]:
    """Return how long a text is, near the limit, and whether it is too long."""
    if len(text) < COUNT_FROM:
        return "", False
    length = len(clean(text, multiline=True))
    is_over = length > MESSAGE_LIMIT
    return f"{'! ' if is_over else ''}{number(length)} av {number(MESSAGE_LIMIT)} tecken", is_over
