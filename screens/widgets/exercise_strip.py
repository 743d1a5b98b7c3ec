"""The line under the title while an exercise is under way: its goal or step, how many are done, time and keys."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.widgets.cells import clean, cut


class ExerciseStrip(Widget):
    """One line that takes its place from the page, and covers nothing."""

    DEFAULT_CSS = """
    ExerciseStrip { height: 1; padding: 0 1; background: $panel; color: $foreground; text-wrap: nowrap; }
    """
    ALLOW_SELECT = False

    text = reactive("")
    """What is to be done; it gives way to what is counted."""
    counted = reactive("")
    """Steps, time and keys."""

    def render(self) -> Content:
        """Return the line, the step cut where there is not room for both."""
        width = self.content_size.width
        counted = clean(self.counted)
        text = cut(clean(self.text), max(0, width - len(counted) - 2))
        return Content(text + " " * max(2, width - len(text) - len(counted)) + counted)
