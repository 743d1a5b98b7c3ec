"""Who may read what of the log, what a resident is told of it, and the proof that what is told stands there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sob_tui.check_log_proof import check_proof
from store.care.look_up import look_up_resident
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import Refused
from store.upkeep.log_proof import prove_log
from store.views.access_log import Extract, ShownRow, Wanted, extract_log, show_log
from store.views.lists import Tab, list_page
from tests.clinics import ADULT, CHILD, HIDDEN, THERE, Clinic, hsa_id_of

KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.fixture
def busy(sealed: Clinic) -> Clinic:
    """A clinic in which some have read of three residents, and one was asked for from another unit."""
    for number in (ADULT, CHILD, HIDDEN):
        sealed.start(number, "prov", confirmed=True)
    with sealed.store.read(sealed.admin) as work:
        list_page(work, Tab.ALL, "prov", "pagaende")
    with sealed.store.read(sealed.stranger) as work:
        look_up_resident(work, ADULT)
    return sealed


def shown(clinic: Clinic, actor: Any, **wanted: Any) -> list[ShownRow]:
    with clinic.store.read(actor) as work:
        return show_log(work, Wanted("Rutin", **wanted))


def extract(clinic: Clinic, actor: Any = OPERATOR, number: str = ADULT) -> Extract:
    with clinic.store.read(actor) as work:
        return extract_log(work, number)


def test_the_units_log_is_shown_and_the_look_is_in_it(busy: Clinic) -> None:
    reviewer = busy.someone(Role.LOG_REVIEWER)
    rows = shown(busy, reviewer)
    assert {row.unit for row in rows} == {"SE2321000040-T1"}
    assert HIDDEN not in {row.personnummer for row in rows}
    assert any(row.is_masked and row.name is None for row in rows)
    assert {row.personnummer for row in shown(busy, reviewer, resident=CHILD)} == {CHILD}
    of_admin = shown(busy, reviewer, staff=str(busy.admin.hsa_id).lower())
    assert {row.actor_hsa_id for row in of_admin} == {busy.admin.hsa_id}
    assert HIDDEN in {row.personnummer for row in shown(busy, reviewer, reveal=True)}
    looks = [row for row in shown(busy, OPERATOR) if row.operation == "show_log" and row.unit]
    assert {row.personnummer for row in looks} >= {ADULT, CHILD, None}
    assert {row.unit for row in shown(busy, OPERATOR)} > {THERE}
    for wanted, sentence in (
        (Wanted("  "), "varför"),
        (Wanted("x" * 201), "för långt"),
        (Wanted("x", first=busy_day(busy), last=busy_day(busy).replace(year=2025)), "senare än"),
        (Wanted("x", resident="12"), "personnummer"),
    ):
        with pytest.raises(Refused, match=sentence), busy.store.read(reviewer) as work:
            show_log(work, wanted)


def busy_day(clinic: Clinic) -> Any:
    with clinic.store.read(OPERATOR) as work:
        return work.today


def test_a_resident_is_told_what_was_done_and_of_nobody_else(busy: Clinic) -> None:
    found = extract(busy)
    told = json.dumps([found.name, *found.rows], ensure_ascii=False)
    assert found.name == "Berg, Åsa"
    assert {row.unit for row in found.rows} == {"Enhet Ett", "Enhet Två"}
    assert {"Såg dig i en lista", "Tog del av uppgifter om dig och din behandling"} <= {row.what for row in found.rows}
    staff = [*busy.rows("SELECT family_name FROM staff"), *busy.rows("SELECT hsa_id FROM staff")]
    others = [CHILD, HIDDEN, *(name for (name,) in staff)]
    assert not [name for name in others if name in told.replace("Berg, Åsa", "")]
    reviewer = busy.someone(Role.LOG_REVIEWER, THERE)
    assert {row.unit for row in extract(busy, reviewer).rows} == {"Enhet Två"}
    assert extract(busy, reviewer, HIDDEN).rows == ()
    assert busy.value("SELECT count(*) FROM log WHERE operation = 'extract_log' AND number_hmac <> ''") == 3


def test_a_proof_holds_for_the_residents_rows_alone_and_no_changed_one(busy: Clinic) -> None:
    with busy.store.read(OPERATOR) as work:
        proof = prove_log(work, ADULT, KEY)
    content = json.dumps(proof)
    found = check_proof(content, PUBLIC)
    rows = extract(busy).rows
    assert [row["at"] for row in found["rows"]] == [row.at for row in rows[:-1]]  # the proof's own row came after
    assert check_proof(content)["fingerprint"] == found["fingerprint"]
    assert not [one for one in (CHILD, HIDDEN, hsa_id_of(Role.CLINICIAN), "Berg") if one in content]

    def changed(change: Callable[[dict[str, Any]], object]) -> str:
        other = json.loads(content)
        change(other)
        return json.dumps(other)

    other_key = Ed25519PrivateKey.from_private_bytes(b"x" * 32).public_key().public_bytes_raw()
    for bad, key in (
        (changed(lambda one: one["rows"][0]["row"].update(action="läste inte")), PUBLIC),
        (changed(lambda one: one["rows"][0].update(place=one["rows"][1]["place"])), PUBLIC),
        (changed(lambda one: one["rows"][0].update(place=-1)), PUBLIC),
        (changed(lambda one: one["rows"][0]["path"].pop()), PUBLIC),
        (changed(lambda one: one["rows"][0]["path"].append("00")), PUBLIC),
        (changed(lambda one: one["rows"].append(one["rows"][0])), PUBLIC),
        (changed(lambda one: one.update(personnummer=CHILD)), PUBLIC),
        (changed(lambda one: one.update(rows=[])), PUBLIC),
        (changed(lambda one: one.update(checkpoint=one["checkpoint"].replace('"rows":', '"rows":1'))), PUBLIC),
        (content, other_key),
        ("[]", PUBLIC),
        ("", PUBLIC),
    ):
        with pytest.raises(ValueError, match=r"stämmer inte|inget bevis"):
            check_proof(bad, key)
    lines = Path(check_proof.__code__.co_filename).read_text(encoding="utf-8").splitlines()
    assert len(lines) < 100
    assert not [line for line in lines if line.startswith(("from sob", "from store", "import sob", "import store"))]
