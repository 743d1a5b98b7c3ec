"""A dialog's style of its fields goes before the fields' own, whichever Textual reads first."""

import re
from pathlib import Path

import screens

WEAK = re.compile(r"^\s*\w+ \.(?:name|under) ", re.MULTILINE)
"""A selector as strong as `Field .name`: of the two the one that was read last would hold."""


def test_a_style_of_labels_and_notes_names_the_field() -> None:
    files = Path(screens.__file__).parent.rglob("*.py")
    found = {f"{file.name}:{one[0].strip()}" for file in files for one in WEAK.finditer(file.read_text("utf-8"))}
    assert found == {"controls.py:Field .name"}
