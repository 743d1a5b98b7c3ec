"""The key `U`, apart from what it does: lists are on screen before that is imported."""

from textual.binding import Binding

UNDO_KEY = Binding("U", "undo", "Ångra", id="undo.last", tooltip="Ångra det senaste du gjorde, om det går.")
"""The key in lists and on pages; its action is the page's own, and offered once there is something to undo."""
