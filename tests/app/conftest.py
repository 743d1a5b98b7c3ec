"""What all tests of the whole app share."""

import shutil
from pathlib import Path

import pytest

from store.care.day_run import run_day
from store.practice import make_practice
from tests.app.driver import NOW
from tests.conftest import SHARED, made_once
from tests.screens.painted import (
    painted_when_looked_at,
    previews_by_hand,
    styles_found_once,
    styles_read_once,
    styles_set_once,
)
from tests.screens.soon import again_soon, late_rather_than_never

__all__ = [
    "again_soon",
    "late_rather_than_never",
    "painted_when_looked_at",
    "previews_by_hand",
    "styles_found_once",
    "styles_read_once",
    "styles_set_once",
]


@pytest.fixture(scope="session")
def practice_template(pytestconfig: pytest.Config) -> Path:
    """A practice store as it is at `NOW`; the day's rules have run."""
    return made_once(pytestconfig.stash[SHARED], "app.sqlite", _make_it)


def _make_it(path: Path) -> None:
    store = make_practice(path, clock=lambda: NOW)
    run_day(store)
    store.close()


@pytest.fixture
def practice(practice_template: Path, tmp_path: Path) -> Path:
    """A practice store of the test's own."""
    return Path(shutil.copyfile(practice_template, tmp_path / "ovning.sqlite"))
