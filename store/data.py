"""Where the files that a person can edit lie: programs, the practice cast, help texts."""

from pathlib import Path

_HERE = Path(__file__).parent


def data_folder() -> Path:
    """Return the data folder: inside the installed package, or beside it in a checkout."""
    installed = _HERE / "_data"
    return installed if installed.is_dir() else _HERE.parent / "data"
