"""A training that a trainer has signed: read, doubted, recorded, and due again (domain.md §7, §9)."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.personnel import personnel, staff_line
from store.people.signed_training import (
    Passed,
    Recorded,
    read_signed_training,
    record_signed_training,
    sign_training,
)
from store.people.trainer_key import make_trainer_key
from store.people.unit_settings import change_unit, unit_settings
from tests.clinics import COLLEAGUE, Clinic
from tests.store.people.staffing import CLINICIAN, THEIR_ADMIN, do, last_details, let_days_pass, see

PASSED = Passed(COLLEAGUE, ("behandlare", "prov"), "Grundkurs", date(2026, 2, 27), 1)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_trainer_key(tmp_path / "nyckel.pem")
    return tmp_path / "nyckel.pem"


def test_a_key_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    fingerprint = make_trainer_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_signed_training(sign_training(PASSED, path)).signer == fingerprint
    before = path.read_bytes()
    with pytest.raises(Refused, match="finns redan"):
        make_trainer_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["rsa", "text", "none"])
def test_what_is_no_key_signs_nothing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "k.pem"
    if kind == "rsa":
        path.write_bytes(
            generate_private_key(65537, 1024).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    elif kind == "text":
        path.write_text("[/x] \x1b]52;c;eA==\x07")
    with pytest.raises(Refused, match="går inte att läsa" if kind == "none" else "ingen utbildarnyckel"):
        sign_training(PASSED, path)


def test_a_signed_training_is_recorded_once_the_unit_knows_the_key(clinic: Clinic, key: Path) -> None:
    file = sign_training(PASSED, key)
    signer = read_signed_training(file).signer
    with pytest.raises(NeedsConfirmation, match=signer):
        do(clinic, record_signed_training, file)
    assert "behandlare" not in see(clinic, staff_line, COLLEAGUE).trainings
    do(clinic, change_unit, trainer_keys=f"\n{signer.upper()}\n{signer[:32]} {signer[32:]}\n")
    assert see(clinic, unit_settings).trainer_keys == signer
    assert do(clinic, record_signed_training, file) == Recorded(COLLEAGUE, ("behandlare", "prov"), "2026-03-27")
    line = see(clinic, staff_line, COLLEAGUE)
    assert line.trainings == ("behandlare", "komigang-online", "prov")
    assert line.renewals == {"behandlare": "2026-03-27", "prov": "2026-03-27"}
    assert last_details(clinic) == (
        f"{COLLEAGUE}: utbildning prov registrerad, godkänd 2026-02-27 i Grundkurs, underskriven med {signer}"
    )


def test_an_unknown_key_is_only_warned_of(clinic: Clinic, key: Path) -> None:
    do(clinic, record_signed_training, sign_training(PASSED, key), confirmed=True)
    assert "behandlare" in see(clinic, staff_line, COLLEAGUE).trainings


def test_a_refresher_is_due_on_its_day_until_a_newer_file_comes(clinic: Clinic, key: Path) -> None:
    def late() -> list[str]:
        return [one for one in see(clinic, personnel).advice if "förnyats" in one]

    do(clinic, record_signed_training, sign_training(PASSED, key), confirmed=True)
    let_days_pass(clinic, 24)
    assert late() == []
    today = let_days_pass(clinic, 1)
    assert late() == [
        f"Utbildningen {subject} för Kim T1colleague ska ha förnyats senast 2026-03-27."
        for subject in ("behandlare", "prov")
    ]
    newer = PASSED._replace(passed_on=today, months=0)
    do(clinic, record_signed_training, sign_training(newer, key), confirmed=True)
    do(clinic, record_signed_training, sign_training(PASSED, key), confirmed=True)
    assert late() == []


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (PASSED._replace(subjects=("behandlare", "segling")), "varken en roll"),
        (PASSED._replace(passed_on=date(2026, 3, 3)), "den dagen har inte varit"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_recorded(
    clinic: Clinic, key: Path, passed: Passed, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        do(clinic, record_signed_training, sign_training(passed, key), confirmed=True)
    assert see(clinic, staff_line, COLLEAGUE).trainings == ("komigang-online",)


def test_somebody_of_another_unit_is_nobody_here(clinic: Clinic, key: Path) -> None:
    with pytest.raises(NotPermitted):
        do(clinic, record_signed_training, sign_training(PASSED._replace(hsa_id=THEIR_ADMIN), key), confirmed=True)


@pytest.mark.parametrize("name", ["hsa_id", "subjects", "course", "passed_on", "months", "key", "signature"])
def test_a_file_that_was_changed_is_refused(key: Path, name: str) -> None:
    file = json.loads(sign_training(PASSED, key))
    other = json.loads(sign_training(PASSED._replace(hsa_id=CLINICIAN), key))
    file[name] = {"subjects": ["utbildare"], "months": 12}.get(name, other[name] if name == "signature" else "AAAA")
    with pytest.raises(Refused, match="Underskriften stämmer inte"):
        read_signed_training(json.dumps(file).encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ingen underskriven utbildning"),
        (b"\xff\xfe", "ingen underskriven utbildning"),
        (b"[" * 15_000, "ingen underskriven utbildning"),
        (b'{"kind": "sob-utbildning", "format": 2}', "nyare version"),
        (b'{"kind": "sob-utbildning", "format": 1}', "inte uppgiften: course"),
        (b'{"kind": "sob-utbildning", "[/x]": 1}', r"okänd här: \[/x\]"),
        (b" " * 20_001, "för stor"),
    ],
)
def test_what_is_no_such_file_has_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        read_signed_training(content)
    assert refusal.value.field == "fil"


def test_a_fingerprint_that_is_none_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="64 tecken") as refusal:
        do(clinic, change_unit, trainer_keys="abc")
    assert refusal.value.field == "utbildarnyckel"
