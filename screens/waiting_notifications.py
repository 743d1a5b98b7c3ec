"""Which notification is shown, of those that have time left: the newest alone, and warnings wait behind it."""

from __future__ import annotations

import time

from textual.notifications import Notification, Notifications
from textual.widget import Widget
from textual.widgets._toast import Toast, ToastRack

ROOMY = 100
"""Columns of the window from which on a notification may be wider."""
MOST_KEPT = 3
"""Notifications that are kept at the same time. One is shown, the newest; after it those that have time left."""


def is_roomy(width: int) -> bool:
    """Whether a window of so many columns has room for a wider notification."""
    return width >= ROOMY


class WaitingNotifications:
    """The app's notifications: news is shown once and grows stale, a warning keeps its time until it is seen."""

    def __init__(self, kept: Notifications) -> None:
        """`kept` are those that the app has, the newest last."""
        self._kept = kept

    def put_off(self, said: Notification) -> bool:
        """Let a warning that waits behind another go on waiting where it is said again; returns whether it does.

        Who reads the newer one shall read it out.
        """
        for one in list(self._kept)[:-1]:
            if one.message == said.message and one.severity != "information":
                one.timeout = time.time() - one.raised_at + said.timeout
                return True
        return False

    def make_room(self, new: Notification) -> list[Notification]:
        """Give the warnings that will wait behind a new notification the time that it takes.

        Returns:
            What is to be removed: the same that was said before, and what is more than is kept, news first.
        """
        in_turn = sorted(self._kept, key=lambda one: one.severity != "information")  # news goes before warnings
        alike = [one for one in in_turn if one.message == new.message]
        others = [one for one in in_turn if one not in alike]
        gone = [*alike, *others[: max(0, len(others) + 1 - MOST_KEPT)]]
        for one in self._kept:
            if one.severity != "information" and one not in gone:  # other news grows stale
                one.timeout += new.timeout
        return gone

    def show_newest(self, rack: ToastRack) -> None:
        """Show the newest in a rack, and nothing else."""
        newest = Notifications()
        for one in list(self._kept)[-1:]:
            newest.add(one)
        stale = [toast.parent for toast in rack.query(Toast) if toast._notification not in newest]
        rack.show(newest)
        for holder in stale:
            if isinstance(holder, Widget):
                holder.remove()  # Textual leaves it, and would take a notification that comes back for shown
