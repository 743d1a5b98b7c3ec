"""A line or two at the very bottom of a page or a dialog, beside what is worked with and never over it."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Strip(Widget):
    """Says what to do next, or what is good to know, whichever screen is on top; `screens.strips` puts it there."""

    DEFAULT_CSS = """
    Strip { split: bottom; height: auto; max-height: 3; padding: 0 1; background: $panel; color: $foreground; }
    """
    ALLOW_SELECT = False

    words: reactive[str] = reactive("", layout=True)
    """What it says: sentences of ours."""

    def render(self) -> Content:
        """The words after a mark."""
        return Content(f"› {self.words}")
