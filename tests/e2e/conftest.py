"""What all tests in a real terminal share."""

import shutil
from pathlib import Path

import pytest

from store.practice import make_practice


@pytest.fixture(scope="session")
def practice_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice store, made once for each worker."""
    path = tmp_path_factory.mktemp("practice") / "template.sqlite"
    make_practice(path).close()
    return path


@pytest.fixture
def store(practice_template: Path, tmp_path: Path) -> Path:
    """A practice store of the test's own."""
    return Path(shutil.copyfile(practice_template, tmp_path / "app.sqlite"))
