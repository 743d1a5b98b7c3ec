"""A sleep diary as a table by day, with what was refused among the rows (domain.md §6)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
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
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.views.moment import SEES
from store.views.refused_rows import reason_words, refused_words

_WEEK = 7
"""Mornings that a week's mean reaches over."""
_MOST_APART = 2
"""Days from one night to the next without a gap: one morning that was forgotten is none."""
_ALL = 2**31
"""More entries than a diary can have."""


@dataclass(frozen=True)
class DiaryRow:
    """One entry. `day` is the morning it is about, ISO; `values` are as shown, one for each of the diary's columns.

    One that was refused stands as it came (`raw`) and in words, with the reason (`fault`); `answer_id` and `night` are
    None then.
    """

    day: str
    at: int
    """When it came, UTC milliseconds."""
    values: tuple[str, ...] = ()
    answer_id: int | None = None
    night: Night | None = None
    raw: str = ""
    words: str = ""
    fault: str = ""
    why: str = ""
    """Why it was refused, without the questions' linkIds: what is read on screen."""
    is_mended: bool = False
    """Whether a right entry for the same day has come after a refused one."""
    doubt: str = ""
    """Why a saved entry counts in no mean: it can hardly be so."""
    replaced: int = 0
    """How many earlier entries for the same day it took the place of."""

    @property
    def morning(self) -> date | None:
        """The day it is about; None where what stands there is none."""
        try:
            return date.fromisoformat(self.day)
        except ValueError:
            return None

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
    method: str = ""
    """How time in bed and efficiency are computed, with the source."""
    schedule_since: date | None = None
    """The day on which the times in bed were agreed last; the nights from the next morning on are by them."""


class Week(NamedTuple):
    """The latest nights that can be put into one mean, and the days of the first and the last."""

    nights: tuple[DiaryRow, ...]
    first: date
    last: date
    why_short: str
    """Why it begins later than a week before its end, in a sentence; empty where it doesn't."""

    @property
    def days(self) -> int:
        """How many mornings it reaches over."""
        return (self.last - self.first).days + 1


def latest_week(diary: Diary) -> Week | None:
    """Return a diary's latest week: the nights of seven mornings, the latest night's the last; None without a night.

    Nights on both sides of a gap, or of new times in bed, are two periods: no mean is taken over both.
    """
    nights = [(day, row) for row in diary.rows if row.night and (day := row.morning)]
    if not nights:
        return None
    last, found, why_short = nights[0][0], nights[:1], ""
    since = diary.schedule_since
    for day, row in nights[1:]:
        if (last - day).days >= _WEEK:
            break
        if (found[-1][0] - day).days > _MOST_APART:
            why_short = "Nätterna före uppehållet räknas inte med."
            break
        if since and day <= since < last:
            why_short = f"Nätterna före de nya tiderna ({since}) räknas inte med."
            break
        found.append((day, row))
    return Week(tuple(row for _, row in found), found[-1][0], last, why_short)


def summary(rows: Iterable[DiaryRow]) -> str:
    """Return what the nights amount to: `9 nätter: sömn i snitt 5 h 05 min, sömneffektivitet 73 %`; empty for none.

    The efficiency is all that was slept of all the time in bed, so a short night weighs no more than its hours.
    """
    nights = [row.night for row in rows if row.night]
    if not nights:
        return ""
    hours, minutes = divmod(round(sum(night.asleep_minutes for night in nights) / len(nights)), 60)
    number = "1 natt" if len(nights) == 1 else f"{len(nights)} nätter"
    return f"{number}: sömn i snitt {hours} h {minutes:02d} min, sömneffektivitet {efficiency(nights)} %"


def efficiency(nights: Sequence[Night]) -> int:
    """Return how much of all the time in bed of one night or more was slept, in whole percent."""
    return round(100 * sum(night.asleep_minutes for night in nights) / sum(night.in_bed_minutes for night in nights))


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


def diaries_in(work: ReadTransaction, moment: MomentSubject, latest: int = _ALL) -> tuple[Diary, ...]:
    """Return the diaries, or their `latest` entries alone; part of operations, which check who may and log it."""
    forms = [(form, form.plan.diary) for form in _forms(work, moment) if form.plan.diary]
    return tuple(_diary(work, moment, form, roles, latest) for form, roles in forms)


def _forms(work: ReadTransaction, moment: MomentSubject) -> list[Form]:
    return [form for form in own_forms(work, moment) if form.plan.kind is FormKind.DIARY]


def _diary(work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles, latest: int) -> Diary:
    questions = [item for item in form.questionnaire.items if item.is_question and item.link_id != roles.day]
    kept = _kept(work, moment, form, roles, questions, latest)
    refused = _refused(work, moment, form, roles, kept, latest)
    rows = sorted(kept + refused, key=lambda row: (row.day, row.at), reverse=True)
    columns, headings = tuple(item.text for item in questions), tuple(item.heading for item in questions)
    since = _schedule_since(work, moment, roles.schedule) if roles.schedule else None
    return Diary(form.id, form.title, form.plan.caution, columns, headings, tuple(rows), _method(roles), since)


def _method(roles: DiaryRoles) -> str:
    begins = "att invånaren gick till sängs" if roles.in_bed else "att invånaren släckte"
    otherwise = ", eller släckte där det inte är ifyllt," if roles.in_bed else ""
    return (
        f"Sömneffektivitet är sömntiden delad med tiden i sängen, från {begins}{otherwise} till uppstigningen "
        "(Carney m.fl. 2012, The Consensus Sleep Diary)."
    )


def _schedule_since(work: ReadTransaction, moment: MomentSubject, form: str) -> date | None:
    at = work.db.value(
        "SELECT max(saved_at) FROM formanswer WHERE resident_id = :resident AND moment_id = :moment AND form = :form",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form,
    )
    return None if at is None else local_day(Instant(at))


def _kept(
    work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles, questions: list[Item], latest: int
) -> list[DiaryRow]:
    """Return the entries that were saved last; the last one of a day is the one that counts."""
    rows = work.db.all(
        _Saved,
        "SELECT id, saved_at, answers FROM formanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form ORDER BY saved_at DESC, id DESC LIMIT :latest",
        **_place(moment, form),
        latest=latest,
    )
    first, today = local_day(_started_at(work, moment)), local_day(work.now)
    found: dict[str, DiaryRow] = {}
    nights: dict[str, Night] = {}
    for row in reversed(rows):
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
    work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles, kept: list[DiaryRow], latest: int
) -> list[DiaryRow]:
    rows = work.db.all(
        _Refused,
        "SELECT at, raw, reason FROM refusedanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form ORDER BY at DESC, id DESC LIMIT :latest",
        **_place(moment, form),
        latest=latest,
    )
    mended = {(row.day, row.at) for row in kept}
    found = []
    for row in reversed(rows):
        day = _day_in(row.raw, roles) or local_day(Instant(row.at)).isoformat()
        is_mended = any(day == right and row.at <= later for right, later in mended)
        items = form.questionnaire.items
        words, why = refused_words(row.raw, items), reason_words(row.reason, items)
        found.append(DiaryRow(day, row.at, raw=row.raw, words=words, fault=row.reason, why=why, is_mended=is_mended))
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
