"""Modules are loaded from the archive where they are as they were, and else from their own files."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sob_tui.module_archive import ArchiveFinder, use_archive, write_archive

ROOT = Path(__file__).parents[2]
PART = "a_part_of_a_program"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of its own folder, which Python finds; nothing that is imported or asked is left."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, PART, raising=False)
    source = tmp_path / f"{PART}.py"
    source.write_text("SAID = 'before'\n")
    return source


@pytest.fixture
def archive(tmp_path: Path, source: Path) -> str:
    """An archive that holds the module."""
    path = str(tmp_path / "archive.bin")
    write_archive({PART: str(source)}, path)
    return path


def loaded() -> tuple[str, bool]:
    """Import the module; return what it says, and whether the archive gave it."""
    importlib.invalidate_caches()
    sys.modules.pop(PART, None)
    module = importlib.import_module(PART)
    assert module.__spec__ is not None
    return module.SAID, "Archive" in type(module.__spec__.loader).__name__


def is_used() -> bool:
    return any(isinstance(finder, ArchiveFinder) for finder in sys.meta_path)


def test_a_module_is_loaded_from_the_archive_as_from_its_file(archive: str, source: Path) -> None:
    use_archive(archive)
    assert loaded() == ("before", True)
    module = sys.modules[PART]
    assert module.__file__ == str(source)
    assert module.__spec__ is not None
    assert module.__spec__.loader is not None
    assert module.__spec__.loader.get_source(PART) == "SAID = 'before'\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", ["another size", "another time"])
def test_a_module_that_was_changed_since_is_loaded_from_its_own_file(archive: str, source: Path, state: str) -> None:
    use_archive(archive)
    before = source.stat()
    source.write_text("SAID = 'afterwards'\n" if state == "another size" else "SAID = 'later!'\n")
    if state == "another size":
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert source.stat().st_size == before.st_size
    assert loaded() == ("afterwards" if state == "another size" else "later!", False)


def test_a_module_that_is_gone_is_not_there(archive: str, source: Path) -> None:
    use_archive(archive)
    source.unlink()
    with pytest.raises(ModuleNotFoundError):
        loaded()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"something else" + path.read_bytes())


@pytest.mark.parametrize("damage", [cut, empty, overwrite, Path.unlink])
def test_an_archive_that_is_not_whole_is_not_used(archive: str, damage: Callable[[Path], None]) -> None:
    damage(Path(archive))
    use_archive(archive)
    assert not is_used()


def test_nor_one_that_was_made_where_modules_are_looked_for_elsewhere(
    archive: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [sys.path[0], str(tmp_path / "before"), *sys.path[1:]])
    use_archive(archive)
    assert not is_used()


def test_the_app_is_loaded_from_the_programs_own_archive(tmp_path: Path) -> None:
    """What is not found there would only be slower, so nobody else would see it."""
    archive = tmp_path / "program.bin"
    write = "from sob_tui.module_archive import *; write_archive(program_sources(), sys.argv[1])"
    use = (
        "from sob_tui.module_archive import use_archive; import sys; before = set(sys.modules);"
        "use_archive(sys.argv[1]);"
        "import sob_tui.app, screens.main, textual.drivers.linux_driver, cryptography.hazmat.primitives.ciphers.aead;"
        "new = {name: module for name, module in sys.modules.items() if name not in before};"
        "loader = lambda module: type(getattr(getattr(module, '__spec__', None), 'loader', None)).__name__;"
        "print(*(name for name, module in new.items() if loader(module) == 'SourceFileLoader'), len(new))"
    )
    for code in (f"import sys; {write}", use):
        done = subprocess.run(
            [sys.executable, "-c", code, str(archive)], cwd=ROOT, capture_output=True, text=True, check=True
        )
    *from_files, number = done.stdout.split()
    assert from_files == []
    assert int(number) > 300
