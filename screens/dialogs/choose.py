"""One of several: what to sort by, what to show, which unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets.option_list import Option

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.whom import Whom
from screens.widgets.option_list import Hanging, NumberedList, OptionList, numbered
from store.foundation.text import fold

T = TypeVar("T")

CHOSEN = "●"


@dataclass(frozen=True)
class Choice(Generic[T]):
    """A value to choose, and the words for it."""

    value: T
    label: str
    description: str = ""


class ChoiceList(NumberedList):
    """The choices; a typed letter goes to the next that begins with it, a digit chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Välj",
            id="choose.choose",
            tooltip="Välj det markerade. En siffra väljer sin rad, en bokstav flyttar markören dit.",
        ),
    ]
    DEFAULT_CSS = """
    ChoiceList, ChoiceList:focus {
        height: auto; border: none; padding: 0; background: $surface; background-tint: transparent;
        scrollbar-size-vertical: 1;
    }
    ChoiceList > .option-list--option { padding: 0 1; }
    """

    def __init__(self, labels: Sequence[str], options: Sequence[Hanging], highlighted: int) -> None:
        """`labels` are the words that a typed letter is looked for in, `options` what is shown of each."""
        super().__init__(*map(Option, options))
        self._labels = [fold(label) for label in labels]
        if options:
            self.highlighted = highlighted

    def on_key(self, event: events.Key) -> None:
        """Go to the next choice that begins with the letter."""
        if event.character is None or not event.character.isalpha():
            return
        event.stop()
        here = self.highlighted or 0
        after = [*range(here + 1, len(self._labels)), *range(here + 1)]
        letter = fold(event.character)
        self.highlighted = next((at for at in after if self._labels[at].startswith(letter)), here)


class ChoiceDialog(Box[T], Generic[T]):
    """Choose one of several values; Esc keeps the one there was."""

    DEFAULT_CSS = """
    ChoiceDialog > #box { width: 54; }
    ChoiceDialog.-described > #box { width: 84; }
    """

    def __init__(
        self, heading: str, choices: Sequence[Choice[T]], *, whom: Whom | None, current: T | None = None
    ) -> None:
        """`whom` says whose moment it is chosen for, if one's; `current` is the value of the choice that holds now."""
        super().__init__(heading, whom=whom)
        self._choices = choices
        self.set_class(any(choice.description for choice in choices), "-described")
        self._current = next((at for at, choice in enumerate(choices) if choice.value == current), None)

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        labels = [choice.label for choice in self._choices]
        yield ChoiceList(labels, [self._line(at) for at in range(len(labels))], self._current or 0)

    def buttons(self) -> Iterable[Widget]:
        """Return *Avbryt*."""
        yield Button("Avbryt", id="cancel")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def _line(self, at: int) -> Hanging:
        choice = self._choices[at]
        mark = CHOSEN if at == self._current else " "
        words = Content(choice.label)
        if choice.description:  # automatic: the cursor's ground is another in each theme
            words = Content.assemble(words, "\n", (choice.description, "auto 72%"))
        return numbered(at, words, f"{mark} ")
