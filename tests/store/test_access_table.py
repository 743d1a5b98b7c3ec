"""What everyone may do in every status, and the sentence for whoever may not, is what is written down."""

from tests.store.access_table import FILE, table
from tests.store.operations import EXAMPLES


def test_every_operation_gives_everyone_in_every_status_what_is_written_down() -> None:
    """See `tests/store/access_table.py` for how the file is written anew when an outcome is meant to change."""
    assert table().splitlines() == FILE.read_text(encoding="utf-8").splitlines()


def test_somebody_can_do_each_operation_in_some_status() -> None:
    rows = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert {name for name, _, _, outcome in rows if outcome == "ok"} == set(EXAMPLES)
