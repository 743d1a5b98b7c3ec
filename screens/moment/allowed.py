"""What the person who looks may do with a moment: the access table, and the statuses in which it has a meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from store.care.endings import end_moment
from store.care.form_answers import mark_answer_read
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.messages import mark_conversation_read, mark_conversation_unread, send_message
from store.care.modules import hide_module, open_module, show_module
from store.care.moments import MomentStatus
from store.care.switching import switch_clinician
from store.foundation.access import OPERATIONS, Standing, Who
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
}


@dataclass(frozen=True)
class Allowed:
    """What can be offered on a page to somebody. Without a page nothing is."""

    page: MomentPage | None = None
    standing: frozenset[Who] = frozenset()

    @classmethod
    def on(cls, page: MomentPage, actor: StaffActor) -> Allowed:
        """Return what the actor may do on a page."""
        return cls(page, frozenset(actor.roles) | ({Standing.RESPONSIBLE} if page.is_mine else frozenset()))

    def __call__(self, operation: Callable[..., object]) -> bool:
        """Whether an operation can be offered."""
        if self.page is None or MomentStatus(self.page.status) not in _STATUSES[operation]:
            return False
        return bool(self.standing & OPERATIONS[operation.__name__].may)
