"""Whom something is about: a resident and a program, as every dialog, notification and page says it (domain.md §4)."""

from __future__ import annotations

from typing import NamedTuple

from screens.marks import PROTECTED
from screens.widgets.cells import clean, cut, share

MOST_OF_NAME, MOST_OF_PROGRAM = 28, 24
"""Cells of each in a sentence: on a line of 80 there is room for what was done, too."""
BETWEEN = " · "


class Whom(NamedTuple):
    """The resident and the program of a moment, in words that may be shown: two moments of one person are common."""

    name: str
    """Efternamn, Förnamn, or the words that mask a protected resident."""
    program: str
    moment: int | None = None
    """The moment's id: what names it on screen is closed when the person may no longer see it."""

    def fitted(self, width: int) -> tuple[str, str]:
        """Return both so short that they have room in `width` cells beside `BETWEEN`: neither pushes the other out."""
        name, program = share((self.name, self.program), width - len(BETWEEN))
        return name, program

    def says(self, sentence: str) -> str:
        """Return a sentence with whom it is about before it: `Ahlberg, Sara · KomIgång online: Flaggan är satt.`.

        While that is not known, the sentence alone.
        """
        if not self.name:
            return sentence
        return f"{cut(self.name, MOST_OF_NAME)}{BETWEEN}{cut(self.program, MOST_OF_PROGRAM)}: {sentence}"


def whom_of(name: str, program_title: str, *, is_protected: bool, moment: int | None = None) -> Whom:
    """Return whom a moment is about; a protected resident is masked, as in the lists (domain.md §8)."""
    return Whom(PROTECTED if is_protected else clean(name), clean(program_title), moment)
