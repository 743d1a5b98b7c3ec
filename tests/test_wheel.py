"""The wheel, installed where there is no checkout: it must find its data and run."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLINICIAN = "SE2321000040-OV01"


class Installed:
    """An environment of its own that holds the wheel and nothing of the checkout."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "env", symlinks=True, with_pip=False)
        self.folder = folder
        self.programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        command = [sys.executable, "-m", "pip", "--python", str(self.programs / "python"), "install", "--quiet"]
        subprocess.run([*command, "--no-index", "--no-deps", str(wheel)], check=True)
        self.borrow_dependencies()

    def borrow_dependencies(self) -> None:
        """Let it import what this environment holds; the checkout, named there by a .pth file, does not come along."""
        own = self.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        (Path(own) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    def run(self, program: str, *arguments: str) -> str:
        """What a program of it prints, run outside the checkout and as someone without settings."""
        environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env={**environment, "HOME": str(self.folder), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """That wheel in an environment of its own."""
    return Installed(tmp_path_factory.mktemp("elsewhere"), wheel)


def test_the_wheel_holds_the_three_packages_and_the_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    data = [path.relative_to(ROOT / "data").as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()]
    assert {f"store/_data/{name}" for name in data} <= set(names)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sob_tui", "screens", "store"}


def test_it_is_the_wheel_that_is_imported(installed: Installed) -> None:
    program = "import sob_tui, screens, store; print(sob_tui.__file__, screens.__file__, store.__file__, sep='\\n')"
    for file in installed.run("python", "-c", program).splitlines():
        assert Path(file).is_relative_to(installed.folder)


def test_the_help_is_in_it(installed: Installed) -> None:
    assert "# Webbsidan kan inte visas" in installed.run("sob", "hjalp", "webbsidan", "kan", "inte", "visas")


def test_an_exercise_is_solved_by_its_solution_there(installed: Installed) -> None:
    (file,) = installed.folder.rglob("store/_data/practice/exercises/prioriterad-flagga.toml")
    assert "prioriterad-flagga.toml: inga fel." in installed.run("sob", "ovning", "kontrollera", str(file))


def test_it_makes_a_practice_store_and_lists_the_moments_of_a_clinician(installed: Installed) -> None:
    store = str(installed.folder / "ovning.db")
    installed.run("sob", "ovning", "--utan-app", "--store", store)
    listed = installed.run("sob", "lista", "--json", "--som", CLINICIAN, "--store", store)
    moments = json.loads(listed)
    assert len(moments) >= 5
    assert ("198001022386", "komigang-online") in {(row["personnummer"], row["program"]) for row in moments}
    assert {row["clinician"] for row in moments} == {CLINICIAN}
