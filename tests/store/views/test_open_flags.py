"""The open flags that stand on the rows of a list."""

from typing import Any

import pytest

from store.care.flags import add_flag, handle_flag
from store.foundation.connection import Connection
from store.foundation.flag_kinds import Severity
from store.views.lists import ListRow, Tab, list_page, list_page_at
from store.views.open_flags import OpenFlag
from store.views.search import search_list
from tests.clinics import GUARDIAN, Clinic


def add(clinic: Clinic, moment: int, severity: Severity, text: str) -> int:
    with clinic.store.work(clinic.clinician) as work:
        return add_flag(work, moment, text, severity=severity)


def flags(rows: list[ListRow]) -> list[tuple[int, list[OpenFlag]]]:
    return [(row.id, list(row.flags)) for row in rows]


def test_a_page_has_them_the_most_urgent_first_and_of_those_the_oldest(clinic: Clinic) -> None:
    one, two, three = clinic.start(program="prov"), clinic.start(GUARDIAN, "prov"), clinic.start("195009072553", "prov")
    handled = add(clinic, one, Severity.PRIORITY, "hanterad")
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, handled, "Ringde.")
    for moment, severity, text in (
        (one, Severity.NOTE, "a"),
        (one, Severity.WARNING, "b"),
        (one, Severity.WARNING, "c"),
        (two, Severity.PRIORITY, "d"),
    ):
        clinic.clock.now += 1000  # type: ignore[assignment]
        add(clinic, moment, severity, text)
    expected = [
        (two, [OpenFlag(Severity.PRIORITY, "d")]),
        (one, [OpenFlag(Severity.WARNING, "b"), OpenFlag(Severity.WARNING, "c"), OpenFlag(Severity.NOTE, "a")]),
        (three, []),
    ]
    with clinic.store.read(clinic.clinician) as work:
        assert flags(list_page(work, Tab.MINE, "prov", "pagaende")) == expected
        assert flags(list_page(work, Tab.MINE, "prov", "pagaende", limit=1)) == expected[:1]
        assert flags(list_page(work, Tab.MINE, "prov", "pagaende", limit=2, back=True)) == expected[1:]
        assert flags(list_page_at(work, Tab.MINE, "prov", "pagaende", skip=1, limit=1)) == expected[1:2]
        assert flags(search_list(work, Tab.MINE, "berg")) == expected[:2]


def asked(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Return the queries of the list's first page."""
    found: list[tuple[str, dict[str, Any]]] = []
    select = Connection.select

    def noting(self: Connection, sql: str, parameters: dict[str, Any]) -> Any:
        found.append((sql, parameters))
        return select(self, sql, parameters)

    with clinic.store.read(clinic.clinician) as work, monkeypatch.context() as patched:
        patched.setattr(Connection, "select", noting)
        list_page(work, Tab.MINE, "prov", "pagaende")
    return found


def test_a_page_asks_once_and_without_flags_not_at_all(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clinic.start(program="prov")
    assert len(asked(clinic, monkeypatch)) == 2  # whom it serves, for the log: once a visit
    assert len(asked(clinic, monkeypatch)) == 1
    add(clinic, moment, Severity.NOTE, "a")
    assert len(asked(clinic, monkeypatch)) == 2


def test_the_flags_are_looked_up_in_an_index(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    add(filed, filed.start(program="prov"), Severity.NOTE, "a")
    sql, parameters = asked(filed, monkeypatch)[-1]
    plan = [row[3] for row in filed.rows(f"EXPLAIN QUERY PLAN {sql}", **parameters)]
    assert any("flag_moment (resident_id=? AND moment_id=? AND handled_at=?)" in step for step in plan), plan
    assert not any(step.startswith("SCAN") and "page" not in step for step in plan), plan
