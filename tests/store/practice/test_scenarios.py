"""Scenarios are played whole or not at all; a saved state comes back with its days moved to the day it is loaded on."""

import errno
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.care.duties import DutyKind, unit_duties
from store.care.maintenance import maintain_moment
from store.data import data_folder
from store.foundation import sqlite_engine
from store.foundation.clock import Instant, days_after, iso_local, local
from store.foundation.errors import Refused, StoreFull
from store.foundation.schema import REVISIONS, revision_of
from store.foundation.store import Store
from store.opening import create_store, kind_of
from store.people.sign_in import sign_in
from store.practice import NotPractice, make_practice, make_scenario
from store.practice.clock import move_clock
from store.practice.saved import APART, CUT_OFF, LEFT_OUT, NEWER, NOT_SAVED, save_state
from store.practice.scenario_shelf import holds_course, load_scenario, named_file, offered, save_own
from store.practice.scenarios import about_shipped, scenario_file, shipped
from store.practice.seed import whole_cast
from store.tables import METADATA
from store.views.purge_list import purge_list
from tests.clinics import MONDAY, Clock
from tests.small_cast import FREE

NAMES = [path.stem for path in sorted((data_folder() / "practice" / "scenarios").glob("*.toml"))]


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_shipped_scenarios_fit_the_whole_cast() -> None:
    told = about_shipped(whole_cast())
    assert len(told) >= 6
    assert all(one.title and one.about for one in told)
    assert scenario_file("En röd flagga en fredag") == scenario_file("rod-flagga-fredag") in shipped()


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_can_be_played(few: Path, tmp_path: Path, name: str) -> None:  # noqa: ARG001
    store = make_scenario(tmp_path / "o.sqlite", name, clock=Clock())
    [told] = [one for one in about_shipped(whole_cast()) if one.name == name]
    store.change_no(None)
    begins = local(store.clock())
    assert told.weekday in (None, begins.weekday())
    assert told.time in (None, begins.time())
    numbers = {one.number for one in told.cast.lives[-1].residents}
    with store.lend() as db:
        assert numbers <= set(db.values("SELECT personnummer FROM resident"))
        urgent = db.value("SELECT count(*) FROM moment WHERE priority_flags > 0 AND responsible_id = 1")
    assert bool(urgent) is (name == "rod-flagga-fredag")
    with store.read(sign_in(store, "SE2321000040-OV04")) as work:
        overdue = {one.kind for one in unit_duties(work) if one.is_overdue}
        due = purge_list(work)
    is_admins = name == "administratorens-manad"
    assert overdue == ({DutyKind.LOG_REVIEW, DutyKind.PURGE} if is_admins else set())
    assert (due.decision == "OVN 2024-118", any(one.stop for one in due.lines)) == (is_admins, is_admins)
    store.close()


FAULTS = {
    "format = 2": "nyare version",
    'format = 1\ntitle = "x"\nabout = "x"\ntitel = 1': "nyckeln titel är okänd",
    'format = 1\ntitle = "x"\nabout = "x"\nweekday = "fredagen"': "weekday kan vara",
    'format = 1\ntitle = "x"\nabout = "x"\ntime = "25:00"': "time ska vara ett klockslag",
    'format = 1\ntitle = "x"\nabout = "x"\n[[residents]]\npersonnummer = "198001021234"\nfamily_name = "A"\n'
    'given_name = "B"\nregion = "05"': "rad 4",
    'format = 1\ntitle = "x"\nabout = "x"\n[[duties]]\nunit = "SE2321000040-OVN1"\nkind = "gallring"\nmonths = 2\n'
    'delegate = "SE2321000040-X"\ndecided_by = "y"\nby = "SE2321000040-OV03"\ndays_ago = 3': "rad 4: personen finns",
    'format = 1\ntitle = "x"\nabout = "x"\n[[moments]]\nresident = "198001022386"\nprogram = "sovhjalpen"\n'
    'unit = "SE2321000040-OVN1"\nclinician = "SE2321000040-OV01"\nacts = []': "rad 4",
    f'format = 1\ntitle = "x"\nabout = "x"\n[[moments]]\nresident = "{FREE}"\nprogram = "sovhjalpen"\n'
    'unit = "SE2321000040-OVN1"\nclinician = "SE2321000040-OV01"\nacts = [\n{ do = "start", days_ago = 3, '
    'time = "10:00" },\n{ do = "resume", days_ago = 2, time = "10:00" }]': "acts nr 2",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_scenario_with_a_fault_changes_nothing(few: Path, tmp_path: Path, text: str) -> None:  # noqa: ARG001
    path = tmp_path / "mitt.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Refused, match=FAULTS[text]) as refused:
        make_scenario(tmp_path / "o.sqlite", str(path), clock=Clock())
    assert refused.value.message.startswith("Scenariot mitt.toml: ")
    assert not (tmp_path / "o.sqlite").exists()


def test_a_state_comes_back_as_it_was(made: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    move_clock(made, "+5d")
    later = Clock(made.clock())
    save_state(made, first)
    change_no = made.change_no(1)
    loaded = make_scenario(made.engine.url, str(first), clock=later)
    save_state(loaded, second)
    assert lines_of(second) == lines_of(first)
    assert loaded.change_no(1) > change_no  # who has it open sees the new one
    with loaded.lend() as db:
        assert db.value("SELECT draft_key FROM store_info") not in first.read_text("utf-8")
        assert "log" not in {line[0] for line in lines_of(first)[1:]}
    loaded.close()


OF_STATE = """activity activitymark activityplan assignment assignmentrole careprovider conversation dayrun draft
duty dutydone event flag flagattempt flagseen formanswer formrequest guardian handover hiddenpart installedform message
messagetemplate moment momentcount momentmodule notice openprogram programversion provideradmin purgestop refusedanswer
resident residentpart roleanalysis safetyplan setaside staff stepread substitution timespent training unit"""


def test_a_file_to_share_holds_nothing_that_somebody_signs_in_with() -> None:
    """Each new table is put on this side or the other by whoever makes it."""
    assert sorted(set(METADATA.tables) - LEFT_OUT) == OF_STATE.split()


def test_its_days_are_moved_to_the_day_it_is_loaded_on(made: Store, tmp_path: Path) -> None:
    path, days = tmp_path / "a.ndjson", 40  # over the beginning of summer time
    save_state(made, path)
    with made.lend() as db:
        before = dict(db.pairs("SELECT id, started_at FROM moment"))
        day = db.value("SELECT min(purge_by) FROM moment WHERE purge_by <> ''")
        entered = [date.fromisoformat(one) for one in db.values("SELECT registered_on FROM resident ORDER BY id")]
    early = Clock(Instant(days_after(MONDAY, days) - 3_600_000))
    loaded = make_scenario(made.engine.url, str(path), clock=early)
    loaded.change_no(None)
    assert iso_local(loaded.clock()) == "2026-04-11T10:00:00+02:00"  # at the hour at which it was saved
    with loaded.lend() as db:
        after = dict(db.pairs("SELECT id, started_at FROM moment"))
        moved = db.value("SELECT min(purge_by) FROM moment WHERE purge_by <> ''")
        later = [date.fromisoformat(one) for one in db.values("SELECT registered_on FROM resident ORDER BY id")]
    assert later == [one + timedelta(days) for one in entered]
    assert after == {moment: days_after(Instant(at), days) for moment, at in before.items()}
    assert (day is None) is (moved is None)
    loaded.close()


def head(**other: object) -> Any:
    return lambda lines: lines.__setitem__(0, lines[0] | other)


def _of(lines: list[Any], table: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for name, row in lines[1:] if name == table)
    return found


def put(table: str, **other: object) -> Any:
    return lambda lines: _of(lines, table).update(other)


SPOILT: list[tuple[Any, str]] = [
    (head(sob="annat"), NOT_SAVED),
    (head(format=2), NEWER),
    (head(revision="9999"), NEWER),
    (head(revision=["0019"]), NEWER),
    (head(revision="0001"), "okända nycklar"),
    (head(at="i går"), NOT_SAVED),
    (list.pop, CUT_OFF),
    (put("resident", personnummer="198001021234"), "rad [0-9]+: .*personnummer|rad [0-9]+: .*siffra"),
    (put("resident", okand=1), "okända nycklar"),
    (put("resident", family_name="\x1b]52;c;x\x07"), "går inte att läsa"),
    (put("moment", status="[/x]"), "går inte att läsa"),
    (put("moment", started_at="i går"), "går inte att läsa"),
    (put("moment", unit_id=4711), "hör inte ihop|stämmer"),
    (lambda lines: lines.insert(1, ["log", {}]), "okända nycklar"),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved state of a store of the whole cast."""
    folder = tmp_path_factory.mktemp("sparat")
    store = make_practice(folder / "o.sqlite", clock=Clock())
    save_state(store, folder / "a.ndjson")
    store.close()
    return folder / "a.ndjson"


@pytest.mark.parametrize("at", range(len(SPOILT)))
def test_a_file_that_is_spoilt_is_refused(saved: Path, tmp_path: Path, at: int) -> None:
    spoil, sentence = SPOILT[at]
    lines = lines_of(saved)
    spoil(lines)
    path = tmp_path / "b.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(Refused, match=sentence) as refused:
        make_scenario(tmp_path / "o.sqlite", str(path), clock=Clock())
    assert refused.value.message.startswith("Filen b.ndjson")
    assert not (tmp_path / "o.sqlite").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b"{}\n", b"null\n"], ids=["empty", "bytes", "deep", "keys", "null"]
)
def test_what_is_no_saved_state_leaves_the_store_as_it_was(made: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.ndjson"
    path.write_bytes(content)
    before = made.change_no(None)
    with pytest.raises(Refused, match=NOT_SAVED):
        make_scenario(made.engine.url, str(path), clock=Clock())
    with pytest.raises(Refused, match="den finns inte"):
        make_scenario(made.engine.url, str(tmp_path / "c.ndjson"), clock=Clock())
    with pytest.raises(Refused, match="Scenariot finns inte"):
        make_scenario(made.engine.url, "ingenting", clock=Clock())
    assert made.change_no(None) == before > 0


OLD = Path(__file__).with_name("saved-0019.ndjson")
"""Saved by the first version that could, with the database of revision 0019."""


def test_a_file_of_an_older_version_is_migrated(made: Store, tmp_path: Path) -> None:
    assert lines_of(OLD)[0]["revision"] == "0019" != REVISIONS[-1]
    loaded = make_scenario(made.engine.url, str(OLD), clock=Clock())
    save_state(loaded, tmp_path / "today.ndjson")
    first, *rows = lines_of(tmp_path / "today.ndjson")
    assert first["revision"] == revision_of(loaded.engine) == REVISIONS[-1]
    kept = {name: [one for of, one in rows if of == name] for name in ("resident", "moment", "event", "training")}
    old = {name: [one for of, one in lines_of(OLD)[1:] if of == name] for name in kept}
    assert all(old.values())
    assert old == {name: [{key: one[key] for key in old[name][0]} for one in kept[name]] for name in kept}
    assert {one["signed_by"] for one in kept["training"]} == {""}  # what came after 0019
    with loaded.lend() as db:
        assert db.value("SELECT draft_key FROM store_info")
    with loaded.work(sign_in(loaded, "SE2321000040-OV01", "SE2321000040-OVN1")) as work:
        moment = work.db.value("SELECT id FROM moment WHERE status = 'pagaende'")
        maintain_moment(work, moment)  # new rows take numbers that are free
    loaded.close()


OLD_SPOILT: list[tuple[Any, str]] = [
    (put("event", kind="[/x]"), "ett ord i den är okänt"),
    (put("resident", personnummer="198001021234"), "b.ndjson: .*(personnummer|siffra)"),
    (put("training", signed_by=""), "okända nycklar"),
    (put("moment", unit_id=4711), "rad [0-9]+: raden hör inte ihop"),
    (list.pop, CUT_OFF),
]


@pytest.mark.parametrize("at", range(len(OLD_SPOILT)))
def test_an_older_file_that_is_spoilt_is_refused(tmp_path: Path, at: int) -> None:
    spoil, sentence = OLD_SPOILT[at]
    lines = lines_of(OLD)
    spoil(lines)
    path = tmp_path / "b.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(Refused, match=sentence):
        make_scenario(tmp_path / "o.sqlite", str(path), clock=Clock())
    assert not (tmp_path / "o.sqlite").exists()


def test_what_a_revision_trips_over_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr("store.practice.seed.migrate", trip)
    with pytest.raises(Refused, match=APART):
        make_scenario(tmp_path / "o.sqlite", str(OLD), clock=Clock())


def test_a_file_that_is_there_is_not_written_over_and_a_folder_that_is_not_is_named(
    made: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.ndjson"
    save_state(made, path)
    for place, sentence in ((path, "finns redan"), (tmp_path / "ingen" / "a.ndjson", "den finns inte")):
        with pytest.raises(Refused, match=sentence):
            save_state(made, place)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith((".sob", "a."))] == ["a.ndjson"]


def test_ones_own_are_offered_after_the_shipped_ones_and_named_without_their_ending(
    made: Store, tmp_path: Path
) -> None:
    own = tmp_path / "scenarier"
    assert [one.path for one in offered(own)] == shipped()
    assert save_own(made, own, " kurs ") == own / "kurs.ndjson" == named_file(own, "kurs") == scenario_file("kurs", own)
    (own / "a.toml").write_text('format = 1\ntitle = "[/x]"\nabout = "A"', "utf-8")
    (own / "b.toml").write_text("format", "utf-8")
    (own / "c.ndjson").write_text("{}", "utf-8")
    mine = [(one.title, one.about, one.saved_at, bool(one.fault)) for one in offered(own)[len(shipped()) :]]
    assert mine == [
        ("[/x]", "A", None, False),
        ("b.toml", "", None, True),
        ("c.ndjson", "", None, True),
        ("kurs", "", made.clock(), False),
    ]
    for typed, sentence in (("", "Skriv ett namn"), ("ingen", "Det finns ingen fil ingen"), ("x" * 1001, "för långt")):
        with pytest.raises(Refused, match=sentence):
            named_file(own, typed)
    with pytest.raises(Refused, match="finns redan"):
        save_own(made, own, "kurs.ndjson")
    before = made.change_no(1)
    load_scenario(made, own / "kurs.ndjson", None)
    assert made.change_no(1) > before


def test_in_a_course_only_the_trainer_makes_the_store_anew(made: Store, tmp_path: Path) -> None:
    save_state(made, tmp_path / "a.ndjson")
    with made.lend_to_write() as db:
        db.run(
            "INSERT INTO trainee (number, round, staff_id, unit_id, begun_at) VALUES (1, 1, 1, 1, :now)",
            now=made.clock(),
        )
    assert holds_course(made)
    trainee, trainer = (sign_in(made, f"SE2321000040-{who}", "SE2321000040-OVN1") for who in ("OV01", "OV05"))
    with pytest.raises(Refused, match="I en kurs är det utbildaren"):
        load_scenario(made, tmp_path / "a.ndjson", trainee)
    assert holds_course(made)
    load_scenario(made, tmp_path / "a.ndjson", trainer)
    assert not holds_course(made)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "disken är full"), (errno.EDQUOT, "disken är full"), (errno.EROFS, "disken går bara att läsa")],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_cannot_be_saved_whole_is_not_saved_at_all(
    practice: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, sentence: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "x")

    monkeypatch.setattr(f"store.practice.saved.os.{call}", fail)
    with pytest.raises(Refused, match=sentence):
        save_own(practice, tmp_path, "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scenario", ["saved", "rod-flagga-fredag"])
def test_what_does_not_fit_on_the_disk_leaves_the_store_as_it_was(
    few: Path,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scenario: str,
) -> None:
    path = tmp_path / "o.sqlite"
    there = make_practice(path, clock=Clock())
    save_state(there, tmp_path / "saved.ndjson")
    before = there.change_no(1)
    packed = there.engine.connect()
    packed.run("VACUUM")  # else there is room within the pages
    packed.close()
    full = (*sqlite_engine._SQLITE_PRAGMAS, "PRAGMA max_page_count=1")  # as many as there are, that is
    monkeypatch.setattr(sqlite_engine, "_SQLITE_PRAGMAS", full)
    word = str(tmp_path / "saved.ndjson") if scenario == "saved" else scenario
    lines = (tmp_path / "saved.ndjson").read_text("utf-8").splitlines()
    if scenario == "saved":  # more than there is room for
        name, row = json.loads(next(line for line in lines if line.startswith('["messagetemplate"')))
        rows = [json.dumps([name, row | {"id": 1000 + at, "text": "x" * 5000}]) for at in range(200)]
        head = json.loads(lines[0])
        head["rows"] += len(rows)
        (tmp_path / "saved.ndjson").write_text("\n".join([json.dumps(head), *lines[1:], *rows]) + "\n", "utf-8")
    with pytest.raises(StoreFull):
        make_scenario(path, word, clock=Clock())
    assert there.change_no(1) == before > 0
    there.close()


def test_a_real_store_is_neither_saved_nor_made_anew(empty: str, saved: Path, tmp_path: Path) -> None:
    real = create_store(empty, kind="real", clock=Clock())
    with pytest.raises(NotPractice):
        save_state(real, tmp_path / "x.ndjson")
    for scenario in (str(saved), "rod-flagga-fredag"):
        with pytest.raises(NotPractice):
            make_scenario(empty, scenario, clock=Clock())
    with pytest.raises(NotPractice):
        load_scenario(real, saved, None)
    real.close()
    assert kind_of(empty) == "real"
