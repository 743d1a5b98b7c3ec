"""`docs/program-format.md` and the reader of `program.toml` say the same, in both directions."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.care.new_program import make_program
from store.care.plan_rules import MOST_ACTIVITIES
from store.care.program_files import read_program
from store.care.program_shape import Program
from store.care.program_table import MAX_DAYS, Table
from tests.documents import code, document, rows, section
from tests.forms import DAGBOK

FORMAT = document("docs/program-format.md")
TABLES = ("contact", "flags", "form", "form.score", "form.diary", "plan", "plan.activity")
LISTS = ("form", "form.score", "plan", "plan.activity")


def heading(table: str) -> str:
    return f"[[{table}]]" if table in LISTS else f"[{table}]"


def documented() -> dict[str, dict[str, list[str]]]:
    """Return by table, empty for the top, its keys with the other cells of their rows."""
    titles = {"": "The top of the file", **{table: heading(table) for table in TABLES}}
    return {
        table: {code(cells[0])[0]: cells[1:] for cells in rows(section(FORMAT, title))}
        for table, title in titles.items()
    }


KEYS = documented()
ALL = [(table, key) for table, keys in KEYS.items() for key in keys]
REQUIRED = {(table, key) for table, key in ALL if KEYS[table][key][2] == "required"}


def toml(*, without: tuple[str, str] = ("", ""), wrong: tuple[str, str] = ("", "")) -> str:
    """Return the examples as one file, without a key, or with one of another type."""
    lines: list[str] = []
    left_out = full(*without) or full(*wrong)
    for table, keys in KEYS.items():
        if left_out and f"{table}.".startswith(f"{left_out}."):
            continue
        lines += [heading(table)] if table else []
        for key, cells in keys.items():
            if (table, key) == wrong:
                lines.append(f'{key} = "x"' if full(table, key) in TABLES else f"{key} = {{}}")
            elif (table, key) != without and full(table, key) not in TABLES:
                lines.append(code(cells[3])[0])
    return "\n".join(lines) + "\n"


def full(table: str, key: str) -> str:
    """Return a key's whole name."""
    return f"{table}.{key}".strip(".")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program with the modules and forms that the examples name."""
    folder = tmp_path / "prov"
    make_program(folder)
    (folder / "modules/01-forsta-modulen").rename(folder / "modules/01-somn")
    return folder


def check(folder: Path, text: str) -> tuple[Program | None, list[str]]:
    (folder / "program.toml").write_text(text, "utf-8")
    program, faults = read_program(folder)
    return program, [f"{fault.file}: {fault.message}" for fault in faults]


def test_the_examples_are_a_program(folder: Path) -> None:
    with_links(folder)
    program, faults = check(folder, toml())
    assert faults == []
    assert program
    assert program.plans[0].scales[0].risks
    assert program.activity_plans[0].activities[0].every_weeks == 2


def with_links(folder: Path) -> None:
    """Put the questions of a diary into the form, beside its own."""
    path = folder / "forms/hur-har-du-haft-det.json"
    diary = re.search(r'"item": \[(.*)\]', DAGBOK, re.DOTALL)
    assert diary
    to_bed = json.dumps({"linkId": "sangs", "text": "När gick du till sängs?", "type": "time"})
    path.write_text(path.read_text("utf-8").replace('"item": [', f'"item": [{diary[1]}, {to_bed},', 1), "utf-8")


def test_every_key_that_the_reader_takes_is_documented_and_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: set[tuple[str, str]] = set()
    take = Table.take

    def noted(self: Table, key: str) -> Any:
        taken.add((self._name, key))
        return take(self, key)

    monkeypatch.setattr(Table, "take", noted)
    with_links(folder)
    assert check(folder, toml())[1] == []
    assert taken == set(ALL)


@pytest.mark.parametrize(("table", "key"), ALL, ids=[f"{table}.{key}" for table, key in ALL])
def test_what_is_required_is_missed_and_nothing_else(folder: Path, table: str, key: str) -> None:
    with_links(folder)
    _, faults = check(folder, toml(without=(table, key)))
    is_missed = [fault for fault in faults if f"Nyckeln {key} saknas." in fault or "inga aktiviteter" in fault]
    assert bool(is_missed) is ((table, key) in REQUIRED), faults
    assert (table, key) in REQUIRED or faults == []


@pytest.mark.parametrize(("table", "key"), ALL, ids=[f"{table}.{key}" for table, key in ALL])
def test_another_type_is_a_fault_at_the_key(folder: Path, table: str, key: str) -> None:
    with_links(folder)
    _, faults = check(folder, toml(wrong=(table, key)))
    assert any(f"{key} ska " in fault for fault in faults), faults


def test_the_limits_are_the_readers() -> None:
    assert f"at most {MAX_DAYS}:" in FORMAT
    assert KEYS["plan"]["activity"][4] == f"at most {MOST_ACTIVITIES}"
    assert KEYS["plan.activity"]["weeks"][0] == f"whole number, at most {MAX_DAYS // 7}"


def test_a_row_tells_all() -> None:
    for table, key in ALL:
        kind, unit, default, example, *_ = KEYS[table][key]
        assert all((kind, unit, default, example)), (table, key)
        assert code(example)[0].startswith((f"{key} =", heading(full(table, key)))), (table, key)


def numbers() -> Iterator[tuple[str, str]]:
    return ((table, key) for table, key in ALL if KEYS[table][key][0].startswith("whole number"))


def test_a_number_has_a_unit() -> None:
    assert all(KEYS[table][key][1] != "–" for table, key in numbers())
