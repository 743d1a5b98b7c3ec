"""What waits in a moment, as rows of *Att göra*: one matter, one row (domain.md §5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from store.care.claims import Taken, taken_on
from store.care.conversations import UNANSWERED
from store.care.duties import DutyKind
from store.care.forms import Form, form_in
from store.care.questionnaire.plan import FormKind
from store.foundation.clock import Instant, local_day
from store.foundation.flag_kinds import IS_URGENT, About, FlagKind, MatterKind, Severity
from store.foundation.read_transaction import ReadTransaction
from store.foundation.working_days import working_days_between


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
    kind: MatterKind
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
    is_safety_plan: bool = False
    """Whether it tells that the resident has changed the säkerhetsplan."""
    is_unanswered: bool = False
    """Whether the resident has written and waits for an answer."""
    handover: int | None = None
    """The moment's id where it is offered to the unit: nothing else of it can be opened yet."""
    duty: DutyKind | None = None
    """The unit's duty that it is; then there is no moment and no resident (0, and no name)."""
    is_overdue: bool = False
    """Whether a duty should have been done before today."""
    working_days: int = 0
    """How many have passed, where an answer is waited for."""
    taken: Taken | None = None
    """Who is on its flag right now."""
    attempts: int = 0
    """How often the resident was tried about its flag, and not reached."""
    next_attempt_at: int | None = None
    """When the resident is tried again, in UTC milliseconds; None too where that was not said."""
    stands_in_for: str = ""
    """Förnamn Efternamn of the ansvarig behandlare, where the one whose queue it is stands in today."""
    mark: int = 0
    """What tells whether something new has come to a matter that was set aside."""

    @property
    def is_of_a_page(self) -> bool:
        """Whether it opens a page of the moment's: an offer to the unit and a duty do not."""
        return self.handover is None and self.duty is None

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
        return (self.kind.rank, self.since, self.id)


@dataclass(frozen=True)
class Whose:
    """The moments that are asked about, as a condition on `m`, with its parameters."""

    where: str
    parameters: dict[str, Any]


WAITING = (
    f"({IS_URGENT} OR (m.status <> 'avslutat' AND (m.open_flags > 0 OR m.unread_forms > 0"
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


class _SetAside(NamedTuple):
    moment_id: int
    matter: str
    mark: int


def _aside(work: ReadTransaction, whose: Whose) -> dict[tuple[int, str], int]:
    """Return the marks that matters had when they were set aside until a later day."""
    rows = work.db.all(
        _SetAside,
        "SELECT a.moment_id, a.matter, a.mark FROM moment m"
        " JOIN setaside a ON a.resident_id = m.resident_id AND a.moment_id = m.id"
        f" WHERE {whose.where} AND a.until > :today",
        **whose.parameters,
        today=work.today.isoformat(),
    )
    return {(row.moment_id, row.matter): row.mark for row in rows}


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
    if flag is None:
        return message
    lifted = {name: getattr(flag, name) for name in ("severity", "flag", "taken", "attempts", "next_attempt_at")}
    return replace(message, **lifted)


@dataclass(frozen=True)
class _Row:
    """What every query of matters says of the moment: `_WHO`."""

    moment: int
    resident: int
    name: str
    protected: bool
    program_title: str
    clinician: str

    def matter(self, id: str, kind: MatterKind, reason: str, since: int, **what: Any) -> Matter:
        """Return a matter of the moment."""
        return Matter(
            id=id,
            moment=self.moment,
            resident=self.resident,
            name=self.name,
            protected=bool(self.protected),
            program_title=self.program_title,
            clinician=self.clinician,
            kind=kind,
            reason=reason,
            since=since,
            **what,
        )


_WHO = (
    "m.id AS moment, r.id AS resident, r.family_name || ', ' || r.given_name AS name,"
    " r.protection <> '' AS protected, v.title AS program_title, s.hsa_id AS clinician"
)
_FROM = (
    " FROM moment m JOIN resident r ON r.id = m.resident_id JOIN programversion v ON v.id = m.version_id"
    " JOIN staff s ON s.id = m.responsible_id"
)


@dataclass(frozen=True)
class _FlagRow(_Row):
    flag: int
    kind: str
    about: str
    severity: str
    reason: str
    waiting_since: int
    attempts: int
    next_attempt_at: int | None


def _flags(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    rows = work.db.all(
        _FlagRow,
        f"SELECT {_WHO}, f.id AS flag, f.kind, f.about, f.severity, f.reason, f.waiting_since,"
        f" f.attempts, f.next_attempt_at{_FROM}"
        " JOIN flag f ON f.resident_id = m.resident_id AND f.moment_id = m.id"
        f" WHERE {whose.where} AND f.handled_at IS NULL AND (f.due_on <= :today OR f.severity = :priority)",
        **whose.parameters,
        today=work.today.isoformat(),
        priority=Severity.PRIORITY.value,
    )
    taken = taken_on(work, work.actor.unit_id or 0) if rows else {}
    for row in rows:
        kind, severity = FlagKind(row.kind), Severity(row.severity)
        yield row.matter(
            f"flagga-{row.flag}",
            kind.facts.matter,
            row.reason,
            row.waiting_since,
            severity=severity,
            flag=row.flag,
            taken=taken.get(row.flag),
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at,
            **_source(kind.facts.about, row.about),
        )


def _source(about: About, named: str) -> dict[str, Any]:
    """Return what a flag came from, as `Matter` has it."""
    match about:
        case About.ANSWER:
            return {"answer": int(named)}
        case About.CONVERSATION:
            return {"conversation": int(named)}
        case About.PLAN:
            return {"plan": int(named)}
        case About.MODULE:
            return {"module": named}
        case About.FORM:
            return {"form": named}
        case About.SAFETY_PLAN:
            return {"is_safety_plan": True}
        case About.NOTHING:
            return {}


@dataclass(frozen=True)
class _ConversationRow(_Row):
    conversation: int
    heading: str
    unanswered_at: int | None
    latest_at: int


def _messages(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    """Conversations that wait. In maintenance nothing can be answered, but what is unread can be read.

    A held answer counts when it goes; to the one whose it is, at once: else the queue would lead back to it.
    """
    unanswered = f"CASE WHEN c.release_by = :reader THEN c.unanswered_then ELSE {UNANSWERED} END"
    rows = work.db.all(
        _ConversationRow,
        f"SELECT {_WHO}, c.id AS conversation, c.heading,"
        f" CASE WHEN m.status = 'pagaende' THEN {unanswered} END AS unanswered_at, c.latest_at{_FROM}"
        " JOIN conversation c ON c.resident_id = m.resident_id AND c.moment_id = m.id"
        f" WHERE {whose.where} AND m.status <> 'avslutat'"
        f" AND (c.unread > 0 OR (m.status = 'pagaende' AND {unanswered} IS NOT NULL))",
        **whose.parameters,
        now=work.now,
        reader=getattr(work.actor, "staff_id", 0),
    )
    for row in rows:
        since = row.unanswered_at or row.latest_at
        yield row.matter(
            f"meddelande-{row.conversation}",
            MatterKind.MESSAGE,
            f"{'Obesvarat' if row.unanswered_at else 'Oläst'}: {row.heading}",
            since,
            conversation=row.conversation,
            is_unanswered=row.unanswered_at is not None,
            working_days=_working_days(work, since),
            mark=row.latest_at,
        )


@dataclass(frozen=True)
class _AnswerRow(_Row):
    answer: int
    version_id: int
    form: str
    installed_id: int | None
    saved_at: int


def _forms(work: ReadTransaction, whose: Whose) -> Iterator[Matter]:
    """Unread answers; those of a diary are one matter."""
    rows = work.db.all(
        _AnswerRow,
        f"SELECT {_WHO}, a.id AS answer, m.version_id, a.form, a.installed_id, a.saved_at{_FROM}"
        " JOIN formanswer a ON a.resident_id = m.resident_id AND a.moment_id = m.id"
        f" WHERE {whose.where} AND m.status <> 'avslutat' AND a.read_at IS NULL ORDER BY a.saved_at, a.id",
        **whose.parameters,
    )
    diaries: dict[tuple[int, str], Matter] = {}
    forms: dict[tuple[Any, ...], Form] = {}
    for row in rows:
        key = (row.version_id, row.form, row.installed_id)
        form = forms.get(key) or forms.setdefault(key, form_in(work, *key))
        kind = MatterKind.HOMEWORK if form.plan.kind is FormKind.HOMEWORK else MatterKind.FORM
        found = row.matter(f"formular-{row.answer}", kind, f"{form.title}, oläst", row.saved_at, form=row.form)
        if form.plan.kind is FormKind.DIARY:
            first = diaries.setdefault((row.moment, row.form), found)
            diaries[row.moment, row.form] = replace(first, mark=first.mark + 1)
        else:
            days = _working_days(work, row.saved_at) if kind is MatterKind.HOMEWORK else 0
            yield replace(found, form="", answer=row.answer, working_days=days)
    for diary in diaries.values():
        yield replace(diary, reason=f"{diary.reason}: {diary.mark} rader")


def _working_days(work: ReadTransaction, since: int) -> int:
    return working_days_between(local_day(Instant(since)), work.today)
