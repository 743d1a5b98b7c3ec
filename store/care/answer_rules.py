"""What an answer raises, in the transaction that saves it: a risk, and reliable worsening (domain.md §4, §6)."""

import re
from collections.abc import Sequence

from store.care.flags import Cause, close_flags, raise_flag
from store.care.forms import Form
from store.care.moments import MomentSubject, change_moment
from store.care.questionnaire.answers import Answers
from store.care.questionnaire.change import change_between
from store.care.questionnaire.risks import risks_of
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import figure, greatest, score_of, weight
from store.care.questionnaire.shape import Item, Value
from store.care.questionnaire.values import shown
from store.foundation.errors import InvariantBroken
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.work import Work

_NUMBER = re.compile(r"[0-9]{1,3}[a-z]?")
"""A linkId that is the question's number, as it stands on paper."""
_MOST_WORDS = 100


def judge_answer(
    work: Work, moment: MomentSubject, form: Form, answer: int, answers: Answers, before: Sequence[Answers]
) -> None:
    """Raise what an answer says; `before` are the earlier ones, the oldest first. What was missing is so no more."""
    for link, values in risks_of(form.questionnaire, form.plan, answers).items():
        raise_flag(work, moment, _risk(form, answer, link, values))
    for scale in form.plan.scales:
        if said := _worsening(form, scale, answers, before):
            key = f"{answer}:{scale.title}"
            raise_flag(work, moment, Cause(FlagKind.WORSE, Severity.WARNING, said, str(answer), key))
    close_flags(work, moment, FlagKind.MISSING, about=form.id, why="Formuläret är besvarat.")
    change_moment(work, moment, forms_look_at=work.now)


def _risk(form: Form, answer: int, link: str, values: Sequence[Value]) -> Cause:
    """Return a flag whose reason says the answer in words, then the question by its number and its words.

    The answer comes first: where a row has little room, that is what is left.
    """
    item = form.questionnaire.item(link)
    if item is None:
        raise InvariantBroken(f"{form.id} has no question {link}, which is a risk")
    words = item.text.split("\n")[0].strip()
    question = f"fråga {link} i {form.title}" if _NUMBER.fullmatch(link) or not words else form.title
    figures = _figures(form, item, values)
    reason = f"Svar ”{_cut(_answer(item, values))}” på {question}{figures}{f' – {_cut(words)}' if words else ''}"
    return Cause(FlagKind.ANSWER, Severity.PRIORITY, reason, str(answer), f"{answer}:{link}")


def _cut(words: str) -> str:
    return f"{words[:_MOST_WORDS]}…" if len(words) > _MOST_WORDS else words


def _answer(item: Item, values: Sequence[Value]) -> str:
    """Return the answer as it was given, on one line."""
    return " ".join(", ".join(shown(item, value) for value in values).split())


def _figures(form: Form, item: Item, values: Sequence[Value]) -> str:
    """Return the gravest answer as a figure of the greatest that there can be, in brackets; nothing without one."""
    most = greatest(form.questionnaire, (item.link_id,))
    weights = [counted for value in values if (counted := weight(item, value)) is not None]
    return f" ({figure(max(weights))} av {figure(most)})" if most > 0 and weights else ""


def _worsening(form: Form, scale: Scale, answers: Answers, before: Sequence[Answers]) -> str:
    """Return that a score is worse, by the scale's limit, than the last or the first time, with figures; else ''."""
    now = score_of(form.questionnaire, scale, answers).value
    scores = [score_of(form.questionnaire, scale, given).value for given in before]
    earlier = [score for score in scores if score is not None]
    if now is None or not earlier:
        return ""
    for then in (earlier[-1], earlier[0]):
        change = change_between(scale, then, now)
        if change.is_worse:
            return f"{scale.title} {figure(then)} → {figure(now)} ({change.verdict})"
    return ""
