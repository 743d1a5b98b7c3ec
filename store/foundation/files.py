"""Files that somebody names."""

from pathlib import Path

from store.foundation.errors import Refused, why_unreadable


def file_content(path: Path, *, most: int = -1) -> bytes:
    """Return a file's bytes, at most so many of them; raises `Refused` where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        why = why_unreadable(error) if isinstance(error, OSError) else "namnet går inte att använda"
        raise Refused(f"Filen {path} går inte att läsa ({why}).", field="fil") from None
