"""What the person who looks may do with a moment, asked of what the operations themselves declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from store.care.drafts import WRITERS
from store.care.flags import handle_flag
from store.care.moments import MomentStatus, is_proposed
from store.foundation.access import Role, Standing, Who
from store.foundation.flag_kinds import Severity
from store.foundation.operation import is_permitted
from store.people.sign_in import StaffActor
from store.views.moment import MomentPage


@dataclass(frozen=True)
class Allowed:
    """What can be offered on a page to somebody. Without a page nothing is."""

    page: MomentPage | None = None
    standing: frozenset[Who] = frozenset()
    actor: StaffActor | None = None

    @classmethod
    def on(cls, page: MomentPage, actor: StaffActor) -> Allowed:
        """Return what the actor may do on a page."""
        is_watched = Role.CLINICIAN in actor.roles and page.severity == Severity.PRIORITY
        more: set[Who] = {Standing.RESPONSIBLE} if page.is_mine else {Standing.WATCHING} if is_watched else set()
        return cls(page, actor.roles | more, actor)

    @property
    def only_watches(self) -> bool:
        """Whether an unhandled prioriterad flagga is the only reason to see the page."""
        return Standing.WATCHING in self.standing and not self.standing & WRITERS

    @property
    def is_running(self) -> bool:
        """Whether there is a page, of a moment that is pågående."""
        return self.page is not None and self.page.status == MomentStatus.RUNNING

    def __call__(self, operation: Callable[..., object]) -> bool:
        """Whether an operation can be offered."""
        if self.page is None:
            return False
        status = MomentStatus(self.page.status)
        return is_proposed(operation, self.standing, status, is_offered=bool(self.page.offered_to))

    def handles(self, severity: Severity) -> bool:
        """Whether a flag so urgent can be handled: whoever is there for the priority ones handles no other."""
        if self.page is None:
            return False
        here = self.standing if severity is Severity.PRIORITY else self.standing - {Standing.WATCHING}
        return is_permitted(handle_flag, here)
