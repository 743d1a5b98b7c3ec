"""`sob gallra`: what it lists, takes and refuses, and a certificate that is checked without a store."""

from pathlib import Path

import pytest

from screens.kept_drafts import SUFFIX
from sob_tui.commands import purging
from store.care.endings import end_moment
from store.foundation.access import Role
from tests.clinics import ADULT, CHILD, ELSEWHERE, HIDDEN, UNKNOWN, Clinic, hsa_id_of
from tests.screens.test_kept_drafts import keep, kept
from tests.sob_tui.conftest import Said, Sob

DATA_ADMIN = hsa_id_of(Role.DATA_ADMIN)


@pytest.fixture
def ended(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ended moments that are overdue, of three residents."""
    clinic.run("UPDATE careprovider SET purge_decision = 'Gallras.', purge_reference = 'RS 1'")
    moments = [clinic.start(number, "prov") for number in (ADULT, CHILD, HIDDEN)]
    for moment in moments:
        with clinic.store.work(clinic.clinician) as work:
            end_moment(work, moment, "Klart", confirmed=True)
    clinic.run("UPDATE moment SET purge_by = '2026-01-01'")
    monkeypatch.setattr(purging, "somebody_is_there", lambda: False)
    return moments


def run(sob: Sob, *words: str, som: str | None = DATA_ADMIN) -> Said:
    return sob("gallra", *words, som=som)


def test_from_the_list_to_a_certificate_that_anybody_checks(
    sob: Sob, nowhere: Sob, ended: list[int], tmp_path: Path, home: Path, clinic: Clinic
) -> None:
    gone, other, held = map(str, ended)
    assert run(sob, "stopp", held, "--grund", "Ärende", "--till", "2999-01-01").out == (
        "Gallringsstopp till och med 2999-01-01.\n"
    )
    listed = run(sob, "--json").json
    assert [(one["id"], one["personnummer"], one["due"]) for one in listed["moments"]] == [
        *((other, CHILD, "försenad"), (gone, ADULT, "försenad"), (held, None, "försenad"))
    ]
    assert listed["moments"][2]["stop"] == {
        "ground": "Ärende",
        "until": "2999-01-01",
        "by": clinic.someone(Role.DATA_ADMIN).name,
    }
    drafts = home / "utkast"
    monkey = kept(drafts, clinic.store.draft_key())
    keep(monkey, "borta", moment=int(gone))
    keep(monkey, "kvar", moment=int(held))
    file = tmp_path / "intyg"
    done = run(sob, "--alla-forfallna", "--antal", "2", "--intyg", str(file), "--json").json
    assert done == {"purge": "1", "moments": 2, "left": 0, "residents": 3, "unused": 0, "certificate": str(file)}
    assert clinic.rows("SELECT id FROM moment") == [(int(held),)]
    assert run(sob, "intyg").out == file.read_text(encoding="utf-8")
    (key,) = home.rglob("*.underskrift.pub")
    (ledger,) = home.rglob("*.gallringar")
    assert len(ledger.read_text().splitlines()) == 2
    checked = nowhere("gallra", "kontrollera-intyg", str(file), "--nyckel", str(key), som=None)
    assert (checked.code, checked.out.startswith("Intyget stämmer: 2 moment, klart ")) == (0, True)
    assert "underskrivet med nyckeln" in nowhere("gallra", "kontrollera-intyg", str(file), som=None).out
    file.write_text(file.read_text(encoding="utf-8").replace("moment:    2", "moment:    1"), encoding="utf-8")
    assert nowhere("gallra", "kontrollera-intyg", str(file), som=None).code == 3
    assert nowhere("gallra", "kontrollera-intyg", str(file), "--nyckel", str(file), som=None).code == 3
    assert sorted(path.name for path in drafts.glob(f"*{SUFFIX}")) == [f"borta{SUFFIX}", f"kvar{SUFFIX}"]
    purging_forgets(clinic, drafts)
    assert sorted(path.name for path in drafts.glob(f"*{SUFFIX}")) == [f"kvar{SUFFIX}"]


@pytest.mark.usefixtures("ended")
def test_residents_without_any_moment_are_listed_and_purged_one_by_one_or_all(sob: Sob, clinic: Clinic) -> None:
    clinic.run("UPDATE resident SET registered_on = '2020-02-29' WHERE personnummer = :number", number=ELSEWHERE)
    other = clinic.add_resident(UNKNOWN, family="Ny [/x]", protection="sekretessmarkering")
    clinic.run("UPDATE resident SET registered_on = '2020-01-01' WHERE id = :id", id=other)
    alone = clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=ELSEWHERE)
    listed = run(sob).out
    assert "Invånare utan moment i 12 månader:" in listed
    assert ELSEWHERE in listed
    assert "Ny" not in listed
    assert run(sob, "--json").json["residents"] == [
        {"id": str(other), "personnummer": None, "name": None, "registered_on": "2020-01-01"}
        | {"purge_by": "2021-01-01", "due": "försenad"},
        {"id": str(alone), "personnummer": ELSEWHERE, "name": "Öst, Per", "registered_on": "2020-02-29"}
        | {"purge_by": "2021-03-01", "due": "försenad"},
    ]
    assert "3 moment och 2 invånare utan moment är valda" in run(sob, "--alla-forfallna", "--antal", "3").err
    assert "Ange ett av" in run(sob, "--invanare", str(alone), "--alla-forfallna", "--antal", "1").err
    assert "Invånaren 4711 kan inte gallras för sig" in run(sob, "--invanare", "4711", "--antal", "1").err
    said = run(sob, "--invanare", str(alone), "--antal", "1")
    assert (said.code, "1 invånare utan moment är ur registret." in said.out) == (0, True)
    assert "1 av dem utan något moment på 12 månader" in run(sob, "intyg").out
    done = run(sob, "--alla-forfallna", "--antal", "4", "--json").json
    assert [done[name] for name in ("moments", "unused", "left")] == [3, 1, 0]
    assert clinic.value("SELECT count(*) FROM resident WHERE id IN (:a, :b)", a=alone, b=other) == 0


def purging_forgets(clinic: Clinic, drafts: Path) -> None:
    """Do what each workstation does at its next start."""
    from screens.kept_drafts import forget_purged
    from store.care.purge_record import purged_moments

    clinic.run("UPDATE purgedmoment SET at = 4000000000000")  # the files are younger than the clinic's clock
    with clinic.store.lend() as db:
        forget_purged(drafts, clinic.store.draft_key(), lambda moments: purged_moments(db, moments))


def test_each_fault_has_a_sentence_of_its_own_and_nothing_is_erased(
    sob: Sob, ended: list[int], tmp_path: Path, clinic: Clinic
) -> None:
    gone, *_ = map(str, ended)
    there = tmp_path / "intyg"
    there.touch()
    for code, words, sentence in (
        (2, ("--moment", gone), "Flaggan --antal saknas"),
        (2, ("--antal", "1"), "--antal och --intyg hör till"),
        (2, ("--moment", gone, "--fortsatt"), "Ange ett av --moment"),
        (2, ("--moment", gone, "--antal", "1", "--fram-till", "2026-01-01"), "--fram-till hör till"),
        (3, ("--moment", gone, "--antal", "2"), "Antalet 2 stämmer inte: 1 moment är valda."),
        (3, ("--moment", gone, "--antal", "ett"), "Antalet skrivs med siffror."),
        (3, ("--moment", "4711", "--antal", "1"), "Momentet 4711 finns inte på enheten."),
        (3, ("--alla-forfallna", "--antal", "3", "--fram-till", "2026-02-30"), "2026-02-30 är inget datum."),
        (3, ("--alla-forfallna", "--antal", "0", "--fram-till", "2025-01-01"), "Inget är valt."),
        (3, ("--moment", gone, "--antal", "1", "--intyg", str(there)), "finns redan"),
        (3, ("--moment", gone, "--antal", "1", "--intyg", str(there / "x")), "Ingenting är gallrat."),
        (3, ("--fortsatt",), "Ingen gallring på enheten är avbruten."),
        (3, ("hav", gone), "Momentet har inget gallringsstopp som gäller. (sob gallra stopp --help)"),
        (3, ("stopp", gone, "--grund", " ", "--till", "2999-01-01"), "Ange grunden"),
        (3, ("stopp", gone, "--grund", "x", "--till", ""), "Ange stoppets sista dag."),
        (3, ("intyg", "7"), "Enheten har ingen sådan gallring som är klar."),
    ):
        said = run(sob, *words)
        assert (said.code, said.out) == (code, ""), (words, said)
        assert sentence in said.err, words
    for typed in ("", f"--moment {gone} --antal 1", f"hav {gone}", "intyg"):
        assert run(sob, *typed.split(), som=hsa_id_of(Role.CLINICIAN)).code == 4
    clinic.run("UPDATE careprovider SET purge_decision = ''")
    assert "inget gallringsbeslut" in run(sob, "--moment", gone, "--antal", "1").err
    assert clinic.value("SELECT count(*) FROM moment") == 3
    assert clinic.value("SELECT count(*) FROM purge") == 0
