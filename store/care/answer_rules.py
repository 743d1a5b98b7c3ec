"""What an answer raises, in the transaction that saves it: a risk, and reliable worsening (domain.md §4, §6)."""

from collections.abc import Sequence

from store.care.flags import Cause, close_flags, raise_flag
from store.care.forms import Form
from store.care.moments import MomentSubject, change_moment
from store.care.questionnaire.answers import Answers
from store.care.questionnaire.change import WORSE, change_between
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import figure, greatest, risks_in, score_of, weight
from store.foundation.errors import InvariantBroken
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.work import Work


def judge_answer(
    work: Work, moment: MomentSubject, form: Form, answer: int, answers: Answers, before: Sequence[Answers]
) -> None:
    """Raise what an answer says; `before` are the earlier ones, the oldest first. What was missing is so no more."""
    for scale in form.plan.scales:
        for link in risks_in(form.questionnaire, scale, answers):
            raise_flag(work, moment, _risk(form, answer, answers, link))
        if said := _worsening(form, scale, answers, before):
            key = f"{answer}:{scale.title}"
            raise_flag(work, moment, Cause(FlagKind.WORSE, Severity.WARNING, said, str(answer), key))
    close_flags(work, moment, FlagKind.MISSING, about=form.id, why="Formuläret är besvarat.")
    change_moment(work, moment, forms_look_at=work.now)


def _risk(form: Form, answer: int, answers: Answers, link: str) -> Cause:
    item = form.questionnaire.item(link)
    if item is None:
        raise InvariantBroken(f"{form.id} has no question {link}, which is scored as a risk")
    given = max(weight(item, value) or 0 for value in answers[link])
    most = greatest(form.questionnaire, (link,))
    reason = f"Svar på fråga {link} i {form.title}: {figure(given)} av {figure(most)}"
    return Cause(FlagKind.ANSWER, Severity.PRIORITY, reason, str(answer), f"{answer}:{link}")


def _worsening(form: Form, scale: Scale, answers: Answers, before: Sequence[Answers]) -> str:
    """Return that a score is reliably worse than the last or the first time, with both figures; else nothing."""
    now = score_of(form.questionnaire, scale, answers).value
    scores = [score_of(form.questionnaire, scale, given).value for given in before]
    earlier = [score for score in scores if score is not None]
    if now is None or not earlier:
        return ""
    for then in (earlier[-1], earlier[0]):
        if change_between(scale, then, now).is_worse:
            return f"{scale.title} {figure(then)} → {figure(now)} ({WORSE})"
    return ""
