"""A program's forms. What we write ourselves is held to what the lenient reader only points out (domain.md §6)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from store.care.program_faults import FORBIDDEN, MAX_LINE, SLUG, SLUG_RULE, ProgramReader, line_at, slug
from store.care.program_shape import FormFile
from store.care.questionnaire.reader import read_questionnaire


def read_forms(reader: ProgramReader) -> Iterator[FormFile]:
    """The forms in the folder `forms`, by id; faults are noted on the way."""
    folder = reader.root / "forms"
    if not folder.is_dir():
        reader.fault(folder, None, "forms ska vara en mapp.", "Lägg formulären i en mapp som heter forms.")
        return
    for path in reader.entries(folder):
        if path.suffix != ".json" or not SLUG.fullmatch(path.stem):
            mend = f"Döp om till {slug(path.stem)}.json ({SLUG_RULE}), eller ta bort filen."
            reader.fault(path, None, "Namnet duger inte för ett formulär.", mend)
        elif (text := reader.text(path)) is not None:
            yield FormFile(path.stem, _title(reader, path, text), text)


def _title(reader: ProgramReader, path: Path, text: str) -> str:
    """The form's title, after the checks that every form must pass; empty after a fault."""
    data = _questionnaire(reader, path, text)
    if data is None:
        return ""
    _escaped_characters(reader, path, data, text)
    faults = [fault for fault in read_questionnaire(text).faults if fault.where != "title"]  # that is said below
    lines = _lines_of(text, _LINK) if faults else {}
    for fault in faults:
        mend = "Rätta det, så att frågan går att lita på."
        reader.fault(path, lines.get(fault.where), f"{fault.where}: {fault.message}", mend)
    title = data.get("title")
    if isinstance(title, str) and 0 < len(title.strip()) <= MAX_LINE and not re.search(r"[\n\r\t]", title):
        return title.strip()
    mend = f'Skriv "title": "…" med formulärets namn på en rad, högst {MAX_LINE} tecken.'
    reader.fault(path, _line_of(text, r'^\s*"title"\s*:'), "Formuläret saknar titel.", mend)
    return ""


def _questionnaire(reader: ProgramReader, path: Path, text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        mend = (
            "Se efter ett komma, citattecken eller en klammer som saknas eller är för mycket, där eller på raden före."
        )
        reader.fault(path, line, "Filen går inte att tolka som JSON.", mend)
        return None
    if isinstance(data, dict) and data.get("resourceType") == "Questionnaire":
        return data
    mend = 'Skriv "resourceType": "Questionnaire" överst, eller ta bort filen om den är något annat.'
    reader.fault(path, _line_of(text, r'"resourceType"'), "Filen är inte ett FHIR Questionnaire.", mend)
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _escaped_characters(reader: ProgramReader, path: Path, data: Any, text: str) -> None:
    """Faults for forbidden characters written as escapes; what stands plainly in the file is checked already."""
    found = {character for string in _strings(data) for character in FORBIDDEN.findall(string)} - {"\r"}
    lines = {escape.lower(): line for escape, line in reversed(_lines_of(text, _ESCAPE).items())} if found else {}
    for character in sorted(found):
        escape = {"\b": "b", "\f": "f"}.get(character, f"u{ord(character):04x}")
        message = f"Otillåtet styrtecken (U+{ord(character):04X}), skrivet som kod."
        reader.fault(path, lines.get(escape), message, "Ta bort koden ur texten.")


def _strings(data: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included. Walked without recursion: it may be nested as deep as JSON goes."""
    stack = [data]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            stack += (*part.keys(), *part.values())
        elif isinstance(part, list):
            stack += part


_LINK = re.compile(r'"linkId"\s*:\s*"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def _lines_of(text: str, pattern: re.Pattern[str]) -> dict[str, int]:
    """Return by what the pattern's group holds the line where it first stands."""
    found: dict[str, int] = {}
    line, before = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        found.setdefault(match[1], line)
    return found


def _line_of(text: str, pattern: str) -> int | None:
    found = re.search(pattern, text, re.MULTILINE)
    return line_at(text, found.start(0) + len(found[0]) - len(found[0].lstrip())) if found else None
