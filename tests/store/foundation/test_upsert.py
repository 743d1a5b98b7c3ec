"""A row is inserted or changed in one statement; the databases' words for it stand in one file."""

from pathlib import Path

import store as package
from store.foundation.access import OPERATOR
from store.foundation.store import Store
from store.foundation.upsert import insert_missing, upsert

TABLE = "CREATE TEMPORARY TABLE kept (id INTEGER PRIMARY KEY, name TEXT, number INTEGER, note TEXT, at INTEGER)"
WRITE = upsert("kept", ["id"], replaced=["name"], added=["number"], filled=["note"], kept=["at"])


def test_what_is_there_is_changed_column_by_column(store: Store) -> None:
    with store.work(OPERATOR) as work:
        db = work.db
        db.run(TABLE)
        db.run(WRITE, id=1, name="a", number=2, note="n", at=1)
        db.run(WRITE, id=1, name="b", number=3, note="", at=2)
        db.run(upsert("kept", ["id"], kept=["name"]), id=1, name="c")
        db.run(upsert("kept", ["id"], kept=["name"]), id=2, name="d")
        db.run(insert_missing("kept", ["id", "name"], "SELECT id + 1, 'e' FROM kept WHERE id > 0"))
        assert db.rows("SELECT * FROM kept ORDER BY id") == [
            (1, "b", 5, "n", 1),
            (2, "d", None, None, None),
            (3, "e", None, None, None),
        ]


def test_no_other_file_says_it() -> None:
    """A revision says it itself: it stays as it was when what it calls is changed."""
    files = [path for path in Path(package.__file__).parent.rglob("*.py") if "migrations" not in path.parts]
    assert [path.name for path in files if "ON CONFLICT" in path.read_text(encoding="utf-8")] == ["upsert.py"]
