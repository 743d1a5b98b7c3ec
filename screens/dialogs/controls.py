"""What dialogs are filled in with. Text from data is shown as it stands, never read as markup.

What has the focus has a bar of the accent colour at its left, and its label in bold.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

from textual import on, widgets
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key, Resize
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label
from textual.widgets._select import SelectCurrent, SelectOverlay

from screens.safe_app import remember_refusal
from screens.widgets.key_bar import KeyBar
from screens.widgets.option_list import NumberedList, numbered
from store.foundation.text import fold

T = TypeVar("T")

SAME_BREAK_SECONDS = 0.05
"""Within this time of a carriage return nobody types a line feed: both are one line break."""


class Lines(Widget):
    """Pieces of text under each other, each with a mark before it; a long one goes on under its own words."""

    DEFAULT_CSS = """
    Lines { height: auto; }
    """

    _pieces: tuple[tuple[str | Content, Content], ...] = ()

    def show(self, pieces: Iterable[tuple[str | Content, Content]]) -> None:
        """Show these lines, each with a mark (or none) and its text."""
        self._pieces = tuple(pieces)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return how many lines the text wraps to at a width."""
        return len(list(self._lines(width)))

    def render(self) -> Content:
        """Return all lines, wrapped."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> Iterator[Content]:
        for mark, text in self._pieces:
            before = Content.assemble(mark, " ") if mark else Content()
            first, *rest = text.wrap(max(10, width - before.cell_length))
            yield before + first
            yield from (Content(" " * before.cell_length) + line for line in rest)


class Field(Vertical):
    """A control with its label beside it, room for a note under it, and for what is wrong with it."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > Horizontal { height: auto; }
    Field .name { width: 20; color: $text-muted; }
    Field.-focused .name { color: $foreground; text-style: bold; }
    Field .control { width: 1fr; }
    Field > .under { display: none; padding: 0 0 0 20; }
    Field.-bare > .under { padding: 0; }
    Field > .fault { color: $text-error; }
    Field.-noted > .note, Field.-faulty > .fault { display: block; }
    Field.-described > .note { color: $text-muted; }
    """

    def __init__(self, name: str, label: str, control: Widget) -> None:
        """`name` is what a `DomainError.field` calls it; an empty label takes no room."""
        super().__init__(id=f"field-{name}", classes="" if label else "-bare")
        self._label = label
        self.control = control
        control.add_class("control")

    def compose(self) -> ComposeResult:
        """Lay the label beside the control, the rest below."""
        with Horizontal():
            if self._label:
                yield Label(self._label, classes="name", markup=False)
            yield self.control
        yield Lines(classes="under note")
        yield Lines(classes="under fault")

    def on_descendant_focus(self) -> None:
        """Mark the label."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Let the label step back, unless another of its own has the focus: the list of a `Select` gives it back."""
        self.set_class(self.has_focus_within, "-focused")

    def show_note(self, note: Sequence[tuple[str, Content]]) -> None:
        """Say something about what stands in it, as `Lines` takes it; an empty note takes it away."""
        self.set_class(bool(note), "-noted")
        self.remove_class("-described")
        self.query_one(".note", Lines).show(note)

    def describe(self, sentence: str) -> None:
        """Say what is to stand in it, in weaker text."""
        self.show_note([("", Content(sentence))])
        self.add_class("-described")

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence takes it away."""
        remember_refusal(self.app, sentence)
        self.set_class(bool(sentence), "-faulty")
        self.query_one(".fault", Lines).show([("✗", Content(sentence))] if sentence else ())


class Button(widgets.Button):
    """A button of one line, with its key shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "Tryck på knappen", id="dialog.press", tooltip="Tryck på knappen.")
    ]
    DEFAULT_CSS = """
    Button { min-width: 0; margin: 0 0 0 2; padding: 0 1; }
    Button.-style-default.-default { background: $panel; }
    Button.-style-default:focus { background-tint: transparent; text-style: bold reverse; }
    Button.-style-default.-default:focus {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold underline;
    }
    """

    def __init__(self, label: str, *, id: str, variant: str = "default") -> None:
        super().__init__(Content(label), id=id, variant=variant, compact=True)  # type: ignore[arg-type]


class TextInput(Input):
    """A text of one line."""

    DEFAULT_CSS = """
    TextInput { height: 1; border: none; border-left: outer $field-edge; padding: 0 1 0 0; background: $panel; }
    TextInput:focus { border: none; border-left: outer $border; background-tint: transparent; }
    TextInput > .input--placeholder { color: $text-muted; }
    """

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(id=id, placeholder=Content(placeholder).markup)


class _Menu(SelectOverlay, NumberedList):
    """The open list of a `Select`: its keys in Swedish, and what is typed is looked for as Swedish is read.

    A digit chooses its row, unless it goes on what is being typed.
    """

    FIRST = 1  # before it stands the empty choice

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Välj", id="select.choose", tooltip="Välj det markerade. En siffra väljer sin rad."),
        Binding("escape", "dismiss", "Stäng listan", id="select.close", tooltip="Stäng listan utan att välja."),
    ]

    async def _on_key(self, event: Key) -> None:
        if not self._search_query:
            self.choose_by_digit(event)

    def _find_search_match(self, query: str) -> int | None:
        """Return the option with the typed text nearest its beginning; the empty choice is not looked in."""
        labels = (fold(str(option.prompt)[2:]) for option in self._options)
        places = [(label.find(fold(query)), at) for at, label in enumerate(labels) if at]
        return min(((place, at) for place, at in places if place >= 0), default=(0, None))[1]


_MOST_OPEN = 10
"""Lines of an open list, at most."""


class Select(widgets.Select[T]):
    """A list that opens; Enter opens it, typing finds, Enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "show_overlay", "Öppna listan", id="select.open", tooltip="Öppna listan; skriv för att hitta."
        ),
        Binding("down,space,up", "show_overlay", "Öppna listan", show=False, id="select.arrow"),
    ]
    DEFAULT_CSS = """
    Select > SelectCurrent { border: none; border-left: outer $field-edge; padding: 0 1 0 0; background: $panel; }
    Select:focus > SelectCurrent, Select.-expanded > SelectCurrent { border: none; border-left: outer $border; }
    Select:focus > SelectCurrent { background-tint: transparent; }
    Select > SelectCurrent Static#label, Select > SelectCurrent .arrow { color: $text-muted; }
    Select > SelectCurrent.-has-value Static#label { color: $foreground; }
    Select > SelectOverlay, Select > SelectOverlay:focus {
        max-height: 10; padding: 0; background: $panel; background-tint: transparent;
        border: none; border-left: outer $border;
    }
    Select > SelectOverlay > .option-list--option { padding: 0 1 0 0; }
    """

    def __init__(self, options: Iterable[tuple[str, T]], *, prompt: str, id: str, value: T | None = None) -> None:
        """`options` are labels with the values they stand for; `prompt` is shown while nothing is chosen."""
        listed = [(Content(label), choice) for label, choice in options]
        known = any(choice == value for _, choice in listed)
        preset = value if known and value is not None else widgets.Select.NULL
        super().__init__(listed, prompt=prompt, id=id, value=preset)

    def compose(self) -> ComposeResult:
        """Lay the list under what is chosen."""
        yield SelectCurrent(self.prompt)
        yield _Menu()

    def _watch_expanded(self, expanded: bool) -> None:
        if expanded:
            self._make_room()
        super()._watch_expanded(expanded)

    def _make_room(self) -> None:
        """Scroll what the field stands in so far up that the whole list is above the key bar, as far as it goes."""
        feet = self.screen.query(KeyBar)
        lines = min(len(self._options), _MOST_OPEN)
        hidden = self.region.bottom + lines - feet.first().region.y if feet else 0
        around = next((one for one in self.ancestors if isinstance(one, Widget) and one.max_scroll_y > 0), None)
        if hidden > 0 and around is not None:
            around.scroll_relative(y=hidden, animate=False, immediate=True)

    @on(SelectOverlay.UpdateSelection)
    @on(SelectOverlay.Dismiss)
    def _take_focus(self, event: SelectOverlay.UpdateSelection | SelectOverlay.Dismiss) -> None:
        """Take the focus back at once: Textual only asks for it, and a Tab that comes before that is lost."""
        if not (isinstance(event, SelectOverlay.Dismiss) and event.lost_focus):
            self.screen.set_focus(self)

    def _setup_options_renderables(self) -> None:
        super()._setup_options_renderables()
        prompt = Content.styled(self.prompt, "$text-muted")  # Textual's own is dimmed, and too weak to read
        menu = self.query_one(_Menu)
        menu.replace_option_prompt_at_index(0, Content.assemble("  ", prompt))
        for at, (words, _) in enumerate(self._options[1:]):
            menu.replace_option_prompt_at_index(at + 1, numbered(at, Content(str(words))))


class CheckBox(Checkbox):
    """A box to tick, whose state is a letter and not only a colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "toggle_button", "Kryssa", id="tick.enter", tooltip="Kryssa i, eller ta bort krysset."),
        Binding("space", "toggle_button", "Kryssa", show=False, id="tick.space"),
    ]
    DEFAULT_CSS = """
    CheckBox, CheckBox:focus { height: auto; padding: 0; background: transparent; background-tint: transparent; }
    CheckBox { border: none; border-left: blank; }
    CheckBox:focus { border: none; border-left: outer $border; }
    CheckBox > .toggle--button, CheckBox.-on > .toggle--button { background: transparent; color: $foreground; }
    CheckBox:focus > .toggle--label { background: transparent; color: $foreground; text-style: bold; }
    """

    def __init__(self, label: str, *, id: str, is_ticked: bool = False) -> None:
        super().__init__(Content(label), is_ticked, id=id)

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")


class TextArea(widgets.TextArea):
    """A text of several lines, as high as there is room for."""

    DEFAULT_CSS = """
    TextArea { height: 5; padding: 0 1 0 0; background: $panel; border: none; border-left: outer $field-edge; }
    TextArea:focus { border: none; border-left: outer $border; }
    TextArea .text-area--placeholder { color: $text-muted; }
    TextArea:light .text-area--cursor { color: $input-cursor-foreground; background: $input-cursor-background; }
    """

    def __init__(self, text: str = "", *, id: str, placeholder: str = "") -> None:
        super().__init__(text, id=id, placeholder=Content(placeholder), highlight_cursor_line=False)
        self._told_of = Size(0, 0)
        self._entered_at = 0.0
        """When Enter was pressed last, by the clock of events."""

    def on_key(self, event: Key) -> None:
        """Break the line at a line feed, which pasted text may hold; right after Enter it is the same break."""
        if event.key == "ctrl+j" and not self.read_only:
            event.stop()
            if event.time - self._entered_at > SAME_BREAK_SECONDS:
                self._replace_via_keyboard("\n", *self.selection)
        elif event.key == "enter":
            self._entered_at = event.time

    def on_resize(self) -> None:
        """Remember for what size the lines were broken."""
        self._told_of = self.size

    def render_lines(self, crop: Region) -> list[Strip]:
        """Break the lines anew where that has not been asked for.

        Textual tells of a size only where a layout finds it changed; one that somebody has asked for meanwhile (a
        widget's region is worked out when it is asked for) is no change, and a long line would stay cut off.
        """
        if self._told_of != self.size:
            self.post_message(Resize(self.size, self.virtual_size, self.container_size))
        return super().render_lines(crop)
