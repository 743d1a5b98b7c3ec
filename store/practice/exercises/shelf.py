"""Which exercises there are: those that are shipped, and a trainer's own, which lie in a folder of the user's."""

from pathlib import Path

from store.data import data_folder
from store.foundation.errors import DomainError
from store.practice.toml_table import read_toml

FOLDER = Path("practice", "exercises")


def exercise_files(own: Path | None) -> list[Path]:
    """Return the files of exercises, the shipped ones first; `own` is a folder that need not be there."""
    folders = [data_folder() / FOLDER, *([own] if own is not None else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


def titles_by_page(own: Path | None) -> dict[str, list[str]]:
    """Return the titles of the exercises that each page of the help has, by the page's id.

    A file that can't be read is left out here: it is told of where exercises are chosen.
    """
    found: dict[str, list[str]] = {}
    for path in exercise_files(own):
        try:
            top = read_toml(path)
            page, title = top.text("sida", ""), top.text("titel")
        except DomainError:
            continue
        if page:
            found.setdefault(page, []).append(title)
    return found
