"""`docs/contract.md` and the program say the same, in both directions: commands, options, exit codes, JSON, keys."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import typer

from sob_tui import cli, options
from sob_tui.commands import all_commands
from store.foundation.flag_kinds import THRESHOLDS
from tests.documents import ROOT, code, document, present, rows, section

WHOLE = document("docs/contract.md")
CONTRACT = present(WHOLE)


class Option(NamedTuple):
    """An option: what its value is called, and whether it must or may stand several times."""

    value: str
    is_required: bool
    is_repeated: bool


class Argument(NamedTuple):
    """A word that a command takes."""

    name: str
    is_required: bool
    is_repeated: bool


class Described(NamedTuple):
    """What a command takes."""

    arguments: list[Argument]
    options: dict[str, Option]


# The commands


def of_the_program() -> dict[str, Described]:
    """Return every command that `sob --help` leads to."""
    return dict(_described("sob", typer.main.get_command(all_commands())))


def _described(name: str, command: Any) -> Iterator[tuple[str, Described]]:
    if hasattr(command, "commands"):
        for word, one in command.commands.items():
            yield from _described(f"{name} {word}", one)
        if not command.invoke_without_command:
            return
    own = [parameter for parameter in command.params if parameter.name != "help"]
    arguments = [
        Argument(one.metavar, one.required, one.nargs == -1) for one in own if one.param_type_name == "argument"
    ]
    found = {
        "/".join([*one.opts, *one.secondary_opts]): Option(one.metavar or "", one.required, bool(one.multiple))
        for one in own
        if one.param_type_name == "option"
    }
    yield name, Described(arguments, found)


def of_the_contract() -> dict[str, Described]:
    """Return every command of the contract's tables, but `sob` itself."""
    tables = section(CONTRACT, "The app") + section(CONTRACT, "Commands, one a row")
    found = dict(_row(usage, rest) for usage, rest in rows(tables))
    del found["sob"]
    return found


def _row(usage: str, rest: str) -> tuple[str, Described]:
    (line,) = code(usage)
    words, *required = re.split(r" (?=--)", line)
    name = re.match(r"sob( [a-z-]+)*", words)
    assert name is not None
    arguments = [
        Argument(word.strip("[]"), not word.startswith("["), bool(more))
        for word, more in re.findall(r"(\S+)( …)?", words[name.end() :].strip())
    ]
    optional = [chunk for chunk in code(rest) if chunk.startswith("--")]
    named = [_option(chunk, is_required=True) for chunk in required]
    named += [_option(chunk, is_required=False) for chunk in optional]
    return name[0], Described(arguments, {key: value for key, value in named if key not in options.NAMES})


def _option(chunk: str, *, is_required: bool) -> tuple[str, Option]:
    name, _, value = chunk.partition(" ")
    return name, Option(value.removesuffix("…").strip(), is_required, value.endswith("…"))


def test_the_contract_has_the_commands_that_there_are() -> None:
    assert sorted(of_the_contract()) == sorted(of_the_program())


@pytest.mark.parametrize("name", of_the_program())
def test_a_command_takes_what_the_contract_says(name: str) -> None:
    assert of_the_contract().get(name) == of_the_program()[name]


def test_the_common_options_are_those_of_the_contract() -> None:
    named = [code(option)[0] for option, _ in rows(section(CONTRACT, "Common options"))]
    assert named == [name for name, _ in options.HELP]


def test_the_exit_codes_are_those_of_the_contract() -> None:
    refusals = re.compile(r"exit_code\b.* = (\d+)$", re.MULTILINE)
    sources = [path.read_text("utf-8") for folder in ("store", "sob_tui") for path in (ROOT / folder).rglob("*.py")]
    refused = {int(number) for source in sources for number in refusals.findall(source)}
    told = [int(number) for number, _ in rows(section(CONTRACT, "Exit codes"))]
    assert told == sorted({0, 1, cli.INTERRUPTED, *refused})


def test_what_is_there_does_not_stand_under_what_is_to_come() -> None:
    there = of_the_program()
    for usage, rest in rows(section(section(WHOLE, "Kommer"), "Commands")):
        name = re.match(r"sob( [a-z-]+)*", code(usage)[0])
        assert name is not None
        to_come = {word for chunk in code(rest) for word in re.findall(r"--[a-z-]+", chunk)}
        known = there.get(name[0])
        assert known is None or (to_come and not to_come & set(known.options)), f"{name[0]} is there"


# JSON

ANSWERED_WHOLE = {
    "store.care.day_run": ("DayReport",),
    "store.care.program_shape": ("Contact", "FlagRules", "PlanTemplate", "PlannedActivity"),
    "store.care.time_spent": ("WeekTime",),
    "store.people.provider_settings": ("ProviderSettings",),
    "store.people.unit_programs": ("UnitProgram",),
    "store.people.unit_settings": ("UnitSettings",),
    "store.practice.opening": ("CastMember",),
    "store.views.open_flags": ("OpenFlag",),
    "store.views.provider": ("ProviderUnit", "UnitsAdmin", "RunningVersion"),
}
"""Whose fields are printed under their own names."""


def printed_keys() -> set[str]:
    """Return the keys of all that the commands print as JSON."""
    found = {field for module, classes in ANSWERED_WHOLE.items() for field in _fields(module, classes)}
    found = found - {"days"} | {threshold.column for threshold in THRESHOLDS}  # each stands among the others
    for path in (ROOT / "sob_tui/commands").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found.update(key for answer in _answers(node) for key in _keys(answer))
    return found


def _fields(module: str, classes: tuple[str, ...]) -> Iterator[str]:
    tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
            yield from (field.id for field in fields if isinstance(field, ast.Name))


def _answers(node: ast.AST) -> list[ast.AST]:
    """Return what is printed as JSON here, or is part of it."""
    match node:
        case ast.Call(func=ast.Attribute(attr="answer"), args=[answer, *_]):
            return [answer]
        case ast.Call(func=ast.Name(id="put_json"), args=[answer]):
            return [answer]
        case ast.FunctionDef(name=name, body=body) if name.endswith("json"):
            return list(body)
        case ast.Assign(targets=[ast.Name(id="answer" | "faults" | "listed")], value=value):
            return [value]
    return []


def _keys(answer: ast.AST) -> Iterator[str]:
    for node in ast.walk(answer):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_the_contract_has_the_json_keys_that_are_printed() -> None:
    shapes = [chunk for chunk in code(section(CONTRACT, "2. JSON").replace("\n  ", " ")) if chunk[0] in '[{"']
    told = {key for shape in shapes for key in re.findall(r'"(\w+)"', shape)} - {"invanare", "behandlare"}
    assert told == printed_keys()


# Keys


def bindings() -> Iterator[Any]:
    """Yield every binding that the app and its screens declare."""
    from textual.dom import DOMNode

    import screens

    importlib.import_module("sob_tui.app")
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    for cls in _below(DOMNode):
        if cls.__module__.partition(".")[0] in ("screens", "sob_tui"):
            yield from cls.__dict__.get("BINDINGS", ())


def _below(cls: type[Any]) -> Iterator[type[Any]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _below(subclass)


def test_the_keys_are_those_of_the_contract() -> None:
    declared: dict[str, set[tuple[str, str]]] = {}
    for one in bindings():
        declared.setdefault(one.id or one.key, set()).add((one.key, one.description.replace("\xa0", " ")))
    assert declared.pop("ctrl+c") == {("ctrl+c", "")}, "only what copies has no id"
    told = {code(name)[0]: (code(key)[0], label) for key, label, name in rows(section(CONTRACT, "3. Keys"))}
    assert told == {name: _one(labelled) for name, labelled in declared.items()}


def _one(labelled: set[tuple[str, str]]) -> tuple[str, str]:
    """Return a binding's key with its label, or … where that is another in each dialog."""
    (key,) = {key for key, _ in labelled}
    labels = [label for _, label in labelled]
    return key, labels[0] if len(labels) == 1 else "…"
