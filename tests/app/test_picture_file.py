"""The pictures of the README and of the pages in `docs` show the app as it is."""

import re

import pytest

from tests.app.picture import FOLDER, PICTURES, compared
from tests.documents import ROOT


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_one_that_the_tests_compare(name: str) -> None:
    """If not: `python -m tests.app.picture`."""
    assert (FOLDER / f"{name}.svg").read_text("utf-8") == compared(name)


def test_each_picture_stands_in_a_page_and_each_that_stands_there_is_drawn() -> None:
    pages = (ROOT / "README.md", *ROOT.glob("docs/for-*.md"))
    shown = [name for page in pages for name in re.findall(r"pictures/([\w-]+)\.svg", page.read_text("utf-8"))]
    assert set(shown) == set(PICTURES) == {file.stem for file in FOLDER.iterdir()}
