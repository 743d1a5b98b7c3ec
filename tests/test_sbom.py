"""The list of dependencies follows the lock, and says under which licence each stands."""

import json
from pathlib import Path

import pytest

from tests import sbom, upkeep

PYPROJECT = '[project]\nname = "demo"\ndescription = "En demo"\nlicense = "MIT"\n'
LOCK = """\
# heading
rich==15.0.0 \\
    --hash=sha256:00
elsewhere==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:01
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project whose list is current."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / sbom.LOCK).write_text(LOCK)
    sbom.write(tmp_path)
    return tmp_path


def test_the_list_has_each_pinned_package_with_what_is_known_of_it(checkout: Path) -> None:
    found = json.loads((checkout / sbom.FILE).read_text())
    rich, elsewhere = found["components"]
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == ("CycloneDX", "demo")
    assert (rich["purl"], rich["licenses"]) == ("pkg:pypi/rich@15.0.0", [{"license": {"name": "MIT License"}}])
    assert elsewhere["properties"] == [{"name": "python:marker", "value": "sys_platform == 'win32'"}]
    assert "licenses" not in elsewhere


def test_what_is_known_of_a_package_that_is_not_installed_is_kept(checkout: Path) -> None:
    text = (checkout / sbom.FILE).read_text().replace('"scope": "optional"', '"licenses": ["x"], "scope": "optional"')
    (checkout / sbom.FILE).write_text(text)
    sbom.write(checkout)
    assert json.loads((checkout / sbom.FILE).read_text())["components"][1]["licenses"] == ["x"]


@pytest.mark.parametrize(
    "lock", [LOCK.replace("15.0.0", "15.0.1"), LOCK.replace("win32", "darwin"), LOCK + "more==1\n"]
)
def test_a_list_is_stale_when_the_lock_changes(checkout: Path, lock: str) -> None:
    assert sbom.stale(checkout) == []
    (checkout / sbom.LOCK).write_text(lock)
    assert len(sbom.stale(checkout)) == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"components": [3]}'])
def test_what_is_no_list_is_stale(checkout: Path, content: str) -> None:
    (checkout / sbom.FILE).write_text(content)
    assert len(sbom.stale(checkout)) == 1


def test_ours_names_each_licence_of_what_is_installed_everywhere() -> None:
    found = json.loads((upkeep.ROOT / sbom.FILE).read_text())["components"]
    assert [one["name"] for one in found if "licenses" not in one and "scope" not in one] == []
