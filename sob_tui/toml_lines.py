"""Where in a TOML file a key stands, and how one value in it is changed while all else stays as it was written.

`tomllib` tells no lines. A file is read here statement by statement, each tried together with the table's heading over
it: a statement ends where that can be read. So every way to write TOML is understood, and each line is tried once.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Path = tuple[str, ...]
"""A key with the tables that it stands in: `("keymap", "app.lock")`."""

_AT_LINE = re.compile(r"at line (\d+)")


class Statement(NamedTuple):
    """A table's heading, or a key with its value."""

    first: int
    """Its lines, counted from 1."""
    last: int
    paths: tuple[Path, ...]
    """What it gives: a table, a key, or several keys of an inline table."""
    table: Path
    """The table that it stands in, or begins."""


def statements(text: str) -> Iterator[Statement]:
    """Yield what a file says, in order. The file must be readable as a whole."""
    heading, table = "", Path()
    first, lines = 1, text.split("\n")
    for last in range(1, len(lines) + 1):
        chunk = "\n".join(lines[first - 1 : last])
        is_heading = chunk.lstrip().startswith("[")
        try:
            found = tomllib.loads(chunk if is_heading else f"{heading}\n{chunk}")
        except ValueError:
            continue  # it goes on
        paths = tuple(flat(found))
        if is_heading:
            heading, table = chunk, paths[-1]
        else:
            paths = tuple(path for path in paths if path != table[: len(path)])
        if paths:
            yield Statement(first, last, paths, table)
        first = last + 1


def flat(values: Mapping[str, Any], within: Path = ()) -> Iterator[Path]:
    """Yield every key with the tables it stands in, the tables themselves before what they hold."""
    for key, value in values.items():
        yield (*within, key)
        if isinstance(value, dict):
            yield from flat(value, (*within, key))


def line_of(text: str, path: Path) -> int:
    """Return the line on which a key or table begins; 1 where it is nowhere."""
    return next((one.first for one in statements(text) if path in one.paths), 1)


def unreadable_line(error: tomllib.TOMLDecodeError) -> int | None:
    """Return the line on which a file stops being TOML; None where it ends too soon."""
    found = _AT_LINE.search(str(error))
    return int(found[1]) if found else None


def with_value(text: str, path: Path, value: str | int) -> str | None:
    """Return the file with another value for a key of the top level, or of a table of it; all else as it stands.

    None where the key is written in a way that can't be changed by itself, as in an inline table.
    """
    wanted = tomllib.loads(text)
    target = wanted
    for name in path[:-1]:
        target = target.setdefault(name, {})
        if not isinstance(target, dict):
            return None
    target[path[-1]] = value
    changed = _changed(text, path, f"{_key(path[-1])} = {json.dumps(value, ensure_ascii=False)}")
    try:
        return changed if tomllib.loads(changed) == wanted else None
    except ValueError:
        return None


def without(text: str, path: Path) -> str | None:
    """Return the file without a key; None where it stands together with others. One that is not there is no matter."""
    lines = text.split("\n")
    for one in statements(text):
        if path in one.paths and one.table != path:
            if any(path != other and path != other[: len(path)] and other != path[: len(other)] for other in one.paths):
                return None
            return "\n".join([*lines[: one.first - 1], *lines[one.last :]])
    return text


def _changed(text: str, path: Path, line: str) -> str:
    lines, found = text.split("\n"), tuple(statements(text))
    there = next((one for one in found if path in one.paths and one.table != path), None)
    if there is not None:
        lines[there.first - 1 : there.last] = [line + _remark(lines[there.first - 1 : there.last])]
        return "\n".join(lines)
    table = path[:-1]
    within = [one for one in found if one.table == table]
    if within:
        lines.insert(within[-1].last, line)
    elif table:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [*([""] if lines else []), f"[{_key(table[0])}]", line, ""]
    else:
        lines.insert(0, line)
    return "\n".join(lines)


def _remark(lines: Sequence[str]) -> str:
    """Return what stands as a comment after a value on one line; a `#` inside the value is none."""
    (only,) = lines if len(lines) == 1 else ("",)
    for at in (at for at, letter in enumerate(only) if letter == "#"):
        try:
            tomllib.loads(only[:at])
        except ValueError:
            continue
        return f"  {only[at:].rstrip()}"
    return ""


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
