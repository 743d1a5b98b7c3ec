"""What stands over a moment's flags: the caution, and what the unit does at a risk answer (domain.md §4)."""

from __future__ import annotations

from functools import partial

from textual.content import Content

from screens.flag_text import instruction_text
from screens.widgets.cells import Tone, wrap
from screens.widgets.drawn_text import DrawnText
from screens.widgets.painted import TONES
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
        self.show(partial(_draw, instruction_text(page) if is_urgent else "", bool(page.instruction)))


def _draw(instruction: str, is_there: bool, width: int) -> list[Content]:
    width = min(width, _WIDEST)
    lines = [Content(line) for line in wrap(CAUTION, width)]
    tone: Tone = "" if is_there else "waiting"
    if instruction:
        mark = "▌ " if is_there else "! "
        lines += [Content("")]
        lines += [
            Content.styled(("  " if place else mark) + line, f"bold {TONES[tone]}".strip())
            for place, line in enumerate(wrap(instruction, width - 2))
        ]
    return [*lines, Content("")]
