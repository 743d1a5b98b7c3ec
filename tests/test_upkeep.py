"""The checks of the source that are our own: lock files that are current, and no package registry's address."""

import subprocess
from pathlib import Path

import pytest

from tests import upkeep

PYPROJECT = """\
[project]
requires-python = ">=3.11"
dependencies = ["rich"]
[dependency-groups]
dev = ["pytest"]
[tool.ruff]
line-length = 120
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with current locks."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for name in upkeep.LOCKS:
        (tmp_path / name).write_text(upkeep.lock_heading(tmp_path) + "rich==15.0.0\n")
    return tmp_path


def test_current_locks_pass(checkout: Path) -> None:
    assert upkeep.stale_locks(checkout) == []


@pytest.mark.parametrize(("old", "new"), [("rich", "rich>=15"), ("pytest", "pytest~=8.4"), ("3.11", "3.12")])
def test_locks_are_stale_when_a_dependency_changes(checkout: Path, old: str, new: str) -> None:
    (checkout / "pyproject.toml").write_text(PYPROJECT.replace(old, new))
    assert [line.split(":")[0] for line in upkeep.stale_locks(checkout)] == list(upkeep.LOCKS)


def test_locks_stay_current_when_a_tool_is_set_differently(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text(PYPROJECT.replace("120", "100"))
    assert upkeep.stale_locks(checkout) == []


def test_a_missing_lock_is_stale(checkout: Path) -> None:
    (checkout / "requirements.lock").unlink()
    assert len(upkeep.stale_locks(checkout)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/project/rich",
        "files.python" + "hosted.org",
        "registry.npm" + "js.org",
        "index-" + "url = https://mirror.example/",
        "--find-" + 'links="file:/opt/wheels"',
        "see https:" + "//mirror.example/root/simple/rich",
    ],
)
def test_a_planted_address_is_found_with_its_place(checkout: Path, line: str) -> None:
    (checkout / "notes.md").write_text(f"First.\n{line}\n")
    faults = upkeep.registry_addresses(checkout)
    assert len(faults) == 1
    assert faults[0].startswith("notes.md:2:")


def test_addresses_of_other_places_pass(checkout: Path) -> None:
    (checkout / "notes.md").write_text("https://www.socialstyrelsen.se and simple/links\n")
    assert upkeep.registry_addresses(checkout) == []


def test_what_git_ignores_is_left_alone(checkout: Path) -> None:
    (checkout / ".gitignore").write_text("pip.log\n")
    (checkout / "pip.log").write_text("https://py" + "pi.org\n")
    assert upkeep.registry_addresses(checkout) == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml", "pylock.dev.toml"])
def test_locks_that_carry_addresses_are_refused(checkout: Path, name: str) -> None:
    (checkout / name).write_text("")
    assert len(upkeep.registry_addresses(checkout)) == 1


def test_the_checkers_own_source_passes(checkout: Path) -> None:
    source = Path(upkeep.__file__)
    (checkout / source.name).write_bytes(source.read_bytes())
    assert upkeep.registry_addresses(checkout) == []
