"""A whole answer to a form: `{linkId: value}` or a FHIR `QuestionnaireResponse` (contract.md §2)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from store.care.questionnaire.conditions import Answers, asked
from store.care.questionnaire.nearest import nearest
from store.care.questionnaire.places import GivenAnswers
from store.care.questionnaire.response import Given, faults_of_the_head, of_response
from store.care.questionnaire.shape import Fault, Item, Questionnaire, Value
from store.care.questionnaire.values import is_nothing, read_value, shown

__all__ = ["Answers", "asked", "fault_at", "from_json", "is_response", "read_answers", "shown", "to_json"]

_NAMED = 8
"""linkIds that a sentence names at most."""
_PLACES = ""
"""The stored key under which the places stand: no linkId is empty."""


def read_answers(form: Questionnaire, raw: object) -> tuple[GivenAnswers, tuple[Fault, ...]]:
    """Return the answers and every fault in them; with any fault they are not to be used.

    Args:
        form: what was asked.
        raw: JSON that is read: a choice stands as its weight, its code or its text, tried in that order, several in a
            list where the question repeats.
    """
    if not isinstance(raw, dict):
        return GivenAnswers(), (Fault("svar", 'Svaren ska vara ett objekt: {"linkId": svar, …}.'),)
    if is_response(raw) and (wrong := tuple(faults_of_the_head(form, raw))):
        return GivenAnswers(), wrong
    given = of_response(raw) if is_response(raw) else _of_map(raw)
    if strangers := [link for link in given if form.item(link) is None]:
        return GivenAnswers(), tuple(_strangers(form, strangers, len(given)))
    answers = GivenAnswers()
    kept: dict[str | None, list[int]] = {}
    faults: list[Fault] = []
    for item in form.items:
        try:
            _take(answers, item, given.get(item.link_id, []), kept, may_repeat=item.link_id in form.repeating)
        except ValueError as error:
            faults.append(fault_at(item, str(error)))
    return answers, (*faults, *(_against_conditions(form, answers) if not faults else ()))


def is_response(raw: object) -> bool:
    """Whether it is a FHIR `QuestionnaireResponse`."""
    return isinstance(raw, dict) and raw.get("resourceType") == "QuestionnaireResponse"


def to_json(answers: Answers) -> str:
    """Return answers as they are stored; the same answers always give the same text."""
    whole: dict[str, object] = dict(answers)
    if isinstance(answers, GivenAnswers) and answers.places:
        whole[_PLACES] = answers.places
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> GivenAnswers:
    """Return the answers that `to_json` wrote."""
    whole = json.loads(text)
    places = whole.pop(_PLACES, {})
    return GivenAnswers({link: tuple(values) for link, values in whole.items()}, places=places)


def fault_at(item: Item, sentence: str) -> Fault:
    """Return a fault in the answer to an item, which the sentence then names."""
    name = item.text.split("\n")[0] or item.link_id
    return Fault(item.link_id, f"{name[:60]}{'…' if len(name) > 60 else ''} ({item.link_id}): {sentence}")


def _of_map(raw: Mapping[str, Any]) -> dict[str, list[Given]]:
    return {
        link: [Given(one) for one in (value if isinstance(value, list) else [value])] for link, value in raw.items()
    }


def _strangers(form: Questionnaire, links: list[str], number: int) -> Iterator[Fault]:
    """Say that linkIds are not the form's; where none is, that the answers belong to another form."""
    own = [item.link_id for item in form.items if item.is_question and item.is_put]
    named = ", ".join(own[:_NAMED]) + (" …" if len(own) > _NAMED else "")
    if len(links) == number:
        said = ", ".join(links[:_NAMED])
        yield Fault("svar", f"Svaren hör till ett annat formulär: {said} finns inte här. Frågorna här är {named}.")
        return
    for link in links[:_NAMED]:
        near = nearest(link, own)
        mend = f"Menade du {near}?" if near else f"Frågorna är {named}."
        yield Fault(link, f"Frågan {link} finns inte i formuläret. {mend}")
    if len(links) > _NAMED:
        yield Fault("svar", f"Ytterligare {len(links) - _NAMED} frågor i svaren finns inte i formuläret.")


def _take(
    answers: GivenAnswers, item: Item, given: list[Given], kept: dict[str | None, list[int]], *, may_repeat: bool
) -> None:
    """Add the answer to an item. What nobody is asked keeps the file's own value, whatever came.

    `kept` grows: by linkId, for each answer that came its place among those that are kept.
    """
    if not item.is_put:
        if item.initial:
            answers[item.link_id] = item.initial
        return
    above = kept.get(item.parent, [])
    found: list[tuple[Value, int]] = []
    places: list[int] = []
    for one in given:
        kept.setdefault(item.link_id, []).append(len(places))
        under = above[one.under] if one.under < len(above) else 0
        if not is_nothing(one.raw):
            found.append((read_value(item, one.raw), under))
        if not (is_nothing(one.raw) and item.is_question):
            places.append(under)
    if item.is_question:
        _check_number(item, found, may_repeat=may_repeat)
    if found:
        answers[item.link_id] = tuple(value for value, _ in found)
    if any(places) or (len(places) > 1 and not item.is_question):
        answers.places[item.link_id] = tuple(places)


def _check_number(item: Item, found: list[tuple[Value, int]], *, may_repeat: bool) -> None:
    """Check how many answers there are, under each of what the question stands in."""
    numbers = Counter(under for _, under in found)
    most = max(numbers.values(), default=0)
    if most > 1 and not (item.repeats or (may_repeat and len(numbers) == 1)):
        raise ValueError("Frågan tar bara ett svar. Ange ett.")
    if item.most_answers is not None and most > item.most_answers:
        raise ValueError(f"Frågan tar högst {item.most_answers} svar, nu {most}. Ta bort något.")
    if found and min(numbers.values()) < item.least_answers:
        raise ValueError(f"Frågan ska ha minst {item.least_answers} svar, nu {min(numbers.values())}. Lägg till fler.")
    if not (item.choices and item.repeats):
        return
    if len(set(found)) < len(found):
        raise ValueError("Samma svarsalternativ står två gånger. Ange det en gång.")
    alone = {choice.key: choice.text for choice in item.choices if choice.is_exclusive}
    for value, under in found:
        if value in alone and numbers[under] > 1:
            raise ValueError(f"{alone[str(value)]} går inte att välja tillsammans med något annat. Ta bort det ena.")


def _against_conditions(form: Questionnaire, answers: Answers) -> Iterator[Fault]:
    asked_for = asked(form, answers)
    wanted = _wanted(form, answers)
    for item in form.items:
        if not item.is_put:
            continue
        if item.link_id in answers and item.link_id not in asked_for:
            yield fault_at(item, "Frågan ställs inte med de andra svaren. Ta bort svaret, eller ändra de andra.")
        elif item.link_id in wanted and item.link_id in asked_for and item.link_id not in answers:
            yield fault_at(item, "Frågan måste besvaras.")


def _wanted(form: Questionnaire, answers: Answers) -> set[str]:
    """Return the linkIds of the questions that must be answered.

    A required question in a group that may be left out, or under a question, must be when something there is answered.
    Where nothing at all is, all are wanted: to leave out everything is no answer.
    """
    present: set[str] = set()
    for item in reversed(form.items):
        if item.link_id in answers and item.is_put:
            present.add(item.link_id)
        if item.link_id in present and item.parent is not None and _is_group(form, item.parent):
            present.add(item.parent)
    here: set[str | None] = {None}
    for item in form.items:
        if item.parent in here and (item.required or item.link_id in present or not present):
            here.add(item.link_id)
    return {
        item.link_id
        for item in form.items
        if item.is_question and item.is_put and item.required and item.parent in here
    }


def _is_group(form: Questionnaire, link: str) -> bool:
    item = form.item(link)
    return item is not None and not item.is_question
