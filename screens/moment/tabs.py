"""The tabs of a resident's page, in the guide's order (domain.md §4)."""

from __future__ import annotations

from screens.shown_keys import own_key
from screens.widgets.tab_strip import TabItem
from store.foundation.flag_kinds import Severity
from store.views.moment import MomentPage

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


def items_of(page: MomentPage) -> tuple[TabItem, ...]:
    """Return the tabs with their keys and what waits in each."""
    urgent = "▲" if page.severity == Severity.PRIORITY else ""
    return items(page.unread_messages, f"{urgent}{page.open_flags}" if page.open_flags else "")


def items(unread_messages: int = 0, flags: str = "") -> tuple[TabItem, ...]:
    """Return the tabs; *Meddelanden* is marked when something is new, and flags are counted (`▲2`: one is urgent)."""
    badges = {MESSAGES: f"●{unread_messages}" if unread_messages else "", FLAGS: flags}
    return tuple(
        TabItem(
            tab,
            own_key(f"moment.{tab}", str(key)),
            label,
            badges.get(tab, ""),
            short="Flaggor och planer" if tab == FLAGS else "",
        )
        for key, (tab, label) in enumerate(LABELS.items(), 1)
    )
