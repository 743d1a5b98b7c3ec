"""Kontakt: a call, a video meeting or a visit that was made outside the program (domain.md §1, §10).

The timeline keeps it: its event holds the kind, the minutes, the clinician's note, and when it was made where that is
not when it was noted.
"""

from enum import StrEnum

from store.care.drafts import WRITERS
from store.care.moments import ALWAYS, MomentSubject, moment_subject
from store.care.time_spent import spend
from store.foundation.access import Action, DataCategory
from store.foundation.clock import Instant, days_after, local, local_day
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.work import Work

MOST_MINUTES = 600
NOTE_LIMIT = 2_000
DAYS_AFTER_END = 90
"""How long after a moment's end a contact with the resident still belongs to it (ours)."""


class ContactSort(StrEnum):
    """How the contact was made; stored, and `--sort` of `sob kontakt`. In the order in which they are chosen from."""

    PHONE = "telefon"
    VIDEO = "video"
    VISIT = "besok"

    @property
    def word(self) -> str:
        """As it is said on screen, in the middle of a sentence."""
        return "besök" if self is ContactSort.VISIT else self.value


@operation(
    "Notera en kontakt",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=ALWAYS,
)
def note_contact(
    work: Work, moment: MomentSubject, sort: ContactSort, minutes: int, note: str = "", *, at: Instant | None = None
) -> None:
    """Note a contact that was made, also one after the moment's end; its minutes count to that week's own time.

    The event's facts: `sort`, `minutes`, `note` where there is one, and `made` (UTC milliseconds) where it was given.

    Args:
        work: the transaction.
        moment: the moment's id.
        sort: how it was made.
        minutes: 1 to `MOST_MINUTES`.
        note: what came of it; may be empty.
        at: when it was made; None for now.

    Raises:
        Refused: not so many minutes, the note is too long, or it was made later than now, before the moment's start, or
            too long after its end.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"Ange 1 till {MOST_MINUTES} minuter.", field="minuter")
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    _check_time(work, moment, work.now if at is None else at)
    spend(work, moment, minutes * 60, work.today if at is None else local_day(at))
    said = {"note": note} if note else {}
    made = {} if at is None else {"made": at}
    work.event(moment, EventKind.CONTACT_MADE, sort=sort.value, minutes=minutes, **made, **said)


def _check_time(work: Work, moment: MomentSubject, at: Instant) -> None:
    """Refuse a time at which no contact can have been made in the moment."""
    if at > work.now:
        raise Refused("Kontakten kan inte ha varit senare än nu.", field="tid")
    lasted = work.db.pair("SELECT started_at, ended_at FROM moment WHERE id = :id", id=moment.moment_id) or (0, None)
    started, ended = Instant(lasted[0]), lasted[1]
    if at < started - started % _MINUTE:  # a time is typed without its seconds
        began = f"{local(started):%Y-%m-%d %H.%M}"
        raise Refused(f"Momentet startade {began}. Ange då eller en senare tid.", field="tid")
    if ended is not None and at > days_after(Instant(ended), DAYS_AFTER_END):
        day = local_day(Instant(ended))
        over = f"Momentet avslutades {day}, och kontakten var mer än {DAYS_AFTER_END} dagar efter det."
        way_out = "Den hör inte till momentet. Starta ett nytt moment, eller skriv i journalen."
        raise Refused(f"{over} {way_out}", field="tid", helps=("start_moment",))


_MINUTE = 60_000
