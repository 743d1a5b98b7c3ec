"""A question of a form with the field that it is answered in, and what is wrong with what stands there."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantBlur
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets import TextArea as AnyTextArea

from screens.dialogs.controls import Field, TextArea, TextInput
from screens.resident.options import Options
from store.care.questionnaire.shape import Item, ItemType
from store.care.typed_answers import fault_in

_YES_OR_NO = (("true", "Ja"), ("false", "Nej"))
_EXAMPLES = {
    ItemType.DATE: "år-månad-dag, till exempel 2026-11-22",
    ItemType.TIME: "timmar och minuter, till exempel 22:30",
    ItemType.DATETIME: "till exempel 2026-11-22T22:30",
    ItemType.INTEGER: "ett heltal",
    ItemType.DECIMAL: "ett tal",
}
_OTHER = "Annat svar"


class Question(Vertical):
    """A question. What stands in the field is checked when it is left, by the form's own rules."""

    DEFAULT_CSS = """
    Question { height: auto; margin: 1 0 0 0; padding: 0 1; max-width: 100; }
    Question > .question { height: auto; }
    Question:focus-within > .question { text-style: bold; } /* seen without colours, too */
    Question TextArea { height: 4; }
    """

    class Changed(Message):
        """Something else stands in a field."""

    def __init__(self, item: Item, place: int, typed: tuple[str, ...], *, is_locked: bool) -> None:
        """Ask an item.

        Args:
            item: the question.
            place: its number in the form, which names the field.
            typed: what stands there at first.
            is_locked: whether nothing can be typed.
        """
        super().__init__(id=f"question-{place}")
        self.item = item
        self._controls = tuple(_controls(item, place, typed))
        for control in self._controls:
            control.disabled = is_locked
        self._fields = tuple(Field(f"{place}-{number}", "", one) for number, one in enumerate(self._controls))

    def compose(self) -> ComposeResult:
        """Lay the field under the question."""
        free = "" if self.item.required else " (frivillig)"
        yield Static(Content(f"{self.item.text or self.item.link_id}{free}"), classes="question")
        yield from self._fields

    @property
    def values(self) -> tuple[str, ...]:
        """What stands there: a choice by its key, else the text; of a question that repeats, a line each."""
        return tuple(value for control in self._controls for value in _values(control, repeats=self.item.repeats))

    @property
    def first(self) -> Widget:
        """What takes the focus."""
        return self._controls[0]

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence takes it away."""
        self._fields[-1].show_fault(sentence)

    @on(DescendantBlur)
    def _left(self) -> None:
        if self.screen.is_active:
            self.show_fault(fault_in(self.item, self.values))

    @on(Options.Changed)
    @on(Input.Changed)
    @on(AnyTextArea.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        if self._fields[-1].has_class("-faulty"):
            self.show_fault("")
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Let Enter in a field lead on, as Tab does."""
        event.stop()
        self.screen.focus_next()


def _controls(item: Item, place: int, typed: tuple[str, ...]) -> Iterator[Widget]:
    name = f"answer-{place}"
    if item.type is ItemType.BOOLEAN:
        yield Options(_YES_OR_NO, id=name, marked=typed)
    elif item.choices:
        choices = [(choice.key, choice.text) for choice in item.choices]
        yield Options(choices, id=name, several=item.repeats, marked=typed)
        if item.type is ItemType.OPEN_CHOICE:
            others = [value for value in typed if value not in dict(choices)]
            yield TextInput(id=f"{name}-other", placeholder=_OTHER) if not others else _filled(name, others[0])
    elif item.repeats or item.type is ItemType.TEXT:
        yield TextArea("\n".join(typed), id=name, placeholder="Ett svar på varje rad" if item.repeats else "")
    else:
        made = TextInput(id=name, placeholder=_EXAMPLES.get(item.type, ""))
        made.value = typed[0] if typed else ""
        yield made


def _filled(name: str, text: str) -> TextInput:
    made = TextInput(id=f"{name}-other", placeholder=_OTHER)
    made.value = text
    return made


def _values(control: Widget, *, repeats: bool) -> tuple[str, ...]:
    if isinstance(control, Options):
        return control.values
    text = control.text if isinstance(control, AnyTextArea) else control.value if isinstance(control, Input) else ""
    lines = text.split("\n") if repeats and isinstance(control, AnyTextArea) else [text]
    return tuple(line for line in lines if line.strip())
