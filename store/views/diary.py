"""A sleep diary as a table by day, with what was refused among the rows (domain.md §6)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from store.care.acts import ActKind, record_act
from store.care.drafts import handles_by_opening
from store.care.form_answers import unread_answers
from store.care.forms import Form, own_forms
from store.care.moments import MomentSubject, load_moment, moment_subject
from store.care.questionnaire.answers import from_json, shown
from store.care.questionnaire.plan import DiaryRoles, FormKind
from store.care.questionnaire.shape import Item
from store.care.read_state import set_answer_read
from store.care.sleep_diary import ImplausibleNight, Night, check_day, check_overlap, sleep_of
from store.foundation.access import Action, DataCategory
from store.foundation.clock import Instant, local_day
from store.foundation.operation import operation
from store.foundation.work import ReadTransaction, Work
from store.views.moment import SEES


@dataclass(frozen=True)
class DiaryRow:
    """One entry. `day` is the morning it is about, ISO; `values` are as shown, one for each of the diary's columns.

    One that was refused stands as it came (`raw`) with the reason (`fault`); `answer_id` and `night` are None then.
    """

    day: str
    at: int
    """When it came, UTC milliseconds."""
    values: tuple[str, ...] = ()
    answer_id: int | None = None
    night: Night | None = None
    raw: str = ""
    fault: str = ""
    is_mended: bool = False
    """Whether a right entry for the same day has come after a refused one."""
    doubt: str = ""
    """Why a saved entry counts in no mean: it can hardly be so."""
    replaced: int = 0
    """How many earlier entries for the same day it took the place of."""

    @property
    def note(self) -> str:
        """What must be known of a saved entry; empty for most."""
        doubt = f"Räknas inte: {self.doubt}" if self.doubt else ""
        rows = "en tidigare rad" if self.replaced == 1 else f"{self.replaced} tidigare rader"
        return " ".join(part for part in (doubt, f"Ersatte {rows}." if self.replaced else "") if part)


@dataclass(frozen=True)
class Diary:
    """A diary form of a moment, a row an entry, by day, the newest first."""

    form: str
    title: str
    caution: str
    columns: tuple[str, ...]
    """The questions' texts."""
    headings: tuple[str, ...]
    """The same, short enough to head a column."""
    rows: tuple[DiaryRow, ...]


def summary(rows: Iterable[DiaryRow]) -> str:
    """Return what the nights amount to: `9 nätter: sömn i snitt 5 h 05 min, sömneffektivitet 73 %`; empty for none.

    The efficiency is all that was slept of all the time in bed, so a short night weighs no more than its hours.
    """
    nights = [row.night for row in rows if row.night]
    if not nights:
        return ""
    asleep, in_bed = sum(night.asleep_minutes for night in nights), sum(night.in_bed_minutes for night in nights)
    hours, minutes = divmod(round(asleep / len(nights)), 60)
    number = "1 natt" if len(nights) == 1 else f"{len(nights)} nätter"
    return f"{number}: sömn i snitt {hours} h {minutes:02d} min, sömneffektivitet {round(100 * asleep / in_bed)} %"


@operation("Öppna dagböcker", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def open_diary(work: Work, moment: MomentSubject, *, covers: bool = False) -> bool:
    """Note that a moment's diaries are opened: the ansvarig behandlare, or who `covers`, has handled their rows.

    Returns whether any became read by that.
    """
    if not handles_by_opening(work, moment, covers=covers):
        return False
    read = [answer for form in _forms(work, moment) for answer in unread_answers(work, moment, form.id)]
    for answer in read:
        set_answer_read(work, load_moment(work, moment.moment_id), answer)
    if read:
        record_act(work, moment, ActKind.READ, answers=read)
    return bool(read)


@operation("Läsa dagböcker", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def view_diary(work: ReadTransaction, moment: MomentSubject) -> tuple[Diary, ...]:
    """Return the diaries and leave their rows as unread as they were."""
    return diaries_in(work, moment)


@operation("Läsa öppnade dagböcker", may=SEES, action=None, category=DataCategory.FORMS, on=moment_subject)
def diaries_of(work: ReadTransaction, moment: MomentSubject) -> tuple[Diary, ...]:
    """Return the diaries of the moment's program, which were opened."""
    return diaries_in(work, moment)


def diaries_in(work: ReadTransaction, moment: MomentSubject) -> tuple[Diary, ...]:
    """Return the diaries; part of operations, which check who may and log it."""
    return tuple(_diary(work, moment, form, form.plan.diary) for form in _forms(work, moment) if form.plan.diary)


def _forms(work: ReadTransaction, moment: MomentSubject) -> list[Form]:
    return [form for form in own_forms(work, moment) if form.plan.kind is FormKind.DIARY]


def _diary(work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles) -> Diary:
    questions = [item for item in form.questionnaire.items if item.is_question and item.link_id != roles.day]
    kept = _kept(work, moment, form, roles, questions)
    rows = sorted(kept + _refused(work, moment, form, roles, kept), key=lambda row: (row.day, row.at), reverse=True)
    columns, headings = tuple(item.text for item in questions), tuple(_heading(item) for item in questions)
    return Diary(form.id, form.title, form.plan.caution, columns, headings, tuple(rows))


def _heading(item: Item) -> str:
    """The linkId as a word: in a file that we write it is short and says what the question is about."""
    return item.link_id.replace("-", " ").capitalize()


def _kept(
    work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles, questions: list[Item]
) -> list[DiaryRow]:
    """The saved entries; the last one of a day is the one that counts."""
    rows = work.db.all(
        _Saved,
        "SELECT id, saved_at, answers FROM formanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form ORDER BY saved_at, id",
        **_place(moment, form),
    )
    first, today = local_day(_started_at(work, moment)), local_day(work.now)
    found: dict[str, DiaryRow] = {}
    nights: dict[str, Night] = {}
    for row in rows:
        answers = from_json(row.answers)
        single = {link: values[0] for link, values in answers.items() if values}
        values = tuple(", ".join(shown(item, value) for value in answers.get(item.link_id, ())) for item in questions)
        day = str(single.get(roles.day) or local_day(Instant(row.saved_at)))
        nights.pop(day, None)
        night, doubt = _night(roles, single, nights, first, today)
        replaced = found[day].replaced + 1 if day in found else 0
        found[day] = DiaryRow(day, row.saved_at, values, row.id, night, doubt=doubt, replaced=replaced)
        if night:
            nights[day] = night
    return list(found.values())


def _night(
    roles: DiaryRoles, single: Mapping[str, object], others: Mapping[str, Night], first: date, today: date
) -> tuple[Night | None, str]:
    """Return the night of an entry, or why it can hardly be one: what is saved stays, but counts in no mean."""
    try:
        night = sleep_of(roles, single)
        check_day(roles, single, first, today)
        if night:
            check_overlap(roles, night, others)
    except ImplausibleNight as fault:
        return None, str(fault)
    return night, ""


def _started_at(work: ReadTransaction, moment: MomentSubject) -> Instant:
    return Instant(work.db.value("SELECT started_at FROM moment WHERE id = :id", id=moment.moment_id))


class _Saved(NamedTuple):
    id: int
    saved_at: int
    answers: str


class _Refused(NamedTuple):
    at: int
    raw: str
    reason: str


def _refused(
    work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles, kept: list[DiaryRow]
) -> list[DiaryRow]:
    rows = work.db.all(
        _Refused,
        "SELECT at, raw, reason FROM refusedanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form ORDER BY at, id",
        **_place(moment, form),
    )
    mended = {(row.day, row.at) for row in kept}
    found = []
    for row in rows:
        day = _day_in(row.raw, roles) or local_day(Instant(row.at)).isoformat()
        is_mended = any(day == right and row.at <= later for right, later in mended)
        found.append(DiaryRow(day, row.at, raw=row.raw, fault=row.reason, is_mended=is_mended))
    return found


def _day_in(raw: str, roles: DiaryRoles) -> str:
    """The day that a refused entry says it is about, where it can be told."""
    try:
        value = json.loads(raw)[roles.day]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ""
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) else ""


def _place(moment: MomentSubject, form: Form) -> dict[str, object]:
    return {"resident": moment.resident_id, "moment": moment.moment_id, "form": form.id}
