"""A step's text as lines: headings, paragraphs and lists, in the few marks that programs use (program-format.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

from screens.widgets.cells import clean, wrap

_MARKED = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\3(?!\w)|`([^`]+)`")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?([^)\s>]*)>?[^)\n]*\)")
_ITEM = re.compile(r"(\s*)([-*+]|[0-9]{1,3}[.)])\s+(.*)")


def draw_markdown(text: str, width: int) -> list[Content]:
    """Return the lines for a width."""
    return list(_lines(text, max(10, width)))


def _lines(text: str, width: int) -> Iterator[Content]:
    paragraph: list[str] = []
    for line in (*text.split("\n"), ""):
        heading = re.fullmatch(r"#{1,6}\s+(.*?)\s*#*", line)
        item = _ITEM.fullmatch(line)
        if heading or item or not line.strip():
            yield from _paragraph(" ".join(paragraph), width)
            paragraph = []
        if heading:
            yield from (Content.styled(one, "bold") for one in wrap(_plain(heading[1]), width))
        elif item:
            paragraph = [f"{item[1]}{'•' if item[2] in '-*+' else item[2]} {item[3]}"]
        elif line.strip():
            paragraph.append(line.strip() if paragraph else line.strip().removeprefix("> "))
        elif not line:
            yield Content("")


def _paragraph(text: str, width: int) -> Iterator[Content]:
    """Yield a paragraph's lines; those of a list's item go on under its own words."""
    if not text:
        return
    marked = re.match(r"\s*(?:•|[0-9]{1,3}[.)]) ", text)
    margin = " " * len(marked[0]) if marked else ""
    body = _plain(text[len(margin) :])
    for number, line in enumerate(wrap(body, max(10, width - len(margin)))):
        yield Content(f"{margin if number or not marked else marked[0]}{line}")


def _plain(text: str) -> str:
    """Return a text without its marks: a link says where it goes, a picture what it shows."""

    def linked(found: re.Match[str]) -> str:
        if found[0].startswith("!"):
            return f"[Bild: {found[1]}]"
        return found[1] if found[1] == found[2] else f"{found[1]} ({found[2]})"

    said = _LINK.sub(linked, text)
    return clean(_MARKED.sub(lambda found: found[2] or found[4] or found[5], said))
