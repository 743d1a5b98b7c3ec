"""The numbers for a person in a crisis (`data/crisis_numbers.toml`), and whether a unit has confirmed them."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from store.data import data_folder
from store.foundation.connection import Connection


@dataclass(frozen=True)
class CrisisNumbers:
    """The numbers as lines of text, and the day on which they were written."""

    written: date
    lines: tuple[str, ...]

    def note(self, confirmed: str) -> str:
        """Return what is to be said beside them.

        Args:
            confirmed: the ISO day on which the unit confirmed them, empty where it has not.
        """
        if self.is_confirmed(confirmed):
            return f"Enheten kontrollerade numren {confirmed}."
        return f"Kontrollera numren. De skrevs {self.written.isoformat()}, och enheten har inte bekräftat dem."

    def is_confirmed(self, confirmed: str) -> bool:
        """Whether the unit has confirmed them as they are now."""
        return confirmed >= self.written.isoformat()


PLACE = "{krisnummer}"
"""What stands in a step for the numbers and what is said of them."""


def with_numbers(text: str, confirmed: str = "") -> str:
    """Return a step's text with the numbers in their place.

    Args:
        text: Markdown.
        confirmed: the ISO day on which the unit confirmed them, empty where it has not, or there is no unit.
    """
    if PLACE not in text:
        return text
    numbers = crisis_numbers()
    said = f"*Kontrollera numren ({numbers.written.isoformat()}).*"
    lines = [f"- {line}" for line in numbers.lines]
    return text.replace(PLACE, "\n".join(lines if numbers.is_confirmed(confirmed) else [*lines, "", said]))


@lru_cache(maxsize=1)
def crisis_numbers() -> CrisisNumbers:
    """Return the numbers that are shipped."""
    found = tomllib.loads((data_folder() / "crisis_numbers.toml").read_text(encoding="utf-8"))
    return CrisisNumbers(found["written"], tuple(f"{one['who']}: {one['how']}" for one in found["numbers"]))


def confirmed_by(db: Connection, unit_id: int | None) -> str:
    """Return the ISO day on which a unit confirmed the numbers; empty where it has not."""
    return str(db.value("SELECT crisis_numbers_confirmed FROM unit WHERE id = :unit", unit=unit_id or 0) or "")
