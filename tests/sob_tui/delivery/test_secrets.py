"""Where passwords are: what is not safe is refused, each time with the way out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

from sob_tui.delivery.secrets import password
from store.foundation.errors import Refused

WAY_OUT = "Ange i stället password_file under [smtp]"


class Plaintext(KeyringBackend):
    """A keyring of somebody's own making."""

    priority: ClassVar[float] = 1
    entries: ClassVar[dict[tuple[str, str], str]] = {("sob", "smtp"): "i klartext"}
    fault: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.fault:
            raise self.fault
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


class Trusted(Plaintext):
    """What passes for a real secret service."""

    __module__ = "keyring.backends.SecretService"
    entries: ClassVar[dict[tuple[str, str], str]] = {("sob", "smtp"): "hemligt", ("annan", "sms"): "fel"}


def made(kind: Callable[[], KeyringBackend]) -> KeyringBackend:
    """Make one: the library's own constructors have no types."""
    return kind()


@pytest.fixture(autouse=True)
def _own_keyring() -> Iterator[None]:
    """Put back the keyring that was."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_an_entry_of_a_trusted_keyring() -> None:
    keyring.set_keyring(made(Trusted))
    assert password("smtp", None) == "hemligt"


def test_a_missing_entry_says_how_to_make_it() -> None:
    keyring.set_keyring(made(Trusted))
    with pytest.raises(Refused, match=r"finns inte i nyckelringen\. Lägg in det: keyring set sob sms\."):
        password("sms", None)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (NoKeyringError(), "Det finns ingen nyckelring"),
        (KeyringLocked(), "är låst"),
        (InitError(), "går inte att öppna"),
        (KeyringError("sob smtp hemligt"), "svarar inte som den ska"),
        (OSError("bussen är borta"), "svarar inte som den ska"),
    ],
)
def test_a_keyring_that_gives_nothing(fault: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trusted, "fault", fault)
    keyring.set_keyring(made(Trusted))
    with pytest.raises(Refused, match=words) as told:
        password("smtp", None)
    assert WAY_OUT in told.value.message
    assert "hemligt" not in told.value.message


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (fail.Keyring, "Det finns ingen nyckelring"),
        (null.Keyring, r"keyring\.backends\.null\.Keyring används inte"),
        (Plaintext, "Plaintext används inte, för den skyddar inte lösenord"),
    ],
)
def test_a_keyring_that_keeps_no_secret(backend: type[KeyringBackend], words: str) -> None:
    keyring.set_keyring(made(backend))
    with pytest.raises(Refused, match=words) as told:
        password("smtp", None)
    assert WAY_OUT in told.value.message


@pytest.mark.parametrize(("members", "found"), [((Plaintext, Trusted), "hemligt"), ((Plaintext, null.Keyring), None)])
def test_of_a_chain_only_the_trusted_are_asked(
    members: tuple[type[KeyringBackend], ...], found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChainerBackend, "backends", [made(kind) for kind in members])
    keyring.set_keyring(made(ChainerBackend))
    if found:
        assert password("smtp", None) == found
        return
    with pytest.raises(Refused, match=r"Plaintext, keyring\.backends\.null\.Keyring används inte"):
        password("smtp", None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A password file as it should be; no keyring is asked."""
    keyring.set_keyring(made(fail.Keyring))
    path = tmp_path / "losen"
    path.write_text("h€mligt \n", "utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_only_its_owner_reads(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert password("smtp", file) == "h€mligt "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_reach_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(Refused, match=f"chmod 600 {file}"):
        password("smtp", file)


def test_a_file_that_cannot_be_used(file: Path) -> None:
    file.write_bytes(b"\n")
    with pytest.raises(Refused, match="är tom"):
        password("smtp", file)
    file.write_bytes(b"\xff")
    with pytest.raises(Refused, match="UTF-8"):
        password("smtp", file)
    with pytest.raises(Refused, match="går inte att läsa"):
        password("smtp", file.parent)
    file.unlink()
    with pytest.raises(Refused, match=r"losen \(password_file under \[sms\]\) finns inte"):
        password("sms", file)
