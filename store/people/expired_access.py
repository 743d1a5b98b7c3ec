"""What signing in leaves behind: sessions long over, invitations that are good no more, waits that are forgotten.

The log says who signed in, and who was invited, for as long as it is kept.
"""

from store.foundation.access import DataCategory, Standing
from store.foundation.operation import operation
from store.foundation.work import Work
from store.people.invitations import GOOD_FOR
from store.people.session_clock import MOST_HOURS
from store.people.throttling import FORGOTTEN_AFTER

KEPT_DAYS = 30
"""How long a session that is over is kept."""

_HOUR = 60 * 60_000


@operation(
    "Ta bort gamla sessioner och inbjudningar",
    may={Standing.SYSTEM, Standing.OPERATOR},
    action=None,
    category=DataCategory.STAFF,
)
def forget_expired_access(work: Work) -> None:
    """Remove sessions that ended more than 30 days ago, used and expired invitations, and what no wait comes of."""
    work.db.run(
        "DELETE FROM staffsession WHERE coalesce(ended_at, began_at + :longest) < :since",
        longest=MOST_HOURS * _HOUR,  # one that nobody has ended is over by then
        since=work.now - KEPT_DAYS * 24 * _HOUR,
    )
    work.db.run("DELETE FROM invitation WHERE is_used = 1 OR made_at <= :old", old=work.now - GOOD_FOR)
    work.db.run("DELETE FROM signinattempts WHERE last_at <= :old", old=work.now - FORGOTTEN_AFTER)
