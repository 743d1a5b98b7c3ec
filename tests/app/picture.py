"""`python -m tests.app.picture`: put the pictures of the README and of the pages in `docs` there anew.

They are some of those that `test_pictures` and `test_resident_side` compare, as Textual exports them;
`test_picture_file` sees to it that they stay the same.
"""

from pathlib import Path

from tests.documents import ROOT

FOLDER = ROOT / "docs/pictures"
COMPARED = Path(__file__).parent / "__snapshots__"

PICTURES = {
    "mina": "test_pictures/test_picture_of_what_users_saw[forhandsvisning-bred][140x40]",
    "att-gora": "test_pictures/test_picture[att-gora][sob-mork]",
    "arende": "test_pictures/test_picture[arende-svar][sob-mork]",
    "hantera": "test_pictures/test_picture[hantera][sob-mork]",
    "graf": "test_pictures/test_picture[graf][sob-mork]",
    "tidslinje": "test_pictures/test_picture[tidslinje][sob-ljus]",
    "personal": "test_pictures/test_picture[personal][sob-mork]",
    "enhet": "test_pictures/test_picture[enhet][sob-mork]",
    "uppgifter": "test_pictures/test_picture[uppgifter][sob-mork]",
    "gallring": "test_pictures/test_picture[gallring][sob-mork]",
    "granskning": "test_pictures/test_picture[granskning][sob-mork]",
    "vardgivare": "test_pictures/test_picture[vardgivare][sob-kontrast]",
    "valet-av-person": "test_pictures/test_picture[valet-av-person][sob-mork]",
    "ovningar": "test_pictures/test_picture_of_what_users_saw[ovningar][100x30]",
    "kursen": "test_pictures/test_picture_of_what_users_saw[kursen][100x30]",
    "invanarens-sida": ("test_resident_side/test_staff_look_at_the_same_pages_and_change_nothing[behandlaren tittar]"),
    "hjalp": "test_pictures/test_picture[hjalp-sida][sob-mork]",
}
"""What each picture is called in `docs/pictures`, and which of the compared ones it is."""


def compared(name: str) -> str:
    """Return a picture as the tests compare it."""
    return (COMPARED / f"{PICTURES[name]}.svg").read_text("utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in PICTURES:
        (FOLDER / f"{each}.svg").write_text(compared(each), "utf-8")
