"""Reading what is exported: so many moments at a time, in the order of their ids, from one snapshot."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from store.care.export_choice import Choice, Count, Identity, Part, Wanted
from store.care.forms import Form, form_in
from store.care.questionnaire.answers import from_json
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.scoring import score_of
from store.export.pseudonyms import Pseudonyms
from store.export.records import (
    About,
    ActivityRow,
    Answered,
    AnswerRow,
    EventRow,
    Exported,
    FlagRow,
    Linked,
    MarkRow,
    MessageRow,
    MomentRow,
    PlanRow,
    Unit,
    Version,
    Who,
)
from store.foundation.access import Role
from store.foundation.clock import Instant, local_day
from store.foundation.connection import Connection
from store.foundation.events import EventKind
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction

AT_ONCE = 500
"""Moments that are in memory at a time."""

Row = TypeVar("Row", EventRow, MessageRow, FlagRow, PlanRow, ActivityRow, MarkRow, AnswerRow, Linked)


class Reading(NamedTuple):
    """What is exported: what stands first, and the moments as they come, so many at a time."""

    about: About
    portions: "Iterator[list[Exported]]"


@operation("Läsa det som exporteras", may={Role.DATA_ADMIN}, action=None)
def read_export(
    work: ReadTransaction, export: int, choice: Choice, count: Count, pseudonyms: Pseudonyms | None = None
) -> Reading:
    """Return what is exported, read as it is asked for while the transaction is open.

    Whoever takes a portion says in the log first whose moments they are, by `store.care.exports.export_moments`.

    Args:
        work: the transaction: one snapshot.
        export: its number.
        choice: what is in it.
        count: what `count_export` said.
        pseudonyms: where the identity is one.
    """
    unit = work.db.single(
        Unit,
        "SELECT u.hsa_id, u.name, p.hsa_id AS provider_hsa_id, p.name AS provider_name FROM unit u"
        " JOIN careprovider p ON p.id = u.provider_id WHERE u.id = :unit",
        unit=work.actor.unit_id,
    )
    versions = work.db.all(
        Version,
        "SELECT id, program, version, title FROM programversion WHERE program = :program ORDER BY id",
        program=choice.program,
    )
    about = About(export, work.now, choice, count, unit, {one.id: one for one in versions})
    return Reading(about, _Reader(work, choice, pseudonyms).portions(list(about.versions)))


class _Reader:
    """Reads the moments of an export, portion by portion."""

    def __init__(self, work: ReadTransaction, choice: Choice, pseudonyms: Pseudonyms | None) -> None:
        self._work = work
        self._db: Connection = work.db.unremembered()
        self._choice = choice
        self._pseudonyms = pseudonyms
        self._forms: dict[tuple[int, str, int | None], Form] = {}

    def portions(self, versions: Sequence[int]) -> Iterator[list[Exported]]:
        """Yield the moments, version by version."""
        wanted = Wanted(self._choice, self._work.actor.unit_id or 0)
        sql = f"{_MOMENT} WHERE {wanted.sql} AND m.version_id = :version AND m.id > :after ORDER BY m.id LIMIT :number"
        number = 0
        for version in versions:
            after = 0
            while True:
                rows = self._db.all(MomentRow, sql, **wanted.values, version=version, after=after, number=AT_ONCE)
                if rows:
                    after = rows[-1].id
                    yield self._portion(rows, number)
                    number += len(rows)
                if len(rows) < AT_ONCE:
                    break

    def _portion(self, rows: Sequence[MomentRow], number: int) -> list[Exported]:
        """Return moments with what was chosen of them; `number` came before."""
        parts = self._choice.parts
        among = ", ".join(str(row.id) for row in rows)
        linked = self._grouped(Linked, _LINKED, among)
        has_events, has_plans = Part.EVENTS in parts, Part.PLANS in parts
        events = self._grouped(EventRow, _EVENTS, among) if has_events else {}
        messages = self._grouped(MessageRow, _MESSAGES, among) if has_events else {}
        flags = self._grouped(FlagRow, _FLAGS, among) if has_events else {}
        plans = self._grouped(PlanRow, _PLANS, among) if has_plans else {}
        activities = self._grouped(ActivityRow, _ACTIVITIES, among) if has_plans else {}
        marks = self._grouped(MarkRow, _MARKS, among) if has_plans else {}
        has_forms = bool(parts & {Part.BATTERY, Part.OTHER_FORMS})
        answers = self._grouped(AnswerRow, _ANSWERS, among) if has_forms else {}
        return [
            Exported(
                number=place,
                row=row,
                who=self._who(row),
                linked=linked.get(row.id, ()),
                events=events.get(row.id, ()),
                messages=messages.get(row.id, ()),
                flags=flags.get(row.id, ()),
                plans=plans.get(row.id, ()),
                activities=activities.get(row.id, ()),
                marks=marks.get(row.id, ()),
                answers=self._answered(row, answers.get(row.id, ())),
            )
            for place, row in enumerate(rows, number + 1)
        ]

    def _grouped(self, kind: type[Row], sql: str, among: str) -> dict[int, list[Row]]:
        """Return what belongs to the moments with these ids, by moment."""
        found: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self._db.all(kind, sql.format(among=among, now=int(self._work.now))):
            found[row.moment].append(row)
        return found

    def _answered(self, row: MomentRow, answers: Sequence[AnswerRow]) -> list[Answered]:
        """Return those of a moment's answered forms that are chosen, with their scores."""
        found = []
        for one in answers:
            form = self._form(row.version_id, one.form, one.installed_id)
            is_battery = form.plan.kind is FormKind.BATTERY
            if (Part.BATTERY if is_battery else Part.OTHER_FORMS) not in self._choice.parts:
                continue
            given = from_json(one.answers)
            scores = [(scale, score_of(form.questionnaire, scale, given)) for scale in form.plan.scales]
            found.append(Answered(one.id, form, is_battery, one.saved_at, given, scores))
        return found

    def _form(self, version: int, form: str, installed: int | None) -> Form:
        key = (version, form, installed)
        if (found := self._forms.get(key)) is None:
            found = self._forms[key] = form_in(self._work, version, form, installed)
        return found

    def _who(self, row: MomentRow) -> Who:
        """Return what stands of a moment's resident."""
        if self._pseudonyms is not None:
            code = self._pseudonyms.of(row.personnummer)
            return Who(code, "", code, "", None, None, is_coordination=False, protection=row.protection)
        number = PersonalNumber(row.personnummer)
        started = local_day(Instant(row.started_at))
        sex, age = number.sex, number.age(started)
        if self._choice.identity is Identity.SEX_AND_AGE:
            return Who("", "", "", sex, age, None, is_coordination=False, protection=row.protection)
        return Who(
            row.given_name,
            row.family_name,
            number.value,
            sex,
            age,
            number.birth_date,
            is_coordination=number.is_coordination,
            protection=row.protection,
        )


_MOMENT = (
    "SELECT m.id, m.resident_id, m.version_id, m.status, m.started_at, m.ended_at, m.end_reason, m.last_active_at,"
    " r.personnummer, r.family_name, r.given_name, r.protection, s.hsa_id AS clinician_hsa_id,"
    " s.family_name AS clinician_family, s.given_name AS clinician_given, s.protection AS clinician_protection"
    " FROM moment m JOIN resident r ON r.id = m.resident_id JOIN staff s ON s.id = m.responsible_id"
)
_LINKED = (
    "SELECT m.id AS moment, o.id, v.title, o.status, o.started_at, o.ended_at FROM moment m"
    " JOIN moment o ON o.resident_id = m.resident_id AND o.unit_id = m.unit_id AND o.id <> m.id"
    " JOIN programversion v ON v.id = o.version_id WHERE m.id IN ({among}) ORDER BY o.started_at, o.id"
)
_MODULE_EVENTS = ", ".join(
    f"'{kind.value}'"
    for kind in (EventKind.MODULE_OPENED, EventKind.MODULE_SHOWN, EventKind.MODULE_HIDDEN, EventKind.STEP_READ)
)


def _of(table: str, columns: str, order: str, also: str = "") -> str:
    """Return the query of a table's rows that belong to moments, clustered by resident and moment."""
    return (
        f"SELECT t.moment_id AS moment, {columns} FROM moment m JOIN {table} t ON t.resident_id = m.resident_id"
        f" AND t.moment_id = m.id WHERE m.id IN ({{among}}){also} ORDER BY {order}"
    )


_EVENTS = _of("event", "t.at, t.kind, t.actor_kind, t.facts", "t.at, t.seq", f" AND t.kind IN ({_MODULE_EVENTS})")
_MESSAGES = _of("message", "t.id, t.sent_at, t.sender, t.read_at", "t.sent_at, t.id", " AND t.release_at <= {now}")
_FLAGS = _of("flag", "t.id, t.raised_at, t.kind, t.severity, t.handled_at", "t.raised_at, t.id")
_PLANS = _of("activityplan", "t.id, t.title, t.made_at, t.ended_at, t.follow_up_on", "t.made_at, t.id")
_ACTIVITIES = _of(
    "activity", "t.id, t.plan_id, t.description, t.starts_on, t.at, t.repeats, t.removed_on", "t.starts_on, t.id"
)
_MARKS = _of("activitymark", "t.activity_id, t.day, t.done, t.note", "t.day, t.activity_id")
_ANSWERS = _of("formanswer", "t.id, t.form, t.installed_id, t.answers, t.saved_at", "t.saved_at, t.id")
