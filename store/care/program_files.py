"""Programs are folders: `program.toml`, `modules/NN-id/NN-step.md` and `forms/id.json`, read into a `Program`.

    modules/00-borja-har/titel.txt               the module's title; 00 is the start module, which has no number
    modules/00-borja-har/01-sa-fungerar-det.md   a step: `# Titel` first, then its page in Markdown
    modules/02-lek/01-turtagning/titel.txt       optional: sections, folders that hold the module's steps

The number gives the order, the rest of the name is the id, so a step can move and keep its id.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from store.care.program_faults import MAX_LINE, SLUG, SLUG_RULE, Fault, Named, ProgramReader, line_at, slug
from store.care.program_forms import read_forms
from store.care.program_pages import FOLDER, Pictures
from store.care.program_plans import check_plans
from store.care.program_settings import Settings, read_settings
from store.care.program_shape import (
    DEFAULT_END_REASONS,
    Contact,
    FormFile,
    Module,
    Program,
    Section,
    Step,
    program_from_json,
    program_to_json,
)
from store.care.program_table import MOST_UNKNOWN
from store.foundation.errors import why_unreadable

__all__ = [
    "DEFAULT_END_REASONS",
    "Contact",
    "Fault",
    "FormFile",
    "Module",
    "Program",
    "Section",
    "Step",
    "program_from_json",
    "program_to_json",
    "read_program",
]

_PARTS = ("program.toml", "modules", "forms", FOLDER, "README.md")


def read_program(folder: Path) -> tuple[Program | None, tuple[Fault, ...]]:
    """The program in a folder, and every fault in it. With any fault there is no program: what is installed is whole.

    Never raises for what lies in the folder, or for a folder that is not there.
    """
    try:
        root = folder.resolve()
    except (OSError, RuntimeError):
        root = folder.absolute()
    reader = ProgramReader(root)
    try:
        program = _program(reader) if _is_folder(reader) else None
    except OSError as error:
        reader.fault(
            root, None, f"Mappen går inte att läsa ({why_unreadable(error)}).", "Se över mappens behörigheter."
        )
        program = None
    return (None if reader.faults else program), tuple(reader.faults)


def _is_folder(reader: ProgramReader) -> bool:
    if not reader.root.is_dir():
        reader.fault(reader.root, None, "Mappen finns inte.", "Ange mappen där program.toml ligger.")
        return False
    if not SLUG.fullmatch(reader.root.name):
        mend = f"Döp om mappen till {slug(reader.root.name)}: {SLUG_RULE}."
        reader.fault(reader.root, None, "Mappens namn är programmets id och får inte se ut så.", mend)
    return True


def _program(reader: ProgramReader) -> Program | None:
    entries = {path.name for path in _known_parts(reader)}
    settings = _settings(reader)
    pictures = Pictures(reader)
    modules = _modules(reader, pictures) if "modules" in entries else _no_modules(reader)
    pictures.check_unused()
    forms = tuple(read_forms(reader)) if "forms" in entries else ()
    if settings is None:
        return None
    return Program(
        id=reader.root.name,
        title=settings.title,
        version=settings.version,
        recommended_days=settings.recommended_days,
        contact=settings.contact,
        opens_from_start=_opened(reader, settings, [module.id for module in modules]),
        modules=modules,
        forms=forms,
        reminders=settings.reminders,
        end_reasons=settings.end_reasons,
        requires_training=settings.requires_training,
        plans=check_plans(settings.plans, modules, forms),
        flags=settings.flags,
        activity_plans=settings.activity_plans,
        shows_scores=settings.shows_scores,
        training_link=settings.training_link,
    )


def _settings(reader: ProgramReader) -> Settings | None:
    path = reader.root / "program.toml"
    if path.exists() or path.is_symlink():
        return read_settings(reader, path)
    mend = "Skapa den; kopiera gärna den från ett program som fungerar."
    reader.fault(path, None, "Filen program.toml saknas.", mend)
    return None


def _known_parts(reader: ProgramReader) -> Iterator[Path]:
    for path in reader.entries(reader.root):
        if path.name in _PARTS:
            yield path
            continue
        near = difflib.get_close_matches(path.name.lower(), _PARTS, n=1)
        mend = f"Menade du {near[0]}?" if near else f"Ta bort den. Här får ligga: {', '.join(_PARTS)}."
        reader.fault(path, None, "Okänd fil eller mapp i programmet.", mend)


def _opened(reader: ProgramReader, settings: Settings, known: list[str]) -> tuple[str, ...]:
    """The ids of the modules open from the start, in the modules' order."""
    wanted = known if settings.opens is None else list(settings.opens)
    for name in [one for one in wanted if one not in known][:MOST_UNKNOWN]:
        near = difflib.get_close_matches(name, known, n=1)
        mend = f"Menade du {near[0]}?" if near else f"Moduler som finns: {', '.join(known) or 'inga'}."
        path = reader.root / "program.toml"
        reader.fault(path, settings.opens_line, f"opens_from_start nämner en modul som inte finns: {name}.", mend)
    return tuple(name for name in known if name in wanted)


def _no_modules(reader: ProgramReader) -> tuple[Module, ...]:
    mend = "Skapa mappen modules och i den en mapp för varje modul, till exempel 01-valkommen."
    reader.fault(reader.root / "modules", None, "Programmet har inga moduler.", mend)
    return ()


def _modules(reader: ProgramReader, pictures: Pictures) -> tuple[Module, ...]:
    folder = reader.root / "modules"
    paths = reader.entries(folder) if folder.is_dir() else []
    for path in paths:
        if not path.is_dir():
            reader.fault(path, None, "Filen ligger utanför modulerna.", "Flytta in den i en moduls mapp.")
    headings: dict[str, Path] = {}
    steps: dict[str, Path] = {}
    named = reader.numbered(path for path in paths if path.is_dir())
    return tuple(_module(reader, pictures, one, headings, steps) for one in named) or _no_modules(reader)


def _module(
    reader: ProgramReader, pictures: Pictures, named: Named, headings: dict[str, Path], steps: dict[str, Path]
) -> Module:
    """`headings` and `steps` are the ids met so far: modules and sections share the one, steps have the other."""
    reader.unique(headings, named.id, named.path)
    title = reader.title(named.path)
    files, folders = _contents(reader, named.path)
    if files and folders:
        mend = "Flytta in stegen i ett avsnitt, eller lägg alla steg direkt i modulen."
        reader.fault(files[0], None, "Modulen har både avsnitt och lösa steg.", mend)
    sections = [_section(reader, pictures, one, headings, steps) for one in reader.numbered(folders)]
    if not sections:
        sections = [Section(named.id, "", _steps(reader, pictures, named.path, files, steps))]
    return Module(named.id, title, named.number or None, tuple(sections))


def _section(
    reader: ProgramReader, pictures: Pictures, named: Named, headings: dict[str, Path], steps: dict[str, Path]
) -> Section:
    reader.unique(headings, named.id, named.path)
    title = reader.title(named.path)
    files, folders = _contents(reader, named.path)
    for path in folders:
        reader.fault(path, None, "Ett avsnitt har inga egna avsnitt.", "Lägg stegen direkt i avsnittets mapp.")
    return Section(named.id, title, _steps(reader, pictures, named.path, files, steps))


def _contents(reader: ProgramReader, folder: Path) -> tuple[list[Path], list[Path]]:
    """The step files and the folders in a module or section; other files are faults."""
    files: list[Path] = []
    folders: list[Path] = []
    for path in reader.entries(folder):
        if path.is_dir():
            folders.append(path)
        elif path.suffix == ".md":
            files.append(path)
        elif path.name != "titel.txt":
            mend = "Ta bort den, eller ge den ändelsen .md om den är ett steg."
            reader.fault(path, None, "Okänd fil: här ligger titel.txt och steg (.md).", mend)
    return files, folders


def _steps(
    reader: ProgramReader, pictures: Pictures, folder: Path, files: list[Path], seen: dict[str, Path]
) -> tuple[Step, ...]:
    if not files:
        mend = "Lägg till ett steg, till exempel 01-valkommen.md, eller ta bort mappen."
        reader.fault(folder, None, "Mappen har inga steg.", mend)
    found = []
    for named in reader.numbered(files, ".md"):
        reader.unique(seen, named.id, named.path)
        text = reader.text(named.path)
        if text is not None:
            pictures.check(named.path, text)
            found.append(_step(reader, named, text))
    return tuple(found)


def _step(reader: ProgramReader, named: Named, text: str) -> Step:
    heading, _, body = text.strip().partition("\n")
    line = line_at(text, len(text) - len(text.lstrip())) if text.strip() else 1
    title = re.fullmatch(r"#[ \t]+(.*?)[ \t]*#*", heading.rstrip())
    if title is None or not 0 < len(title[1]) <= MAX_LINE:
        mend = f"Börja filen med # , mellanslag och stegets titel (högst {MAX_LINE} tecken)."
        reader.fault(named.path, line, "Första raden är inte en titel.", mend)
    elif not body.strip():
        reader.fault(named.path, line, "Steget är tomt.", "Skriv stegets text under titeln.")
    page = re.sub(r"\A(?:[ \t]*\n)+", "", body).rstrip()
    return Step(named.id, " ".join(title[1].split()) if title else "", page)
