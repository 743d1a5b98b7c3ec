"""The system's own keyring, where it keeps secrets secret: backends by an allow-list, what is put there read back."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from store.foundation.errors import DomainError, KeyMissing

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "sob"

# Named by module, since most of them can be imported on one system only. Others may keep a secret in plain text
# (keyrings.alt) or drop it without a word (null).
_TRUSTED = frozenset(
    f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows")
)


class KeyringRefused(DomainError):
    """The system's keyring can't be used; the sentence says why."""

    exit_code = 5


NONE = "Det finns ingen nyckelring på datorn. Installera en, till exempel gnome-keyring eller KWallet."
LOCKED = "Systemets nyckelring är låst. Lås upp den och försök igen."
UNOPENED = "Systemets nyckelring går inte att öppna. Logga in på nytt och försök igen."
STRANGE = "Systemets nyckelring svarar inte som den ska."
FORGETFUL = "Nyckelringen sparade inte det som lades in. Den används inte."


def trusted() -> "Iterator[KeyringBackend]":
    """Yield the keyring in use, or those that it chains, where they keep secrets secret.

    Raises:
        KeyringRefused: there is none, or none that does.
    """
    import keyring
    from keyring.backends import fail
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    members = list(chosen.backends) if type(chosen) is ChainerBackend else [chosen]
    found = [one for one in members if type(one).__module__ in _TRUSTED]
    if not found:
        if all(isinstance(one, fail.Keyring) for one in members):
            raise KeyringRefused(NONE)
        kinds = ", ".join(f"{type(one).__module__}.{type(one).__qualname__}" for one in members)
        raise KeyringRefused(f"Nyckelringen {kinds} används inte, för den skyddar inte lösenord.")
    yield from found


@contextmanager
def told() -> Iterator[None]:
    """Tell what a keyring answers in a sentence; what a backend raises is never shown: it may hold the secret."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        yield
    except DomainError:
        raise
    except NoKeyringError:
        raise KeyringRefused(NONE) from None
    except KeyringLocked:
        raise KeyringRefused(LOCKED) from None
    except InitError:
        raise KeyringRefused(UNOPENED) from None
    except Exception:  # a backend talks to another program, and lets through whatever that answers
        raise KeyringRefused(STRANGE) from None


def first_of(read: "Callable[[KeyringBackend], str | None]") -> str | None:
    """Return the first that a trusted keyring has; raises `KeyringRefused`."""
    with told():
        return next((found for one in trusted() if (found := read(one))), None)


class KeyringKeys:
    """A store's keys in the keyring: the entries `UUID data` and `UUID logg` of the service `sob`."""

    def __init__(self, store: str) -> None:
        """Look for those of a store, by its UUID."""
        self._store = store

    def read(self, name: str) -> bytes:
        """Return a key.

        Raises:
            KeyMissing: it is not there.
            KeyringRefused: the keyring can't be used.
        """
        found = first_of(lambda one: one.get_password(SERVICE, self._entry(name)))
        key = _key_of(found)
        if key is None:
            raise KeyMissing(
                f"Nyckeln till databasen finns inte i nyckelringen (tjänsten {SERVICE}, posten {self._entry(name)}). "
                "Är du samma systemanvändare som gjorde databasen? Annars läggs den tillbaka med sob nyckel aterstall."
            )
        return key

    def write(self, name: str, key: bytes) -> None:
        """Put a key there, and see that it is there; raises `KeyringRefused`."""
        text = b64encode(key).decode("ascii")
        with told():
            keeper = next(trusted())
            keeper.set_password(SERVICE, self._entry(name), text)
            if keeper.get_password(SERVICE, self._entry(name)) != text:
                raise KeyringRefused(FORGETFUL)

    def remove(self, name: str) -> None:
        """Delete a key from the keyring; one that is missing is no error."""
        from keyring.errors import PasswordDeleteError

        with told():
            for one in trusted():
                with suppress(PasswordDeleteError):
                    one.delete_password(SERVICE, self._entry(name))

    def has(self, name: str) -> bool:
        """Whether there is such a key; raises `KeyringRefused`."""
        return first_of(lambda one: one.get_password(SERVICE, self._entry(name))) is not None

    def _entry(self, name: str) -> str:
        return f"{self._store} {name}"


def _key_of(text: str | None) -> bytes | None:
    with suppress(ValueError):
        return b64decode(text or "", validate=True) or None
    return None
