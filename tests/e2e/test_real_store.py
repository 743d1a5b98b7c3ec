"""A store for real care in real terminals: from `sob init` to the restore drill, and the secrets met on the way."""

import re
import sys
from base64 import b32decode, b64encode
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sob_tui.cli import main
from sob_tui.keys.key_files import DATA, LOG, FileKeys
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.server import address_for
from store.fence.rules import Roles
from store.foundation.clock import wall_clock
from store.foundation.keys import StoreKeys
from store.people.one_time_codes import code_of, step_at
from store.tables import METADATA
from tests.conftest import SHARED
from tests.e2e.terminal import Terminal
from tests.e2e.test_unit import choose, come_to_row, leave, says
from tests.fenced import OWN, own_database
from tests.postgres import server_address

FIRST, NEW, UNIT = "SE2321000040-F1", "SE2321000040-N1", "SE2321000040-E1"
INIT = {
    "--vardgivare": "SE2321000040-V1",
    "--vardgivarnamn": "Regionen",
    "--enhet": UNIT,
    "--enhetsnamn": "Psykiatrin",
    "--region": "05",
    "--forsta": FIRST,
    "--efternamn": "Berg",
    "--fornamn": "Åsa",
    "--nyckel": "fil",
}
PASSPHRASES = {FIRST: "korrekt häst batteri", NEW: "sju sjösjuka sjömän"}
WRONG = "fyra fula figurer"
PROGRAM = Path(__file__).parents[2] / "data" / "programs" / "sovhjalpen"
TEXT = "Hej Lena, [/x] hur går det?"
INVITATION, BACKUP_CODE = r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b", r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){2}\b"
APART = re.compile(rb"\x1b\[\?1049h.*?\x1b\[\?1049l", re.DOTALL)
"""What a terminal shows on its other screen, which leaves nothing to scroll back to."""
TITLE = re.compile(rb"\x1b\][012];([^\x07\x1b]*)")


class Walk:
    """A store's place, the terminals that have been opened on it, and the secrets that were seen in them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], places: Roles) -> None:
        self._capsys = capsys
        self.printed = ""
        self.folder = folder
        self.places = places
        """The store's, for who makes it, for those who work, and for the operator: the same, where it is a file."""
        self.terminals: list[Terminal] = []
        self.secrets: set[str] = {*PASSPHRASES.values(), WRONG}

    def sob(self, *words: str) -> Terminal:
        """Start a command, or the app."""
        place = self.places.owner if words[:1] == ("init",) else self.places.runtime
        self.terminals.append(Terminal(*words, "--store", place))
        return self.terminals[-1]

    def run(self, *words: str) -> str:
        """Carry out a command in this process; returns what it said."""
        assert main([*words, "--store", self.places.operator]) == 0
        out, err = self._capsys.readouterr()
        self.printed += out + err
        return out

    def found(self, pattern: str, text: str, number: int = 1) -> list[str]:
        """Return so many secrets that stand in a text."""
        secrets = re.findall(pattern, text)
        assert len(secrets) == number, text
        self.secrets.update(secrets)
        return secrets


@pytest.fixture(params=["sqlite", "postgresql"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Walk]:
    """A place for a store, and what is opened on it."""
    (tmp_path / "nycklar").mkdir()
    with ExitStack() as opened:
        places = Roles(*[str(tmp_path / "vard" / "vard.db")] * 3)
        if request.param == "postgresql":
            owner = opened.enter_context(own_database(server_address(request.config.stash[SHARED])))
            places = Roles(owner, *(address_for(owner, role) for role in OWN[1:]))
        walk = Walk(tmp_path, capsys, places)
        yield walk
        for terminal in walk.terminals:
            terminal.kill()


def test_a_real_store_from_its_first_key_to_the_restore_drill(walk: Walk, home: Path) -> None:
    first = made(walk)
    admin = walk.sob()
    enrol(walk, admin, FIRST, first)
    second = invited(walk, admin)
    clinician = walk.sob()
    code = enrol(walk, clinician, NEW, second)
    write(clinician)
    lock_and_unlock(clinician)
    for terminal in (admin, clinician):
        assert no_core(terminal)
    back_up(walk)
    come_back(clinician, code)
    leave(clinician, admin)
    assert walk.run("kontrollera").startswith("Databasen är hel")
    assert set(lying_about(walk, home)) == {("terminal 0", first)}, "sob init prints it"
    assert titles(walk) <= {"Stöd och behandling", ""}


def made(walk: Walk) -> str:
    """Make the store at a terminal, with a program; returns the first person's invitation."""
    words = [word for option in INIT.items() for word in option]
    if walk.places.owner != walk.places.runtime:
        words += ["--roll", OWN.runtime, "--driftroll", OWN.operator]
    terminal = walk.sob("init", *words, "--nyckelfil", str(walk.folder / "nycklar" / "nyckel"))
    groups = walk.found(r"\d\. ([0-9A-Z]{5})", terminal.wait("Gå vidare").text, 8)
    terminal.press("enter")
    for asked in (1, 2):
        terminal.wait_like("(?s)" + "Skriv grupp \\d från papperet:.*" * asked)
        place = int(re.findall(r"Skriv grupp (\d)", terminal.text)[-1])
        terminal.press(groups[place - 1], "enter")
    assert terminal.wait_like("Flytta aldrig|Nycklarnas platser").closed() == 0
    (invitation,) = walk.found(INVITATION, terminal.text)
    walk.run("program", "installera", str(PROGRAM))
    return invitation


def enrol(walk: Walk, terminal: Terminal, who: str, invitation: str) -> str:
    """Make an account; returns one of the codes on paper."""
    terminal.wait("Jag har en inbjudan").press(who, "f2").wait("Skapa ditt konto")
    terminal.press(invitation, "enter", PASSPHRASES[who], "enter", PASSPHRASES[who], "enter").wait("Skapa kontot")
    beside = "\n".join(line.rpartition("█")[2] for line in terminal.text.split("\n"))
    secret = "".join(re.findall(r"\b[A-Z2-7]{4}\b", beside))
    walk.found(r"^[A-Z2-7]{32}$", secret)
    terminal.press(code_of(secret, step_at(wall_clock())), "enter").wait("Dina reservkoder", "Jag har skrivit av dem")
    codes = walk.found(BACKUP_CODE, terminal.text, 10)
    terminal.press("ctrl+s").wait_gone("Dina reservkoder")
    return codes[0]


def invited(walk: Walk, admin: Terminal) -> str:
    """Open the program for the unit, and let a colleague be a behandlare there; returns the invitation."""
    admin.wait("[5 Personal]").press("f6").wait("Välj enhet").press("down", "enter").wait("[5 Vårdgivare]", "bara Åsa")
    admin.press("p").wait("inte öppet").press("enter")
    says(admin, "Sovhjälpen är öppet")
    admin.press("f6").wait("Välj enhet").press("up", "enter").wait("Aktiva (1 st)").press("n").wait("HSA-id")
    admin.press(NEW, "ctrl+s").wait("är nytt här").press("Nyberg", "tab", "Nora", "ctrl+s").wait("Aktiva (2 st)")
    come_to_row(admin, "Nyberg, Nora").press("r").wait("Inga roller än.", "Välj roll")
    choose(admin, "Behandlare").press("tab", "Anställd", "ctrl+s")
    says(admin, "utbildning").press("ctrl+s")
    says(admin, "Nora Nyberg har rollen behandlare.").wait_gone("Välj roll")
    admin.press("b").wait("Koden gäller en gång").wait_like(INVITATION)
    (invitation,) = walk.found(INVITATION, admin.text)
    admin.press("esc").wait_gone("Koden gäller")
    return invitation


def write(clinician: Terminal) -> None:
    """Start a moment for somebody new, and begin a message."""
    clinician.wait("[2 Mina 0]", "n Starta").press("n").wait("Personnummer").press("198001022386", "tab")
    clinician.wait("Finns inte i registret")
    choose(clinician, "Sov").press("Andersson", "tab", "Lena", "ctrl+s")
    says(clinician, "ingen registrerad utbildning").press("ctrl+s").wait("Pågående (1 st)", "startat.")
    clinician.press("enter").wait("INFORMATION OM MOMENTET").press("2").wait("NY KONVERSATION").press("n")
    clinician.wait("Rubrik").press(TEXT).wait(TEXT, "Utkast sparat")


def lock_and_unlock(clinician: Terminal) -> None:
    """Lock the screen: nothing of the resident is on it, and what was being written is there afterwards."""
    clinician.press("f9").wait("Skärmen är låst", "Nora Nyberg", "Lås upp")
    clinician.until(lambda: not re.search("Lena|Andersson|19800102|Hej", clinician.text), "nothing of the resident")
    clinician.press(WRONG, "enter").wait("Lösenfrasen stämmer inte")
    clinician.press(PASSPHRASES[NEW], "enter").wait(TEXT, "Andersson, Lena")


def come_back(clinician: Terminal, code: str) -> None:
    """Sign out from the lock, and in by a code on paper: the draft has waited."""
    clinician.press("f9").wait("Skärmen är låst").press("f7").wait("Jag har en inbjudan")
    clinician.press(NEW, "enter", PASSPHRASES[NEW], "enter", code, "enter").wait("Andersson, Lena")
    clinician.press("enter").wait("Hantera", "Meddelanden").press("2").wait("UTKAST (1)").press("esc").wait("n Starta")


def back_up(walk: Walk) -> None:
    """Make a backup while both are at work, and try the way back from it."""
    copy = str(walk.folder / "kopia")
    assert "är skriven och genomläst" in walk.run("sakerhetskopiera", copy)
    assert "gick att återställa" in walk.run("aterstallningsprov", copy)
    assert {one.name for one in walk.folder.rglob("*aterst*")} <= {"vard.db.aterstallning"}


def no_core(terminal: Terminal) -> bool:
    """Whether a crash of the interpreter would leave no file with the memory."""
    if sys.platform != "linux":
        return True
    limits = Path(f"/proc/{terminal._child.pid}/limits").read_text()
    return re.search(r"Max core file size +0 ", limits) is not None


def lying_about(walk: Walk, home: Path) -> Iterator[tuple[str, str]]:
    """Yield each secret that stands where it should not, and where that is."""
    kept = FileKeys(str(walk.folder / "nycklar" / "nyckel"))
    keys = StoreKeys(kept.read(DATA), kept.read(LOG))
    with closing(open_configured_store(walk.places.operator)) as store, store.lend() as db:
        tables = list(METADATA.tables)
        rows = {f"table {table}": repr(db.rows(f"SELECT * FROM {table}")).encode() for table in tables}
    files = [one for folder in (walk.folder, home) for one in folder.rglob("*") if one.is_file()]
    own = set((walk.folder / "nycklar").iterdir())
    assert {walk.folder / "kopia", *own} <= {*files}
    places = {str(one): one.read_bytes() for one in files if one not in own} | rows
    places["printed"] = walk.printed.encode()
    scrolled = [APART.sub(b"", terminal.raw) for terminal in walk.terminals]
    places |= {f"terminal {number}": raw for number, raw in enumerate(scrolled)}
    forms = {form: secret for secret in walk.secrets for form in forms_of(secret)}
    forms |= {form: "key" for key in key_bytes(keys) for form in (key, key.hex().encode(), b64encode(key))}
    for name, content in places.items():
        yield from ((name, secret) for form, secret in forms.items() if form in content)


def key_bytes(keys: StoreKeys) -> tuple[bytes, ...]:
    return keys.data, keys.log, keys.residents, keys.of_log.rows, bytes.fromhex(keys.cipher)


def forms_of(secret: str) -> Iterator[bytes]:
    """Yield how a secret would look in a file: as it is shown, without what groups it, and an authenticator's raw."""
    yield secret.encode()
    yield secret.replace("-", "").encode()
    if re.fullmatch("[A-Z2-7]{32}", secret):
        yield b32decode(secret)


def titles(walk: Walk) -> set[str]:
    """Return what has stood in the terminals' titles."""
    return {title.decode() for terminal in walk.terminals for title in TITLE.findall(terminal.raw)}
