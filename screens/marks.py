"""Marks with their words that stand alike in lists, on pages and in dialogs."""

from collections.abc import Mapping

from screens.widgets.cells import Ink, Tone
from store.foundation.flag_kinds import Severity

PROTECTED = "⛨ Skyddade uppgifter"
"""Instead of a protected resident's name."""
_TONES: Mapping[Severity, Tone] = {Severity.PRIORITY: "risk", Severity.WARNING: "waiting", Severity.NOTE: "done"}
SEVERITY_CELLS = (
    *(Ink(f"{severity.mark} {severity}", _TONES[severity]) for severity in Severity),
    Ink("Inga flaggor", "muted"),
)
"""By severity rank."""
