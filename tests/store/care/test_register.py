"""Mending what the register says of a resident (domain.md §2; contract.md §1 `invanare ratta`)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.look_up import look_up_resident
from store.care.register import Correction, correct_resident
from store.foundation.access import OPERATOR, Actor
from store.foundation.errors import NotPermitted, Refused
from store.views.lists import Tab
from store.views.search import search_list
from tests.clinics import ADULT, CHILD, HIDDEN, UNKNOWN, Clinic


def correct(clinic: Clinic, who: str = ADULT, *, by: Actor | None = None, **changes: str) -> None:
    with clinic.store.work(by or clinic.admin) as work:
        correct_resident(work, who, Correction(**changes))


def columns(clinic: Clinic, resident: int) -> dict[str, Any]:
    names = "personnummer, family_name, given_name, sort_name, mobile, email, channel, region"
    (row,) = clinic.rows(f"SELECT {names} FROM resident WHERE id = :id", id=resident)
    return dict(zip(names.split(", "), row, strict=True))


def found(clinic: Clinic, query: str) -> list[str]:
    with clinic.store.read(clinic.admin) as work:
        return [row.personnummer for row in search_list(work, Tab.ALL, query)]


def test_only_what_is_given_changes(clinic: Clinic) -> None:
    before = columns(clinic, clinic.adult)
    correct(clinic, email="asa@example.org")
    assert columns(clinic, clinic.adult) == {**before, "email": "asa@example.org"}
    correct(clinic, mobile="", email="")
    assert columns(clinic, clinic.adult) == {**before, "mobile": ""}


def test_a_name_is_mended_wherever_it_stands(clinic: Clinic) -> None:
    moment = clinic.start()
    correct(clinic, "8001022386", family_name=" Ål\x1b[2J ", given_name="Ann-Åsa")
    assert columns(clinic, clinic.adult)["sort_name"] == "{l  ann {sa"
    assert clinic.value("SELECT sort_name FROM moment WHERE id = :id", id=moment) == "{l  ann {sa"
    assert [found(clinic, word) for word in ("ål", "åsa", "ann", "berg")] == [[ADULT], [ADULT], [ADULT], []]


def test_a_protected_residents_name_stays_out_of_lists(clinic: Clinic) -> None:
    clinic.start(HIDDEN)
    correct(clinic, HIDDEN, family_name="Aa")
    assert clinic.value("SELECT sort_name FROM moment") == "~"
    assert found(clinic, "aa") == []


def test_a_new_number_finds_the_same_resident(clinic: Clinic) -> None:
    clinic.start()
    correct(clinic, number="000101-2384")
    assert columns(clinic, clinic.adult)["personnummer"] == UNKNOWN
    assert (found(clinic, UNKNOWN), found(clinic, ADULT)) == ([UNKNOWN], [])
    with clinic.store.read(clinic.clinician) as work:
        assert look_up_resident(work, UNKNOWN).name == "Berg, Åsa"
    rows = clinic.log("SELECT personnummer, details FROM log WHERE operation = 'correct_person' ORDER BY id")
    assert rows == [(ADULT, f"nytt nummer {UNKNOWN}"), (UNKNOWN, f"tidigare nummer {ADULT}")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": CHILD}, "personnummer"),
        ({"number": "19800102"}, "personnummer"),
        ({"family_name": " "}, "efternamn"),
        ({"given_name": "x" * 10_000}, "fornamn"),
        ({"mobile": "0046701740605"}, "mobil"),
        ({"email": "asa"}, "epost"),
        ({}, None),
        ({"family_name": "Berg", "mobile": "0701740605", "number": "19800102-2386"}, None),
    ],
)
def test_what_cannot_be(clinic: Clinic, changes: dict[str, str], field: str | None) -> None:
    clinic.start()
    before = columns(clinic, clinic.adult)
    with pytest.raises(Refused) as error:
        correct(clinic, by=None, **changes)
    assert error.value.field == field
    assert columns(clinic, clinic.adult) == before


def test_every_moment_gets_an_event_and_every_unit_sees_it(clinic: Clinic) -> None:
    moments = [clinic.start(), clinic.start(by=clinic.stranger, confirmed=True)]
    before = clinic.store.change_no(clinic.there)
    correct(clinic, mobile="0701740699", given_name="Åsa Maria")
    rows = clinic.rows("SELECT moment_id, facts FROM event WHERE kind = 'invanare-rattad' ORDER BY moment_id")
    assert [row[0] for row in rows] == moments
    assert json.loads(rows[0][1]) == {"columns": ["given_name", "mobile"]}
    assert clinic.store.change_no(clinic.there) == before + 1


def test_an_admin_mends_those_of_the_unit_and_those_who_are_nowhere(clinic: Clinic) -> None:
    correct(clinic, by=clinic.strange_admin, given_name="Eva")
    clinic.start()
    with pytest.raises(NotPermitted):
        correct(clinic, by=clinic.strange_admin, given_name="Ada")
    correct(clinic, by=clinic.admin, given_name="Ada")
    correct(clinic, by=OPERATOR, given_name="Ida")


def test_an_ended_moment_gives_no_right_to_mend(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Övrigt", confirmed=True)
    for by in (clinic.admin, clinic.strange_admin):
        with pytest.raises(NotPermitted):
            correct(clinic, by=by, email="tjuv@example.org")
    correct(clinic, by=OPERATOR, email="asa@example.org")


def test_a_number_that_somebody_else_has_is_refused_without_a_word_of_whose_it_is(clinic: Clinic) -> None:
    with pytest.raises(Refused, match=r"^Numret kan inte användas här\.$"):
        correct(clinic, number=CHILD)
    rows = clinic.log("SELECT personnummer, outcome FROM log WHERE operation = 'correct_resident'")
    assert rows == [(ADULT, "nekat")]


def test_somebody_unknown_and_somebody_elsewhere_are_the_same(clinic: Clinic) -> None:
    for by in (clinic.admin, OPERATOR):
        with pytest.raises(NotPermitted):
            correct(clinic, UNKNOWN, by=by, given_name="Ada")


def test_two_that_mend_at_once_both_get_their_way(clinic: Clinic) -> None:
    together = threading.Barrier(2)

    def mend(changes: dict[str, str]) -> None:
        together.wait(15)
        correct(clinic, by=None, **changes)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(mend, [{"family_name": "Ek"}, {"given_name": "Ada"}]))
    assert columns(clinic, clinic.adult)["sort_name"] == "ek  ada"
