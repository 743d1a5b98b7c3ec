"""Keys in the system's keyring: one that can't be trusted is refused, and what goes wrong is told without the key."""

from typing import Any, ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from sob_tui.keys.key_files import DATA, LOG
from sob_tui.keys.keyrings import FORGETFUL, LOCKED, NONE, STRANGE, UNOPENED, KeyringKeys, KeyringRefused
from store.foundation.errors import KeyMissing

KEY = bytes(range(32))


class Plaintext(KeyringBackend):
    """A keyring of somebody's own making."""

    priority: ClassVar[float] = 1

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("there is none")

    def _fail(self) -> None:
        if self.fault:
            raise self.fault


class Trusted(Plaintext):
    """What passes for a real secret service."""

    __module__ = "keyring.backends.SecretService"


class Forgetful(Trusted):
    """One that says it keeps what it doesn't."""

    __module__ = "keyring.backends.SecretService"

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


def use(kind: Any) -> Any:
    made = kind()
    keyring.set_keyring(made)
    return made


def test_a_key_is_found_by_the_stores_uuid() -> None:
    used, keys = use(Trusted), KeyringKeys("uuid-1")
    keys.write(DATA, KEY)
    keys.write(LOG, KEY[::-1])
    assert (keys.read(DATA), keys.read(LOG)) == (KEY, KEY[::-1])
    assert set(used.entries) == {("sob", "uuid-1 data"), ("sob", "uuid-1 logg")}
    with pytest.raises(KeyMissing, match="uuid-2 data"):
        KeyringKeys("uuid-2").read(DATA)
    keys.remove(DATA)
    keys.remove(DATA)
    assert (keys.has(DATA), keys.has(LOG)) == (False, True)
    used.entries["sob", "uuid-1 logg"] = "å"
    with pytest.raises(KeyMissing):
        keys.read(LOG)


@pytest.mark.parametrize(
    ("kind", "said"),
    [(fail.Keyring, NONE), (null.Keyring, "null.Keyring används inte"), (Plaintext, "Plaintext används inte")],
)
def test_a_keyring_that_cannot_be_trusted_is_neither_written_nor_read(kind: Any, said: str) -> None:
    used = use(kind)
    for touch in (lambda: KeyringKeys("uuid").write(DATA, KEY), lambda: KeyringKeys("uuid").read(DATA)):
        with pytest.raises(KeyringRefused) as refused:
            touch()
        assert said in refused.value.message
        assert refused.value.exit_code == 5
    assert not getattr(used, "entries", None)


def test_a_keyring_that_forgets_is_found_out_by_reading_back() -> None:
    use(Forgetful)
    with pytest.raises(KeyringRefused, match=FORGETFUL):
        KeyringKeys("uuid").write(DATA, KEY)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (KeyringLocked("l"), LOCKED),
        (InitError("i"), UNOPENED),
        (KeyringError("k"), STRANGE),
        (ValueError("AAECAwQFBgcICQ"), STRANGE),
    ],
)
def test_what_goes_wrong_has_a_sentence_of_its_own(fault: Exception, said: str) -> None:
    used = use(Trusted)
    used.fault = fault
    for touch in (lambda: KeyringKeys("uuid").write(DATA, KEY), lambda: KeyringKeys("uuid").read(DATA)):
        with pytest.raises(KeyringRefused) as refused:
            touch()
        assert refused.value.message == said
        assert refused.value.__cause__ is None
