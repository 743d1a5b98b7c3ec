"""Dataexport: what stands in the files, who is in them, what the store keeps of it, and what is left of one cut off."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from fhir.resources.R4B.bundle import Bundle

from store.care.activity_marks import mark_activity
from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.care.endings import end_moment
from store.care.export_choice import Choice, Identity, Life, Part, count_export
from store.care.exports import LEFT, begin_export, check_pseudonyms, export_moments, exports_of, finish_export
from store.care.flags import add_flag
from store.care.messages import send_message
from store.care.purging import erase_moments
from store.data import data_folder
from store.export import exporting, reading, target
from store.export.csv_files import cell
from store.export.exporting import Done, Format, export_to
from store.export.pseudonyms import Pseudonyms
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import local_day
from store.foundation.connection import Connection
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.log_reading import log_rows
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, HIDDEN, THERE, Clinic, Clock
from tests.conftest import Stores

NS = "{urn:riv:infrastructure:export:1}"
CHOICE = Choice("prov", Life.RUNNING, Identity.FULL, "Forskargruppen", "Utvärdering", frozenset(Part))
KEY = Pseudonyms(b"k" * 32, "Forskargruppen")
FORMULA = '=HYPERLINK("http://example.org";"Klicka")'


@pytest.fixture
def database() -> str:
    """A file, but for the test that takes both."""
    return "sqlite"


@pytest.fixture
def fenced(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """The clinic on a server, behind the fence between units."""
    with stores.clinic("fenced", "clinic", clock) as entered:
        yield entered


@pytest.fixture
def full(clinic: Clinic) -> Clinic:
    """The clinic with something of every kind in `ADULT`'s moment, and a protected resident's beside it."""
    return fill(clinic)


def fill(clinic: Clinic) -> Clinic:
    moment = clinic.start(program="prov")
    clinic.answer(moment, json.dumps({"1": 1, "2": 1, "3": 0, "5": FORMULA}))
    with clinic.store.work(clinic.clinician) as work:
        make_plan(work, moment, NewPlan("Rörelse", (NewActivity("Promenad"),)))
        send_message(work, moment, "Hemligt <ord>")
        add_flag(work, moment, "Ring.")
    activity = clinic.value("SELECT max(id) FROM activity")
    with clinic.store.work(clinic.resident()) as work:
        mark_activity(work, moment, activity, local_day(clinic.clock.now), done=True, note="+46 km\nidag")
    clinic.start(HIDDEN, "prov")
    return clinic


def exported(
    clinic: Clinic, folder: Path, form: Format = Format.XML, pseudonyms: Pseudonyms | None = None, **changes: Any
) -> Done:
    """Export as the dataadministratör."""
    who = clinic.someone(Role.DATA_ADMIN)
    clinic.clock.now += 1000  # type: ignore[assignment]  # a file each second
    return export_to(clinic.store, who, replace(CHOICE, **changes), form, folder, pseudonyms)


def processes(done: Done) -> list[ET.Element]:
    return ET.parse(done.place).getroot().findall(f"{NS}processes")


def test_one_name_residents_stand_as_the_researchers_scripts_read_them(clinic: Clinic, tmp_path: Path) -> None:
    # A prefix, white space within personId, or a resident deeper down: each breaks the public scripts.
    numbers = [ADULT, CHILD, GUARDIAN, ELSEWHERE, "200001012384"]
    clinic.run("UPDATE resident SET given_name = 'Alba', family_name = ''")
    clinic.add_resident(numbers[-1], given="Alba", family="")
    for number in numbers:
        clinic.start(number, "prov")
    done = exported(clinic, tmp_path)
    assert re.fullmatch(r"StodOchBehandling__20260302T1000\d\d\.xml", done.place.name)
    residents = [one.find(f"{NS}resident") for one in processes(done)]
    assert [one.findtext(f"{NS}firstName") for one in residents if one is not None] == ["Alba"] * 5
    text = done.place.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^<personId><id>(\d{12})</id></personId>$", text, re.M)) == sorted(numbers)
    hidden = exported(clinic, tmp_path, pseudonyms=KEY, identity=Identity.PSEUDONYM)
    pairs = re.findall(
        r"<firstName>(P\w{16})</firstName>\n<lastName></lastName>\n<personId><id>(\w+)</id>", hidden.place.read_text()
    )
    assert len({first for first, _ in pairs}) == 5
    assert all(first == second for first, second in pairs)
    whole = hidden.place.read_text()
    assert not [number for number in numbers if number in whole]
    assert "Alba" not in whole


@pytest.mark.parametrize("identity", list(Identity))
def test_the_xml_is_what_our_schema_says(full: Clinic, tmp_path: Path, identity: Identity) -> None:
    # An element that is renamed or moved without the schema: whoever reads by it finds nothing.
    schema = xmlschema.XMLSchema(data_folder() / "export" / "stodochbehandling.xsd")
    done = exported(full, tmp_path, pseudonyms=KEY if identity is Identity.PSEUDONYM else None, identity=identity)
    assert list(schema.iter_errors(done.place)) == []
    (process,) = processes(done)
    assert [len(process.findall(f"{NS}{name}")) for name in ("event", "message", "flag", "activityPlan", "form")] == [
        *(0, 1, 1, 1, 1)
    ]
    text = done.place.read_text(encoding="utf-8")
    assert "Hemligt" not in text
    assert "Ring." not in text
    if identity is Identity.SEX_AND_AGE:
        assert "personId" not in text
        assert "<sex>kvinna</sex>\n<ageAtStart>46</ageAtStart>" in text


def test_no_cell_runs_as_a_formula_and_excel_opens_it_right(full: Clinic, tmp_path: Path) -> None:
    # A resident's answer is run by Excel; a file without BOM shows Ã¥ for å.
    done = exported(full, tmp_path, Format.CSV)
    cells = [one for file in done.place.iterdir() for row in rows_of(file) for one in row]
    assert [one for one in cells if one[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert {f"'{FORMULA}", "'+46 km\nidag", "19800102-2386", "Åsa"} <= set(cells)
    assert all(file.read_bytes().startswith(b"\xef\xbb\xbf") for file in done.place.iterdir())
    assert ["1", "matbatteri", "maende", "2026-03-02 10:00:00", "Mående", "2", "9", "lite"] in rows_of(
        done.place / "poang.csv"
    )


def rows_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=";"))


def test_a_cell_is_made_harmless_and_a_decimal_has_a_comma() -> None:
    assert [cell(one) for one in (2.5, 7.0, True, None, "a;b")] == ["2,5", "7", "ja", "", "a;b"]
    for text in ("=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\n@a", "＝1"):
        assert cell(text) == f"'{text}"


@pytest.mark.parametrize("form", [Format.FHIR, Format.NDJSON])
@pytest.mark.parametrize("identity", list(Identity))
def test_fhir_is_what_its_models_take_and_every_reference_is_there(
    full: Clinic, tmp_path: Path, form: Format, identity: Identity
) -> None:
    pseudonyms = KEY if identity is Identity.PSEUDONYM else None
    done = exported(full, tmp_path, form, pseudonyms=pseudonyms, identity=identity, reveals=True)
    text = done.place.read_text(encoding="utf-8")
    if form is Format.NDJSON:
        found = [json.loads(line) for line in text.splitlines()]
        entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in found]
        known = {f"{one['resourceType']}/{one['id']}" for one in found}
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    else:
        bundle = json.loads(text)
        entries = bundle["entry"]
        known = {one["fullUrl"] for one in entries}
    Bundle.model_validate(bundle)
    kinds = {one["resource"]["resourceType"] for one in entries}
    assert kinds == {
        *("Organization", "Practitioner", "PractitionerRole", "Patient", "CarePlan", "Questionnaire", "Task"),
        *("QuestionnaireResponse", "Observation", "Communication", "Flag"),
    }
    assert set(references(bundle)) <= known
    canonical = {one["resource"].get("url") for one in entries}
    assert {one["resource"].get("questionnaire") for one in entries} - {None} <= canonical
    patients = [one["resource"] for one in entries if one["resource"]["resourceType"] == "Patient"]
    assert [bool(one.get("meta", {}).get("security")) for one in patients] == [False, True]
    assert (ADULT in text) is (identity is Identity.FULL)
    assert (KEY.of(ADULT) in text) is (identity is Identity.PSEUDONYM)


def references(node: Any) -> Iterator[str]:
    """Yield every reference in a resource."""
    if isinstance(node, dict):
        if "reference" in node:
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_exported_resident_is_in_the_log_and_the_protected_are_left_out(
    sealed: Clinic, tmp_path: Path, database: str
) -> None:
    # On a server the free texts stand sealed: what is read past the seals would be in the file as it stands.
    fill(sealed)
    done = exported(sealed, tmp_path)
    assert (done.moments, done.counted.residents, done.counted.protected) == (1, 1, 1)
    assert f"<value>{FORMULA}</value>" in done.place.read_text(encoding="utf-8")
    with sealed.store.read(OPERATOR) as work:
        rows = [one for one in log_rows(work.db, sealed.store.keys) if one.action == "exporterade" and one.personnummer]
        (kept,) = exports_of(work.db, [1, 2])
    assert [(one.personnummer, one.details) for one in rows] == [
        (ADULT, f"export {done.export}. Mottagare: Forskargruppen. Ändamål: Utvärdering.")
    ]
    assert (kept.file, kept.recipient, kept.moments) == (done.place.name, "Forskargruppen", 1)
    shown = exported(sealed, tmp_path, reveals=True)
    assert HIDDEN in shown.place.read_text(encoding="utf-8")
    with sealed.store.read(OPERATOR) as work:
        numbers = [one.personnummer for one in log_rows(work.db, sealed.store.keys) if one.action == "exporterade"]
    assert numbers.count(HIDDEN) == 1
    with sealed.store.work(OPERATOR) as work:
        erase_moments(work.db, [1])
        assert [one.id for one in exports_of(work.db, [1, 2])] == [shown.export]
    assert database in sealed.store.engine.url


def test_another_unit_does_not_see_which_moments_are_in_an_export(fenced: Clinic, tmp_path: Path) -> None:
    # The rows have no unit of their own: without a fence each unit's are everybody's; with a wrong one none is written.
    done = exported(fill(fenced), tmp_path)
    seen = []
    for who in (fenced.someone(Role.DATA_ADMIN), fenced.someone(Role.DATA_ADMIN, THERE)):
        with fenced.store.work(who) as work:
            seen.append([(one.id, one.moments) for one in exports_of(work.db, [1, 2])])
    assert seen == [[(done.export, 1)], []]


def test_what_is_chosen_is_what_is_there(full: Clinic, tmp_path: Path) -> None:
    full.clock.set(2026, 4, 1, 8)
    ended = full.start(GUARDIAN, "prov")
    with full.store.work(full.clinician) as work:
        end_moment(work, ended, "Klart", confirmed=True)

    def number(**changes: Any) -> int:
        with full.store.read(full.someone(Role.DATA_ADMIN)) as work:
            return count_export(work, replace(CHOICE, **changes)).moments

    assert number() == 1
    assert number(life=Life.ENDED) == 1
    assert number(last=date(2026, 3, 2)) == 1
    assert number(life=Life.ENDED, first=date(2026, 4, 1), last=date(2026, 4, 1)) == 1
    for changes in ({"first": date(2026, 3, 3)}, {"last": date(2026, 3, 1)}, {"program": "komigang-online"}):
        with pytest.raises(Refused, match="stämmer med urvalet"):
            number(**changes)
    with pytest.raises(Refused, match="Programmet finns-ej finns inte"):
        number(program="finns-ej")
    none = exported(full, tmp_path, parts=frozenset())
    assert not [one for one in processes(none)[0] if one.tag in (f"{NS}form", f"{NS}message", f"{NS}activityPlan")]


def test_only_a_dataadministrator_exports_and_only_into_an_export_of_the_own(full: Clinic, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        export_to(full.store, full.clinician, CHOICE, Format.XML, tmp_path)
    who, stranger = full.someone(Role.DATA_ADMIN), full.someone(Role.DATA_ADMIN, THERE)
    with full.store.work(who) as work:
        export = begin_export(work, CHOICE, "xml", "x.xml")
    with pytest.raises(NotPermitted), full.store.work(stranger) as work:
        export_moments(work, export, [1])
    with full.store.work(who) as work:
        finish_export(work, export, 0)
    with pytest.raises(NotPermitted), full.store.work(who) as work:
        export_moments(work, export, [1])
    assert list(tmp_path.iterdir()) == []


def test_a_moment_that_leaves_the_unit_meanwhile_stops_it(full: Clinic, tmp_path: Path) -> None:
    # The log of the unit would else be silent on a resident whose data is in the file.
    there = full.start(ELSEWHERE, "prov")
    full.run("UPDATE moment SET unit_id = :there WHERE id = :id", there=full.there, id=there)
    with full.store.work(full.someone(Role.DATA_ADMIN)) as work:
        export = begin_export(work, CHOICE, "xml", "x.xml")
        with pytest.raises(Refused, match=re.escape(LEFT)):
            export_moments(work, export, [1, there])
    assert list(tmp_path.iterdir()) == []


def test_of_one_that_is_cut_off_no_file_is_left_and_its_residents_are_in_the_log(
    full: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for form in Format:
        writer = exporting._WRITERS[form][1]
        with monkeypatch.context() as patch:
            patch.setattr(writer, "write", full_disk)
            with pytest.raises(Refused, match=re.escape(target.FULL)):
                exported(full, tmp_path, form)
            patch.setattr(writer, "write", interrupted)
            with pytest.raises(KeyboardInterrupt):
                exported(full, tmp_path, form)
    assert list(tmp_path.iterdir()) == []
    assert full.value("SELECT count(*) FROM log WHERE operation = 'export_moments'") == 2 * len(Format)
    with full.store.read(OPERATOR) as work:
        assert exports_of(work.db, [1]) == []


def test_what_a_killed_one_left_is_removed_by_the_next(full: Clinic, tmp_path: Path) -> None:
    left = tmp_path / f"{target._prefix()}999999999-x"
    left.mkdir()
    (left / "half.xml").write_text("Åsa")
    done = exported(full, tmp_path)
    assert list(tmp_path.iterdir()) == [done.place]
    assert done.place.stat().st_mode & 0o077 == 0


def test_it_is_read_in_portions_and_nothing_is_kept_of_those_before(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Memory that grows with the moments: at 100,000 of them the export dies.
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    asked: list[int] = []
    before = Connection.all

    def counted(self: Connection, kind: Any, sql: str, /, **parameters: object) -> list[Any]:
        found = before(self, kind, sql, **parameters)
        asked.append(len(found))
        return found

    for number in (ADULT, CHILD, GUARDIAN, ELSEWHERE, HIDDEN):
        clinic.start(number, "prov")
    monkeypatch.setattr(Connection, "all", counted)
    done = exported(clinic, tmp_path, reveals=True)
    assert max(asked) == 2
    assert [one.findtext(f"{NS}number") for one in processes(done)] == ["1", "2", "3", "4", "5"]


def test_a_pseudonym_is_constant_for_a_recipient_and_a_lost_key_is_said(clinic: Clinic) -> None:
    same, other = Pseudonyms(b"k" * 32, " FORSKARGRUPPEN "), Pseudonyms(b"k" * 32, "Andra")
    assert KEY.of(ADULT) == same.of(ADULT) != other.of(ADULT)
    assert KEY.of(ADULT) != Pseudonyms(b"l" * 32, "Forskargruppen").of(ADULT)
    who = clinic.someone(Role.DATA_ADMIN)
    with clinic.store.work(who) as work:
        finish_export(work, begin_export(work, CHOICE, "xml", "x", KEY.key_id), 0)
        check_pseudonyms(work, "Forskargruppen", KEY.key_id)
        check_pseudonyms(work, "Andra", "annan")
        check_pseudonyms(work, "forskargruppen", "annan", confirmed=True)
        with pytest.raises(NeedsConfirmation, match="finns inte här"):
            check_pseudonyms(work, "forskargruppen", "annan")
