"""Writing the settings file: one value at a time, all else as the person wrote it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sob_tui.settings import read_settings
from sob_tui.toml_lines import with_value, without
from store.foundation.errors import Refused, why_unreadable


def write_value(path: tuple[str, ...], value: str | int | None) -> None:
    """Write a setting, or take it away (None).

    Raises:
        Refused: the file can't be read or written, or the key stands in it in a way that only a person can change.
    """
    settings = read_settings()
    for fault in settings.faults:
        if not fault.path:
            raise settings.refusal(fault)
    written = path
    if len(path) == 2 and path[1] in settings.keymap and path[1] not in settings.values[path[0]]:
        written = (path[0], *path[1].split("."))  # its name stands there without quotes
    text = without(settings.text, written) if value is None else with_value(settings.text, written, value)
    if text is None:
        line = settings.line_of(path)
        raise Refused(f"Inställningsfilen {settings.path}, rad {line}, går inte att ändra härifrån. Ändra den själv.")
    _replace(settings.path, text)


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the old one's place, with its rights; a new file is its owner's alone."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        number, name = tempfile.mkstemp(dir=target.parent, prefix=".settings-")
        try:
            with open(number, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(name).chmod(mode)
            os.replace(name, target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise Refused(f"Inställningsfilen {path} går inte att skriva ({why_unreadable(error)}).") from None
