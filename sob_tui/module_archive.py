"""The program's compiled modules in one file, beside those that Python keeps: it takes less time to load them from.

A start loads some 480 modules. Finding, opening and checking the file of each took 13 of the 160 ms to the first frame
(`bench startup`). What packs programs, as PyInstaller does, keeps them in an archive for the same reason, but packs the
interpreter with them; here all else stays as Python does it. A module whose source has another time or size than when
it was archived is loaded from its own file, as is one that isn't in the archive: it may be old, and is never wrong.

`python -m sob_tui.module_archive` writes it; `start.py setup` does so.
"""

import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, find_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeAlias

ARCHIVE = os.path.join(sys.prefix, "sob-tui-modules.bin")
"""Where it lies: in the environment whose modules it holds."""

LOADED = (
    "sob_tui.app",
    "sob_tui.launch",
    "sob_tui.commands",
    "sqlcipher3.dbapi2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hmac",
    "tty",
    "zoneinfo",
)
"""Modules that are archived with all that they load."""

WHOLE = ("screens", "textual")
"""Packages of which every module is archived: some are loaded by their names, when they are first needed."""

_LENGTH = 8
"""Bytes that say how long the list of modules is; the list follows, and then their code."""

Entry: TypeAlias = tuple[str, bool, int, int, int, int]
"""A module: its source's path, whether it is a package, the source's time in ns and size, where its code is, its size.

A bare tuple: the list is read at each start, by `marshal`.
"""


class ArchiveFinder:
    """Finds modules in an open archive; one of Python's finders (`sys.meta_path`)."""

    def __init__(self, path: str, file: int, modules: Mapping[str, Entry], begin: int) -> None:
        """Find the modules of an archive that is open.

        Args:
            path: the archive's.
            file: its descriptor, which stays open.
            modules: its modules, by name.
            begin: where their code begins.
        """
        self._path = path
        self._file = file
        self._modules = modules
        self._begin = begin

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
        /,
    ) -> ModuleSpec | None:
        """Return how a module is loaded; None where the archive has none that is like its source."""
        found = self._modules.get(fullname)
        if found is None:
            return None
        source, is_package, changed, size, at, length = found
        try:
            now = os.stat(source)
        except OSError:
            return None
        if now.st_mtime_ns != changed or now.st_size != size:
            return None
        loader = _ArchiveLoader(fullname, source, self._file, self._begin + at, length)
        spec = ModuleSpec(fullname, loader, origin=source, is_package=is_package)
        spec.has_location, spec.cached = True, self._path
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(os.path.dirname(source))
        return spec


class _ArchiveLoader(SourceFileLoader):
    """Loads a module as from its source's own folder, but for the code."""

    def __init__(self, name: str, source: str, file: int, at: int, length: int) -> None:
        super().__init__(name, source)
        self._code = file, length, at

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        code: CodeType = marshal.loads(os.pread(*self._code))
        return code


def use_archive(path: str = ARCHIVE) -> None:
    """Load modules from an archive from now on, where there is one that this Python wrote for the same module path.

    Else nothing changes: who sets `PYTHONPATH` or `-O` may mean other modules, and Windows has no `pread`.
    """
    if sys.flags.optimize or not hasattr(os, "pread"):
        return
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return
    whole = os.fstat(file).st_size
    begin = min(whole, _LENGTH + int.from_bytes(os.pread(file, _LENGTH, 0), "little"))
    try:
        made_by, size, modules = marshal.loads(os.pread(file, begin, _LENGTH))
    except (EOFError, ValueError, TypeError):
        made_by = None
    if made_by == _maker() and begin + size == whole:
        sys.meta_path.insert(0, ArchiveFinder(path, file, modules, begin))
    else:
        os.close(file)


def _maker() -> list[object]:
    """Return what an archive must have been made by to be used: this version of Python, with the same module path.

    The path's first entry is where the command itself lies.
    """
    return [MAGIC_NUMBER, sys.path[1:]]


def write_archive(sources: Mapping[str, str], path: str = ARCHIVE) -> None:
    """Archive modules, compiled; `sources` are the paths of their sources, by their names."""
    modules: dict[str, Entry] = {}
    code: list[bytes] = []
    at = 0
    for name, source in sorted(sources.items()):
        state = os.stat(source)  # before it is read: where it is changed meanwhile, what is archived is not used
        code.append(marshal.dumps(SourceFileLoader(name, source).get_code(name)))
        is_package = os.path.basename(source) == "__init__.py"
        modules[name] = source, is_package, state.st_mtime_ns, state.st_size, at, len(code[-1])
        at += len(code[-1])
    listed = marshal.dumps((_maker(), at, modules))
    new = f"{path}.{os.getpid()}"
    Path(new).write_bytes(b"".join((len(listed).to_bytes(_LENGTH, "little"), listed, *code)))
    os.replace(new, path)  # one that is being used stays as it is


def program_sources() -> dict[str, str]:
    """Return the sources of the program's modules, by their names: see `LOADED` and `WHOLE`."""
    for name in LOADED:
        import_module(name)
    # Asked of whatever others have put there: not every entry is a module, or has a spec.
    specs = (getattr(module, "__spec__", None) for module in list(sys.modules.values()))
    found = {one.name: one.origin for one in specs if one is not None and type(one.loader) is SourceFileLoader}
    for package in WHOLE:
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec is not None else ():
            for source in Path(folder).rglob("*.py"):
                parts = source.relative_to(folder).with_suffix("").parts
                found[".".join((package, *(part for part in parts if part != "__init__")))] = str(source)
    return found


if __name__ == "__main__":
    write_archive(program_sources())
