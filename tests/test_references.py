"""Every reference in a comment, a docstring or a document leads somewhere: a section, a file, a module, a name.

Code that is wrong stops; a docstring that names what is gone misleads for years.
"""

import ast
import keyword
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
import textual.widgets

from tests.documents import ROOT, code, document, headings, rows, section

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/contract.md", "docs/domain.md")
PACKAGES = ("sob_tui", "screens", "store", "tests")


class Prose(NamedTuple):
    """A text that people read, and where it begins."""

    file: str
    line: int
    text: str

    def place(self, at: int) -> str:
        """Return file and line of a place in the text."""
        return f"{self.file}:{self.line + self.text.count(chr(10), 0, at)}"


@cache
def tracked() -> frozenset[str]:
    """Return the files of the checkout, but those that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return frozenset(name for name in listed if (ROOT / name).is_file())


@cache
def sources() -> tuple[str, ...]:
    """Return the Python files."""
    return tuple(sorted(name for name in tracked() if name.endswith(".py")))


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """Return all that a Python file is made of; the file itself comes first."""
    return tuple(ast.walk(ast.parse(source(name))))


@cache
def prose() -> tuple[Prose, ...]:
    """Return all that is read and not run: comments, docstrings, documents."""
    documents = [Prose(name, 1, source(name)) for name in DOCUMENTS]
    settings = [Prose(name, 1, source(name)) for name in ("pyproject.toml", "Makefile", ".ci/run")]
    read = [text for name in sources() for text in (*_comments(name), *_docstrings(name))]
    return (*documents, *settings, *read)


# A string, in which a `#` begins no comment, or a comment. Python's own tokenizer takes ten times as long.
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'{3}(?:\\.|[^\\])*?\'{3}'''
    r"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(\#[^\n]*)""",
    re.DOTALL,
)


def _comments(name: str) -> Iterator[Prose]:
    text, line, at = source(name), 1, 0
    for found in _STRING_OR_COMMENT.finditer(text):
        if found[1]:
            line, at = line + text.count("\n", at, found.start()), found.start()
            yield Prose(name, line, found[1])


def _docstrings(name: str) -> Iterator[Prose]:
    """Yield the strings that stand alone: of modules, classes and functions, and those under a value."""
    for node in nodes(name):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Prose(name, node.lineno, node.value.value)


# Sections of documents

_SECTION = re.compile(r"(?:([\w-]+)\.md)?((?:,? ?§[\w.–]+)+)")


def dead_sections(texts: Iterable[Prose]) -> Iterator[str]:
    return (
        f"{text.place(found.start())}: {found[0]}"
        for text in texts
        for found in _SECTION.finditer(text.text)
        for section in re.findall(r"§([\w.–]+)", found[2])
        if found[1] or text.file in DOCUMENTS
        if not _has_section(found[1] or Path(text.file).stem, section.rstrip("."))
    )


def _has_section(name: str, section: str) -> bool:
    """Whether a document has a section: by number, by number and point (`3.4`), by a range of points, or by a word."""
    path = next((one for one in DOCUMENTS if Path(one).stem == name), None)
    if path is None:
        return False
    if "–" in section:
        first, last = section.split("–")
        return _has_section(name, first) and _has_section(name, last)
    number, _, point = section.partition(".")
    if not number.isdigit():
        return any(heading.startswith(section) for heading in headings(source(path)))
    part = re.search(rf"^## {number}\. .*?(?=^## |\Z)", source(path), re.DOTALL | re.MULTILINE)
    return part is not None and (not point or re.search(rf"^{point}\. ", part[0], re.MULTILINE) is not None)


def dead_documents(texts: Iterable[Prose]) -> Iterator[str]:
    known = {Path(name).name for name in tracked() if name.endswith(".md")}
    return (
        f"{text.place(found.start())}: {found[0]}"
        for text in texts
        for found in re.finditer(r"(?<![\w*/-])[\w-]+\.md\b", text.text)
        if found[0] not in known
    )


# Files and modules

_PATH = re.compile(
    r"(?<![\w/.:{}-])(?:\.\./)?((?:sob_tui|screens|store|tests|data|docs|\.ci)/[\w./{},*-]+)(?:::([\w.]+))?"
)


def dead_files(texts: Iterable[Prose]) -> Iterator[str]:
    return (
        f"{text.place(found.start())}: {found[0]}"
        for text in texts
        for found in _PATH.finditer(text.text)
        if not all(_is_there(path) for path in _each(found[1].rstrip(".,")))
    )


def dead_names_in_files(texts: Iterable[Prose]) -> Iterator[str]:
    return (
        f"{text.place(found.start())}: {found[0]}"
        for text in texts
        for found in _PATH.finditer(text.text)
        if found[2] and found[1] in tracked() and not _defines(found[1], found[2].rstrip(".").split("."))
    )


def _each(path: str) -> list[str]:
    """Return the paths that `a/{b,c}` stands for."""
    parts = [part.split(",") for part in re.split(r"[{}]", path)]
    alternatives = [part if place % 2 else [",".join(part)] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*alternatives)]


MADE = ("store/_data",)
"""What is in no checkout: made when a wheel is."""


def _is_there(path: str) -> bool:
    return path in MADE or (any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())


_DOTTED = re.compile(rf"(?<![\w./-])((?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+)(?![\w/])")
STORE_METHODS = ("work", "read", "close", "change_no", "engine", "kind", "clock", "is_practice", "lend", "draft_key")
"""What is said of a variable `store`, which is no module."""


def dead_modules(texts: Iterable[Prose]) -> Iterator[str]:
    return (
        f"{text.place(found.start())}: {found[1]}"
        for text in texts
        for found in _DOTTED.finditer(text.text)
        if not _leads_somewhere(found[1].split("."))
    )


def _leads_somewhere(parts: list[str]) -> bool:
    if parts[0] == "store" and parts[1] in STORE_METHODS:
        return True
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        if f"{path}.py" in tracked():
            return _defines(f"{path}.py", parts[length:])
        if f"{path}/__init__.py" in tracked():
            return _defines(f"{path}/__init__.py", parts[length:]) or length == len(parts)
    return False


def _defines(path: str, names: list[str]) -> bool:
    """Whether a file defines a name; of a class's member, whether the class does."""
    (module, *_) = nodes(path)
    assert isinstance(module, ast.Module)
    body = module.body
    for place, name in enumerate(names):
        found = next((node for node in body if name in _defined(node)), None)
        if found is None:
            return False
        if not isinstance(found, ast.ClassDef):
            return place == len(names) - 1
        body = found.body
    return True


def _defined(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(one.asname or one.name) for one in names}
    return set()


# Links

_LINK = re.compile(r"\]\(([^)\s]+)\)")


def dead_links(texts: Iterable[Prose]) -> Iterator[str]:
    return (
        f"{text.place(found.start())}: {found[1]}"
        for text in texts
        if text.file in DOCUMENTS
        for found in _LINK.finditer(text.text)
        if "://" not in found[1] and not _is_linked(ROOT / text.file, unquote(found[1]))
    )


def _is_linked(document: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return False
    return not anchor or anchor in {_anchor(heading) for heading in headings(target.read_text("utf-8"))}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


# Names in backticks

_NAME = re.compile(r"`([A-Za-z_][\w.]*)(?:\(\))?`")


@cache
def vocabulary() -> frozenset[str]:
    """Return every name that the code uses, and every word of its strings; comments and docstrings don't count."""
    words: set[str] = {*keyword.kwlist, *vars(textual.widgets)["__all__"]}
    for name in sources():
        documented = {(text.line, text.text) for text in _docstrings(name)}
        words.add(Path(name).stem)
        for node in nodes(name):
            words.update(_words_of(node, documented))
    return frozenset(words)


def _words_of(node: ast.AST, documented: set[tuple[int, str]]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(value), lineno=line) if (line, value) not in documented:
            yield from re.findall(r"[^\W\d]\w*", value)
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield from (*name.split("."), *([other] if other else []))
        case ast.ImportFrom(module=str(name)):
            yield from name.split(".")


def dead_names(texts: Iterable[Prose]) -> Iterator[str]:
    """Yield what stands in backticks like a name of the code, and is none."""
    return (
        f"{text.place(found.start())}: {found[1]}"
        for text in texts
        if text.file.endswith(".py") or text.file in ("ARCHITECTURE.md", "CONTRIBUTING.md")
        for found in _NAME.finditer(text.text)
        if _looks_like_code(found[1]) and not set(found[1].split(".")) <= vocabulary()
    )


def _looks_like_code(name: str) -> bool:
    """Whether it is a name and no word of a language, no file, and no handler that Textual finds by its name."""
    if name.startswith("on_") or any(part.isdigit() for part in name.split(".")):
        return False
    return "_" in name or "." in name or re.search(r"[a-z][A-Z]|^[A-Z][a-z]", name) is not None


# The tests

CHECKS: tuple[Callable[[Iterable[Prose]], Iterator[str]], ...] = (
    dead_sections,
    dead_documents,
    dead_files,
    dead_names_in_files,
    dead_modules,
    dead_links,
    dead_names,
)


def test_every_reference_leads_somewhere() -> None:
    """In one test, since all files are read for it."""
    faults = sorted({fault for check in CHECKS for fault in check(prose())})
    assert not faults, f"{len(faults)} dead references:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("check", "alive", "dead"),
    [
        (dead_sections, "domain.md §3.7", "domain.md §3.8"),
        (dead_sections, "contract.md §1, §4", "contract.md §1, §5"),
        (dead_sections, "domain.md §3.2–3.4", "domain.md §3.2–3.9"),
        (dead_sections, "ARCHITECTURE.md §Fences", "ARCHITECTURE.md §Walls"),
        (dead_sections, "§Fences", "§Walls"),
        (dead_documents, "see contract.md", "see agreement.md"),
        (dead_files, "`store/care/flags.py`", "`store/care/flag.py`"),
        (dead_files, "tests/{app,e2e}/__init__.py", "tests/{app,e2e2}/__init__.py"),
        (dead_names_in_files, "store/care/flags.py::Flag.cause", "store/care/flags.py::Flag.causes"),
        (dead_modules, "`store.foundation.access`", "`store.foundation.accesses`"),
        (dead_modules, "`store.foundation.text.clean`", "`store.foundation.text.cleans`"),
        (dead_links, "[here](docs/domain.md#1-words)", "[here](docs/domain.md#no-words)"),
        (dead_names, "`start_moment`", "`start_" + "moments`"),
        (dead_names, "`FlagKind`", "`Flag" + "Sort`"),
    ],
)
def test_a_planted_one_is_found(check: Callable[[Iterable[Prose]], Iterator[str]], alive: str, dead: str) -> None:
    assert list(check([Prose("ARCHITECTURE.md", 1, alive)])) == []
    assert len(list(check([Prose("ARCHITECTURE.md", 1, f"One.\n{dead}")]))) == 1


def test_the_words_of_the_domain_are_names_of_the_code() -> None:
    columns = [code(row[1]) for row in rows(section(document("docs/domain.md"), "1. Words"))]
    names = {name for column in columns for name in column}
    assert len(names) > 30
    assert [name for name in sorted(names) if not set(name.split(".")) <= vocabulary()] == []
