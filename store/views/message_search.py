"""Searching all that stands in the messages of one's own residents, and of those for whom one stands in (ours).

Read and folded here, message by message, until there are enough hits: å, ä and ö are then found as in names, any part
of a word is found, and both databases find the same. It costs what the clinician's own residents have written, however
much there is beside it; a full-text index would have to be erased from, and could not be kept encrypted.
"""

from dataclasses import dataclass
from typing import NamedTuple

from store.care.conversations import Sender
from store.foundation.access import Action, DataCategory, Role
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import fold
from store.people.served import serve_moments
from store.people.sign_in import as_staff

MOST_HITS = 100
_LEAST_CHARACTERS = 2
_BATCH = 500
_SHOWN = 110
"""Characters of a message that are shown at most, with what was found in the middle if it can be."""


@dataclass(frozen=True)
class MessageHit:
    """A message in which all words stand. `sent_at` in UTC milliseconds."""

    moment: int
    conversation: int
    message: int
    name: str
    """The resident's, Efternamn, Förnamn."""
    protected: bool
    program_title: str
    sender: Sender
    excerpt: str
    """What stands around the first word, on one line."""
    sent_at: int
    stands_in_for: str = ""
    """Förnamn Efternamn of the ansvarig behandlare, where the one who searches stands in today."""


@operation("Söka i meddelanden", may={Role.CLINICIAN}, action=Action.LISTED, category=DataCategory.MESSAGES)
def search_messages(work: ReadTransaction, query: str, limit: int = MOST_HITS) -> list[MessageHit]:
    """Return messages of the own residents in which every word stands somewhere, the newest first.

    So are those of the residents of a colleague for whom one stands in today.

    Raises:
        Refused: too little to search for.
    """
    words = [fold(word) for word in query.split()]
    if not any(len(word) >= _LEAST_CHARACTERS for word in words):
        raise Refused(f"Skriv minst {_LEAST_CHARACTERS} tecken att söka efter.", field="sok")
    hits = _hits(work, words, limit)
    work.open_visit(_PLACE)
    serve_moments(work, _PLACE, (hit.moment for hit in hits))
    work.log(Action.LISTED, details=f"meddelanden, sökning: {len(hits)} träffar")
    return hits


_PLACE = "sökning i meddelanden"


def _hits(work: ReadTransaction, words: list[str], limit: int) -> list[MessageHit]:
    actor = as_staff(work.actor)
    places = work.db.values(_PLACES.format(own=actor.own_moments), unit=actor.unit_id)
    found: list[MessageHit] = []
    for start in range(0, len(places), _BATCH):
        for message, text in _texts(work, places[start : start + _BATCH]):
            folded = fold(text)
            if all(word in folded for word in words):
                found.append(_hit(work, message, text, folded.index(words[0])))
                if len(found) == limit:
                    return found
    return found


# Ids count up in the order of sending: the places alone are put in order, from indexes, before any text is read.
_PLACES = (
    "SELECT t.id FROM moment m JOIN conversation c ON c.resident_id = m.resident_id AND c.moment_id = m.id"
    " JOIN message t ON t.resident_id = c.resident_id AND t.conversation_id = c.id"
    " WHERE m.unit_id = :unit AND {own} ORDER BY t.id DESC"
)


def _texts(work: ReadTransaction, messages: list[int]) -> list[tuple[int, str]]:
    among = ", ".join(map(str, messages))  # numbers of our own; SQLite binds many parameters slowly
    return work.db.pairs(f"SELECT id, text FROM message WHERE id IN ({among}) ORDER BY id DESC")


class _Place(NamedTuple):
    moment: int
    conversation: int
    name: str
    protected: bool
    program_title: str
    sender: Sender
    sent_at: int
    stands_in_for: str


def _hit(work: ReadTransaction, message: int, text: str, at: int) -> MessageHit:
    row = work.db.single(
        _Place,
        "SELECT t.moment_id AS moment, t.conversation_id AS conversation,"
        " r.family_name || ', ' || r.given_name AS name, r.protection <> '' AS protected,"
        " v.title AS program_title, t.sender, t.sent_at,"
        " CASE WHEN m.responsible_id = :own THEN '' ELSE s.given_name || ' ' || s.family_name END AS stands_in_for"
        " FROM message t JOIN moment m ON m.id = t.moment_id JOIN resident r ON r.id = t.resident_id"
        " JOIN programversion v ON v.id = m.version_id JOIN staff s ON s.id = m.responsible_id WHERE t.id = :id",
        id=message,
        own=as_staff(work.actor).staff_id,
    )
    return MessageHit(**row._asdict(), message=message, excerpt=_excerpt(text, at))


def _excerpt(text: str, at: int) -> str:
    """What stands around a place, which the folding may have moved by a character or two."""
    first = max(0, min(at - _SHOWN // 2, len(text) - _SHOWN))
    last = first + _SHOWN
    piece = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{piece}{'…' if last < len(text) else ''}"
