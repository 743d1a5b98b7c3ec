"""What *Journalunderlag* says of risk answers and of flags: what it was, and what was done about it (domain.md §10)."""

from collections.abc import Iterator, Sequence

from store.care.moments import MomentSubject
from store.foundation.clock import Instant, local, local_day
from store.foundation.flag_kinds import FlagKind, Outcome, Severity
from store.foundation.read_transaction import ReadTransaction
from store.views.flags import Attempt, FlagRow, flags_of
from store.views.form_pages import page_of
from store.views.journal_period import Period

UNHANDLED = "  Ohanterad"


def risks(work: ReadTransaction, moment: MomentSubject, period: Period) -> Iterator[str]:
    """Yield the risk answers in words, the oldest first, each with what was done; an unhandled one in any period."""
    causes = dict(
        work.db.pairs(
            "SELECT id, cause FROM flag WHERE resident_id = :resident AND moment_id = :moment", **_place(moment)
        )
    )
    for flag in _flags(work, moment):
        if flag.kind is FlagKind.ANSWER and _belongs(flag, period):
            yield f"{local_day(Instant(flag.raised_at))} {_answer(work, moment, flag, causes[flag.id])}"
            yield from _done(flag)


def notes(work: ReadTransaction, moment: MomentSubject, period: Period) -> Iterator[str]:
    """Yield the other flags that somebody has done something about, and the prioriterade that nobody has."""
    for flag in _flags(work, moment):
        acted = _is_unhandled(flag) or bool(flag.handled_by and flag.handled_at in period) or _tried(flag, period)
        if flag.kind is not FlagKind.ANSWER and acted:
            yield f"{local_day(Instant(flag.raised_at))} {flag.severity.capitalize()}: {flag.reason}"
            yield from _done(flag)


def _flags(work: ReadTransaction, moment: MomentSubject) -> Sequence[FlagRow]:
    return sorted(flags_of(work, moment), key=lambda flag: (flag.raised_at, flag.id))


def _belongs(flag: FlagRow, period: Period) -> bool:
    return flag.handled_at is None or flag.raised_at in period or flag.handled_at in period or _tried(flag, period)


def _is_unhandled(flag: FlagRow) -> bool:
    return flag.handled_at is None and flag.severity is Severity.PRIORITY


def _tried(flag: FlagRow, period: Period) -> bool:
    return any(attempt.at in period for attempt in flag.attempts)


def _answer(work: ReadTransaction, moment: MomentSubject, flag: FlagRow, cause: str) -> str:
    """Return the form, the question and the answer, in words; the flag's reason where the answer can't be told.

    `cause` ends with the question's linkId (`store.care.answer_rules`).
    """
    page = page_of(work, moment, int(flag.about))
    link = cause.removeprefix(FlagKind.ANSWER.cause(f"{flag.about}:"))
    line = next((line for line in page.lines if line.link_id == link), None)
    if line is None:
        return f"{page.title}. {flag.reason}"
    said = ", ".join(" ".join(value.split()) for value in line.values)
    question = " ".join(line.text.split()) or f"Fråga {link}"
    return f"{page.title}. {question}{'' if question.endswith(('.', '?', '!', ':')) else ':'} {said}"


def _done(flag: FlagRow) -> Iterator[str]:
    """Yield the attempts and how it was handled, or that it isn't."""
    for attempt in flag.attempts:
        yield _attempted(attempt)
    if flag.handled_at is None:
        yield f"{UNHANDLED}."
        return
    by = (
        f"Hanterad {_at(flag.handled_at)} av {flag.handled_by}" if flag.handled_by else f"Stängd {_at(flag.handled_at)}"
    )
    outcome = f", {Outcome(flag.outcome).words}" if flag.outcome else ""
    yield f"  {by}{outcome}: {_flat(flag.note)}"


def _attempted(attempt: Attempt) -> str:
    then = f"Nästa försök {_at(attempt.next_at)}." if attempt.next_at is not None else "Nästa försök inte bestämt."
    note = _flat(attempt.note)
    end = "" if note.endswith((".", "?", "!", ":")) else "."
    return f"  Försök {_at(attempt.at)} av {attempt.made_by}, {Outcome.NOT_REACHED.words}: {note}{end} {then}"


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}


def _at(at: int) -> str:
    return f"{local(Instant(at)):%Y-%m-%d %H:%M}"


def _flat(note: str) -> str:
    return " ".join(note.split())
