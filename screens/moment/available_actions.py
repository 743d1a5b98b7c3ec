"""What the person who looks may do with a moment: the access table, and the statuses in which it has a meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from store.care.activity_plans import change_plan, end_plan, follow_up_plan, make_plan
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.drafts import WRITERS
from store.care.endings import end_moment
from store.care.flags import Severity, add_flag, handle_flag
from store.care.form_answers import mark_answer_read
from store.care.handovers import offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.messages import send_message
from store.care.modules import hide_module, open_module, show_module
from store.care.moments import MomentStatus
from store.care.switching import switch_clinician
from store.care.time_spent import add_time, correct_time
from store.foundation.access import OPERATIONS, Role, Standing, Who
from store.people.sign_in import StaffActor
from store.views.moment import MomentPage

RUNNING = frozenset({MomentStatus.RUNNING})
MAINTENANCE = frozenset({MomentStatus.MAINTENANCE})
NOT_ENDED = RUNNING | MAINTENANCE

# The operations refuse other statuses themselves; here they only decide what is offered.
_STATUSES: dict[Callable[..., object], frozenset[MomentStatus]] = {
    switch_clinician: NOT_ENDED,
    end_moment: NOT_ENDED,
    maintain_moment: RUNNING,
    resume_moment: MAINTENANCE,
    open_module: RUNNING,
    hide_module: NOT_ENDED,
    show_module: NOT_ENDED,
    mark_answer_read: frozenset(MomentStatus),
    request_form: RUNNING,
    send_message: RUNNING,
    mark_conversation_read: frozenset(MomentStatus),
    mark_conversation_unread: frozenset(MomentStatus),
    add_flag: NOT_ENDED,
    handle_flag: frozenset(MomentStatus),
    make_plan: RUNNING,
    change_plan: RUNNING,
    end_plan: RUNNING,
    follow_up_plan: RUNNING,
    add_time: NOT_ENDED,
    correct_time: NOT_ENDED,
    offer_handover: NOT_ENDED,
    withdraw_handover: NOT_ENDED,
}
_NOT_WHILE_OFFERED = frozenset({switch_clinician, end_moment, maintain_moment, resume_moment, offer_handover})


@dataclass(frozen=True)
class Allowed:
    """What can be offered on a page to somebody. Without a page nothing is."""

    page: MomentPage | None = None
    standing: frozenset[Who] = frozenset()

    @classmethod
    def on(cls, page: MomentPage, actor: StaffActor) -> Allowed:
        """Return what the actor may do on a page."""
        is_watched = Role.CLINICIAN in actor.roles and page.severity == Severity.PRIORITY
        more: set[Who] = {Standing.RESPONSIBLE} if page.is_mine else {Standing.WATCHING} if is_watched else set()
        return cls(page, actor.roles | more)

    @property
    def only_watches(self) -> bool:
        """Whether an unhandled prioriterad flagga is the only reason to see the page."""
        return Standing.WATCHING in self.standing and not self.standing & WRITERS

    def __call__(self, operation: Callable[..., object]) -> bool:
        """Whether an operation can be offered."""
        if self.page is None or MomentStatus(self.page.status) not in _STATUSES[operation]:
            return False
        if operation in _NOT_WHILE_OFFERED if self.page.offered_to else operation is withdraw_handover:
            return False
        return bool(self.standing & OPERATIONS[operation.__name__].may)

    def handles(self, severity: Severity) -> bool:
        """Whether a flag so urgent can be handled: whoever is there for the priority ones handles no other."""
        if self.page is None:
            return False
        here = self.standing if severity is Severity.PRIORITY else self.standing - {Standing.WATCHING}
        return bool(here & OPERATIONS[handle_flag.__name__].may)
