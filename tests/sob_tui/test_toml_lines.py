"""Where a key stands in a TOML file, and how one value is changed while all else stays as it was written."""

import tomllib

import pytest

from sob_tui.toml_lines import line_of, with_value

FILE = """\
# mina inställningar
theme = "mork"  # inte ljus
text = \"\"\"
[keymap]
theme = "i en text"
\"\"\"
lista = [
  "a",
  [1],
]

[keymap]
app.lock = "f10"
"list.#start" = "t"

[sms.inre]
url = { a = 1, b = "#" }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("theme", 2),
        ("text", 3),
        ("lista", 7),
        ("keymap", 12),
        ("keymap app lock", 13),
        ("keymap list.#start", 14),
        ("sms inre", 16),
        ("sms inre url b", 17),
        ("finns inte", 1),
    ],
)
def test_the_line_of_a_key_is_where_it_begins(path: str, line: int) -> None:
    assert line_of(FILE, tuple(path.split(" ")) if path != "finns inte" else (path,)) == line


@pytest.mark.parametrize(
    ("path", "value", "was", "now"),
    [
        (("theme",), "ljus", 'theme = "mork"  # inte ljus', 'theme = "ljus"  # inte ljus'),
        (("text",), "kort", FILE[FILE.index("text") : FILE.index("lista")], 'text = "kort"\n'),
        (("keymap", "list.#start"), 'a"b', '"list.#start" = "t"', '"list.#start" = "a\\"b"'),
        (("keymap", "app.help"), "f2", '"list.#start" = "t"', '"list.#start" = "t"\n"app.help" = "f2"'),
        (("ny",), 3, "  [1],\n]\n", "  [1],\n]\nny = 3\n"),
    ],
)
def test_one_value_changes_and_nothing_else(path: tuple[str, ...], value: str | int, was: str, now: str) -> None:
    assert with_value(FILE, path, value) == FILE.replace(was, now, 1)


def test_a_table_that_is_not_there_comes_last() -> None:
    assert with_value("", ("keymap", "app.lock"), "f10") == '[keymap]\n"app.lock" = "f10"\n'
    assert with_value("a = 1\n\n", ("keymap", "app.lock"), "f10") == 'a = 1\n\n[keymap]\n"app.lock" = "f10"\n'


@pytest.mark.parametrize("text", ['keymap = { "app.lock" = "f9" }\n', "keymap = 3\n"])
def test_what_can_not_be_changed_by_itself_is_left(text: str) -> None:
    assert tomllib.loads(text)
    assert with_value(text, ("keymap", "app.lock"), "f10") is None
