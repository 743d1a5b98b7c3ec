"""Marks with their words that stand alike in lists, on pages and in dialogs."""

from collections.abc import Mapping

from textual.content import Content

from screens.widgets.cells import Ink, Tone, hang
from screens.widgets.painted import TONES
from store.foundation.flag_kinds import Severity

PROTECTED = "⛨ Skyddade uppgifter"
"""Instead of a protected resident's name."""
_TONES: Mapping[Severity, Tone] = {Severity.PRIORITY: "risk", Severity.WARNING: "waiting", Severity.NOTE: "done"}
SEVERITY_CELLS = (
    *(Ink(f"{severity.mark} {severity}", _TONES[severity]) for severity in Severity),
    Ink("Inga flaggor", "muted"),
)
"""By severity rank."""


def flag_lines(severity: Severity, reason: str, width: int) -> list[Content]:
    """Return why a flag was raised, after its mark and word, which alone are coloured; it goes on under the word."""
    mark = SEVERITY_CELLS[severity.rank]
    first, *rest = hang(f"{severity.mark} ", f"{severity}: {reason}", width)
    return [Content(first).stylize(TONES[mark.tone], 0, len(mark.text)), *map(Content, rest)]
