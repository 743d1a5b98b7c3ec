"""`sob ovning`, and `sob` by itself. The app itself is stood in for."""

import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sob_tui.settings import PASSED_OVER, own_scenarios
from store.foundation.access import Actor
from store.foundation.store import Store
from store.opening import create_store
from tests.sob_tui.conftest import CLINICIAN, Sob, run

CAST = "SE2321000040-OV"


class App:
    """Stands in for the app, and remembers what it was started with."""

    def __init__(self) -> None:
        self.started: list[tuple[Any, ...]] = []
        self.has_toured = False

    def run(self, store: Store, hsa_id: str | None, unit: str | None, *, tour: bool = False) -> int:
        """Note it, and end well."""
        self.has_toured = tour
        self.started.append((store.engine.url, hsa_id, unit, store.is_practice))
        store.close()
        return 0


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """An app that only remembers."""
    module, stand_in = ModuleType("sob_tui.app"), App()
    module.run = stand_in.run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sob_tui.app", module)
    return stand_in


@pytest.fixture(scope="module")
def made(practice_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A practice store that nobody changes."""
    return str(shutil.copy(practice_file, tmp_path_factory.mktemp("ovning") / "ovning.db"))


@pytest.mark.parametrize("word", ["ovning", "övning"])
def test_it_makes_the_store_and_starts_nothing(nowhere: Sob, app: App, tmp_path: Path, word: str) -> None:
    path = tmp_path / "ny" / "ovning.db"
    said = nowhere(word, "--utan-app", "--store", str(path), som=None)
    assert (said.code, said.err, app.started) == (0, "", [])
    assert said.out.startswith(f"Övningsmiljön är klar: sqlite:///{path}\n")
    assert f"  {CAST}01  " in said.out
    assert path.is_file()


def test_a_real_store_in_the_environment_is_passed_over_and_one_on_the_line_refused(
    nowhere: Sob, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "riktig.db"
    create_store(f"sqlite:///{path}", kind="real").close()
    before = path.read_bytes()
    monkeypatch.setenv("SOB_STORE", str(path))
    said = nowhere("ovning", "--utan-app", som=None)
    own = home / "sob-tui" / "ovning.db"
    assert said.err == f"{PASSED_OVER.format(place=own)}\n"
    assert (said.code, own.is_file(), path.read_bytes()) == (0, True, before)
    assert nowhere("ovning", "--utan-app", "--store", str(path), som=None).code == 3


def test_the_tour_is_begun_where_it_is_asked_for_and_never_without_the_app(nowhere: Sob, app: App, made: str) -> None:
    assert (nowhere("ovning", "--tur", "--store", made, som=None).code, app.has_toured) == (0, True)
    assert (nowhere("ovning", "--store", made, som=None).code, app.has_toured) == (0, False)
    for other in (("--utan-app",), ("--invanare", LENA)):
        assert nowhere("ovning", "--tur", *other, "--store", made, som=None).code == 2


def test_it_tells_the_cast_as_json_ov01_first(nowhere: Sob, made: str) -> None:
    answer = nowhere("ovning", "--utan-app", "--store", made, "--json", som=None).json
    assert answer["store"] == f"sqlite:///{made}"
    first = answer["cast"][0]
    assert (first["hsa_id"], first["unit_hsa_id"], first["roles"]) == (f"{CAST}01", f"{CAST}N1", ["behandlare"])


def test_it_lies_in_the_users_data_folder_unless_said(nowhere: Sob, app: App, home: Path) -> None:
    assert nowhere("ovning", som=None).code == 0
    path = home / "sob-tui" / "ovning.db"
    assert path.is_file()
    assert app.started == [(f"sqlite:///{path}", None, None, True)]


@pytest.mark.parametrize("number", ["", "0", "-5", "fem", "5 000", "1e3", "100001", "9" * 40, "٥"])
def test_a_number_of_moments_that_is_none_is_refused_and_nothing_made(
    nowhere: Sob, tmp_path: Path, number: str
) -> None:
    path = tmp_path / "o.db"
    said = nowhere("ovning", "--utan-app", "--store", str(path), f"--stor={number}", som=None)
    sentence = "Ange antalet moment med siffror, från 1 till 100 000: --stor 5000.\n"
    assert (said.code, said.out, said.err) == (3, "", sentence)
    assert not path.exists()


def test_a_large_one_is_made_with_so_many_more(nowhere: Sob, app: App, made: str, tmp_path: Path) -> None:
    """And where there is one already it is left alone."""
    path = tmp_path / "o.db"
    common = ("--store", str(path))
    assert nowhere("ovning", "--stor", "40", "--fro", "[/x]", *common, som=None).code == 0
    assert app.started == [(f"sqlite:///{path}", None, None, True)]
    before = len(nowhere("lista", "--alla", "--json", "--store", made, som=f"{CAST}02").json)
    assert len(nowhere("lista", "--alla", "--json", *common, som=f"{CAST}02").json) > before
    again = nowhere("ovning", "--utan-app", "--stor", "40", *common, som=None)
    assert (again.code, again.out) == (3, "")
    assert again.err == "Övningsmiljön finns redan. Lägg till --nollstall, så görs den om från början med momenten.\n"
    alone = nowhere("ovning", "--utan-app", "--fro", "x", *common, som=None)
    assert (alone.code, alone.err) == (3, "--fro hör ihop med --stor.\n")


def test_starting_anew_wipes_what_was_done(nowhere: Sob, app: App, tmp_path: Path) -> None:
    common = ("--store", str(tmp_path / "o.db"))
    nowhere("ovning", "--utan-app", *common)
    rows = nowhere("lista", "--json", *common, som=f"{CAST}01").json
    nowhere("moment", "byt", rows[0]["id"], "--till", f"{CAST}02", *common, som=f"{CAST}01")
    nowhere("ovning", "--utan-app", *common)
    assert len(nowhere("lista", "--json", *common, som=f"{CAST}01").json) == len(rows) - 1
    nowhere("ovning", "--nollställ", *common, som=None)
    assert len(app.started) == 1
    assert len(nowhere("lista", "--json", *common, som=f"{CAST}01").json) == len(rows)


def test_the_app_opens_as_who_is_said(nowhere: Sob, app: App, made: str) -> None:
    for line in (["ovning"], ["övning"]):
        assert nowhere(*line, "--store", made, som=f"{CAST}01").code == 0
    assert nowhere("ovning", "--store", made, "--enhet", f"{CAST}N2", som=f"{CAST}12").code == 0
    assert nowhere("ovning", "--store", made, som=f"{CAST}12").code == 0  # the app asks which unit
    assert nowhere("--store", made, som=f"{CAST}01").code == 0
    url = f"sqlite:///{made}"
    assert app.started == [
        (url, f"{CAST}01", None, True),
        (url, f"{CAST}01", None, True),
        (url, f"{CAST}12", f"{CAST}N2", True),
        (url, f"{CAST}12", None, True),
        (url, f"{CAST}01", None, True),
    ]


@pytest.mark.parametrize("who", ["06", "99"])
def test_an_unknown_or_inactive_person_is_told_before_the_app(nowhere: Sob, app: App, made: str, who: str) -> None:
    for line in (["ovning"], []):
        said = nowhere(*line, "--store", made, som=CAST + who)
        assert (said.code, said.out, said.err.startswith("Du har inte behörighet")) == (4, "", True)
    assert app.started == []


def test_sob_alone_says_how_to_begin(nowhere: Sob, app: App, tmp_path: Path) -> None:
    said = nowhere(som=None)
    assert (said.code, said.out, said.err.startswith("Ingen databas är vald. Öva med «sob ovning»")) == (2, "", True)
    missing = nowhere("--store", str(tmp_path / "ingen.db"), som=None)
    assert (missing.code, missing.err.startswith("Det finns ingen databas")) == (5, True)
    assert app.started == []


def test_a_real_store_is_never_the_practice_one(nowhere: Sob, app: App, tmp_path: Path) -> None:
    real = str(tmp_path / "real.db")
    create_store(real, kind="real").close()
    for line in (["ovning"], ["ovning", "--utan-app"], ["ovning", "--nollstall"]):
        said = nowhere(*line, "--store", real, som=None)
        assert (said.code, said.out, "ingen övningsmiljö" in said.err) == (3, "", True)
    assert app.started == []
    assert nowhere("--store", real, som=None).code == 0
    assert nowhere("--store", real).code == 0
    assert app.started == [(f"sqlite:///{real}", who, None, False) for who in (None, CLINICIAN)]


def test_the_app_is_reached_without_what_it_does_not_need(made: str) -> None:
    """Exec to first frame is what one waits for: see `sob_tui.launch`."""
    program = (
        "import sys, types; app = types.ModuleType('sob_tui.app'); app.run = lambda *a, **b: 0;"
        "sys.modules['sob_tui.app'] = app; from sob_tui.cli import main;"
        f"code = main(['ovning', '--store', {made!r}, '--som', '{CAST}01']);"
        "heavy = {'typer', 'sqlmodel', 'sqlalchemy', 'alembic', 'pydantic', 'rich', 'platformdirs'} & set(sys.modules);"
        "sys.exit(code or ','.join(heavy) or 0)"
    )
    said = run(program=program)
    assert (said.code, said.err) == (0, "")


# As a resident

LENA = "198001022386"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who the resident's side was opened as, in place of the app."""
    module, opened = ModuleType("sob_tui.resident_app"), list[tuple[str, str]]()

    def run_as_resident(store: Store, actor: Actor, personnummer: str) -> int:
        opened.append((actor.name, personnummer))
        store.close()
        return 0

    module.run_as_resident = run_as_resident  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sob_tui.resident_app", module)
    return opened


@pytest.mark.parametrize(
    ("number", "name"),
    [(LENA, "Lena Andersson"), ("19800102-2386", "Lena Andersson"), ("202001012398", "Maria Bergqvist")],
)
def test_it_opens_the_residents_side_as_an_ombud_for_a_child(
    nowhere: Sob, made: str, played: list[tuple[str, str]], number: str, name: str
) -> None:
    assert nowhere("ovning", "--invanare", number, "--store", made, som=None).code == 0
    assert played == [(name, number)]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("193101019994", "Ingen invånare i övningsmiljön har personnumret 193101019994."),
        ("0905271474", "Övningsmiljön tar bara emot påhittade personnummer"),
        ("Lena", "personnummer"),
        ("[/x]\x1b[2J", "personnummer"),
    ],
)
def test_a_number_that_is_nobodys_there_gets_a_sentence(
    nowhere: Sob, made: str, played: list[tuple[str, str]], number: str, words: str
) -> None:
    said = nowhere("ovning", "--invanare", number, "--store", made, som=None)
    assert said.code == 3
    assert words in said.err
    assert "\x1b" not in said.err
    assert played == []


def test_nobody_is_played_in_a_real_store(nowhere: Sob, tmp_path: Path, played: list[tuple[str, str]]) -> None:
    path = tmp_path / "riktig.db"
    create_store(f"sqlite:///{path}", kind="real").close()
    said = nowhere("ovning", "--invanare", LENA, "--store", str(path), som=None)
    assert (said.code, played) == (3, [])


@pytest.mark.parametrize("more", [("--som", f"{CAST}01"), ("--utan-app",)])
def test_it_is_either_the_one_or_the_other(
    nowhere: Sob, made: str, played: list[tuple[str, str]], more: tuple[str, ...]
) -> None:
    assert nowhere("ovning", "--invanare", LENA, "--store", made, *more, som=None).code == 2
    assert played == []


def test_a_scenario_is_made_moved_saved_and_loaded(nowhere: Sob, tmp_path: Path) -> None:
    path, file = ("--store", str(tmp_path / "o.sqlite")), str(tmp_path / "delad.ndjson")
    told = nowhere("ovning", "scenario", som=None)
    assert "En röd flagga en fredag (rod-flagga-fredag)" in told.out
    made = nowhere("ovning", "scenario", "rod-flagga-fredag", *path, "--json", som=None).json
    assert made["at"][11:16] == "15:40"
    moved = nowhere("ovning", "klocka", "+2t", *path, "--json", som=None).json
    assert (moved["at"][11:16], moved["nights"]) == ("17:40", 0)
    assert nowhere("ovning", "klocka", *path, som=None).out.startswith("Övningsmiljöns klocka: ")
    assert nowhere("ovning", "scenario", "--spara", file, *path, "--json", som=None).json["rows"] > 1000
    assert nowhere("ovning", "scenario", file, *path, som=None).code == 0
    own = own_scenarios()
    own.mkdir(parents=True)
    Path(file).rename(own / "delad.ndjson")
    assert "delad (delad)\nSparad 2" in nowhere("ovning", "scenario", som=None).out
    assert nowhere("ovning", "scenario", "delad", *path, som=None).code == 0
    back = nowhere("ovning", "klocka", "-2t", *path, som=None)
    assert (back.code, back.err.startswith("Klockan går bara framåt.")) == (3, True)


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("scenario x --spara y", 2, "Ange antingen ett scenario eller --spara."),
        ("scenario ingenting", 3, "Scenariot finns inte."),
        ("--utan-app klocka", 2, "Flaggor till sob ovning kan inte stå före"),
    ],
)
def test_a_wrong_practice_line_changes_nothing(
    nowhere: Sob, tmp_path: Path, line: str, code: int, sentence: str
) -> None:
    said = nowhere("ovning", *line.split(), "--store", str(tmp_path / "o.sqlite"), som=None)
    assert (said.code, said.err.startswith(sentence)) == (code, True)
    assert not list(tmp_path.iterdir())
