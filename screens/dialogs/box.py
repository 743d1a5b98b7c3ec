"""The box that every dialog stands in: a title, a body that scrolls, a foot that is always in view, and the keys."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input

from screens.contracts import NamesResident
from screens.type_ahead import release_keys
from screens.whom import BETWEEN, Whom
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page

T = TypeVar("T")


class WhomLine(Widget):
    """The line that says whom a dialog is about: the resident, and the program beside, whatever the width."""

    DEFAULT_CSS = """
    WhomLine { height: 1; padding: 0 1; dock: top; }
    """

    def __init__(self, whom: Whom) -> None:
        super().__init__(id="whom")
        self._whom = whom

    def render(self) -> Content:
        """Return the name and the program, each cut where there is not room for both."""
        name, program = self._whom.fitted(self.content_size.width)
        return Content.assemble((name, "bold"), BETWEEN, program)


class Box(ModalScreen[T], Page[T], NamesResident):
    """A box over the page; Esc closes it without a result. Subclasses give `body` and `buttons`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Nästa", id="dialog.next", tooltip="Nästa fält eller knapp."),
        Binding("escape", "cancel", "Avbryt", id="dialog.cancel", tooltip="Stäng utan att göra något."),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]
    DEFAULT_CSS = """
    Box { align: center middle; }
    Box > #box {
        width: 80; max-width: 100%; height: auto; max-height: 100%; margin: 1 0 0 0; /* not over the title bar */
        background: $surface; border: round $primary;
        border-title-color: $foreground; border-title-style: bold; border-title-align: left;
    }
    Box #body { height: auto; max-height: 100%; padding: 1 0 0 1; scrollbar-size-vertical: 1; }
    Box #content { height: auto; padding: 0 1 0 0; } /* an empty cell before the scroll bar */
    Box #content > .before { margin: 0 0 1 0; }
    Box #foot { dock: bottom; height: auto; max-height: 60vh; overflow-y: auto; padding: 0 1; }
    Box #buttons { height: auto; margin: 1 0 0 0; align-horizontal: right; }
    Box > KeyBar { dock: bottom; content-align-vertical: bottom; }
    /* In a wide window a dialog's keys take one line: over them would stand the first of the page's two. */
    .-roomy Box.-high > KeyBar { min-height: 2; }
    Box.-narrow Field > Horizontal { layout: vertical; }
    Box.-narrow Field > .under { padding: 0; }
    Box.-low #body { padding: 0 0 0 1; }
    Box.-low #buttons { margin: 0; }
    """

    def __init__(self, heading: str, *, whom: Whom | None) -> None:
        """`whom` is the resident and the program whose moment it is about; None where it is about no moment."""
        super().__init__()
        self.heading = heading
        self.whom = whom

    @property
    def moment_named(self) -> int | None:
        """The moment that the box is about."""
        return self.whom.moment if self.whom is not None else None

    @property
    def is_busy(self) -> bool:
        """Nothing is carried out here."""
        return False

    @property
    def focus_chain(self) -> list[Widget]:
        """What Tab leads through, in the order in which it was composed.

        Textual goes by where things stand: a field that is shown just now stands nowhere yet, and would come first.
        """
        order = {widget: place for place, widget in enumerate(self.walk_children(Widget))}
        return sorted(super().focus_chain, key=lambda widget: order.get(widget, len(order)))

    def body(self) -> Iterable[Widget]:
        """Return the content, top to bottom."""
        raise NotImplementedError

    def messages(self) -> Iterable[Widget]:
        """Return the messages that stand over the buttons."""
        return ()

    def buttons(self) -> Iterable[Widget]:
        """Return the buttons of the last line."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay out the box."""
        with Vertical(id="box") as box:
            box.border_title = Content(self.heading).markup
            if self.whom is not None:
                yield WhomLine(self.whom)
            with VerticalScroll(id="body", can_focus=False), Vertical(id="content"):
                yield from self.body()
            with Vertical(id="foot"):
                yield from self.messages()
                with Horizontal(id="buttons"):
                    yield from self.buttons()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the top, and give the keys that were typed before the box was there to it."""
        self.call_after_refresh(release_keys, self.app)
        self.call_after_refresh(self._show_top)

    def _show_top(self) -> None:
        """Show what stands over the first field in a window so low that only the field itself was scrolled to."""
        if self.focused in self.focus_chain[:1]:
            self.query_one("#body").scroll_home(animate=False)

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.action_cancel()

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Let Enter in a field lead on, as Tab does; from the last one to the main button, never to *Avbryt*."""
        self.focus_next()
        if self.focused is not None and self.focused.id == "cancel":
            self.focus_next("#buttons > #main")
