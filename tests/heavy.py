"""Which tests open a pseudo-terminal, an app with a Pilot or PostgreSQL: read from their code, so nobody keeps a list.

`start.py test --snabb` leaves them out. One that is taken for light fails when it opens any of these, in every run.
"""

from __future__ import annotations

import inspect
import os
import pty
import re
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

import pexpect
import pytest
from textual.app import App

OPENERS = frozenset({"run_test", "spawn", "openpty", "forkpty", "recv_fds", "server_address", "postgresql", "fenced"})
"""Names in the code of a test that is heavy; the last two are also parameters of one that is run on several."""

OPENED: tuple[tuple[Any, str], ...] = (
    (App, "run_test"),
    (pexpect.spawn, "__init__"),
    (pty, "openpty"),
    (pty, "fork"),
    (os, "openpty"),
    (os, "forkpty"),
)
"""What a light test may not call, besides what the fixtures know of PostgreSQL."""


def is_heavy(item: pytest.Item) -> bool:
    """Whether a test opens one of these, or one of its fixtures does."""
    if not isinstance(item, pytest.Function):
        return False
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    if {"postgresql", "fenced"} & set(map(str, parameters)):
        return True
    fixtures = (found[-1].func for found in item._fixtureinfo.name2fixturedefs.values())
    return any(opens(function) for function in (item.function, *fixtures))


def refuse_to_open(monkeypatch: pytest.MonkeyPatch, *others: tuple[Any, str]) -> None:
    """Let a test fail that opens one of these."""
    for owner, name in (*OPENED, *others):
        monkeypatch.setattr(owner, name, refused)


def refused(*_arguments: object, **_options: object) -> NoReturn:
    pytest.fail("This test counts as light, and --snabb runs it: tests/heavy.py should see what it opens.")


@cache
def opens(function: Any) -> bool:
    """Whether a function's code names an opener, or that of the tests' own functions, classes and programs it names."""
    seen: set[Any] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        current = inspect.unwrap(current.hypothesis.inner_test if hasattr(current, "hypothesis") else current)
        if not isinstance(current, FunctionType) or current in seen:
            continue
        seen.add(current)
        names = set(_names(current.__code__))
        programs = [text for name in names if isinstance(text := current.__globals__.get(name), str)]
        if names & OPENERS or OPENERS.intersection(re.findall(r"\w+", " ".join(programs))):
            return True
        waiting += _named(names, current.__globals__)
    return False


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
        elif isinstance(constant, str):
            yield constant


def _named(names: set[str], known: dict[str, Any]) -> Iterator[Any]:
    """The functions that names stand for: of this module, of a module that it names, or of a class."""
    values = [known[name] for name in names if name in known]
    for module in [value for value in values if isinstance(value, ModuleType) and _is_ours(value.__name__)]:
        values += [getattr(module, name) for name in names if hasattr(module, name)]
    for value in values:
        if not _is_ours(getattr(value, "__module__", "")):
            continue
        if isinstance(value, type):
            # `Stores` knows both databases: which of them a test wants is told by the test's parameter.
            yield from (method for method in vars(value).values() if value.__name__ != "Stores")
        else:
            yield value


def _is_ours(module: object) -> bool:
    return isinstance(module, str) and module.partition(".")[0] == "tests"
