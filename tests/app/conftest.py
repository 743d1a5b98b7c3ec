"""What all tests of the whole app share."""

import shutil
from pathlib import Path

import pytest

from store.care.day_run import run_day
from store.practice import make_practice
from tests.app.driver import NOW
from tests.screens.painted import painted_when_looked_at, styles_read_once

__all__ = ["painted_when_looked_at", "styles_read_once"]


@pytest.fixture(scope="session")
def practice_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice store as it is at `NOW`, made once for each worker; the day's rules have run."""
    path = tmp_path_factory.mktemp("practice") / "template.sqlite"
    store = make_practice(path, clock=lambda: NOW)
    run_day(store)
    store.close()
    return path


@pytest.fixture
def practice(practice_template: Path, tmp_path: Path) -> Path:
    """A practice store of the test's own."""
    path = tmp_path / "ovning.sqlite"
    shutil.copyfile(practice_template, path)
    for suffix in ("-wal", "-shm"):
        beside = practice_template.with_name(practice_template.name + suffix)
        if beside.exists():
            shutil.copyfile(beside, path.with_name(path.name + suffix))
    return path
