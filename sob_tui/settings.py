"""Where the store is: `--store`, else `SOB_STORE`, else the settings file that `SOB_SETTINGS` may name.

The settings file is TOML with the key `store`: a path (from the file's own folder) or an address.
"""

import os
from pathlib import Path

from sob_tui.options import UsageFault
from store.foundation.errors import Refused

APP = "sob-tui"

HOW_TO_BEGIN = (
    "Ingen databas är vald. Öva med «sob ovning», eller ange databasen med --store, med miljövariabeln SOB_STORE "
    'eller med raden store = "…" i inställningsfilen {path}.'
)


def configured_store(given: str | None) -> str:
    """Return the path or address of the store to use.

    Raises:
        UsageFault: none is configured; the sentence says how to begin.
        Refused: the settings file cannot be used.
    """
    store = given or os.environ.get("SOB_STORE") or _from_file(settings_file())
    if store is None:
        raise UsageFault(HOW_TO_BEGIN.format(path=settings_file()), field="store")
    return store


def practice_store(given: str | None) -> str:
    """Return the path or address of the practice store. The settings file is no help: it names the real one."""
    if store := given or os.environ.get("SOB_STORE"):
        return store
    from platformdirs import user_data_path

    return str(user_data_path(APP, appauthor=False) / "ovning.db")


def state_folder() -> Path:
    """Return where faults are noted."""
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def settings_file() -> Path:
    """Return where the settings are, or would be."""
    if named := os.environ.get("SOB_SETTINGS"):
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "settings.toml"


def _from_file(path: Path) -> str | None:
    import tomllib

    try:
        store = tomllib.loads(path.read_text("utf-8")).get("store")
    except FileNotFoundError:
        if "SOB_SETTINGS" not in os.environ:
            return None
        raise Refused(f"Inställningsfilen {path} som SOB_SETTINGS anger finns inte.") from None
    except (OSError, ValueError):
        raise Refused(f'Inställningsfilen {path} går inte att läsa. Skriv den som TOML: store = "…".') from None
    if store is None:
        return None
    if not isinstance(store, str) or not store:
        raise Refused(f'I inställningsfilen {path} ska store vara en sökväg eller adress: store = "…".')
    return store if "://" in store else str(path.parent / Path(store).expanduser())
