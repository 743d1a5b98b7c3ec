"""What stands over a moment's flags: the caution, and what the unit does at a risk answer (domain.md §4)."""

from __future__ import annotations

from functools import partial

from textual.content import Content

from screens.flag_text import draw_instruction, instruction_text
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText
from store.foundation.flag_kinds import Severity
from store.views.flags import CAUTION, FlagsPage

_WIDEST = 100


class FlagsNotice(DrawnText):
    """The caution, always; beside it the instruction while a prioriterad flagga is open."""

    def __init__(self) -> None:
        """Show nothing until the flags are read."""
        super().__init__("caution")

    def show_for(self, page: FlagsPage) -> None:
        """Show the caution, and the instruction where a prioriterad flagga is among the flags."""
        is_urgent = any(flag.severity is Severity.PRIORITY for flag in page.open)
        self.show(partial(_draw, instruction_text(page) if is_urgent else ""))


def _draw(instruction: str, width: int) -> list[Content]:
    width = min(width, _WIDEST)
    said = [Content(""), *draw_instruction(instruction, width)] if instruction else []
    return [*map(Content, wrap(CAUTION, width)), *said, Content("")]
