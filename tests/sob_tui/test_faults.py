"""When it goes wrong: exit codes, and what may not be seen (contract.md §1)."""

import os
import signal
import stat
from pathlib import Path

import pytest

from sob_tui import cli
from tests.clinics import ADULT, Clinic
from tests.sob_tui.conftest import CLINICIAN, Sob, run, start


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program, in which a resident's data stands everywhere."""

    def boom(*_arguments: object, **_more: object) -> None:
        name = "Berg, Åsa"
        try:
            raise KeyError(name)
        except KeyError:
            raise RuntimeError(f"{name} {ADULT}") from None

    monkeypatch.setattr("store.care.starting.start_moment", boom)


@pytest.mark.usefixtures("broken")
def test_a_fault_of_the_program_is_a_code_and_no_data(sob: Sob, home: Path) -> None:
    said = sob("moment", "starta", ADULT, "--program", "komigang-online")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    log = home / "sob-tui" / "crash.log"
    noted = log.read_text("utf-8")
    code = said.err.partition("Felkod ")[2][:8]
    assert f" {code} " in noted
    assert "RuntimeError at test_faults.py:" in noted
    assert "moments.py" in noted
    for data in ("Berg", "Åsa", ADULT):
        assert data not in said.err + noted
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    sob("moment", "starta", ADULT, "--program", "komigang-online")
    assert log.read_text("utf-8").count("\n") == 2


@pytest.mark.usefixtures("broken")
def test_a_log_that_cannot_be_written_changes_nothing(sob: Sob, home: Path) -> None:
    home.write_text("here is no folder")
    assert sob("moment", "starta", ADULT, "--program", "komigang-online").code == 1


def test_a_database_that_is_not_there_or_none(nowhere: Sob, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is no database, whatever it is called, and it is long enough to look at" * 99)
    for place in (tmp_path / "ingen.db", tmp_path / "ingen" / "ingen.db", text, tmp_path):
        said = nowhere("lista", "--store", str(place))
        assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    for address in ("mysql://x", "postgresql://nobody@127.0.0.1:1/none"):
        said = nowhere("lista", "--store", address)
        assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    assert nowhere(som=None).code == 2


def test_ctrl_c_ends_quietly(sob: Sob, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.views.lists.open_list", interrupted)
    monkeypatch.setattr("sob_tui.commands.lists.open_list", interrupted)
    said = sob("lista")
    assert (said.code, said.out, said.err) == (cli.INTERRUPTED, "", "")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and pipes")
def test_ctrl_c_in_the_midst_of_things_ends_quietly(sob: Sob, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = start("invanare", "importera", str(pipe), "--store", str(sob.store))
    with pipe.open("wb"):  # waits until the command reads
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == cli.INTERRUPTED == 128 + signal.SIGINT


def test_a_reader_that_goes_away_ends_it_quietly(sob: Sob, clinic: Clinic) -> None:
    for _ in range(20):
        clinic.start(confirmed=True)
    process = start("lista", "--store", str(sob.store), "--som", CLINICIAN)
    assert process.stdout
    assert process.stderr
    process.stdout.close()  # long before the interpreter is up
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'open_list'") == 1


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_it_speaks_utf8_whatever_the_locale(sob: Sob, clinic: Clinic, locale: dict[str, str]) -> None:
    clinic.start()
    common = ("--store", str(sob.store), "--som", CLINICIAN)
    listed = run("lista", *common, **locale)
    assert (listed.code, "Berg, Åsa" in listed.out, "Pågående (1 st)" in listed.out) == (0, True, True)
    assert "behörighet" in run("visa", "99", *common, **locale).err


def test_every_exit_code_as_a_program(sob: Sob, tmp_path: Path) -> None:
    common = ("--store", str(sob.store), "--som", CLINICIAN)
    expected = {
        0: ("lista", *common),
        2: ("lista", *common[:2]),
        3: ("moment", "starta", "fel", "--program", "komigang-online", *common),
        4: ("visa", "99", *common),
        5: ("lista", "--som", CLINICIAN, "--store", str(tmp_path / "ingen.db")),
    }
    for code, words in expected.items():
        said = run(*words)
        assert (said.code, said.err.count("\n")) == (code, 0 if code == 0 else 1), said
        assert "Traceback" not in said.err
    program = (
        "import sob_tui.printing as p, sys; p.put = None; from sob_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    said = run("lista", *common, program=program, XDG_STATE_HOME=str(tmp_path))
    assert (said.code, "Traceback" in said.err, "Felkod" in said.err) == (1, False, True)


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_no_core_is_left() -> None:
    limit = "print(resource.getrlimit(resource.RLIMIT_CORE))"
    said = run(program=f"import resource; from sob_tui.cli import main; main(['--help']); {limit}")
    assert said.code == 0
    assert said.out.splitlines()[-1].startswith("(0, ")


ODD = b"Norstr\xf6m".decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("words", "environment", "where"),
    [
        (("lista", "--store", ODD), {}, "Ord 3 på kommandoraden"),
        (("meddelande", "skriv", "1", "--text", f"Hej {ODD}"), {}, "Ord 5 på kommandoraden"),
        (("lista",), {"SOB_STORE": ODD}, "Miljövariabeln SOB_STORE"),
        (("lista",), {"SOB_SETTINGS": ODD}, "Miljövariabeln SOB_SETTINGS"),
    ],
)
def test_bytes_that_are_no_utf_8_are_refused_wherever_they_come_in(
    sob: Sob, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], environment: dict[str, str], where: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = sob(*words)
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert said.err.startswith(f"{where} är inte UTF-8. ")


def test_a_resident_with_odd_bytes_in_the_name_is_not_saved(sob: Sob, clinic: Clinic) -> None:
    before = clinic.rows("SELECT * FROM resident ORDER BY id"), clinic.rows("SELECT * FROM log ORDER BY id")
    said = sob("moment", "starta", "200001012384", "--program", "prov", "--efternamn", ODD, "--fornamn", "Eva", "--ja")
    assert said.code == 3
    assert before == (clinic.rows("SELECT * FROM resident ORDER BY id"), clinic.rows("SELECT * FROM log ORDER BY id"))


def test_the_bytes_are_what_a_shell_hands_on(tmp_path: Path) -> None:
    said = run("lista", "--store", os.fsdecode(bytes(tmp_path) + b"/\xe5.db"))
    assert (said.code, said.out) == (3, "")
    assert "är inte UTF-8" in said.err
