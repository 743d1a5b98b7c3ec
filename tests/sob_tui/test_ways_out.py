"""Every refusal on the command line names the command or the option that helps."""

import ast
from pathlib import Path

import pytest

import store
from sob_tui.ways_out import COMMANDS, way_out
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.operation import OPERATIONS
from store.people.personnel import declare_all
from tests.sob_tui.test_usage import COMMANDS as ALL


def named_in_the_store() -> set[str]:
    """Every operation that a refusal of the store names as its way out."""
    found: set[str] = set()
    for path in Path(store.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        values = [one.value for one in ast.walk(tree) if isinstance(one, ast.keyword) and one.arg == "helps"]
        values += [one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and _is_table(one)]
        texts = (one for value in values for one in ast.walk(value) if isinstance(one, ast.Constant))
        found |= {one.value for one in texts if isinstance(one.value, str)}
    return found


def _is_table(one: ast.Assign) -> bool:
    return isinstance(one.targets[0], ast.Name) and one.targets[0].id == "_WAYS_OUT"


def test_every_way_out_is_an_operation_and_a_command() -> None:
    declare_all()
    assert named_in_the_store() <= set(COMMANDS)
    assert set(COMMANDS) <= set(OPERATIONS)
    words = {tuple(command.removesuffix(" --help").split()[1:]) for command in COMMANDS.values()}
    assert words <= set(ALL)


class Parameter:
    """A parameter as Typer has it."""

    def __init__(self, name: str, metavar: str | None) -> None:
        self.name, self.metavar, self.opts = name, metavar, [f"--{name}"]


PARAMETERS = [Parameter("till", "HSA-ID"), Parameter("skal", "TEXT"), Parameter("beratta", None)]


@pytest.mark.parametrize(
    ("refusal", "given", "said"),
    [
        (Refused("Välj vem.", field="behandlare"), {}, " (--till HSA-ID)"),
        (Refused("Välj vem.", field="behandlare"), {"till": "SE1"}, ""),  # it is there, and its value was wrong
        (Refused("Skriv varför.", field="skal"), {"till": "SE1"}, " (--skal TEXT)"),
        (Refused("Berätta.", field="beratta"), {"beratta": False}, " (--beratta)"),
        (Refused("Ange den med --skal.", field="skal"), {}, ""),
        (Refused("Fel.", field="personnummer"), {}, ""),
        (Refused("Fel."), {}, ""),
        (Refused("Inaktiv.", field="skal", helps=("activate_staff",)), {}, " (sob personal aktivera)"),
        (NeedsConfirmation(["A.", "B."], helps=("give_role",)), {}, " (sob personal roll)"),
    ],
)
def test_what_helps(refusal: Refused, given: dict[str, object], said: str) -> None:
    assert way_out(refusal, PARAMETERS, given) == said
