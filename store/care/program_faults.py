"""Faults in a program folder, and the careful reading of what lies in it: names, links, sizes, encoding, characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from store.foundation.errors import why_unreadable

MAX_BYTES = 1_000_000
MAX_LINE = 200
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NUMBERED = re.compile(r"([0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)")
SLUG_RULE = "små bokstäver a–z, siffror och bindestreck"
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What may not stand in content: control, escape and bidi characters, halves of surrogate pairs, odd line breaks."""


@dataclass(frozen=True)
class Fault:
    """Something to mend. `file` is relative to the program folder, `line` counts from 1; the texts are Swedish."""

    file: str
    line: int | None
    message: str
    mend: str


@dataclass(frozen=True)
class Named:
    """A file or folder named `NN-id`: the number gives the order, the rest is its id."""

    path: Path
    number: int
    id: str


def printable(text: str) -> str:
    """The text with everything that a terminal could act on replaced: names come from the file system as they are."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def slug(text: str) -> str:
    """A name near `text` that the rule for ids allows: `Bildstöd!` becomes `bildstod`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "namn"


def line_at(text: str, position: int) -> int:
    """The line, from 1, of a position in the text."""
    return text.count("\n", 0, position) + 1


class ProgramReader:
    """One reading of a program folder: its root and the faults found so far."""

    def __init__(self, root: Path) -> None:
        """`root` is resolved: no links in it."""
        self.root = root
        self.faults: list[Fault] = []
        self._links: dict[Path, bool] = {}

    def fault(self, path: Path, line: int | None, message: str, mend: str) -> None:
        """Note a fault; all its texts are made safe to print."""
        file = path.relative_to(self.root).as_posix() if path != self.root else path.name
        self.faults.append(Fault(printable(file), line, printable(message), printable(mend)))

    def entries(self, folder: Path) -> list[Path]:
        """What lies in a folder, by name, without hidden files and editors' copies (`~`), and links out of the root."""
        found = sorted(path for path in folder.iterdir() if not (path.name.startswith(".") or path.name.endswith("~")))
        return [path for path in found if self._inside(path)]

    def numbered(self, paths: Iterable[Path], suffix: str = "") -> list[Named]:
        """The paths named `NN-id` + suffix, in order. Other names, and a number used twice, are faults."""
        named: list[Named] = []
        for path in paths:
            if match := NUMBERED.fullmatch(path.name.removesuffix(suffix)):
                named.append(Named(path, int(match[1]), match[2]))
            else:
                mend = f"Döp om till {_numbered_name(path, suffix)} (två siffror, bindestreck, {SLUG_RULE})."
                self.fault(path, None, "Namnet följer inte mönstret för ordning och id.", mend)
        self._same_number(named)
        return sorted(named, key=lambda one: (one.number, one.id))

    def text(self, path: Path) -> str | None:
        """A file's text, newlines made one kind, forbidden characters dropped and noted; None if unreadable."""
        data = self._bytes(path) if self._inside(path) else None
        if data is None:
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.fault(path, line, "Filen är inte UTF-8.", "Spara om filen i textredigeraren med kodningen UTF-8.")
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._forbidden(path, text)
        return FORBIDDEN.sub("", text)

    def title(self, folder: Path) -> str:
        """The title of a module or section, from its `titel.txt`; empty after a fault."""
        path = folder / "titel.txt"
        if not path.is_file():
            self.fault(folder, None, "Titeln saknas.", "Skapa filen titel.txt i mappen, med titeln på en rad.")
            return ""
        text = self.text(path)
        if text is None:
            return ""
        lines = text.strip().split("\n")
        if len(lines) > 1 or not 0 < len(lines[0]) <= MAX_LINE:
            mend = f"Skriv titeln på en enda rad, högst {MAX_LINE} tecken."
            self.fault(path, min(len(lines), 2), "Filen ska innehålla en rad: titeln.", mend)
        return " ".join(lines[0].split())

    def unique(self, seen: dict[str, Path], key: str, path: Path) -> None:
        """Note an id that two files share. `seen` is the ids met so far and grows."""
        first = seen.setdefault(key, path)
        if first != path:
            other = first.relative_to(self.root).as_posix()
            self.fault(
                path, None, f"Id:t {key} används redan av {other}.", "Ge den ena ett annat namn efter siffrorna."
            )

    def _inside(self, path: Path) -> bool:
        """Whether the path stays inside the root when links are followed; noted once when it doesn't."""
        if path not in self._links:
            self._links[path] = _stays_inside(path, self.root)
            if not self._links[path]:
                message = "Länken pekar ut ur programmets mapp eller går inte att följa."
                self.fault(path, None, message, "Lägg själva filen i mappen i stället för en länk.")
        return self._links[path]

    def _bytes(self, path: Path) -> bytes | None:
        if not path.is_file():
            self.fault(path, None, "Det här är inte en vanlig fil.", "Ta bort den, eller lägg en vanlig fil där.")
            return None
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            self.fault(
                path, None, f"Filen går inte att läsa ({why_unreadable(error)}).", "Se över filens behörigheter."
            )
            return None
        if len(data) <= MAX_BYTES:
            return data
        self.fault(path, None, "Filen är större än 1 MB.", "Dela upp den eller korta den.")
        return None

    def _forbidden(self, path: Path, text: str) -> None:
        for character in sorted(set(FORBIDDEN.findall(text))):
            line = line_at(text, text.index(character))
            message = f"Otillåtet styrtecken (U+{ord(character):04X})."
            self.fault(path, line, message, "Ta bort tecknet. Det syns inte: skriv om ordet där det står.")

    def _same_number(self, named: list[Named]) -> None:
        first: dict[int, Path] = {}
        for one in named:
            other = first.setdefault(one.number, one.path)
            if other != one.path:
                message = f"Numret {one.number:02d} används redan av {other.name}."
                self.fault(one.path, None, message, "Ge varje namn ett eget nummer, så att ordningen blir säker.")


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _numbered_name(path: Path, suffix: str) -> str:
    number, rest = re.fullmatch(r"([0-9]*)(.*)", path.name.removesuffix(suffix), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{int(number[-2:] or '1'):02d}-{slug(rest)}{suffix}"
