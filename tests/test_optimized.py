"""What must hold, holds under `python -O` too, which takes every `assert` away."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITHOUT_ASSERTS = ("store", "screens", "sob_tui")

FORGETFUL = """
import sys
from uuid import UUID
from store.foundation.access import OPERATOR, Action, Standing
from store.foundation.errors import InvariantBroken
from store.foundation.operation import operation
from store.foundation.work import Work
from store.opening import open_store

assert False, "this runs without -O"

@operation("Glömma loggen", may={Standing.OPERATOR}, action=Action.CHANGED)
def forget_log(work: Work):
    pass

@operation("Glömma händelsen", may={Standing.OPERATOR}, action=None, event=True)
def forget_event(work: Work):
    pass

@operation("Göra rätt", may={Standing.OPERATOR}, action=None)
def do(work: Work):
    pass

@operation("Göra rätt igen", may={Standing.OPERATOR}, action=None)
def do_another(work: Work):
    pass

store = open_store(sys.argv[1])
one = UUID(int=1)
with store.work(OPERATOR, command=one) as work:
    do(work)
for function, command in ((forget_log, None), (forget_event, None), (do_another, one)):
    try:
        with store.work(OPERATOR, command=command) as work:
            function(work)
    except InvariantBroken as error:
        print(error)
"""


@pytest.mark.parametrize("database", ["sqlite"])  # what is asked about is Python
def test_an_operation_that_forgets_what_it_owes_fails_without_asserts(url: str) -> None:
    said = subprocess.run(
        [sys.executable, "-O", "-c", FORGETFUL, url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [
        "forget_log touched somebody and logged nothing",
        "forget_event left no event",
        "the command's UUID was used for something else",
    ]


@pytest.mark.parametrize("package", WITHOUT_ASSERTS)
def test_nothing_in_the_product_rests_on_an_assert(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert found == []
