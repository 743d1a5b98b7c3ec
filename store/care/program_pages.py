"""What the text of a step is checked for: its pictures are there and described, and it is Markdown without HTML."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.care.program_faults import MAX_BYTES, ProgramReader, line_at

FOLDER = "images"
ENDINGS = (".gif", ".jpeg", ".jpg", ".png")
_CODE = re.compile(r"^(```|~~~).*?(?:^\1[ \t]*$|\Z)|(`+)(?!`)(?:(?!\n\s*\n).)*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]\n]*)\](?:\(\s*<?([^)\s>]*)>?[^)\n]*\)|\[[^\]\n]*\])")
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?=[\s/>])[^<>]*>|<!--")


class Pictures:
    """The pictures of a program, and which of them its steps show."""

    def __init__(self, reader: ProgramReader) -> None:
        """Look at what lies in the folder; what is no picture is a fault."""
        self._reader = reader
        folder = reader.root / FOLDER
        self._files = {path.name: path for path in self._look(folder)} if folder.is_dir() else {}
        self._shown: set[str] = set()

    def check(self, path: Path, text: str) -> None:
        """Note what is wrong with a step's text, line by line."""
        plain = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
        for html in _HTML.finditer(plain):
            mend = (
                "Skriv det som Markdown: **fet**, *kursiv*, - punkt, [text](adress), ![beskrivning](images/bild.png)."
            )
            self._reader.fault(path, line_at(text, html.start()), f"HTML visas inte: {html[0][:40]}", mend)
        for picture in _PICTURE.finditer(plain):
            self._check_picture(path, line_at(text, picture.start()), picture[1].strip(), picture[2] or "")

    def check_unused(self) -> None:
        """Note the pictures that no step shows."""
        for name in sorted(self._files.keys() - self._shown):
            mend = f"Ta bort den, eller visa den i ett steg: ![beskrivning]({FOLDER}/{name})"
            self._reader.fault(self._files[name], None, "Ingen text visar bilden.", mend)

    def _check_picture(self, path: Path, line: int, description: str, target: str) -> None:
        folder, _, name = target.partition("/")
        if folder != FOLDER or not name:
            mend = f"Lägg filen i mappen {FOLDER} och skriv ![beskrivning]({FOLDER}/bild.png)."
            self._reader.fault(path, line, f"Bilden ligger inte i programmet: {target or '(inget namn)'}.", mend)
        elif name not in self._files:
            self._reader.fault(path, line, f"Bilden {target} finns inte.", self._mend_missing(name))
        else:
            self._shown.add(name)
        if not description:
            mend = (
                "Skriv inom hakparenteserna vad bilden visar: i terminalen och för den som inte ser står det i stället."
            )
            self._reader.fault(path, line, "Bilden saknar beskrivning.", mend)

    def _mend_missing(self, name: str) -> str:
        from difflib import get_close_matches

        near: Sequence[str] = get_close_matches(name, self._files, n=1)
        return f"Menade du {FOLDER}/{near[0]}?" if near else f"Lägg filen i mappen {FOLDER}, eller rätta namnet."

    def _look(self, folder: Path) -> Iterator[Path]:
        for path in self._reader.entries(folder):
            if path.is_dir() or path.suffix.lower() not in ENDINGS:
                mend = f"Ta bort den. Här får bara ligga bilder: {', '.join(ENDINGS)}."
                self._reader.fault(path, None, "Det här är ingen bild.", mend)
            elif path.stat().st_size > MAX_BYTES:
                self._reader.fault(path, None, "Bilden är större än 1 MB.", "Spara den mindre.")
                yield path
            else:
                yield path
