"""Forms: what an item costs in a large file beside a small one."""

from collections.abc import Callable

from sob_tui.commands.forms import checked
from store.care.questionnaire.answers import read_answers
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.shape import Questionnaire
from tests.bench.harness import Measure, compare
from tests.forms import choice, file

MANY, FEW = 5_000, 50
"""Items; the most that a form may have, and what a long one has."""


def measure() -> list[Measure]:
    """Measure what `sob formular kontrollera` does, with and without faults, and an answer to every question."""
    large, small = _text(MANY), _text(FEW)
    return [
        _compare("kontrollera", lambda: _check(large), lambda: _check(small), 1.5),
        _compare("kontrollera, all at fault", lambda: _check(_spoil(large)), lambda: _check(_spoil(small)), 1.5),
        _compare("an answer to each", _answer(large, MANY), _answer(small, FEW), 2),
    ]


def _compare(what: str, ours: Callable[[], object], floor: Callable[[], object], budget: float) -> Measure:
    """Compare the large one with as many small ones as have its items."""
    name = f"forms: {what}, an item of {MANY:,} / of {FEW}"
    return compare(name, ours, lambda: [floor() for _ in range(MANY // FEW)], budget, runs=5)


def _check(text: str) -> None:
    assert checked(text.encode()).form is not None


def _spoil(text: str) -> str:
    return text.replace('"linkId": "', '"required": "nej", "linkId": "')


def _answer(text: str, number: int) -> Callable[[], object]:
    form = read_questionnaire(text).questionnaire
    assert isinstance(form, Questionnaire)
    given = {str(at): 1 for at in range(number)}
    return lambda: read_answers(form, given)


def _text(number: int) -> str:
    """A file of so many items: a chain of conditions through all of them, with choices that are scored."""
    items = [choice("0", 0, 1, 2, 3, required=True)]
    for at in range(1, number):
        when = [{"question": str(at - 1), "operator": "exists", "answerBoolean": True}]
        items.append(choice(str(at), 0, 1, 2, 3, required=at % 2 == 0, enableWhen=when))
    return file(*items)
