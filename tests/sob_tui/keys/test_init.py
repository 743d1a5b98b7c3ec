"""`sob init`: all of a real store or nothing, and no secret anywhere but where it is kept."""

import io
import os
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sob_tui.keys.key_files import DATA, LOG, FileKeys, PassphraseKeys
from sob_tui.keys.opening import open_configured_store, open_with
from sob_tui.keys.paper import show_and_check
from store.foundation.access import Role
from store.foundation.errors import KeyMissing
from store.foundation.keys import StoreKeys
from store.foundation.log_reading import log_rows
from store.foundation.recovery import on_paper, read_recovery_key
from tests.sob_tui.conftest import Said, Sob
from tests.sob_tui.keys.conftest import FIRST, PAPER

WORDS = {
    "--vardgivare": FIRST.provider_hsa_id,
    "--vardgivarnamn": FIRST.provider_name,
    "--enhet": FIRST.unit_hsa_id,
    "--enhetsnamn": FIRST.unit_name,
    "--region": FIRST.region,
    "--forsta": FIRST.hsa_id,
    "--efternamn": FIRST.family_name,
    "--fornamn": FIRST.given_name,
}

Init = Callable[..., Said]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "nycklar").mkdir()
    return tmp_path / "vard" / "vard.db"


@pytest.fixture
def init(capsys: pytest.CaptureFixture[str], place: Path) -> Init:
    """Runs `sob init` with all options; some otherwise, those that are None left out."""

    def run(*more: str, **other: str | None) -> Said:
        folder = place.parent.parent
        files = {
            "--nyckel": "fil",
            "--nyckelfil": f"{folder}/nycklar/nyckel",
            "--aterstallningsnyckel": f"{folder}/papper",
        }
        asked = WORDS | files | {f"--{name.replace('_', '-')}": value for name, value in other.items()}
        words = [part for name, value in asked.items() if value is not None for part in (name, value)]
        return Sob(capsys, str(place))("init", *words, *more, som=None)

    return run


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def test_a_store_with_its_first_unit_and_person(init: Init, place: Path) -> None:
    said = init("--json")
    assert (said.code, said.err, list(said.json)) == (0, "", ["invitation"])
    folder = place.parent
    assert {one.name for one in folder.iterdir()} == {"vard.db", "vard.db.toml", "vard.db.aterstallning"}
    with closing(open_configured_store(str(place))) as store, store.lend() as db:
        assert store.kind == "real"
        assert db.rows("SELECT hsa_id, name, region FROM unit") == [(FIRST.unit_hsa_id, FIRST.unit_name, FIRST.region)]
        assert db.values("SELECT role FROM assignmentrole") == [Role.ACCESS_ADMIN.value]
        assert db.has("SELECT 1 FROM provideradmin p JOIN staff s ON s.id = p.staff_id")
        assert {row.operation for row in log_rows(db, store.keys)} == {"begin_store", "invite"}
        assert db.value("SELECT count(*) FROM log WHERE sealed = ''") == 0
    again = init("--json", aterstallningsnyckel=f"{folder.parent}/papper2", nyckelfil=f"{folder.parent}/nycklar/ny")
    assert (again.code, "Det finns redan en databas där" in again.err) == (3, True)
    assert read_recovery_key((folder.parent / "papper").read_text())


def test_trying_says_what_would_be_done_and_does_nothing(init: Init, place: Path) -> None:
    said = init("--prova")
    assert said.code == 0
    for word in (str(place), "Psykiatrin", "Åsa Berg", "nycklar/nyckel.logg", "papper", "Ingenting är gjort."):
        assert word in said.out
    assert files_in(place.parent.parent) == []


@pytest.mark.parametrize(
    ("other", "code", "said"),
    [
        ({"vardgivare": None}, 2, "--vardgivare saknas"),
        ({"fornamn": None}, 2, "--fornamn saknas"),
        ({"nyckel": None}, 2, "--nyckel nyckelring|fil|losenfras"),
        ({"nyckelfil": None}, 2, "--nyckelfil FIL"),
        ({"aterstallningsnyckel": None}, 2, "--aterstallningsnyckel FIL"),
        ({"nyckel": "losenfras"}, 2, "--nyckelfras-fil FIL"),
        ({"nyckel": "moln"}, 3, "nyckelring, fil, losenfras"),
        ({"nyckel": "nyckelring", "nyckelfil": None}, 5, "nyckelring"),
        ({"nyckelfil": "/finns/inte/nyckel"}, 3, "Mappen /finns/inte finns inte"),
        ({"nyckelfil": "$CREDENTIALS_DIRECTORY/sob"}, 3, "går bara att läsa"),
        ({"forsta": "x"}, 3, "Ett HSA-id är SE"),
        ({"enhet": FIRST.provider_hsa_id}, 3, "eget HSA-id"),
        ({"region": "99"}, 3, "länets två siffror"),
        ({"enhetsnamn": "\x1b\x07 7"}, 3, "bokstav"),
        ({"fornamn": "x" * 10_000}, 3, "för långt"),
        ({"som": FIRST.hsa_id}, 2, "Ta bort --som"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_left(
    init: Init, place: Path, other: dict[str, str | None], code: int, said: str
) -> None:
    found = init(**other)
    assert (found.code, said in found.err) == (code, True), found.err
    assert len(found.err.splitlines()) == 1
    assert files_in(place.parent.parent) == []


def test_what_goes_wrong_late_leaves_nothing(init: Init, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("hemligt")

    monkeypatch.setattr("store.people.invitations.invite", fail)
    found = init()
    assert (found.code, "hemligt" in found.err) == (1, False)
    assert [one for one in files_in(place.parent.parent) if one.name != "crash.log"] == []


def test_no_secret_is_anywhere_but_where_it_is_kept(
    init: Init, place: Path, capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, what is printed, the environment of what the program starts, and the crash that is written down."""
    folder, sob = place.parent.parent, Sob(capsys, str(place))
    printed = [init()]
    kept = FileKeys(str(folder / "nycklar" / "nyckel"))
    old, paper = StoreKeys(kept.read(DATA), kept.read(LOG)), (folder / "papper").read_text()
    printed += [sob("nyckel", "byt", som=None), sob("dygn", som=None), sob("inbjud", FIRST.hsa_id, som=None)]
    with monkeypatch.context() as patch:
        patch.setattr("store.opening.check_keys", lambda _found, keys: [keys][1])  # a crash with the keys in reach
        printed.append(sob("dygn", som=None))
    assert [one.code for one in printed] == [0, 0, 0, 0, 1]
    new = StoreKeys(kept.read(DATA), kept.read(LOG))
    ciphers = [bytes.fromhex(one.cipher) for one in (old, new)]
    raw = [old.data, old.log, new.data, new.residents, new.of_log.rows, *ciphers]
    secrets = [form for key in raw for form in (key, key.hex().encode(), b64encode(key))]
    secrets += [paper.strip().encode(), read_recovery_key(paper).encode(), *(group.encode() for group in paper.split())]
    own = {folder / "papper", *(folder / "nycklar").iterdir()}
    files = {one for root in (folder, home) for one in files_in(root)} - own
    assert place in files
    where = {str(one): one.read_bytes() for one in files}
    where["printed"] = "".join(one.out + one.err for one in printed).encode()
    where["environment"] = repr(dict(os.environ)).encode()
    assert [name for name, content in where.items() for secret in secrets if secret in content] == []


# At a terminal


def test_what_is_not_given_is_asked_for(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question again until its answer will do; a passphrase twice, and no answer is printed."""
    folder = place.parent.parent
    names = ["x", *WORDS.values()]
    del names[3]  # the unit is on the line
    lines = [*names, "moln", "LÖSENFRAS", "/finns/inte/nyckel", f"{folder}/nycklar/nyckel"]
    phrases = iter(["kort", "häst batteri klammer", "något annat än det", *["häst batteri klammer"] * 2])
    shown: list[str] = []
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    monkeypatch.setattr("sob_tui.asking.ask_unseen", lambda _question: next(phrases))
    monkeypatch.setattr("sob_tui.keys.paper.show_and_check", shown.append)
    for module in ("commands.init", "keys.choosing"):
        monkeypatch.setattr(f"sob_tui.{module}.somebody_is_there", lambda: True)
    said = Sob(capsys, str(place))("init", "--enhet", FIRST.unit_hsa_id, "--json", som=None)
    assert (said.code, list(said.json)) == (0, ["invitation"]), said.err
    for sentence in ("Ett HSA-id är SE", "Nycklarna kan ligga i", "finns inte", "minst 12 tecken", "inte lika"):
        assert sentence in said.err
    assert "batteri" not in said.out + said.err
    with pytest.raises(KeyMissing, match="nyckelfras_fil"):  # nobody is at the terminal now
        open_configured_store(str(place))
    with closing(
        open_with(str(place), PassphraseKeys(f"{folder}/nycklar/nyckel", lambda: "häst batteri klammer"))
    ) as it:
        assert it.kind == "real"
    assert len(shown) == 1


class Answers:
    """What is typed, and what is read off the screen meanwhile."""

    def __init__(self, *right: bool) -> None:
        self.right = iter(right)
        self.shown = 0

    def __call__(self, question: str, read: Callable[[str], str]) -> str:
        if question.startswith("Gå vidare"):
            self.shown += 1
            return read("")
        place = int(question.split()[2]) - 1
        group = on_paper(PAPER)[place]
        return read(group.lower() if next(self.right) else group[:-1] + ("2" if group[-1] != "2" else "3"))


def test_the_paper_is_shown_until_it_has_been_copied(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    answers = Answers(True, False, False, True, True)
    monkeypatch.setattr("sob_tui.keys.paper.ask", answers)
    show_and_check(PAPER)
    shown = capsys.readouterr().err
    assert answers.shown == 3
    assert all(shown.count(group) == 3 for group in on_paper(PAPER))
    left = re.sub(r"\x1b\[\?1049h.*?\x1b\[\?1049l", "", shown, flags=re.DOTALL)
    assert left == "Det var inte som det stod. Nyckeln visas en gång till.\n" * 2, "what a terminal can scroll back to"
    assert shown.count("\x1b[?1049h") == shown.count("\x1b[?1049l") == 3
    assert shown.rindex("\x1b[?1049l") > shown.rindex(on_paper(PAPER)[-1])
