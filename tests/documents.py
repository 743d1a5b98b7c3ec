"""What the documents say, taken apart: sections, tables, and what stands in backticks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TO_COME = "Kommer"
"""The heading under which stands what is decided and not there yet."""

_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")


def document(name: str) -> str:
    """Return a document's text, by its path in the checkout."""
    return (ROOT / name).read_text("utf-8")


def present(text: str) -> str:
    """Return what a document says of the program as it is: all but *Kommer*."""
    return text.partition(f"\n## {TO_COME}\n")[0]


def section(text: str, title: str) -> str:
    """Return what stands under a heading, with the headings below it."""
    headings = list(_HEADING.finditer(text))
    place = next((at for at, heading in enumerate(headings) if heading[2] == title), None)
    assert place is not None, f"no heading {title}"
    level = len(headings[place][1])
    end = next((later.start() for later in headings[place + 1 :] if len(later[1]) <= level), len(text))
    return text[headings[place].end() : end]


def headings(text: str) -> list[str]:
    """Return all headings."""
    return [heading[2] for heading in _HEADING.finditer(text)]


def rows(text: str) -> list[list[str]]:
    """Return the rows of all tables, without their headings; `\\|` in a cell is a bar."""
    lines = text.splitlines()
    found = [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("|") and not _is_rule(below)
    ]
    return [_cells(line) for line in found if not _is_rule(line)]


def _is_rule(line: str) -> bool:
    return line.startswith("|--")


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def code(text: str) -> list[str]:
    """Return what stands in backticks."""
    return _CODE.findall(text)
