"""Marks with their words that stand alike in lists, on pages and in dialogs."""

from screens.widgets.cells import Ink

PROTECTED = "⛨ Skyddade uppgifter"
"""Instead of a protected resident's name."""
SEVERITY_CELLS = (
    Ink("▲ prioriterad", "risk"),
    Ink("! varning", "waiting"),
    Ink("● upplysning", "done"),
    Ink("Inga flaggor", "muted"),
)
"""By severity rank."""
