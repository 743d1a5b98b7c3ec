"""Whom something is about: a resident and a program, as every dialog, notification and page says it (domain.md §4)."""

from __future__ import annotations

from typing import NamedTuple

from screens.marks import PROTECTED
from screens.widgets.cells import clean, cut, share

MOST_IN_SENTENCE = 40
"""Cells of a name, and of a program, in a sentence."""
BETWEEN = " · "


class Whom(NamedTuple):
    """The resident and the program of a moment, in words that may be shown: two moments of one person are common."""

    name: str
    """Efternamn, Förnamn, or the words that mask a protected resident."""
    program: str

    def fitted(self, width: int) -> tuple[str, str]:
        """Return both so short that they have room in `width` cells beside `BETWEEN`: neither pushes the other out."""
        name, program = share((self.name, self.program), width - len(BETWEEN))
        return name, program

    def says(self, sentence: str) -> str:
        """Return a sentence with whom it is about before it: `Ahlberg, Sara · KomIgång online: Flaggan är satt.`."""
        return f"{cut(self.name, MOST_IN_SENTENCE)}{BETWEEN}{cut(self.program, MOST_IN_SENTENCE)}: {sentence}"


def whom_of(name: str, program_title: str, *, is_protected: bool) -> Whom:
    """Return whom a moment is about; a protected resident is masked, as in the lists (domain.md §8)."""
    return Whom(PROTECTED if is_protected else clean(name), clean(program_title))
