"""What came of checking a person's own keys, kept from start to start: the check imports every screen (0.6 s).

It is good for the same keys and the same program, file by file; else they are checked anew. The file can be removed.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import screens
import sob_tui
from sob_tui.settings import state_folder


class KeptKeys(NamedTuple):
    """What was found of a keymap."""

    faults: tuple[tuple[str, str], ...]
    """A command's id, and what is wrong with its key."""
    keymap: dict[str, str]
    """The own keys that were accepted."""
    whole: dict[str, str]
    """What Textual is given."""


def kept_check(wanted: Mapping[str, Any]) -> KeptKeys | None:
    """Return what is known of a keymap; None where it was not checked yet, or the program is another by now."""
    try:
        said = json.loads(_file().read_bytes())
        if said["of"] != _digest(wanted):
            return None
        faults = tuple((str(name), str(sentence)) for name, sentence in said["faults"])
        return KeptKeys(faults, _texts(said["keymap"]), _texts(said["whole"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep_check(wanted: Mapping[str, Any], found: KeptKeys) -> None:
    """Keep what was found; where nothing can be written the next start checks again."""
    said = {"of": _digest(wanted), **found._asdict()}
    path = _file()
    half = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half.write_text(json.dumps(said), encoding="utf-8")
        half.replace(path)


def _file() -> Path:
    return state_folder() / "tangenter.json"


def _texts(found: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(keys) for name, keys in found.items()}


def _digest(wanted: Mapping[str, Any]) -> str:
    from hashlib import sha256  # with OpenSSL behind it: who has no keys of their own waits for none

    said = json.dumps(list(wanted.items()), default=str)
    return sha256("\n".join((said, *_program())).encode("utf-8", "surrogatepass")).hexdigest()


def _program() -> Iterator[str]:
    """Yield what tells the files in which keys are declared from those of another version."""
    for package in (screens, sob_tui):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            status = path.stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"
