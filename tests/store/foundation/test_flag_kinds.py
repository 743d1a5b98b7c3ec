"""Every kind of flag and matter has what is to be known of it, so that a new rule is written in one table."""

from store.foundation.flag_kinds import (
    NO_FLAG,
    OF_A_RUNNING_MOMENT,
    FlagKind,
    MatterKind,
    Severity,
    rank_in_sql,
    severity_of,
)
from store.foundation.store import Store


def test_every_kind_of_flag_is_a_kind_of_matter() -> None:
    for kind in FlagKind:
        assert kind.facts.matter in MatterKind


def test_every_kind_of_matter_has_a_place_in_the_queue() -> None:
    assert sorted({kind.rank for kind in MatterKind}) == list(range(11))
    assert MatterKind.HOMEWORK.rank == MatterKind.MESSAGE.rank == 0
    assert MatterKind.FOLLOW_UP.rank == MatterKind.FLAG.rank


def test_maintenance_ends_what_asks_something_of_the_resident() -> None:
    assert [kind.value for kind in OF_A_RUNNING_MOMENT] == ["tyst", "aldrig", "saknas", "obesvarat", "langd"]


def test_a_severity_is_its_rank_and_back() -> None:
    assert [severity_of(severity.rank) for severity in Severity] == list(Severity)
    assert [severity.rank for severity in Severity] == [0, 1, 2]
    assert severity_of(NO_FLAG) is None


def test_the_databases_know_the_same_ranks_and_causes(store: Store) -> None:
    with store.lend() as db:
        for severity in Severity:
            assert db.value(f"SELECT {rank_in_sql('word')} FROM (SELECT '{severity}' AS word) AS s") == severity.rank
        for kind in FlagKind:
            assert db.value(f"SELECT {kind.cause_in_sql('word')} FROM (SELECT '7' AS word) AS s") == kind.cause("7")
