"""An exercise begins whole or not at all, counts what its trainee does on either database, and can be begun again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.care.maintenance import maintain_moment, resume_moment
from store.care.switching import switch_clinician
from store.foundation.errors import NotPermitted, Refused
from store.foundation.store import Store
from store.people.sign_in import sign_in
from store.practice import NotPractice, make_practice
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.exercise import Exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.reading import read_exercise

LENA, OTHER = "198001022386", "197603149829"
TEXT = f"""\
format = 1
titel = "T"
mal = "M"
varfor = "V"
som = "SE2321000040-OV01"
klart = "K"

[[residents]]
personnummer = "{OTHER}"
family_name = "Andersson"
given_name = "Lena"
region = "05"
protection = "sekretessmarkering"

[[moments]]
resident = "{OTHER}"
program = "komigang-online"
unit = "SE2321000040-OVN1"
clinician = "SE2321000040-OV02"
acts = [
  {{ do = "start", days_ago = 3, time = "09:00" }},
  {{ do = "write", days_ago = 1, time = "10:00", heading = "x", message = "Hej" }},
]

[[moments]]
resident = "{LENA}"
program = "komigang-online"
unit = "SE2321000040-OVN1"
clinician = "SE2321000040-OV01"
acts = [{{ do = "write", days_ago = 1, time = "11:00", heading = "x", message = "Hej" }}]

[[steg]]
id = "vila"
gor = "G"
handelse = "vidmakthallande"
invanare = "{LENA}"
ledtradar = ["L"]

[[steg]]
id = "byt"
gor = "G"
handelse = "behandlare-bytt"
fakta = {{ to = "Johan Nordahl" }}
efter = ["vila"]
ledtradar = ["L"]

[[steg]]
id = "nekas"
gor = "G"
operation = ["maintain_moment"]
nekat = true
ledtradar = ["L"]

[[felsteg]]
operation = ["resume_moment"]
fore = "byt"
forklaring = "Inte an."

[losning]
rader = ["sob visa 1", "sob visa 1", "sob visa 1"]
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    path = tmp_path / "prov.toml"
    path.write_text(TEXT, encoding="utf-8")
    return read_exercise(path)


@pytest.fixture
def store(empty: str, few: Path) -> Iterator[Store]:  # noqa: ARG001
    made = make_practice(empty)
    yield made
    made.close()


def moment_of(store: Store, number: str) -> int:
    with store.lend() as db:
        found = db.values(
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE r.personnummer = :number",
            number=number,
        )
    assert len(found) == 1
    return int(found[0])


def test_it_counts_what_its_trainee_does_in_any_role(store: Store, exercise: Exercise) -> None:
    attempt = begin_exercise(store, exercise, "anna")
    assert judge(store, attempt).done == frozenset()
    store.access_log.begin_trainee("anna")
    karin, johan = (sign_in(store, f"SE2321000040-{who}") for who in ("OV01", "OV02"))
    lena, other = moment_of(store, LENA), moment_of(store, OTHER)
    with store.work(johan) as work:
        switch_clinician(work, other, "SE2321000040-OV01")
    with store.work(karin) as work:
        maintain_moment(work, lena)
    assert judge(store, attempt).done == {"vila"}  # the switch was not to him, and too early
    with store.work(karin) as work:
        resume_moment(work, lena)
    with store.work(johan) as work:
        switch_clinician(work, lena, "SE2321000040-OV02")
    with pytest.raises(NotPermitted), store.work(karin) as work:
        maintain_moment(work, lena)
    standing = judge(store, attempt)
    assert (standing.is_solved, [one.explanation for one in standing.mistakes]) == (True, ["Inte an."])
    assert judge(store, replace(attempt, trainee="ann")).done == frozenset()
    assert (
        judge(store, begin_exercise(store, exercise, "anna")).done == frozenset()
    )  # begun again: nobody is made twice
    assert moment_of(store, OTHER) == other


def test_what_can_not_begin_leaves_nothing(store: Store, exercise: Exercise, tmp_path: Path) -> None:
    path = tmp_path / "prov.toml"
    path.write_text(TEXT.replace(f'resident = "{LENA}"', 'resident = "200001012384"'), encoding="utf-8")
    with pytest.raises(Refused, match="rad 25: invånaren har inget pågående moment i komigang-online"):
        begin_exercise(store, read_exercise(path), "anna")
    with store.lend() as db:
        assert not db.has("SELECT 1 FROM resident WHERE personnummer = :number", number=OTHER)
    store.kind = "real"
    with pytest.raises(NotPractice):
        begin_exercise(store, exercise, "anna")
