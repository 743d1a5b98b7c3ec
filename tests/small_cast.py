"""A cast of few: a practice store is made of it in a third of the time."""

import re
from pathlib import Path

import pytest

from store.data import data_folder
from store.practice import seed
from store.practice.seed import CAST_FILE

FREE, KEPT = "200001012384", ("200001012384", "198001022386", "197508299802", "196803129839")
"""Who lives in it: one who is free for exercises, one whose moment runs and two whose moments are ended."""


def take_small_cast(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Write the files of a cast in which only those live, and let practice stores be made of them."""
    whole = (data_folder() / CAST_FILE).read_text(encoding="utf-8")
    first, *others = re.split(r"^(?=\[\[)", whole, flags=re.MULTILINE)
    lived = [part for part in others if not part.startswith(("[[residents", "[[moments")) or _is_kept(part)]
    (folder / "cast.toml").write_text(first + "".join(lived), encoding="utf-8")
    (folder / "residents.toml").write_text("residents = []\nmoments = []\n", encoding="utf-8")
    patch.setattr(seed, "CAST_FILE", folder / "cast.toml")
    patch.setattr(seed, "RESIDENTS_FILE", folder / "residents.toml")


def _is_kept(part: str) -> bool:
    return any(f'"{number}"' in part for number in KEPT)
