"""What all tests in a real terminal share."""

import shutil
from pathlib import Path

import pytest

from store.practice import make_practice
from tests.conftest import SHARED, made_once


@pytest.fixture(scope="session")
def practice_template(pytestconfig: pytest.Config) -> Path:
    """A practice store, made once in a run."""
    return made_once(pytestconfig.stash[SHARED], "e2e.sqlite", lambda path: make_practice(path).close())


@pytest.fixture
def store(practice_template: Path, tmp_path: Path) -> Path:
    """A practice store of the test's own."""
    return Path(shutil.copyfile(practice_template, tmp_path / "app.sqlite"))
