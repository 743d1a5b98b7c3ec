"""The tabs of a resident's page, in the guide's order (domain.md §4)."""

from __future__ import annotations

from screens.widgets.tab_strip import TabItem

MANAGE = "hantera"
MESSAGES = "meddelanden"
TIMELINE = "tidslinje"
FLAGS = "flaggor"

LABELS = {
    MANAGE: "Hantera",
    MESSAGES: "Meddelanden",
    TIMELINE: "Tidslinje",
    FLAGS: "Flaggor och aktivitetsplaner",
}
LATER = {
    FLAGS: "Här kommer momentets flaggor och aktivitetsplaner, i en senare version.",
}
"""What is said on a tab whose content is still to come."""


def items(unread_messages: int) -> tuple[TabItem, ...]:
    """Return the tabs with their keys; *Meddelanden* is marked when something is new."""
    badges = {MESSAGES: f"●{unread_messages}" if unread_messages else ""}
    return tuple(
        TabItem(tab, str(key), label, badges.get(tab, ""), short="Flaggor och planer" if tab == FLAGS else "")
        for key, (tab, label) in enumerate(LABELS.items(), 1)
    )
