"""Where the store is: `--store`, else `SOB_STORE`, else the settings file that `SOB_SETTINGS` may name.

The settings file is TOML with the key `store`: a path (from the file's own folder) or an address; and a table for each
channel that sends notices (`sob_tui.delivery.settings`). A key that is none of them is refused. An address with a
password stands nowhere else, and there only where nobody but the file's owner can read it.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sob_tui.options import UsageFault
from sob_tui.password_places import has_password, is_open_to_others, refuse_password_in, see_to_libpq
from sob_tui.printing import tell
from store.foundation.errors import Refused
from store.people.channels import CHANNELS

APP = "sob-tui"

HOW_TO_BEGIN = (
    "Ingen databas är vald. Öva med «sob ovning», eller ange databasen med --store, med miljövariabeln SOB_STORE "
    'eller med raden store = "…" i inställningsfilen {path}.'
)


def configured_store(given: str | None) -> str:
    """Return the path or address of the store to use.

    Raises:
        UsageFault: none is configured; the sentence says how to begin.
        Refused: the settings file cannot be used, or a password stands where others can see it.
    """
    store = _said(given) or _from_file(settings_file())
    if store is None:
        raise UsageFault(HOW_TO_BEGIN.format(path=settings_file()), field="store")
    see_to_libpq(store, settings_file)
    return store


def practice_store(given: str | None) -> str:
    """Return the path or address of the practice store. The settings file is no help: it names the real one.

    So may `SOB_STORE`, which other commands need: where it names a real store it is passed over, with a sentence.

    Raises:
        Refused: a password stands where others can see it.
    """
    if store := _said(given):
        see_to_libpq(store, settings_file)
        if given or not _is_real(store):
            return store
    from platformdirs import user_data_path

    own = str(user_data_path(APP, appauthor=False) / "ovning.db")
    if store:
        tell(PASSED_OVER.format(place=own))
    return own


def own_exercises() -> Path:
    """Return the folder in the user's data folder for exercises of the own; it need not be there."""
    return _own_folder("ovningar")


def own_scenarios() -> Path:
    """Return the folder in the user's data folder for scenarios of the own; it need not be there."""
    return _own_folder("scenarier")


def _own_folder(name: str) -> Path:
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False) / name


PASSED_OVER = (
    "SOB_STORE anger en databas med riktiga invånare, som inte används här. Övningsmiljön är i stället {place}."
)


def _is_real(store: str) -> bool:
    from store.opening import kind_of

    return kind_of(store) == "real"


def _said(given: str | None) -> str | None:
    """Return what `--store` or else `SOB_STORE` says: others on the machine, and other programs, see both."""
    name, store = ("--store", given) if given else ("SOB_STORE", os.environ.get("SOB_STORE"))
    if store and has_password(store):
        raise refuse_password_in(name, settings_file())
    return store or None


def trainee() -> str | None:
    """Return who practises here, as `SOB_DELTAGARE` says: their app and commands count as one (domain.md §9).

    Raises:
        Refused: it can't be a name for that.
    """
    named = os.environ.get("SOB_DELTAGARE")
    if named and not _TRAINEE.fullmatch(named):
        raise Refused("SOB_DELTAGARE ska vara ett namn på 1–40 tecken: bokstäver a–z, siffror, punkt och bindestreck.")
    return named or None


_TRAINEE = re.compile(r"[A-Za-z0-9.-]{1,40}")


def drafts_folder() -> Path:
    """Return the user's own folder for drafts; those beside the settings, which others may share, are moved."""
    new, old = state_folder() / _DRAFTS, settings_file().parent / _DRAFTS
    if old != new and old.is_dir():
        with suppress(OSError):  # what can't be moved lies where it lay
            _move_own(old, new)
    return new


_DRAFTS = "utkast"


def _move_own(old: Path, new: Path) -> None:
    from shutil import move

    new.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = os.getuid() if os.name == "posix" else None
    for path in old.glob("*.utkast"):
        is_own = own is None or path.lstat().st_uid == own
        if is_own and not path.is_symlink() and not (new / path.name).exists():
            move(path, new / path.name)
    with suppress(OSError):  # others' are there yet
        old.rmdir()


def state_folder() -> Path:
    """Return where faults are noted, and drafts lie that the store could not take."""
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def settings_file() -> Path:
    """Return where the settings are, or would be."""
    if named := os.environ.get("SOB_SETTINGS"):
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "settings.toml"


def escape_seconds() -> float:
    """Return for how long after Esc the rest of a key is waited for: a slow line may bring it in pieces.

    `ESCDELAY`, as other programs for terminals take it, comes before `escape_ms` in the settings file.

    Raises:
        Refused: the settings say something else than milliseconds.
    """
    if os.environ.get("ESCDELAY", "").isdigit():
        return max(int(os.environ["ESCDELAY"]), 1) / 1000
    path = settings_file()
    given = _settings(path).values.get("escape_ms", _REMOTE_MS if os.environ.get("SSH_CONNECTION") else _LOCAL_MS)
    if type(given) is not int or not 1 <= given <= _MOST_MS:
        raise Refused(f"I inställningsfilen {path} ska escape_ms vara millisekunder, 1–{_MOST_MS}: escape_ms = 500.")
    return given / 1000


_LOCAL_MS, _REMOTE_MS, _MOST_MS = 100, 500, 5000


def _from_file(path: Path) -> str | None:
    found = _settings(path)
    store = found.values.get("store")
    if store is None:
        return None
    if not isinstance(store, str) or not store:
        raise Refused(f'I inställningsfilen {path} ska store vara en sökväg eller adress: store = "…".')
    if is_open_to_others(found.mode) and has_password(store):
        raise Refused(
            f"Inställningsfilen {path} har ett lösenord i store och kan läsas av andra än ägaren. Kör: chmod 600 {path}"
        )
    return store if "://" in store else str(path.parent / Path(store).expanduser())


class Settings(NamedTuple):
    """What stands in a settings file, and the rights of the file."""

    values: dict[str, Any]
    mode: int


def _settings(path: Path) -> Settings:
    """Return what the settings file says; nothing where there is none and none is named."""
    try:
        return settings_in(path)
    except FileNotFoundError:
        if "SOB_SETTINGS" not in os.environ:
            return Settings({}, 0)
        raise Refused(f"Inställningsfilen {path} som SOB_SETTINGS anger finns inte.") from None


def settings_in(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        FileNotFoundError: there is none.
        Refused: it can't be read, or has a key that means nothing here: one that is misspelt would be missed by nobody.
    """
    import tomllib

    try:
        with path.open("rb") as file:
            mode, text = os.fstat(file.fileno()).st_mode, file.read().decode("utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        raise Refused(f'Inställningsfilen {path} går inte att läsa. Skriv den som TOML: store = "…".') from None
    for key in values:
        _check_known(path, key, values, text)
    return Settings(values, mode)


def _check_known(path: Path, key: str, values: dict[str, Any], text: str) -> None:
    known = ("store", "escape_ms", *(channel.table for channel in CHANNELS.values()))
    if key in known:
        return
    from difflib import get_close_matches

    is_table = isinstance(values[key], dict)
    near = get_close_matches(key.lower(), known, n=1)
    mend = f"Menade du {near[0]}?" if near else f"De som finns är {', '.join(known)}."
    what = f"{'tabellen' if is_table else 'nyckeln'} {key} är okänd. {mend}"
    raise Refused(f"Inställningsfilen {path}, rad {_line_of(key, text)}: {what}", field=key)


def _line_of(key: str, text: str) -> int:
    """Return the line on which a key or a table of the top level begins."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[].=]""")
    return next((number for number, line in enumerate(text.split("\n"), 1) if begins.match(line)), 1)
