"""A crowd: every copy hangs together by itself, counts are right, and the same seed draws the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.care.starting import start_moment
from store.foundation.fictional import is_fictional
from store.foundation.identity import PersonalNumber
from store.foundation.log_reading import Condition, log_rows
from store.foundation.store import Store
from store.people.sign_in import sign_in
from store.practice import Crowd, open_practice
from store.practice.crowd import NUMBERED, OTHERS
from store.upkeep.log_verifying import verify_log
from tests.clinics import Clock
from tests.store.practice.conftest import Contents

MANY = 120
"""So that each model is copied by all likelihood."""


@pytest.fixture
def crowded(empty: str) -> Iterator[Store]:
    store = open_practice(empty, clock=Clock(), crowd=Crowd(MANY))
    yield store
    store.close()


def rows(store: Store, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    with store.lend() as db:
        return db.rows(sql, **parameters)


def test_so_many_more_moments_each_whole(crowded: Store, practice: Store) -> None:
    """One making for all that has to hold of it: it is the dearest part."""
    before = rows(practice, "SELECT max(id), count(*) FROM moment")[0]
    assert rows(crowded, "SELECT count(*) FROM moment")[0][0] == before[1] + MANY
    new = f"moment_id > {before[0]}"

    numbers = [number for (number,) in rows(crowded, "SELECT personnummer FROM resident")]
    assert len(set(numbers)) == len(numbers)
    assert all(is_fictional(PersonalNumber(number)) for number in numbers)

    for table in (*NUMBERED, *OTHERS):
        astray = f"SELECT 1 FROM {table} t JOIN moment m ON m.id = t.moment_id WHERE m.resident_id <> t.resident_id"
        assert not rows(crowded, astray), table
        if table not in ("refusedanswer", "hiddenpart"):  # a child's, who is no model
            assert rows(crowded, f"SELECT 1 FROM {table} WHERE {new} LIMIT 1"), table
    for table, column, to in (("message", "conversation_id", "conversation"), ("activity", "plan_id", "activityplan")):
        astray = f"SELECT 1 FROM {table} t LEFT JOIN {to} o ON o.id = t.{column} AND o.moment_id = t.moment_id"
        assert not rows(crowded, f"{astray} WHERE o.id IS NULL"), table

    known = {
        (table, number, moment)
        for table in ("flag", "formanswer", "conversation", "activityplan")
        for number, moment in rows(crowded, f"SELECT id, moment_id FROM {table}")
    }
    for moment, text in rows(crowded, f"SELECT moment_id, facts FROM event WHERE {new}"):
        facts = json.loads(text)
        for key, table in {"flag": "flag", "answer": "formanswer", "conversation": "conversation"}.items():
            assert key not in facts or (table, facts[key], moment) in known
    for moment, about in rows(crowded, "SELECT moment_id, about FROM flag WHERE kind IN ('svar', 'forsamring')"):
        assert ("formanswer", int(about), moment) in known

    counted = rows(crowded, "SELECT unit_id, responsible_id, program, status, count(*) FROM moment"
                   " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")  # fmt: skip
    assert counted == rows(crowded, "SELECT * FROM momentcount WHERE number <> 0 ORDER BY 1, 2, 3, 4")
    mine = f"SELECT count(*) FROM event WHERE {new}", f"SELECT count(*) FROM log WHERE {new}"
    assert rows(crowded, mine[0])[0][0] > 3 * MANY
    assert rows(crowded, mine[1])[0][0] > 2 * MANY
    with crowded.lend() as db:
        verified = verify_log(db, None, ())
    assert (verified.fault, verified.rows) == (None, rows(crowded, "SELECT count(*) FROM log")[0][0])
    people = "SELECT m.id, personnummer, family_name FROM moment m JOIN resident r ON r.id = m.resident_id"
    whose = {moment: named for moment, *named in rows(crowded, people)}
    with crowded.lend() as db:
        log = log_rows(db, None, Condition(new))
    assert all(row.sealed for row in log)
    assert all([row.personnummer, (row.resident_name or "").split(",")[0]] == whose[row.moment_id] for row in log)

    texts = (
        "SELECT r.given_name FROM message t JOIN moment m ON m.id = t.moment_id JOIN resident r ON r.id = m.resident_id"
    )
    names = [name for (name,) in rows(crowded, f"{texts} WHERE {new} AND t.text LIKE 'Hej Ebba!%'")]
    assert set(names) <= {"Ebba"}, "who is written to by name is another now"

    clinician = sign_in(crowded, "SE2321000040-OV01")
    with crowded.work(clinician) as work:  # what comes next is numbered on
        assert start_moment(work, "200001012384", "komigang-online") > MANY


@pytest.mark.usefixtures("few")
def test_the_seed_decides(tmp_path: Path, contents: Contents) -> None:
    def drawn(seed: str) -> list[Any]:
        store = open_practice(tmp_path / "o.db", fresh=True, clock=Clock(), crowd=Crowd(20, seed))
        found = contents(store)
        store.close()
        return [found[table] for table in ("resident", "moment", "event")]

    first = drawn("hösten")
    assert drawn("hösten") == first
    assert drawn("våren") != first
