"""How answers become a figure: named items, a checked maximum, bands (domain.md §6)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from store.care.questionnaire.conditions import Answers, asked
from store.care.questionnaire.nearest import nearest
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.shape import Item, ItemType, Questionnaire, Value
from store.foundation.errors import Refused

NUMBERS = (ItemType.INTEGER, ItemType.DECIMAL)


@dataclass(frozen=True)
class Score:
    """A figure in the scale's own units. `value` is None where it can't be made, and `why_not` says why."""

    value: float | None
    maximum: float
    band: str = ""
    why_not: str = ""


def score_of(form: Questionnaire, scale: Scale, answers: Answers) -> Score:
    """Return the score. A question that its conditions don't ask counts 0; one that is asked must be answered."""
    try:
        value = _total(form, scale.items, answers) * scale.factor
    except ValueError as error:
        return Score(None, scale.maximum, why_not=str(error))
    return Score(value, scale.maximum, band_of(scale, value))


def band_of(scale: Scale, value: float) -> str:
    """Return what the scale calls a value, empty below its first band."""
    held = [band for band in scale.bands if band.at_least <= value]
    return max(held, key=lambda band: band.at_least).text if held else ""


def sum_of(form: Questionnaire, links: Sequence[str], answers: Answers) -> tuple[float, float]:
    """Return the sum of the named questions and the greatest that it can be.

    Raises:
        Refused: a question is unknown, named twice, without weights, or unanswered.
    """
    faults = list(_unknown(form, links)) or list(_unscored(form, links))
    if not links:
        faults = ["Ange minst en fråga, till exempel --fragor 1,2,3."]
    if faults:
        raise Refused(" ".join(faults), field="fragor")
    try:
        return _total(form, links, answers), greatest(form, links)
    except ValueError as error:
        raise Refused(str(error), field="svar") from None


def check_scale(form: Questionnaire, scale: Scale) -> tuple[str, ...]:
    """Return what contradicts the form in a scale, a Swedish sentence each."""
    unknown = tuple(_unknown(form, (*scale.items, *(risk.link_id for risk in scale.risks)), repeats=True))
    faults = unknown or (*_unknown(form, scale.items), *_unscored(form, scale.items))
    return faults or (*_wrong_maximum(form, scale), *_wrong_bands(scale), *_wrong_risks(form, scale))


def greatest(form: Questionnaire, links: Sequence[str]) -> float:
    """Return the greatest sum that the questions can give."""
    return sum(most for link in links if (item := form.item(link)) and (most := _most(item)) is not None)


def can_be_scored(form: Questionnaire) -> bool:
    """Whether any of the form's questions can be counted."""
    return any(_most(item) is not None for item in form.items)


def risks_in(form: Questionnaire, scale: Scale, answers: Answers) -> tuple[str, ...]:
    """Return the linkIds whose answers are a risk by the scale's own rules."""
    return tuple(
        risk.link_id
        for risk in scale.risks
        if (item := form.item(risk.link_id))
        and any((weight(item, value) or 0) >= risk.at_least for value in answers.get(risk.link_id, ()))
    )


def weight(item: Item, value: Value) -> float | None:
    """Return what an answer counts; None where nothing says it."""
    if item.type in NUMBERS:
        return float(value)
    return item.weights.get(value)


def figure(value: float) -> str:
    """Return a figure as it is written: whole where it is, else with a decimal comma."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _total(form: Questionnaire, links: Sequence[str], answers: Answers) -> float:
    asked_for = asked(form, answers)
    return sum(_counted(form, link, answers) for link in links if link in asked_for or form.item(link) is None)


def _counted(form: Questionnaire, link: str, answers: Answers) -> float:
    item = form.item(link)
    if item is None:
        raise ValueError(f"Frågan {link} finns inte i formuläret.")
    if not answers.get(link):
        raise ValueError(f"Fråga {link} är inte besvarad, och nollor gissas inte.")
    weights = [weight(item, value) for value in answers[link]]
    if None in weights:
        raise ValueError(f"Svaret på fråga {link} har ingen vikt.")
    return sum(one for one in weights if one is not None)


def _most(item: Item) -> float | None:
    """The most that an item can count; None where it can't be scored."""
    if not (item.is_put or item.initial):
        return None
    if item.type in NUMBERS:
        return float(item.maximum) if isinstance(item.maximum, int | float) else None
    weights = [choice.weight for choice in item.choices]
    known = [one for one in weights if one is not None]
    if not known or len(known) < len(weights) or item.type is ItemType.OPEN_CHOICE:
        return None
    return _most_together(item) if item.repeats else max(known)


def _most_together(item: Item) -> float:
    """Return the most that several choices can count: as many as may be chosen, and none with one that stands alone."""
    together = sorted((choice.weight or 0 for choice in item.choices if not choice.is_exclusive), reverse=True)
    alone = [choice.weight or 0 for choice in item.choices if choice.is_exclusive]
    return max(sum(one for one in together[: item.most_answers] if one > 0), *alone, 0)


def _unknown(form: Questionnaire, links: Sequence[str], *, repeats: bool = False) -> Iterator[str]:
    own = [item.link_id for item in form.items]
    for link, times in Counter(links).items():
        if link not in form.links:
            near = nearest(link, own)
            yield f"Frågan {link} finns inte i formuläret.{f' Menade du {near}?' if near else ''}"
        elif times > 1 and not repeats:
            yield f"Frågan {link} är angiven flera gånger. Ange den en gång."


def _unscored(form: Questionnaire, links: Sequence[str]) -> Iterator[str]:
    for link in links:
        item = form.item(link)
        if item is not None and _most(item) is None:
            yield f"Fråga {link} {_missing(item)} och kan inte räknas."


def _missing(item: Item) -> str:
    if not item.is_put:
        return "ställs inte"
    return "saknar högsta värde" if item.type in NUMBERS else "saknar vikter på svarsalternativen"


def _wrong_maximum(form: Questionnaire, scale: Scale) -> Iterator[str]:
    real = greatest(form, scale.items) * scale.factor
    if real != scale.maximum:
        yield f"Högsta poäng anges till {figure(scale.maximum)}, men frågorna ger högst {figure(real)}."


def _wrong_bands(scale: Scale) -> Iterator[str]:
    borders = [band.at_least for band in scale.bands]
    if any(after <= before for before, after in pairwise(borders)):
        yield "Gränserna ska stå i stigande ordning."
    if any(border > scale.maximum for border in borders):
        yield "En gräns ligger över högsta poäng."


def _wrong_risks(form: Questionnaire, scale: Scale) -> Iterator[str]:
    for risk in scale.risks:
        most = _most(item) if (item := form.item(risk.link_id)) else None
        if most is None or risk.at_least > most:
            yield f"Riskfrågan {risk.link_id} kan aldrig nå {figure(risk.at_least)}."
