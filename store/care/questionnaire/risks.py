"""Which answers are a risk: those of a scale's own rules, and those that a unit names when it installs a form."""

import re
import tomllib
from functools import cache
from typing import Any

from store.care.questionnaire.conditions import Answers
from store.care.questionnaire.nearest import nearest
from store.care.questionnaire.plan import FormPlan, RiskAnswer
from store.care.questionnaire.scoring import NUMBERS, figure, weight
from store.care.questionnaire.shape import Item, ItemType, Questionnaire, Value
from store.care.questionnaire.values import read_value, shown
from store.data import data_folder


def risks_of(form: Questionnaire, plan: FormPlan, answers: Answers) -> dict[str, tuple[Value, ...]]:
    """Return by linkId the answers that are a risk, in the order of the rules."""
    found: dict[str, tuple[Value, ...]] = {}
    for rule in _rules(plan):
        item = form.item(rule.link_id)
        values = tuple(value for value in answers.get(rule.link_id, ()) if item and _is_risk(item, rule, value))
        if values:
            found[rule.link_id] = tuple(dict.fromkeys((*found.get(rule.link_id, ()), *values)))
    return found


def read_risk(form: Questionnaire, text: str) -> RiskAnswer:
    """Return the rule in `LINKID=VÄRDE`: a choice by weight, code or text; ja, nej; a number, a day, a time, a text.

    A number, or a weight, stands for itself and all that is greater.

    Raises:
        ValueError: it is no answer to a question of the form; the text says why in Swedish.
    """
    link, value = _parted(form, text)
    item = form.item(link)
    if item is None or not item.is_question or not item.is_put:
        near = nearest(link, [one.link_id for one in form.items if one.is_question and one.is_put])
        what = "finns inte i filen" if item is None else "ställs inte till någon"
        raise ValueError(f"Frågan {link} {what}.{f' Menade du {near}?' if near else ''}")
    number = _number(value)
    if number is not None and number in item.weights.values():
        return RiskAnswer(link, at_least=number)
    try:
        kept = read_value(item, value)
    except ValueError as error:
        raise ValueError(f"Risksvaret på fråga {link}: {error}") from None
    return RiskAnswer(link, at_least=float(kept)) if item.type in NUMBERS else RiskAnswer(link, kept)


def rule_text(form: Questionnaire, rule: RiskAnswer) -> str:
    """Return a rule as `LINKID=VÄRDE`, which `read_risk` reads back."""
    item = form.item(rule.link_id)
    if item is None or rule.at_least is not None or isinstance(rule.value, bool):
        kept = rule.at_least if rule.at_least is not None else bool(rule.value)
        return f"{rule.link_id}={shown(item, kept).lower() if item else kept}"
    codes = [choice.code for choice in item.choices if choice.key == rule.value]
    ways = [f"{rule.link_id}={way}" for way in (*codes, shown(item, rule.value or ""))]
    return next((way for way in ways if _reads_back(form, way, rule)), ways[-1])


def _reads_back(form: Questionnaire, text: str, rule: RiskAnswer) -> bool:
    try:
        return read_risk(form, text) == rule
    except ValueError:
        return False


def said_of(form: Questionnaire, plan: FormPlan) -> list[str]:
    """Return for each question with a risk which answers are one: `Har du tankar på …? Ja`."""
    return [
        f"{question_words(item)} {_answers_of(item, plan)}" for item in form.items if item.link_id in risk_links(plan)
    ]


def risk_links(plan: FormPlan) -> set[str]:
    """Return the linkIds of the questions that have an answer that is a risk."""
    return {rule.link_id for rule in _rules(plan)}


def unnamed_risks(form: Questionnaire, plan: FormPlan) -> list[Item]:
    """Return the questions whose text looks like one of risk and that have no answer that is one."""
    named = risk_links(plan)
    return [
        item
        for item in form.items
        if item.is_question and item.is_put and item.link_id not in named and _risk_words().search(item.text.lower())
    ]


def _rules(plan: FormPlan) -> list[RiskAnswer]:
    own = [RiskAnswer(risk.link_id, at_least=risk.at_least) for scale in plan.scales for risk in scale.risks]
    return [*own, *plan.risks]


def _is_risk(item: Item, rule: RiskAnswer, value: Value) -> bool:
    if rule.at_least is not None:
        counted = weight(item, value)
        return counted is not None and counted >= rule.at_least
    if isinstance(rule.value, str) and isinstance(value, str) and item.type is not ItemType.CHOICE:
        return rule.value.casefold() == value.casefold()
    return rule.value == value


def _parted(form: Questionnaire, text: str) -> tuple[str, str]:
    """Return linkId and value; either may hold a sign of equality, so a linkId that the form has goes first."""
    cuts = [at for at, sign in enumerate(text) if sign == "="]
    parts = [(text[:at].strip(), text[at + 1 :].strip()) for at in cuts]
    found = next((part for part in parts if form.item(part[0])), parts[0] if parts else ("", ""))
    if not all(found):
        raise ValueError(f"{text} går inte att läsa. Skriv frågans linkId och svaret, till exempel 9=ja.")
    return found


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _answers_of(item: Item, plan: FormPlan) -> str:
    rules = [rule for rule in _rules(plan) if rule.link_id == item.link_id]
    if item.choices:
        keys = [choice.key for choice in item.choices if any(_is_risk(item, rule, choice.key) for rule in rules)]
        return ", ".join(shown(item, key) for key in keys)
    return ", ".join(
        f"{figure(rule.at_least)} eller mer" if rule.at_least is not None else shown(item, rule.value or False)
        for rule in rules
    )


def question_words(item: Item) -> str:
    """Return a question as it is named in a list: its first line, and a sign where it ends."""
    text = item.text.split("\n")[0].strip() or item.link_id
    return text if text.endswith(("?", ":", ".", "!")) else f"{text}:"


@cache
def _risk_words() -> re.Pattern[str]:
    data: dict[str, Any] = tomllib.loads((data_folder() / "risk_words.toml").read_text("utf-8"))
    words = sorted({re.escape(word) for word in data["words"]})
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})")
