"""Which answers to a unit's own form are a risk, named when the form is there already (*Enhet*; domain.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.care.forms import Form, form_on_unit
from store.care.installed_forms import add_version, installed_on, risks_named, warned_of_risks
from store.care.questionnaire.risks import question_words, rule_text, said_of
from store.foundation.access import Action, Role, Standing, Who
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work

_MAY: frozenset[Who] = frozenset({Role.ACCESS_ADMIN, Standing.OPERATOR})


@dataclass(frozen=True)
class FormRisks:
    """A form of the unit's, and which answers to it raise a prioriterad flagga."""

    form: str
    title: str
    questions: tuple[tuple[str, str], ...]
    """Each question's linkId and words."""
    named: tuple[str, ...]
    """The answers that the unit has named, `LINKID=VÄRDE` each."""
    said: tuple[str, ...]
    """Which answers raise a flag, in the questions' words, those of known scores too."""


@operation("Se risksvaren i enhetens formulär", may=_MAY, action=None)
def form_risks(work: ReadTransaction) -> list[FormRisks]:
    """Return the forms of the unit of the one who acts, or those of every unit, in the order of their titles."""
    titles = installed_on(work, work.actor.unit_id)
    return [_shown(form_on_unit(work, work.actor.unit_id, form)) for form in sorted(titles, key=titles.__getitem__)]


@operation("Ange risksvaren i ett av enhetens formulär", may=_MAY, action=Action.CHANGED)
def name_form_risks(work: Work, form: str, risks: Sequence[str], *, confirmed: bool = False) -> None:
    """Say anew which answers to a form raise a prioriterad flagga: a new version of the form, for answers from now on.

    Args:
        form: its id.
        risks: `LINKID=VÄRDE` each, as at the installation; none takes away all but those of known scores.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: there is no such form, an answer is none, or they are those there were.
        NeedsConfirmation: a question looks like one of risk, and no answer to it raises a flag.
    """
    there = form_on_unit(work, work.actor.unit_id, form)
    asks = there.questionnaire
    plan = replace(there.plan, risks=risks_named(asks, risks))
    if plan == there.plan:
        raise Refused("Risksvaren är de som redan gäller.", field="risk")
    if (warnings := warned_of_risks(asks, plan)) and not confirmed:
        raise NeedsConfirmation(warnings, field="risk")
    work.log(Action.CHANGED, details=f"formulär {form}: risksvar {', '.join(risks) or 'inga'}")
    add_version(work, form, there.title, there.file, plan)


def _shown(form: Form) -> FormRisks:
    asks = form.questionnaire
    return FormRisks(
        form.id,
        form.title,
        tuple((item.link_id, question_words(item)) for item in asks.items if item.is_question and item.is_put),
        tuple(rule_text(asks, rule) for rule in form.plan.risks),
        tuple(said_of(asks, form.plan)),
    )
