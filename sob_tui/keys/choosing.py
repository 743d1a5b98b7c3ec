"""Choosing where the keys of a store are to lie: by options, or by questions at a terminal."""

from pathlib import Path
from typing import NamedTuple

from sob_tui.asking import ask, ask_new_passphrase, somebody_is_there
from sob_tui.keys.key_files import CREDENTIALS, check_passphrase, passphrase_in
from sob_tui.keys.keyrings import told, trusted
from sob_tui.keys.places import FILE, KEYRING, KINDS, PASSPHRASE, Keeper, KeyPlace, keeper_of
from sob_tui.options import UsageFault
from store.foundation.errors import Refused

ABOUT_KINDS = (
    "Var ska nycklarna ligga? nyckelring: i datorns egen nyckelring, för en person på en dator. "
    "losenfras: i en fil som en lösenfras öppnar. fil: i en fil som bara ägaren kan läsa, för servrar."
)


class Choice(NamedTuple):
    """What the options say of where keys are to lie; None where they don't."""

    kind: str | None = None
    file: str | None = None
    passphrase_file: str | None = None


def choose(choice: Choice, store: str) -> tuple[KeyPlace, Keeper]:
    """Return where the keys of a store are to lie, by its UUID, and what keeps them there. Nothing is written.

    Raises:
        UsageFault: an option is missing, and nobody is there to ask.
        Refused: a file is there already, or the passphrase won't do.
        KeyringRefused: the keyring can't be used.
    """
    kind = _kind(choice.kind)
    if kind == KEYRING:
        if choice.file or choice.passphrase_file:
            raise Refused("--nyckelfil och --nyckelfras-fil gäller inte nyckelringen.", field="nyckelfil")
        with told():
            next(trusted())
        place = KeyPlace(store, KEYRING)
        return place, keeper_of(place, lambda: "")
    if kind == FILE and choice.passphrase_file:
        raise Refused("--nyckelfras-fil gäller bara --nyckel losenfras.", field="nyckelfras_fil")
    file = str(_new_file(choice.file))
    if kind == FILE:
        place = KeyPlace(store, FILE, file)
        return place, keeper_of(place, lambda: "")
    phrase_file = str(Path(choice.passphrase_file).expanduser().absolute()) if choice.passphrase_file else ""
    place = KeyPlace(store, PASSPHRASE, file, phrase_file)
    passphrase = _passphrase(phrase_file)
    return place, keeper_of(place._replace(passphrase_file=""), lambda: passphrase)


def _kind(given: str | None) -> str:
    if given is None:
        if not somebody_is_there():
            raise UsageFault(f"Ange var nycklarna ska ligga med --nyckel {'|'.join(KINDS)}.", field="nyckel")
        return ask(f"{ABOUT_KINDS}\nnyckelring, losenfras eller fil", _known_kind)
    return _known_kind(given)


def _known_kind(typed: str) -> str:
    kind = typed.lower().replace("ö", "o")
    if kind not in KINDS:
        raise Refused(f"Nycklarna kan ligga i {', '.join(KINDS)}.", field="nyckel")
    return kind


def _new_file(given: str | None) -> Path:
    if given is None:
        if not somebody_is_there():
            raise UsageFault("Ange nyckelfilen med --nyckelfil FIL.", field="nyckelfil")
        return ask("Nyckelfilen (helst på en annan disk än databasen)", _free)
    return _free(given)


def _free(typed: str) -> Path:
    """Return the place of a new key file: no key is ever written over another."""
    if not typed:
        raise Refused("Ange en fil.", field="nyckelfil")
    if typed.startswith(CREDENTIALS):
        raise Refused(
            "Filer från systemd går bara att läsa. Gör nyckeln i en fil, lägg in den som credential, och ändra sedan "
            "nyckelfil i filen bredvid databasen.",
            field="nyckelfil",
        )
    path = Path(typed).expanduser().absolute()
    for taken in (path, Path(f"{path}.logg")):
        if taken.exists():
            raise Refused(
                f"Filen {taken} finns redan, och en nyckel skrivs aldrig över. Ange en annan fil, eller ta bort den om "
                "den hör till ett avbrutet försök.",
                field="nyckelfil",
            )
    if not path.parent.is_dir():
        raise Refused(f"Mappen {path.parent} finns inte. Skapa den först.", field="nyckelfil")
    return path


def _passphrase(file: str) -> str:
    if file:
        found = passphrase_in(Path(file))
        check_passphrase(found)
        return found
    if not somebody_is_there():
        raise UsageFault("Ange filen med lösenfrasen med --nyckelfras-fil FIL.", field="nyckelfras_fil")
    return ask_new_passphrase("Ny lösenfras för databasens nycklar", check_passphrase)
