"""Programs in the store: installed once, kept by the moments that began with them."""

from dataclasses import replace

import pytest

from store.care.programs import install_program, latest_version, program_of
from store.foundation.access import OPERATOR
from store.foundation.errors import Refused
from tests.clinics import SMALL, Clinic, shipped


def test_the_same_version_again_changes_nothing(clinic: Clinic) -> None:
    before = clinic.rows("SELECT * FROM programversion ORDER BY id")
    with clinic.store.work(OPERATOR) as work:
        assert install_program(work, SMALL) == before[1][0]
    assert clinic.rows("SELECT * FROM programversion ORDER BY id") == before


def test_the_same_version_with_another_content_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Refused, match=r"Höj version i program\.toml") as error, clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, title="Annan"))
    assert error.value.field == "version"


def test_a_running_moment_keeps_its_version(clinic: Clinic) -> None:
    old = clinic.start(program="prov")
    with clinic.store.work(clinic.provider_admin) as work:
        install_program(work, replace(SMALL, version="2", recommended_days=60))
    versions = dict(clinic.rows("SELECT id, version_id FROM moment"))
    with clinic.store.lend() as db:
        assert program_of(db, versions[old]) == SMALL
        newest = latest_version(db, "prov")
        assert newest is not None
        assert program_of(db, newest[0]).recommended_days == 60
        assert latest_version(db, "nonsens") is None


def test_what_is_stored_is_the_whole_program(clinic: Clinic) -> None:
    with clinic.store.lend() as db:
        version = latest_version(db, "komigang-online")
        assert version is not None
        assert program_of(db, version[0]) == shipped("komigang-online")


def test_an_installation_is_logged_by_name_and_version(clinic: Clinic) -> None:
    rows = clinic.rows(
        "SELECT actor_kind, actor_name, details FROM log WHERE operation = 'install_program' ORDER BY id"
    )
    assert rows == [("drift", "Driften", "komigang-online 1.0"), ("drift", "Driften", "prov 1")]
