"""Kontakt: a call, a video meeting or a visit that was made outside the program (domain.md §1, §10).

The timeline keeps it: its event holds the kind, the minutes and the clinician's note.
"""

from enum import StrEnum

from store.care.drafts import WRITERS
from store.care.moments import UNTIL_ENDED, MomentSubject, moment_subject
from store.care.time_spent import spend
from store.foundation.access import Action, DataCategory
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.work import Work

MOST_MINUTES = 600
NOTE_LIMIT = 2_000


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
    statuses=UNTIL_ENDED,
)
def note_contact(work: Work, moment: MomentSubject, sort: ContactSort, minutes: int, note: str = "") -> None:
    """Note a contact that was made now; its minutes are counted to the own time of the week.

    Args:
        work: the transaction.
        moment: the moment's id.
        sort: how it was made.
        minutes: 1 to `MOST_MINUTES`.
        note: what came of it; may be empty.

    Raises:
        Refused: not so many minutes, the note is too long, or the moment is ended.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"Ange 1 till {MOST_MINUTES} minuter.", field="minuter")
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    spend(work, moment, minutes * 60)
    said = {"note": note} if note else {}
    work.event(moment, EventKind.CONTACT_MADE, sort=sort.value, minutes=minutes, **said)
