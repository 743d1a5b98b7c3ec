"""A sentence that names a key reads it from the binding: a binding that gets another key changes what is said."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App
from textual.binding import Binding, BindingType

import screens
import sob_tui
from screens.moment.actions import NO_OFFER
from screens.shown_keys import _NAMED, key_of, keyed

FOLDERS = [Path(package.__path__[0]) for package in (screens, sob_tui)]


class Demo(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d,f4", "demo", "Visa", id="shown.demo"),
        Binding("slash", "find", "Sök", id="shown.find", key_display="/"),
    ]


def test_the_key_is_the_bindings_first() -> None:
    assert keyed("Tryck {shown.demo} eller {shown.find}. Inte {detta}.") == "Tryck ctrl+d eller /. Inte {detta}."


def test_an_unknown_binding_is_no_key() -> None:
    with pytest.raises(LookupError, match=r"shown\.nothing"):
        keyed("Tryck {shown.nothing}.")


async def test_a_remapped_key_shows_in_the_sentence() -> None:
    app = Demo()
    async with app.run_test():
        app.set_keymap({"shown.demo": "f5", "dialog.cancel": "ctrl+x"})
        assert keyed("Tryck {shown.demo}.") == "Tryck F5."
        assert keyed(NO_OFFER).endswith("ctrl+x visar hur det gick.")
    assert key_of("shown.demo") == "ctrl+d"


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """Return the file and every text in it that may be shown: no docstring, and nothing of a binding."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str]]:
    found = (path for folder in FOLDERS for path in folder.rglob("*.py"))
    for path in sorted(path for path in found if path.parent.name not in ("commands", "keys")):  # no app is open there
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bindings = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Binding")
        ]
        hidden = {id(part) for node in bindings for part in ast.walk(node)}
        hidden |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
                yield path.name, node.value


def test_every_sentence_names_a_binding_that_there_is() -> None:
    for package in (screens, sob_tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    named = [name for _, text in sentences() for name in _NAMED.findall(text)]
    assert len(named) > 20
    for name in named:
        assert key_of(name)


async def test_every_sentence_follows_a_key_that_is_changed() -> None:
    app = Demo()
    async with app.run_test():
        named = {name for _, text in sentences() for name in _NAMED.findall(text)}
        app.set_keymap(dict.fromkeys(named, "f20"))
        for text in (text for _, text in sentences() if _NAMED.search(text)):
            assert keyed(text).count("F20") == len(_NAMED.findall(text))


def test_no_sentence_names_a_key_itself() -> None:
    pressed = r"[Tt]ryck (?:Enter|Esc|Tab|[a-z0-9])(?=[ .])"
    does = r"(?:Enter|Tab) (?:på|öppnar|väljer|ställer|ger|leder)"
    by_itself = re.compile(f"{pressed}|{does}" + r"|(?:^|[ (])(?:ctrl\+[a-z]|Esc|F\d+)(?=[ ).])")
    assert not [(name, text) for name, text in sentences() if by_itself.search(text)]
