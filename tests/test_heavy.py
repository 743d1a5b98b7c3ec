"""--snabb runs what opens no pseudo-terminal, no app with a Pilot and no PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.app import App

from tests import heavy
from tests.conftest import SERVER, Stores
from tests.e2e.terminal import Terminal
from tests.postgres import ROOT


@contextmanager
def shown() -> Iterator[object]:
    yield App[None]().run_test()


def through_a_helper() -> None:
    with shown():
        pass


def through_a_class() -> None:
    Terminal()


def through_a_module() -> None:
    heavy_elsewhere.through_a_helper()


def inside_another_function() -> None:
    def inner() -> None:
        through_a_helper()

    inner()


def on_a_server(stores: Stores) -> None:
    stores.clinic("postgresql", "clinic", None)  # type: ignore[arg-type]


def in_a_file(stores: Stores) -> None:
    stores.clinic("sqlite", "clinic", None)  # type: ignore[arg-type]


heavy_elsewhere = sys.modules[__name__]


@pytest.mark.parametrize(
    "function", [through_a_helper, through_a_class, through_a_module, inside_another_function, on_a_server]
)
def test_what_a_test_opens_is_seen_in_its_code(function: Any) -> None:
    assert heavy.opens(function)


def test_what_opens_nothing_is_light() -> None:
    assert not heavy.opens(in_a_file)


@pytest.mark.parametrize("opened", [*heavy.OPENED, *SERVER])
def test_a_light_test_that_opens_one_fails(opened: tuple[Any, str]) -> None:
    owner, name = opened
    assert getattr(owner, name) is heavy.refused
    with pytest.raises(pytest.fail.Exception, match="counts as light"):
        heavy.refused()


def test_snabb_leaves_the_heavy_ones_out_and_ends_with_the_summary() -> None:
    files = ("tests/test_postgres.py", "tests/test_upkeep.py")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--snabb", "-rA", *files], cwd=ROOT, capture_output=True, text=True
    )
    assert "PASSED tests/test_upkeep.py" in run.stdout
    assert "test_postgres" not in run.stdout
    assert " passed, 3 deselected in " in run.stdout.splitlines()[-1]
