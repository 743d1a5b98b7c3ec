"""What waits in a moment, as rows of *Att göra*: one matter, one row (domain.md §5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from store.care.flags import FlagKind, Severity
from store.care.forms import Form, form_in
from store.care.questionnaire.plan import FormKind
from store.foundation.clock import Instant, local_day, start_of
from store.foundation.work import ReadTransaction
from store.foundation.working_days import working_days_between

FLAG, MESSAGE, HOMEWORK, HANDOVER, WORSE, FOLLOW_UP, FORM, MODULE, SILENT, MISSING, LENGTH, PURGE = (
    *("flagga", "meddelande", "hemuppgift", "overlamning", "forsamring", "uppfoljning", "formular", "modul"),
    *("tyst", "saknas", "langd", "gallring"),
)
"""The kinds of contract.md §2."""

KINDS = {
    FlagKind.ANSWER: FLAG,
    FlagKind.MANUAL: FLAG,
    FlagKind.WORSE: WORSE,
    FlagKind.MODULE: MODULE,
    FlagKind.SILENT: SILENT,
    FlagKind.NEVER: SILENT,
    FlagKind.MISSING: MISSING,
    FlagKind.UNANSWERED: MESSAGE,
    FlagKind.LENGTH: LENGTH,
    FlagKind.PURGE: PURGE,
    FlagKind.FOLLOW_UP: FOLLOW_UP,
}
_ORDER = (MESSAGE, HOMEWORK, HANDOVER, WORSE, FLAG, FOLLOW_UP, FORM, MODULE, SILENT, MISSING, LENGTH, PURGE)
_EQUALS = {HOMEWORK: MESSAGE, FOLLOW_UP: FLAG}
"""Kinds that stand among those of another: by age alone."""


@dataclass(frozen=True)
class Matter:
    """Something that waits. `since` in UTC milliseconds; `moment` and the ids are as elsewhere."""

    id: str
    """What it is set aside by: `meddelande-5`, `flagga-12`, `formular-7`."""
    moment: int
    resident: int
    name: str
    """The resident's, Efternamn, Förnamn."""
    protected: bool
    program_title: str
    clinician: str
    """HSA-id of the ansvarig behandlare."""
    kind: str
    reason: str
    since: int
    severity: Severity | None = None
    flag: int | None = None
    answer: int | None = None
    conversation: int | None = None
    module: str = ""
    plan: int | None = None
    form: str = ""
    """The form that is missing, or the diary that has unread rows."""
    is_unanswered: bool = False
    """Whether the resident has written and waits for an answer."""
    handover: int | None = None
    """The moment's id where it is offered to the unit: nothing else of it can be opened yet."""
    working_days: int = 0
    """How many have passed, where an answer is waited for."""
    mark: int = 0
    """What tells whether something new has come to a matter that was set aside."""

    @property
    def source(self) -> str | None:
        """What opens the matter itself: `formular-12`, `meddelande-5`, `modul-tankar`, `plan-3`; else its flag."""
        sources = (
            ("formular", self.answer),
            ("meddelande", self.conversation),
            ("modul", self.module),
            ("plan", self.plan),
            ("flagga", self.flag),
            ("dagbok", self.form),
        )
        return next((f"{kind}-{one}" for kind, one in sources if one), None)

    @property
    def order(self) -> tuple[Any, ...]:
        """What the queue is sorted by: the most urgent first, in a group the oldest."""
        if self.severity is Severity.PRIORITY:
            return (-1, self.since, self.id)
        return (_ORDER.index(_EQUALS.get(self.kind, self.kind)), self.since, self.id)


@dataclass(frozen=True)
class Whose:
    """The moments that are asked about, as a condition on `m`, with its parameters."""

    where: str
    parameters: dict[str, Any]


WAITING = (
    "(m.severity_rank = 0 OR (m.status <> 'avslutat' AND (m.open_flags > 0 OR m.unread_forms > 0"
    " OR m.unread_messages > 0 OR m.oldest_unanswered_at IS NOT NULL)))"
)
"""That something may wait in `m`, by its own row alone."""


def matters_of(work: ReadTransaction, whose: Whose) -> list[Matter]:
    """Return what waits in some moments and is not set aside, the most urgent first."""
    aside = _aside(work, whose)
    return [
        one
        for one in _all(work, whose)
        if one.severity is Severity.PRIORITY or aside.get((one.moment, one.id)) != one.mark
    ]


def _aside(work: ReadTransaction, whose: Whose) -> dict[tuple[int, str], int]:
    """Return the marks that matters had when they were set aside until a later day."""
    rows = work.db.rows(
        "SELECT a.moment_id, a.matter, a.mark FROM moment m"
        " JOIN setaside a ON a.resident_id = m.resident_id AND a.moment_id = m.id"
        f" WHERE {whose.where} AND a.until > :today",
        **whose.parameters,
        today=work.today.isoformat(),
    )
    return {(moment, matter): mark for moment, matter, mark in rows}


def _all(work: ReadTransaction, whose: Whose) -> list[Matter]:
    flags = list(_flags(work, whose))
    lifted = {flag.conversation: flag for flag in flags if flag.conversation is not None}
    answers = {flag.answer for flag in flags if flag.answer is not None}
    messages = [_lifted(message, lifted.get(message.conversation or 0)) for message in _messages(work, whose)]
    own = [flag for flag in flags if flag.conversation is None]
    forms = [form for form in _forms(work, whose) if form.answer not in answers]
    return sorted((*own, *messages, *forms), key=lambda matter: matter.order)


def _lifted(message: Matter, flag: Matter | None) -> Matter:
    """A message that a flag points at stands once, with the flag's severity."""
    return message if flag is None else replace(message, severity=flag.severity, flag=flag.flag)


_WHO = "m.id, r.id, r.family_name || ', ' || r.given_name, r.protection <> '', v.title, s.hsa_id"
_FROM = (
    " FROM moment m JOIN resident r ON r.id = m.resident_id JOIN programversion v ON v.id = m.version_id"
    " JOIN staff s ON s.id = m.responsible_id"
)


def _flags(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    rows = work.db.rows(
        f"SELECT {_WHO}, f.id, f.kind, f.about, f.severity, f.reason, f.raised_at, f.due_on{_FROM}"
        " JOIN flag f ON f.resident_id = m.resident_id AND f.moment_id = m.id"
        f" WHERE {whose.where} AND f.handled_at IS NULL AND (f.due_on <= :today OR f.severity = 'prioriterad')",
        **whose.parameters,
        today=work.today.isoformat(),
    )
    for *who, flag, kind, about, severity, reason, raised_at, due_on in rows:
        since = _since(raised_at, due_on, Severity(severity))
        found = Matter(f"flagga-{flag}", *_who(who), KINDS[FlagKind(kind)], reason, since, Severity(severity), flag)
        yield replace(found, **_source(FlagKind(kind), about))


def _since(raised_at: int, due_on: str, severity: Severity) -> int:
    """Return since when a flag is a matter."""
    if not due_on or severity is Severity.PRIORITY:
        return raised_at
    return max(raised_at, start_of(date.fromisoformat(due_on)))


def _source(kind: FlagKind, about: str) -> dict[str, Any]:
    match kind:
        case FlagKind.ANSWER | FlagKind.WORSE:
            return {"answer": int(about)}
        case FlagKind.UNANSWERED:
            return {"conversation": int(about)}
        case FlagKind.FOLLOW_UP:
            return {"plan": int(about)}
        case FlagKind.MODULE:
            return {"module": about}
        case FlagKind.MISSING:
            return {"form": about}
    return {}


def _messages(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    """Conversations that wait. In maintenance nothing can be answered, but what is unread can be read."""
    rows = work.db.rows(
        f"SELECT {_WHO}, c.id, c.heading, CASE WHEN m.status = 'pagaende' THEN c.unanswered_at END, c.latest_at{_FROM}"
        " JOIN conversation c ON c.resident_id = m.resident_id AND c.moment_id = m.id"
        f" WHERE {whose.where} AND m.status <> 'avslutat'"
        " AND (c.unread > 0 OR (m.status = 'pagaende' AND c.unanswered_at IS NOT NULL))",
        **whose.parameters,
    )
    for *who, conversation, heading, unanswered_at, latest_at in rows:
        since = unanswered_at or latest_at
        yield Matter(
            f"meddelande-{conversation}",
            *_who(who),
            MESSAGE,
            f"Obesvarat: {heading}" if unanswered_at else f"Oläst: {heading}",
            since,
            conversation=conversation,
            is_unanswered=unanswered_at is not None,
            working_days=_working_days(work, since),
            mark=latest_at,
        )


def _forms(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    """Unread answers; those of a diary are one matter."""
    rows = work.db.rows(
        f"SELECT {_WHO}, a.id, m.version_id, a.form, a.installed_id, a.saved_at{_FROM}"
        " JOIN formanswer a ON a.resident_id = m.resident_id AND a.moment_id = m.id"
        f" WHERE {whose.where} AND m.status <> 'avslutat' AND a.read_at IS NULL ORDER BY a.saved_at, a.id",
        **whose.parameters,
    )
    diaries: dict[tuple[int, str], Matter] = {}
    forms: dict[tuple[Any, ...], Form] = {}
    for *who, answer, version_id, form_id, installed_id, saved_at in rows:
        key = (version_id, form_id, installed_id)
        form = forms.get(key) or forms.setdefault(key, form_in(work, *key))
        kind = HOMEWORK if form.plan.kind is FormKind.HOMEWORK else FORM
        found = Matter(f"formular-{answer}", *_who(who), kind, f"{form.title}, oläst", saved_at, form=form_id)
        if form.plan.kind is FormKind.DIARY:
            first = diaries.setdefault((who[0], form_id), found)
            diaries[who[0], form_id] = replace(first, mark=first.mark + 1)
        else:
            days = _working_days(work, saved_at) if kind == HOMEWORK else 0
            yield replace(found, form="", answer=answer, working_days=days)
    for diary in diaries.values():
        yield replace(diary, reason=f"{diary.reason}: {diary.mark} rader")


def _who(row: list[Any]) -> tuple[int, int, str, bool, str, str]:
    moment, resident, name, is_protected, title, clinician = row
    return moment, resident, name, bool(is_protected), title, clinician


def _working_days(work: ReadTransaction, since: int) -> int:
    return working_days_between(local_day(Instant(since)), work.today)
