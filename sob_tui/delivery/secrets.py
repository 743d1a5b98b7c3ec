"""Passwords that the settings file doesn't hold: from a file that only its owner can read, else from the keyring.

An entry in the keyring is made with `keyring set sob smtp` or `keyring set sob sms`.
"""

import os
from pathlib import Path

from sob_tui.keys.keyrings import SERVICE, KeyringRefused, first_of
from sob_tui.password_places import is_open_to_others
from store.foundation.errors import Refused, why_unreadable


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
        found = first_of(lambda one: one.get_password(SERVICE, name))
    except KeyringRefused as error:
        raise Refused(f"{error.message} {way_out}") from None
    if not found:
        sentence = f"Lösenordet till [{name}] finns inte i nyckelringen. Lägg in det: keyring set {SERVICE} {name}."
        raise Refused(f"{sentence} {way_out}")
    return found
