"""The README's picture shows the app as it is."""

from pathlib import Path

from tests.app.picture import FILE


def test_the_picture_is_the_one_that_the_tests_compare() -> None:
    """If not: `python -m tests.app.picture`."""
    compared = Path(__file__).parent / "__snapshots__/test_pictures/test_picture[att-gora][sob-mork].svg"
    assert FILE.read_text("utf-8") == compared.read_text("utf-8")
