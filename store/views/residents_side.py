"""What a resident, or an ombud, sees of the own moments."""

from dataclasses import dataclass

from store.care.messages import Sender
from store.care.moments import held, moment_subject
from store.foundation.access import Action, Standing, Subject, operation
from store.foundation.work import Reading, Work
from store.people.residents import ResidentActor, person
from store.views.conversations import ConversationRow, MessageLine, all_messages, conversations


@dataclass(frozen=True)
class OwnMoment:
    """A moment as the resident's side knows it."""

    id: int
    is_ended: bool


def resident_self(work: Reading, resident_id: int) -> Subject | None:
    """Return a resident as a subject of its own, on no unit."""
    someone = person(work.db, resident_id)
    return someone.subject() if someone else None


@operation("Se sina egna moment", may={Standing.RESIDENT, Standing.PROXY}, action=Action.READ, on=resident_self)
def moments_of_resident(work: Reading, resident_id: int, program: str) -> list[OwnMoment]:
    """Return a resident's moments of a program, on any unit, the oldest first."""
    rows = work.db.rows(
        "SELECT id, ended_at FROM moment WHERE resident_id = :resident AND program = :program ORDER BY id",
        resident=resident_id,
        program=program,
    )
    return [OwnMoment(moment, ended is not None) for moment, ended in rows]


@operation("Läsa sina egna meddelanden", may={Standing.RESIDENT, Standing.PROXY}, action=Action.READ, on=moment_subject)
def read_own_messages(work: Work, moment: int) -> list[tuple[ConversationRow, list[MessageLine]]]:
    """Return a moment's conversations with all that stands in them, the newest first; the clinician sees it as read."""
    here = held(work, moment)
    newly_read = work.db.run(
        "UPDATE message SET read_at = :now WHERE resident_id = :resident AND moment_id = :moment"
        " AND sender = :sender AND read_at IS NULL",
        now=work.now,
        resident=here.resident_id,
        moment=moment,
        sender=Sender.CLINICIAN.value,
    )
    if newly_read and here.unit_id is not None:
        work.changed(here.unit_id)
    return [(one, all_messages(work, here, one.id)) for one in conversations(work, here)]


def own_moments(work: Reading, program: str) -> list[OwnMoment]:
    """Return the moments of the one who acts; see `moments_of_resident`."""
    assert isinstance(work.actor, ResidentActor)
    return moments_of_resident(work, work.actor.resident_id, program)
