"""One occasion of a form as the clinician reads it (domain.md §4, §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.care.acts import ActKind, record_act
from store.care.drafts import handles_by_opening
from store.care.form_answers import stored_answer
from store.care.forms import Form, answered_form
from store.care.moments import MomentSubject, moment_subject
from store.care.questionnaire.answers import Answers, asked, from_json, shown
from store.care.questionnaire.places import in_places
from store.care.questionnaire.risks import risks_of
from store.care.questionnaire.shape import ItemType
from store.care.read_state import set_answer_read
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.residents import known_person
from store.views.moment import SEES
from store.views.scores import ScoreLine, score_line


@dataclass(frozen=True)
class AnswerLine:
    """A question and its answer, or a group's heading. `values` are as shown, empty where nothing was answered."""

    link_id: str
    text: str
    type: ItemType
    depth: int
    values: tuple[str, ...] = ()
    is_risk: bool = False
    """Whether the answer is a risk by the form's own rules."""
    is_asked: bool = True
    """Whether the question was asked at all, by its conditions."""


class EarlierAnswer(NamedTuple):
    """What the resident has answered to a question before. `saved_at` in UTC milliseconds."""

    link_id: str
    saved_at: int
    values: tuple[str, ...]
    is_risk: bool


@dataclass(frozen=True)
class RiskHelp:
    """What is needed at once with a risk answer (domain.md §4)."""

    instruction: str
    """What the unit does; empty where it has not said."""
    mobile: str | None
    """The resident's mobile number, empty where there is none; None where the resident is protected: it is masked."""
    earlier: tuple[EarlierAnswer, ...]
    """Earlier answers to the questions whose answers are risks now, the newest first."""

    def earlier_to(self, link_id: str) -> tuple[EarlierAnswer, ...]:
        """Return those to one question."""
        return tuple(one for one in self.earlier if one.link_id == link_id)


@dataclass(frozen=True)
class FormPage:
    """One occasion of a form. Instants are UTC milliseconds; `previous` and `following` are other occasions' ids."""

    id: int
    form: str
    title: str
    kind: str
    """A `FormKind`."""
    caution: str
    saved_at: int
    saved_by: str
    read_at: int | None
    read_by: str
    lines: tuple[AnswerLine, ...]
    scores: tuple[ScoreLine, ...]
    occasion: int
    """1 for the first."""
    occasions: int
    previous: int | None
    following: int | None
    is_mine: bool
    """Whether the one who looks is ansvarig behandlare."""
    is_covered: bool
    """Whether the one who looks stands in for the ansvarig behandlare."""
    asks_about_risk: bool
    help: RiskHelp | None
    """None where no answer is a risk."""

    @property
    def risks(self) -> tuple[AnswerLine, ...]:
        """The answers that are a risk."""
        return tuple(line for line in self.lines if line.is_risk)


@operation("Öppna ett formulärsvar", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def open_answer(work: Work, moment: MomentSubject, answer: int, *, covers: bool = False) -> bool:
    """Note that an answer is opened: the ansvarig behandlare, or who `covers`, has handled it (domain.md §4).

    Returns whether it became read by that.
    """
    is_read = stored_answer(work, moment, answer).read_at is None and handles_by_opening(work, moment, covers=covers)
    if is_read:
        set_answer_read(work, moment, answer)
        record_act(work, moment, ActKind.READ, answers=[answer])
    return is_read


@operation("Läsa ett formulärsvar", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def view_answer(work: ReadTransaction, moment: MomentSubject, answer: int) -> FormPage:
    """Return an answer and leave it as unread as it was."""
    return page_of(work, moment, answer)


@operation("Läsa om ett öppet formulärsvar", may=SEES, action=None, category=DataCategory.FORMS, on=moment_subject)
def answer_page(work: ReadTransaction, moment: MomentSubject, answer: int) -> FormPage:
    """Return an answer that was opened."""
    return page_of(work, moment, answer)


def page_of(work: ReadTransaction, moment: MomentSubject, answer: int) -> FormPage:
    """Return an answer; part of operations, which check who may and log it."""
    kept = stored_answer(work, moment, answer)
    form = answered_form(work, moment, kept.form, kept.installed_id)
    answers = from_json(kept.answers)
    others = _occasions(work, moment, kept.form, kept.installed_id)
    place = [one for one, _, _ in others].index(answer)
    lines = _lines(form, answers)
    return FormPage(
        id=answer,
        form=kept.form,
        title=form.title,
        kind=form.plan.kind,
        caution=form.plan.caution,
        saved_at=kept.saved_at,
        saved_by=kept.saved_by,
        read_at=kept.read_at,
        read_by=kept.read_by,
        lines=lines,
        scores=tuple(score_line(form, scale, answers, others[:place]) for scale in form.plan.scales),
        occasion=place + 1,
        occasions=len(others),
        previous=others[place - 1][0] if place else None,
        following=others[place + 1][0] if place + 1 < len(others) else None,
        is_mine=Standing.RESPONSIBLE in work.actor.standing(moment),
        is_covered=Standing.SUBSTITUTE in work.actor.standing(moment),
        asks_about_risk=form.plan.has_risks,
        help=_help(work, moment, form, lines, others[:place]),
    )


def _help(
    work: ReadTransaction,
    moment: MomentSubject,
    form: Form,
    lines: Sequence[AnswerLine],
    before: Sequence[tuple[int, int, Answers]],
) -> RiskHelp | None:
    """Return what is needed with a risk answer; `before` are the earlier occasions, the oldest first."""
    links = [line.link_id for line in lines if line.is_risk]
    if not links:
        return None
    someone = known_person(work.db, moment.resident_id)
    return RiskHelp(
        instruction=str(work.db.value("SELECT risk_instruction FROM unit WHERE id = :unit", unit=moment.unit_id)),
        mobile=None if someone.is_protected else someone.mobile,
        earlier=tuple(
            EarlierAnswer(line.link_id, saved_at, line.values, line.is_risk)
            for _, saved_at, answers in reversed(before)
            for line in _lines(form, answers)
            if line.link_id in links and line.values
        ),
    )


def _occasions(
    work: ReadTransaction, moment: MomentSubject, form: str, installed_id: int | None
) -> list[tuple[int, int, Answers]]:
    """All occasions of the form in the same version, the oldest first."""
    rows = work.db.all(
        _Saved,
        "SELECT id, saved_at, answers FROM formanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form AND coalesce(installed_id, 0) = :installed ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form,
        installed=installed_id or 0,
    )
    return [(row.id, row.saved_at, from_json(row.answers)) for row in rows]


class _Saved(NamedTuple):
    id: int
    saved_at: int
    answers: str


def _lines(form: Form, answers: Answers) -> tuple[AnswerLine, ...]:
    """Return the lines, nested answers each under its own; what nobody was asked stands only where it has a value."""
    asked_for = asked(form.questionnaire, answers)
    risks = risks_of(form.questionnaire, form.plan, answers)
    return tuple(
        AnswerLine(
            item.link_id,
            item.text,
            item.type,
            item.depth,
            tuple(shown(item, value) for value in values),
            any(value in risks.get(item.link_id, ()) for value in values),
            item.link_id in asked_for,
        )
        for item, values in in_places(form.questionnaire, answers)
        if item.is_put or values
    )
