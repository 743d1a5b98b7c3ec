"""Passwords that the settings file doesn't hold: from a file that only its owner can read, else from the keyring.

An entry in the keyring is made with `keyring set sob smtp` or `keyring set sob sms`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from sob_tui.password_places import is_open_to_others
from store.foundation.errors import Refused, why_unreadable

SERVICE = "sob"

# Named by module, since most of them can be imported on one system only. Others may keep a password in plain text
# (keyrings.alt) or drop it without a word (null).
_TRUSTED = frozenset(
    f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows")
)


def password(name: str, file: Path | None) -> str:
    """Return the password of a channel.

    Args:
        name: the table in the settings file, and the entry in the keyring.
        file: the table's `password_file`.

    Raises:
        Refused: there is none to be had; the sentence says what to do, and never holds the password.
    """
    return _from_file(name, file) if file else _from_keyring(name)


def _from_file(name: str, file: Path) -> str:
    who = f"Lösenordsfilen {file} (password_file under [{name}])"
    try:
        with file.open("rb") as opened:
            if is_open_to_others(os.fstat(opened.fileno()).st_mode):
                raise Refused(f"{who} kan läsas av andra än ägaren. Kör: chmod 600 {file}", field="password_file")
            found = opened.read().decode().rstrip("\r\n")
    except FileNotFoundError:
        raise Refused(f"{who} finns inte. Skapa den, med bara lösenordet i.", field="password_file") from None
    except OSError as error:
        raise Refused(f"{who} går inte att läsa ({why_unreadable(error)}).", field="password_file") from None
    except UnicodeDecodeError:
        raise Refused(f"{who} är inte UTF-8. Spara om den med kodningen UTF-8.", field="password_file") from None
    if not found:
        raise Refused(f"{who} är tom. Skriv lösenordet i den.", field="password_file")
    return found


def _from_keyring(name: str) -> str:
    way_out = f"Ange i stället password_file under [{name}], en fil som bara ägaren kan läsa (chmod 600)."
    try:
        found = _first(name)
    except Refused as error:
        raise Refused(f"{error.message} {way_out}") from None
    except NoKeyringError:
        raise Refused(f"{_NONE} {way_out}") from None
    except KeyringLocked:
        raise Refused(f"Systemets nyckelring är låst. Lås upp den och försök igen. {way_out}") from None
    except InitError:
        raise Refused(f"Systemets nyckelring går inte att öppna. Logga in på nytt och försök igen. {way_out}") from None
    except Exception:  # a backend talks to another program, and lets through whatever that answers
        raise Refused(f"Systemets nyckelring svarar inte som den ska. {way_out}") from None
    if not found:
        sentence = f"Lösenordet till [{name}] finns inte i nyckelringen. Lägg in det: keyring set {SERVICE} {name}."
        raise Refused(f"{sentence} {way_out}")
    return found


_NONE = "Det finns ingen nyckelring på datorn. Installera en, till exempel gnome-keyring eller KWallet."


def _first(name: str) -> str | None:
    """Return the first entry that a trusted keyring has."""
    return next((found for one in _trusted() if (found := one.get_password(SERVICE, name))), None)


def _trusted() -> Iterator[KeyringBackend]:
    """Yield the keyring in use, or those that it chains, where they keep secrets secret."""
    chosen = keyring.get_keyring()
    members = list(chosen.backends) if type(chosen) is ChainerBackend else [chosen]
    trusted = [one for one in members if type(one).__module__ in _TRUSTED]
    if not trusted:
        if all(isinstance(one, fail.Keyring) for one in members):
            raise NoKeyringError
        kinds = ", ".join(f"{type(one).__module__}.{type(one).__qualname__}" for one in members)
        raise Refused(f"Nyckelringen {kinds} används inte, för den skyddar inte lösenord.")
    yield from trusted
