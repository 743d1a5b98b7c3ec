"""Where the store is: `--store`, else `SOB_STORE`, else the settings file that `SOB_SETTINGS` may name.

The settings file is TOML; what may stand in it is declared in `sob_tui.settings_schema`. What is wrong in it is told
with its line, and what holds without it is kept: it is refused only where the store, or the sending of notices, hangs
on it.
An address with a password stands nowhere else, and there only where nobody but the file's owner can read it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sob_tui.options import UsageFault
from sob_tui.password_places import has_password, is_open_to_others, refuse_password_in, see_to_libpq
from sob_tui.printing import tell
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from sob_tui.settings_schema import Fault

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


def file_faults(given: str | None) -> tuple[str, ...]:
    """Return what is wrong in the settings file, for a command that goes by it: with another store it does not."""
    return () if _said(given) else read_settings().sentences(practice=False)


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


def pseudonyms_folder() -> Path:
    """Return the folder in the user's data folder for the keys of pseudonyms; it need not be there."""
    return _own_folder("pseudonymer")


def operators_folder() -> Path:
    """Return the folder in the user's data folder for what the operator signs with, and has signed."""
    return _own_folder("driften")


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
    """
    if os.environ.get("ESCDELAY", "").isdigit():
        return max(int(os.environ["ESCDELAY"]), 1) / 1000
    return (read_settings().value("escape_ms") or escape_default()) / 1000


def escape_default() -> int:
    """Return the milliseconds that hold where nothing is set."""
    return _REMOTE_MS if os.environ.get("SSH_CONNECTION") else _LOCAL_MS


_LOCAL_MS, _REMOTE_MS = 100, 500


def _from_file(path: Path) -> str | None:
    """Return the store that the file names.

    Raises:
        Refused: it can't be read, names none for a reason that it tells, or has a password that others can read.
    """
    found = read_settings(path)
    store = found.value("store")
    if store is None:
        if found.faults:
            raise found.refusal(found.faults[0])
        return None
    if is_open_to_others(found.mode) and has_password(store):
        raise Refused(
            f"Inställningsfilen {path} har ett lösenord i store och kan läsas av andra än ägaren. Kör: chmod 600 {path}"
        )
    return store if "://" in store else str(path.parent / Path(store).expanduser())


class Settings(NamedTuple):
    """What stands in a settings file, the rights of the file, and what is wrong in it."""

    path: Path
    values: dict[str, Any]
    text: str = ""
    mode: int = 0
    faults: tuple["Fault", ...] = ()

    def value(self, name: str) -> Any:
        """Return a setting's value; where none stands there, or a wrong one, what holds without."""
        from sob_tui.settings_schema import setting

        one = setting(name)
        read = one.read(self.values[name]) if name in self.values else None
        return one.default if read is None else read

    @property
    def keymap(self) -> dict[str, Any]:
        """What stands in the table of keys, by the commands' names, to be checked yet."""
        table = self.values.get("keymap")
        return dict(_dotted(table)) if isinstance(table, dict) else {}

    def line_of(self, path: tuple[str, ...]) -> int:
        """Return the line of a key; of a command in the keymap also where its name is written without quotes."""
        from sob_tui.toml_lines import line_of

        if len(path) == 2 and path[1] not in self.values.get(path[0], {}):
            path = (path[0], *path[1].split("."))
        return line_of(self.text, path)

    def sentence(self, fault: "Fault") -> str:
        """Return what is wrong, with its place."""
        if not fault.path:
            return fault.message
        return f"Inställningsfilen {self.path}, rad {self.line_of(fault.path)}: {fault.message}"

    def refusal(self, fault: "Fault") -> Refused:
        """Return what is wrong as a refusal, for what can't go on with it."""
        return Refused(self.sentence(fault), field=fault.path[-1] if fault.path else None)

    def sentences(self, *, practice: bool) -> tuple[str, ...]:
        """Return what a person is told of what is wrong; in practice nothing of what is not read there."""
        return tuple(self.sentence(fault) for fault in self.faults if fault.is_own or not practice)


def _dotted(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{before}{key}.")
        else:
            yield before + key, value


def read_settings(path: Path | None = None) -> Settings:
    """Return what the settings file says; nothing where there is none. What is wrong stands in `faults`.

    Raises:
        Refused: `SOB_SETTINGS` names a file that is not there.
    """
    path = path or settings_file()
    try:
        return _read(path)
    except FileNotFoundError:
        if "SOB_SETTINGS" not in os.environ:
            return Settings(path, {})
        raise Refused(f"Inställningsfilen {path} som SOB_SETTINGS anger finns inte.") from None


def settings_in(path: Path) -> Settings:
    """Read a settings file for what must not go by it half understood, as the sending of notices.

    Raises:
        FileNotFoundError: there is none.
        Refused: it can't be read, or has a key that means nothing here: one that is misspelt would be missed by nobody.
    """
    found = _read(path)
    for fault in found.faults:
        if fault.is_unknown or not (fault.is_own and fault.path):
            raise found.refusal(fault)
    return found


def _read(path: Path) -> Settings:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise  # most people have none, and their start waits for no reader of TOML
    except OSError as error:
        return _unread(path, error)
    import tomllib

    from sob_tui.settings_schema import faults_in

    mode, text = 0, ""
    try:
        with file:
            mode, text = os.fstat(file.fileno()).st_mode, file.read().decode("utf-8-sig")
        text = text.replace("\r\n", "\n")
        values = tomllib.loads(text)
    except (OSError, ValueError) as error:
        return _unread(path, error, text, mode)
    return Settings(path, values, text, mode, tuple(faults_in(values)))


def _unread(path: Path, error: Exception, text: str = "", mode: int = 0) -> Settings:
    from sob_tui.settings_schema import Fault

    return Settings(path, {}, text, mode, (Fault((), _unreadable(path, error)),))


def _unreadable(path: Path, error: Exception) -> str:
    import tomllib

    from sob_tui.toml_lines import unreadable_line

    line = unreadable_line(error) if isinstance(error, tomllib.TOMLDecodeError) else None
    place = f"{path}, rad {line}," if line else str(path)
    return f'Inställningsfilen {place} går inte att läsa. Skriv den som TOML: store = "…".'
