"""A new program: a folder with a little of everything, that passes the check and is written over by its author."""

import os
from collections.abc import Iterator
from pathlib import Path

from store.care.program_faults import SLUG, SLUG_RULE, slug
from store.data import data_folder
from store.foundation.errors import Refused, why_unreadable


def make_program(folder: Path) -> None:
    """Make a program in a folder that is not there, or is empty. Its name becomes the program's id, and its title.

    Raises:
        Refused: the name can't be an id, something lies there already, or it can't be written.
    """
    name = Path(os.path.abspath(folder)).name
    if not SLUG.fullmatch(name):
        raise Refused(f"Mappens namn är programmets id: {SLUG_RULE}. Ta till exempel {slug(name)}.", field="dir")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused(f"Det finns redan något i {folder}. Välj en mapp som inte finns.", field="dir")
        for path, text in _files(name):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    except OSError as error:
        raise Refused(f"{folder} går inte att skriva i ({why_unreadable(error)}).", field="dir") from None


def _files(name: str) -> Iterator[tuple[Path, str]]:
    source = data_folder() / "new_program"
    title = name.replace("-", " ").capitalize()
    for path in sorted(source.rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8").replace("{title}", title).replace("{id}", name)
            yield path.relative_to(source), text
