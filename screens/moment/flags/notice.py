"""What stands over a moment's flags: the caution, and what the unit does at a risk answer (domain.md §4)."""

from __future__ import annotations

from functools import partial

from textual.content import Content

from screens.moment.document_screen import Text
from screens.widgets.cells import Tone, wrap
from screens.widgets.painted import TONES
from store.foundation.flag_kinds import Severity
from store.views.flags import CAUTION, FlagsPage

NO_INSTRUCTION = "Enheten har ingen instruktion för risksvar. Säg till behörighetsadministratören."
NO_SIGN_OF_SAFETY = CAUTION.replace("Inga flaggor", "Inget risksvar", 1)
"""The same caution beside a score whose form asks about risk, where the answer was none."""

_WIDEST = 100


def instruction_words(page: FlagsPage) -> str:
    """Return what the unit does at a risk answer, or that it has not said."""
    return f"Enhetens instruktion: {page.instruction}" if page.instruction else NO_INSTRUCTION


class FlagsNotice(Text):
    """The caution, always; beside it the instruction while a prioriterad flagga is open."""

    def __init__(self) -> None:
        """Show nothing until there are flags, or none."""
        super().__init__("caution")

    def show_for(self, page: FlagsPage) -> None:
        """Say what belongs to these flags."""
        is_urgent = any(flag.severity is Severity.PRIORITY for flag in page.open)
        self.show(partial(_draw, instruction_words(page) if is_urgent else "", bool(page.instruction)))


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
