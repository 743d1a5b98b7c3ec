"""Logguppföljning: a sample of the log is drawn, judged row by row, and signed (domain.md §8; FAQ).

A row of a review is what one of the staff did with one resident in a day: the rows of the log that say so, together.
Nothing of a resident is kept in a review but the ids of those rows, and comments, which are sealed as the log is.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.duties import DutyKind, note_done
from store.care.log_draw import DrawKind
from store.care.log_drawing import AT_ONCE, MAY, Draw
from store.care.log_review_rows import (
    Review,
    ReviewLine,
    comment_about,
    reason_about,
    residents_in,
    review_line,
    review_lines,
    sealed,
    whole_review,
)
from store.foundation.access import Action, DataCategory
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean
from store.foundation.work import Work

COMMENT_LIMIT = 1_000
WITHOUT, WITH = "utan", "med"
VERDICTS = {WITHOUT: "utan anmärkning", WITH: "med anmärkning"}


class LogReview(SQLModel, table=True):
    """A review. Instants are UTC milliseconds."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    period: str
    """`ÅÅÅÅ-MM`."""
    kind: str
    seed: str
    asked: str
    """How much was to be drawn, in words."""
    drawn: str
    """What was drawn: HSA-ids or a day, separated by spaces; of residents only how many."""
    reason: str
    """Why, where it is a riktad kontroll; sealed as `LogReviewRow.comment`."""
    listed: int
    """How many groups were left out since the resident only stood in a list."""
    drawn_at: int = Field(sa_type=BigInteger)
    drawn_by: str
    drawn_hsa_id: str
    signed_at: int | None = Field(default=None, sa_type=BigInteger)
    signed_by: str = ""
    signed_hsa_id: str = ""


class LogReviewRow(SQLModel, table=True):
    """A row to be judged."""

    __table_args__ = {"sqlite_with_rowid": False}

    review_id: int = Field(primary_key=True, foreign_key="logreview.id")
    number: int = Field(primary_key=True)
    log_ids: str
    """Of the rows of the log, separated by spaces."""
    actor_hsa_id: str
    day: str
    why: str
    """`store.care.log_drawing.DRAWN`, and the ids of the rules that point at it, separated by spaces."""
    verdict: str = ""
    comment: str = ""
    """Sealed with the log's key where the store has one."""
    judged_at: int | None = Field(default=None, sa_type=BigInteger)
    judged_by: str = ""
    judged_hsa_id: str = ""


@operation("Börja en logguppföljning", may=MAY, action=Action.CHANGED, category=DataCategory.LOG)
def begin_review(work: Work, draw: Draw) -> int:
    """Keep what was drawn, to be judged; returns the review's number.

    Raises:
        Refused: the period is drawn in the same way already, and that is not signed.
    """
    choice, actor = draw.choice, work.actor
    kind, period = choice.kind.value, str(choice.period)
    waiting = work.db.value(
        "SELECT min(id) FROM logreview WHERE unit_id = :unit AND period = :period AND kind = :kind"
        " AND signed_at IS NULL",
        unit=actor.unit_id,
        period=period,
        kind=kind,
    )
    if waiting and choice.kind is not DrawKind.TARGETED:
        raise Refused(f"{period} är redan dragen ({kind}), i granskning {waiting}. Bedöm och signera den.")
    review = work.add(
        LogReview(
            unit_id=actor.unit_id or 0,
            period=period,
            kind=kind,
            seed=choice.seed,
            asked=draw.asked,
            drawn=" ".join(draw.drawn),
            reason=sealed(work.keys, choice.reason, reason_about(actor.hsa_id or "", work.now)),
            listed=draw.listed,
            drawn_at=work.now,
            drawn_by=actor.name,
            drawn_hsa_id=actor.hsa_id or "",
        )
    )
    _check_logged(work, draw)
    work.db.run_many(
        "INSERT INTO logreviewrow (review_id, number, log_ids, actor_hsa_id, day, why, verdict, comment, judged_by,"
        " judged_hsa_id) VALUES (:review, :number, :log_ids, :actor, :day, :why, '', '', '', '')",
        [
            {
                "review": review,
                "number": number,
                "log_ids": " ".join(map(str, row.log_ids)),
                "actor": row.actor_hsa_id,
                "day": row.day,
                "why": " ".join(row.why),
            }
            for number, row in enumerate(draw.rows, 1)
        ],
    )
    work.log(Action.CHANGED, details=f"granskning {review} påbörjad: {kind} {period}, {len(draw.rows)} rader")
    return review


@operation("Se enhetens granskningar av loggen", may=MAY, action=None)
def log_reviews(work: ReadTransaction) -> list[ReviewLine]:
    """Return the unit's reviews, those that are not signed first, then the newest; nothing of any resident."""
    return sorted(review_lines(work), key=lambda one: (one.signed_at is not None, -one.id))


@operation("Öppna en granskning av loggen", may=MAY, action=Action.LISTED, category=DataCategory.LOG)
def open_review(work: ReadTransaction, review: int) -> Review:
    """Return a review with what is needed to judge its rows; each resident in it is logged.

    Raises:
        NotPermitted: the unit has no such review.
    """
    work.open_visit(_place(review))
    found = _served(work, review)
    work.log(Action.LISTED, details=f"granskning {review}: {len(found.rows)} rader")
    return found


@operation("Läsa om en granskning av loggen", may=MAY, action=None, category=DataCategory.LOG)
def review_again(work: ReadTransaction, review: int) -> Review:
    """Return a review again, as a refresh does."""
    return _served(work, review)


@operation("Bedöma rader i en granskning av loggen", may=MAY, action=Action.CHANGED, category=DataCategory.LOG)
def judge_rows(work: Work, review: int, rows: Sequence[int], verdict: str, comment: str = "") -> None:
    """Say of rows of a review whether something is to be remarked.

    Args:
        work: the transaction.
        review: the review's number.
        rows: the rows' numbers.
        verdict: `WITHOUT` or `WITH`.
        comment: what is remarked; it must be given with `WITH`.

    Raises:
        NotPermitted: the unit has no such review, or that no such row.
        Refused: the review is signed, a row is of the one who judges, or there is no comment.
    """
    line = review_line(work, review)
    if line.signed_at is not None:
        raise Refused(f"Granskning {review} är signerad. Den ändras inte.")
    if verdict not in VERDICTS:
        raise Refused("Ange utan anmärkning eller med anmärkning.", field="utan")
    said = clean(comment, multiline=True, limit=COMMENT_LIMIT, field="kommentar").strip()
    if verdict == WITH and not said:
        raise Refused("Skriv en kommentar om vad som anmärks.", field="kommentar")
    own = (work.actor.hsa_id or "").upper()
    actors = dict(work.db.pairs("SELECT number, actor_hsa_id FROM logreviewrow WHERE review_id = :id", id=review))
    for number in rows:
        if number not in actors:
            raise NotPermitted
        if actors[number].upper() == own:
            raise Refused(f"Rad {review}.{number} är din egen. Någon annan loggranskare bedömer den.", field="rad")
    work.db.run_many(
        "UPDATE logreviewrow SET verdict = :verdict, comment = :comment, judged_at = :now, judged_by = :name,"
        " judged_hsa_id = :hsa WHERE review_id = :review AND number = :number",
        [
            {
                "verdict": verdict,
                "comment": sealed(work.keys, said, comment_about(review, number)),
                "now": work.now,
                "name": work.actor.name,
                "hsa": work.actor.hsa_id or "",
                "review": review,
                "number": number,
            }
            for number in rows
        ],
    )
    among = ", ".join(f"{review}.{number}" for number in rows)
    work.log(Action.CHANGED, details=f"rad {among}: {VERDICTS[verdict]}")


@operation("Signera en granskning av loggen", may=MAY, action=Action.CHANGED, category=DataCategory.LOG)
def sign_review(work: Work, review: int, *, confirmed: bool = False) -> None:
    """Sign a review: nothing in it changes any more, and the unit's duty is done.

    Raises:
        NotPermitted: the unit has no such review.
        Refused: it is signed, or rows are left to judge.
        NeedsConfirmation: rows of the one who signs are left, which nobody else has judged.
    """
    line = review_line(work, review)
    if line.signed_at is not None:
        raise Refused(f"Granskning {review} är redan signerad, av {line.signed_by}.")
    own, others = _left(work, review)
    if others:
        judged = "bedömd. Bedöm den" if others == 1 else "bedömda. Bedöm dem"
        raise Refused(f"{_rows_words(others)} är inte {judged} först.")
    if own and not confirmed:
        raise NeedsConfirmation(
            [
                f"{_rows_words(own)} handlar om vad du själv har gjort, och ingen annan har bedömt dem. Det kommer att "
                "stå i rapporten."
            ]
        )
    work.db.run(
        "UPDATE logreview SET signed_at = :now, signed_by = :name, signed_hsa_id = :hsa WHERE id = :id",
        now=work.now,
        name=work.actor.name,
        hsa=work.actor.hsa_id or "",
        id=review,
    )
    if line.kind is not DrawKind.TARGETED:
        note_done(work, DutyKind.LOG_REVIEW, f"Granskning {review} av {line.period} signerad.")
    work.log(Action.CHANGED, details=f"granskning {review} signerad: {line.rows} rader, {line.remarks} med anmärkning")


@operation("Skriva ut rapporten av en granskning", may=MAY, action=Action.PRINTED, category=DataCategory.LOG)
def print_review(work: ReadTransaction, review: int) -> Review:
    """Return a signed review for its report, with only the rows with a remark; each resident in them is logged.

    Raises:
        NotPermitted: the unit has no such review.
        Refused: it is not signed.
    """
    found = whole_review(work, review)
    if found.line.signed_at is None:
        raise Refused(f"Granskning {review} är inte signerad än.")
    remarked = tuple(replace(row, details=()) for row in found.rows if row.verdict == WITH)
    for subject in residents_in(work, review, {row.number for row in remarked}):
        work.log(Action.PRINTED, subject, f"rapport av granskning {review}")
    work.log(Action.PRINTED, details=f"rapport av granskning {review}")
    return replace(found, rows=remarked)


def _check_logged(work: ReadTransaction, draw: Draw) -> None:
    """Raise `NotPermitted` where a row that was drawn is not the unit's."""
    wanted = sorted({one for row in draw.rows for one in row.log_ids})
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        among = ", ".join(map(str, some))
        there = work.db.value(
            f"SELECT count(*) FROM log WHERE unit_id = :unit AND id IN ({among})", unit=work.actor.unit_id
        )
        if there != len(some):
            raise NotPermitted


def _left(work: ReadTransaction, review: int) -> tuple[int, int]:
    """Return how many rows are not judged: those of the one who acts, and the others."""
    actors = work.db.values("SELECT actor_hsa_id FROM logreviewrow WHERE review_id = :id AND verdict = ''", id=review)
    own = sum(actor.upper() == (work.actor.hsa_id or "").upper() for actor in actors)
    return own, len(actors) - own


def _rows_words(number: int) -> str:
    return f"{number} {'rad' if number == 1 else 'rader'}"


def _served(work: ReadTransaction, review: int) -> Review:
    found = whole_review(work, review)
    work.serve(_place(review), residents_in(work, review, {row.number for row in found.rows}))
    return found


def _place(review: int) -> str:
    return f"granskning {review}"
