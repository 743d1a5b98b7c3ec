"""A review of the log as it is read: its line in the list, and its rows as they are judged (domain.md §8).

What the rows of the log say is read from them each time; comments and reasons are opened with the log's key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from store.care.log_draw import DrawKind
from store.care.log_drawing import AT_ONCE, protected_among
from store.care.log_rules import WORDS
from store.foundation.access import Subject
from store.foundation.clock import Instant, local
from store.foundation.errors import NotPermitted
from store.foundation.identity import MASKED_NAME
from store.foundation.keys import StoreKeys, seal, unseal
from store.foundation.log_reading import Condition, LogRow, log_rows
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work


@dataclass(frozen=True)
class ReviewLine:
    """A review in the list of all."""

    id: int
    period: str
    kind: DrawKind
    seed: str
    asked: str
    drawn: str
    listed: int
    drawn_at: int
    drawn_by: str
    rows: int
    left: int
    """How many are not judged."""
    remarks: int
    signed_at: int | None
    signed_by: str


@dataclass(frozen=True)
class ReviewRow:
    """A row of a review, with what is needed to judge it."""

    number: int
    day: str
    first_at: int
    last_at: int
    actor_hsa_id: str
    actor_name: str
    acted_as: str
    grounds: str
    what: str
    """What was done, in words: the actions with the data's categories."""
    times: int
    """How many rows of the log."""
    resident: str
    """Efternamn, Förnamn; masked where protected; empty where the log names nobody, or its key is not here."""
    number_of: str
    """The personnummer, or what was typed for one; empty where protected."""
    refused: int
    why: tuple[str, ...]
    """In words."""
    verdict: str
    comment: str
    judged_by: str
    is_own: bool
    """Whether it is of the one who looks, who may not judge it."""
    details: tuple[str, ...] = ()
    """Each row of the log with all that it says; in a riktad kontroll alone."""


@dataclass(frozen=True)
class Review:
    """A review with its rows."""

    line: ReviewLine
    reason: str
    rows: tuple[ReviewRow, ...]


class _Line(NamedTuple):
    id: int
    period: str
    kind: str
    seed: str
    asked: str
    drawn: str
    listed: int
    drawn_at: int
    drawn_by: str
    rows: int
    left: int
    remarks: int
    signed_at: int | None
    signed_by: str
    reason: str
    drawn_hsa_id: str


_LINES = (
    "SELECT w.id, w.period, w.kind, w.seed, w.asked, w.drawn, w.listed, w.drawn_at, w.drawn_by,"
    " (SELECT count(*) FROM logreviewrow o WHERE o.review_id = w.id) AS rows,"
    " (SELECT count(*) FROM logreviewrow o WHERE o.review_id = w.id AND o.verdict = '') AS left,"
    " (SELECT count(*) FROM logreviewrow o WHERE o.review_id = w.id AND o.verdict = 'med') AS remarks,"
    " w.signed_at, w.signed_by, w.reason, w.drawn_hsa_id FROM logreview w WHERE w.unit_id = :unit"
)


def review_lines(work: ReadTransaction) -> list[ReviewLine]:
    """Return the unit's reviews; part of operations."""
    return [_shown(row) for row in work.db.all(_Line, _LINES, unit=work.actor.unit_id)]


def _shown(row: _Line) -> ReviewLine:
    shown = {field.name: getattr(row, field.name) for field in fields(ReviewLine)}
    return ReviewLine(**{**shown, "kind": DrawKind(row.kind)})


def _found(work: ReadTransaction, review: int) -> _Line:
    found = work.db.one(_Line, f"{_LINES} AND w.id = :id", unit=work.actor.unit_id, id=review)
    if found is None:
        raise NotPermitted
    return found


def review_line(work: Work, review: int) -> ReviewLine:
    """Return a review, which nobody else changes until this transaction ends; part of operations.

    Raises:
        NotPermitted: the unit has no such review.
    """
    work.db.values(f"SELECT id FROM logreview WHERE id = :id{work.for_update('logreview')}", id=review)
    return _shown(_found(work, review))


class _Kept(NamedTuple):
    number: int
    log_ids: str
    actor_hsa_id: str
    day: str
    why: str
    verdict: str
    comment: str
    judged_by: str


def _kept(work: ReadTransaction, review: int) -> list[_Kept]:
    return work.db.all(
        _Kept,
        "SELECT number, log_ids, actor_hsa_id, day, why, verdict, comment, judged_by FROM logreviewrow"
        " WHERE review_id = :id ORDER BY number",
        id=review,
    )


def _logged(work: ReadTransaction, kept: Iterable[_Kept]) -> dict[int, LogRow]:
    """Return the rows of the log that a review names, by id."""
    wanted = [one for row in kept for one in row.log_ids.split()]
    found: dict[int, LogRow] = {}
    for first in range(0, len(wanted), AT_ONCE):
        among = ", ".join(wanted[first : first + AT_ONCE])
        found |= {row.id: row for row in log_rows(work.db, work.keys, Condition(f"id IN ({among})"))}
    return found


def whole_review(work: ReadTransaction, review: int) -> Review:
    """Return a review with its rows; part of operations.

    Raises:
        NotPermitted: the unit has no such review.
    """
    line = _found(work, review)
    kept = _kept(work, review)
    logged = _logged(work, kept)
    numbers = {row.personnummer for row in logged.values() if row.personnummer}
    protected = protected_among(work, numbers)
    shown = _shown(line)
    rows = [_row(work, shown, one, logged, protected) for one in kept]
    reason = opened(work.keys, line.reason, reason_about(line.drawn_hsa_id, line.drawn_at))
    return Review(shown, reason, tuple(rows))


def residents_in(work: ReadTransaction, review: int, numbers: set[int]) -> list[Subject]:
    """Return the residents in some rows of a review, each once."""
    kept = [one for one in _kept(work, review) if one.number in numbers]
    found = {
        row.personnummer: Subject(0, row.personnummer, row.resident_name or "", row.moment_id, work.actor.unit_id)
        for row in _logged(work, kept).values()
        if row.personnummer
    }
    return list(found.values())


def _row(
    work: ReadTransaction, line: ReviewLine, kept: _Kept, logged: dict[int, LogRow], protected: frozenset[str]
) -> ReviewRow:
    rows = [logged[int(one)] for one in kept.log_ids.split() if int(one) in logged]
    first = rows[0] if rows else None
    number = next((row.personnummer for row in rows if row.personnummer), "")
    return ReviewRow(
        number=kept.number,
        day=kept.day,
        first_at=min((row.at for row in rows), default=Instant(0)),
        last_at=max((row.at for row in rows), default=Instant(0)),
        actor_hsa_id=kept.actor_hsa_id,
        actor_name=first.actor_name if first else "",
        acted_as=_each(row.acted_as for row in rows),
        grounds=_each(row.ground for row in rows),
        what=_each(f"{row.action} {row.category}".strip() for row in rows),
        times=len(rows),
        resident=_resident(rows, protected),
        number_of="" if number in protected else number,
        refused=sum(row.outcome == "nekat" for row in rows),
        why=tuple(WORDS.get(one, "draget") for one in kept.why.split()),
        verdict=kept.verdict,
        comment=opened(work.keys, kept.comment, comment_about(line.id, kept.number)),
        judged_by=kept.judged_by,
        is_own=kept.actor_hsa_id.upper() == (work.actor.hsa_id or "").upper(),
        details=tuple(map(_whole, rows)) if line.kind is DrawKind.TARGETED else (),
    )


def _resident(rows: Sequence[LogRow], protected: frozenset[str]) -> str:
    if any(row.personnummer in protected for row in rows):
        return MASKED_NAME
    return next((row.resident_name for row in rows if row.resident_name), "")


def _each(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, words)))


def _whole(row: LogRow) -> str:
    """Return all that a row of the log says of what was done."""
    parts = (f"{row.action} {row.category}".strip(), row.operation, f"{row.thing_kind} {row.thing_id}", row.origin)
    outcome = f"nekat: {row.reason}" if row.outcome == "nekat" else ""
    said = (one.strip() for one in (*parts, row.details, outcome))
    return f"{local(row.at):%Y-%m-%d %H.%M.%S} {' · '.join(filter(None, said))}"


def reason_about(hsa_id: str, at: int) -> str:
    """Return what a reason is sealed to: whose it is and when it was given, in UTC milliseconds."""
    return f"review {hsa_id} {at}"


def comment_about(review: int, number: int) -> str:
    """Return what a comment is sealed to: its row."""
    return f"logreviewrow {review} {number}"


def sealed(keys: StoreKeys | None, text: str, about: str) -> str:
    """Return a text as the store keeps it: sealed as the log is, where there is a key."""
    return text if keys is None or not text else seal(keys.of_log.rows, text.encode(), about)


def opened(keys: StoreKeys | None, text: str, about: str) -> str:
    """Return a text that `sealed` has sealed."""
    return text if keys is None or not text else unseal(keys.of_log.rows, text, about).decode()
