"""`sob inbjud` and `sob logga`: from invitation to session on the command line of a real store, and who is refused."""

import os
from pathlib import Path

import pytest
from _pytest.capture import CaptureFixture

from sob_tui.settings import state_folder
from store.foundation.access import Role
from store.foundation.clock import wall_clock
from store.people.one_time_codes import code_of, new_code, step_at
from tests.clinics import COLLEAGUE, HERE, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.signing_in import PASSPHRASE
from tests.sob_tui.conftest import Said, Sob, Typed

ADMIN = hsa_id_of(Role.ACCESS_ADMIN)
SOMEBODY = hsa_id_of(Role.CLINICIAN)


@pytest.fixture
def sob(filed: Clinic, capsys: CaptureFixture[str]) -> Sob:
    """Commands on the clinic as a real store, by the operator unless said."""
    filed.run("UPDATE store_info SET kind = 'real'")
    return Sob(capsys, filed.store.engine.url)


@pytest.fixture
def phrase(tmp_path: Path) -> str:
    """A file with the passphrase."""
    path = tmp_path / "losenfras"
    path.touch(mode=0o600)
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return str(path)


def enrol(sob: Sob, phrase: str, who: str = ADMIN, *more: str) -> tuple[Said, Path]:
    """Enrol somebody by an invitation; returns what was said, and the authenticator's file."""
    invitation = sob("inbjud", who, "--json", som=None).json["invitation"]
    totp = Path(f"{phrase}.{new_code(1)}")
    words = ("--inbjudan", invitation, "--losenfras-fil", phrase, "--totp-till", str(totp))
    return sob("logga", "in", *words, *more, som=who), totp


def code_in(totp: Path, steps: int = 0) -> str:
    secret = totp.read_text("utf-8").partition("secret=")[2].partition("&")[0]
    return code_of(secret, step_at(wall_clock()) + steps)


def test_from_invitation_to_session_and_out(sob: Sob, phrase: str) -> None:
    assert sob("personal", "lista", som=ADMIN).code == 4
    said, totp = enrol(sob, phrase, ADMIN, "--json")
    assert (said.code, said.json["hsa_id"], len(said.json["backup_codes"])) == (0, ADMIN, 10)
    assert totp.read_text("utf-8").startswith(f"otpauth://totp/SoB:{ADMIN}?secret=")
    kept = [path for path in (state_folder() / "sessioner").rglob("*") if path.is_file()]
    assert [path.stat().st_mode & 0o777 for path in (totp, *kept)] == [0o600, 0o600]
    assert COLLEAGUE in sob("personal", "lista", som=ADMIN.lower()).out
    assert sob("inbjud", COLLEAGUE, som=ADMIN).code == 0
    assert sob("personal", "lista", som=SOMEBODY).code == 4, "nobody works in another's session"
    assert sob("personal", "lista", "--enhet", THERE, som=ADMIN).code == 4
    assert sob("logga", "ut", som=None).out == f"Utloggad: {ADMIN}.\n"
    assert sob("personal", "lista", som=ADMIN).code == 4
    assert sob("logga", "ut", som=None).out == "Ingen var inloggad härifrån.\n"
    words = ("--losenfras-fil", phrase, "--kod", code_in(totp))
    assert sob("logga", "in", *words, som=ADMIN).code == 0
    again = sob("logga", "in", *words, som=ADMIN)
    assert (again.code, again.err) == (3, "Koden är redan använd. Vänta på nästa och skriv den.\n")
    assert sob("personal", "lista", som=ADMIN).code == 0, "what failed has ended nothing"
    wrong = sob("logga", "in", "--losenfras-fil", phrase, "--kod", "000000", som=ADMIN)
    assert (wrong.code, wrong.err.startswith("HSA-id, lösenfras eller kod stämmer inte.")) == (3, True)


def test_at_a_terminal_the_qr_code_stands_before_the_code_is_asked_for(
    sob: Sob, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = sob("inbjud", ADMIN, "--json", som=None).json["invitation"]
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    phrases = iter(["kort", PASSPHRASE, PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _question: next(phrases))
    monkeypatch.setattr("sob_tui.commands.signing_in.somebody_is_there", lambda: True)
    monkeypatch.setattr("store.people.one_time_codes.new_secret", lambda: secret)
    now = code_of(secret, step_at(wall_clock()))
    typed(f"000000\n{now}\n".encode())
    said = sob("logga", "in", "--inbjudan", invitation, som=ADMIN)
    before, asked, after = said.err.partition("Koden som appen visar nu: ")
    assert (said.code, bool(asked)) == (0, True)
    assert "Lösenfrasen behöver minst 12 tecken" in before
    assert "█▀▀▀" in before
    assert "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" in before
    assert "Koden stämmer inte" in after
    typed(f"{code_of(secret, step_at(wall_clock()) + 1)}\n".encode())
    assert sob("logga", "in", som=ADMIN).code == 0


def test_a_new_passphrase_and_a_reset(sob: Sob, phrase: str, tmp_path: Path) -> None:
    _, totp = enrol(sob, phrase)
    new = tmp_path / "ny"
    new.touch(mode=0o600)
    new.write_text("nya korrekta hästar", encoding="utf-8")
    words = ("--losenfras-fil", phrase, "--ny-losenfras-fil", str(new))
    assert sob("logga", "byt-losenfras", *words, som=ADMIN).code == 0
    codes = sob("logga", "nya-reservkoder", "--losenfras-fil", str(new), "--kod", code_in(totp), som=ADMIN)
    assert codes.out.splitlines()[-1].startswith("De gamla gäller inte längre.")
    paper = codes.out.splitlines()[1]
    assert sob("logga", "in", "--losenfras-fil", str(new), "--kod", paper, som=ADMIN).code == 0
    assert sob("inbjud", ADMIN, som=None).err.endswith("nollställer du det. (sob inbjud --help)\n")
    assert sob("inbjud", ADMIN, "--nollstall", som=None).code == 2
    reset = sob("inbjud", ADMIN, "--nollstall", "--beslut", "Telefonen är borta", "--som-driften", "Ek", som=None)
    assert (reset.code, reset.out.startswith("Inbjudan: ")) == (0, True)
    assert sob("personal", "lista", som=ADMIN).err == "Du är utloggad: ditt konto har nollställts. Logga in igen.\n"


def test_what_is_refused_leaves_no_secret_and_no_file(sob: Sob, phrase: str, tmp_path: Path) -> None:
    totp = tmp_path / "totp"
    words = ("--losenfras-fil", phrase, "--totp-till", str(totp))
    said = sob("logga", "in", "--inbjudan", "ABCDE-FGHJK", *words, som=ADMIN)
    assert (said.code, totp.exists()) == (3, False)
    assert sob("logga", "in", "--inbjudan", "ABCDE-FGHJK", som=ADMIN).err.startswith("Flaggan --totp-till behövs")
    assert sob("logga", "in", som=ADMIN).err.startswith("Flaggan --losenfras-fil behövs")
    assert sob("logga", "in", *words[:2], som=ADMIN).err.startswith("Flaggan --kod behövs")
    assert sob("logga", "in", som=None).code == 2
    totp.write_text("min", encoding="utf-8")
    invitation = sob("inbjud", ADMIN, "--json", som=None).json["invitation"]
    assert sob("logga", "in", "--inbjudan", invitation, *words, som=ADMIN).code == 3
    assert totp.read_text("utf-8") == "min"


def test_a_file_that_others_may_read_is_told_and_its_session_never_taken(sob: Sob, phrase: str) -> None:
    os.chmod(phrase, 0o644)
    said, _ = enrol(sob, phrase)
    assert (said.code, said.err) == (0, f"Filen {phrase} kan läsas av andra än ägaren. Kör: chmod 600 {phrase}\n")
    (kept,) = (path for path in (state_folder() / "sessioner").rglob("*.json"))
    kept.chmod(0o644)
    assert sob("personal", "lista", som=ADMIN).code == 4
    kept.chmod(0o600)
    kept.write_text("{", encoding="utf-8")
    assert sob("personal", "lista", som=ADMIN).code == 4


def test_the_operators_commands_are_for_who_owns_the_store(
    sob: Sob, filed: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    lines = (("inbjud", COLLEAGUE), ("dygn",), ("avisera",), ("program", "oppna", "prov", "--enhet", HERE))
    for words in lines:
        said = sob(*words, som=None)
        assert (said.code, said.out, said.err.startswith("Det här görs av driften")) == (4, "", True), words
    (row,) = filed.rows("SELECT operation, outcome, reason FROM log ORDER BY id DESC LIMIT 1")
    assert row == ("operator", "nekat", "drift")


def test_who_stands_above_the_units_acts_there_by_the_same_session(sob: Sob, phrase: str) -> None:
    enrol(sob, phrase, PROVIDER_ADMIN)
    assert sob("program", "oppna", "prov", "--enhet", THERE, som=PROVIDER_ADMIN).code == 0


def test_a_practice_store_has_no_accounts(filed: Clinic, capsys: CaptureFixture[str]) -> None:
    sob = Sob(capsys, filed.store.engine.url)
    for words in (
        ("inbjud", COLLEAGUE),
        ("logga", "in"),
        ("logga", "ut"),
        ("logga", "byt-losenfras"),
        ("logga", "nya-reservkoder"),
    ):
        assert sob(*words).err == "Övningsmiljön har inga konton. Där räcker --som HSA-ID.\n"
