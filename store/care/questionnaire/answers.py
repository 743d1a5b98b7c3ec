"""A whole answer to a form: `{linkId: value}` or a FHIR `QuestionnaireResponse` (contract.md §2)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from store.care.questionnaire.conditions import Answers, asked
from store.care.questionnaire.nearest import nearest
from store.care.questionnaire.shape import Fault, Item, Questionnaire, Value
from store.care.questionnaire.values import is_nothing, read_value, shown

__all__ = ["Answers", "asked", "from_json", "read_answers", "shown", "to_json"]

_NAMED = 8
"""linkIds that a sentence names at most."""


def read_answers(form: Questionnaire, raw: object) -> tuple[Answers, tuple[Fault, ...]]:
    """Return the answers and every fault in them; with any fault they are not to be used.

    Args:
        form: what was asked.
        raw: JSON that is read: a choice stands as its weight, its code or its text, tried in that order, several in a
            list where the question repeats.
    """
    if not isinstance(raw, dict):
        return {}, (Fault("svar", 'Svaren ska vara ett objekt: {"linkId": svar, …}.'),)
    given = _of_response(raw) if raw.get("resourceType") == "QuestionnaireResponse" else _of_map(raw)
    if strangers := [link for link in given if form.item(link) is None]:
        return {}, tuple(_strangers(form, strangers, len(given)))
    answers: dict[str, tuple[Value, ...]] = {}
    faults: list[Fault] = []
    for item in form.items:
        try:
            if values := _values(form, item, given.get(item.link_id, [])):
                answers[item.link_id] = values
        except ValueError as error:
            faults.append(_fault(item, str(error)))
    return answers, (*faults, *(_against_conditions(form, answers) if not faults else ()))


def to_json(answers: Answers) -> str:
    """Return answers as they are stored; the same answers always give the same text."""
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> dict[str, tuple[Value, ...]]:
    """Return the answers that `to_json` wrote."""
    return {link: tuple(values) for link, values in json.loads(text).items()}


def _of_map(raw: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {link: value if isinstance(value, list) else [value] for link, value in raw.items()}


def _of_response(response: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what a response holds by linkId, groups with nothing; a linkId that stands twice repeats."""
    found: dict[str, list[Any]] = {}
    stack = list(_objects(response.get("item")))[::-1]
    while stack:
        item = stack.pop()
        values = found.setdefault(str(item.get("linkId", "")), [])
        inside = list(_objects(item.get("item")))
        for answer in _objects(item.get("answer")):
            values += [value for key, value in answer.items() if key.startswith("value")]
            inside += _objects(answer.get("item"))
        stack += inside[::-1]
    return found


def _objects(value: object) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def _strangers(form: Questionnaire, links: list[str], number: int) -> Iterator[Fault]:
    """Say that linkIds are not the form's; where none is, that the answers belong to another form."""
    own = [item.link_id for item in form.items if item.is_question]
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


def _values(form: Questionnaire, item: Item, given: list[Any]) -> tuple[Value, ...]:
    values = tuple(read_value(item, raw) for raw in given if not is_nothing(raw))
    if len(values) > 1 and item.link_id not in form.repeating:
        raise ValueError("Frågan tar bara ett svar. Ange ett.")
    if item.choices and len(set(values)) < len(values) and item.repeats:
        raise ValueError("Samma svarsalternativ står två gånger. Ange det en gång.")
    return values


def _against_conditions(form: Questionnaire, answers: Answers) -> Iterator[Fault]:
    asked_for = asked(form, answers)
    for item in form.items:
        if item.link_id in answers and item.link_id not in asked_for:
            yield _fault(item, "Frågan ställs inte med de andra svaren. Ta bort svaret, eller ändra de andra.")
        elif item.is_question and item.required and item.link_id in asked_for and item.link_id not in answers:
            yield _fault(item, "Frågan måste besvaras.")


def _fault(item: Item, sentence: str) -> Fault:
    name = item.text.split("\n")[0] or item.link_id
    return Fault(item.link_id, f"{name[:60]}{'…' if len(name) > 60 else ''} ({item.link_id}): {sentence}")
