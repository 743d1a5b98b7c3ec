"""What Excel does to numbers, and how a person mends it."""

import re
from collections.abc import Mapping
from unicodedata import category

from store.foundation.errors import Refused
from store.foundation.text import DASHES

_AS_TEXT = "Formatera kolumnen som text i Excel, skriv in värdet igen och spara som «CSV UTF-8»."
_LOST_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_DECIMALS = re.compile(r"[0-9]+[.,]0+")
_MARKED = re.compile('=?".*"|[\'’=].*')
_LOST_ZEROS = {
    "personnummer": re.compile("[0-9]{7,9}"),
    "region": re.compile("[1-9]"),
    "mobil": re.compile("7[0-9]{8}"),
}
"""What is left of a number that began with zeros."""


def require_unspoilt(cells: Mapping[str, str]) -> None:
    """Refuse what Excel has spoilt in columns that hold no words; the sentence says what it did, and the mend.

    Args:
        cells: what stands on a line, by column.

    Raises:
        Refused: with the column's name; what stands there may be a resident's and is not repeated.
    """
    for column, text in cells.items():
        if what := _damage(column, text):
            raise Refused(f"Kolumnen {column}: {what}", field=column)


def _damage(column: str, text: str) -> str:
    if not text.isascii() and any(category(one) == "Cf" and one not in DASHES for one in text):
        return "Ett osynligt tecken står i värdet, som kan komma till Excel från en webbsida. Skriv in värdet igen."
    if _LOST_DIGITS.fullmatch(text):
        return f"Excel har gjort om värdet till ett tal med E+, och siffror har gått förlorade. {_AS_TEXT}"
    if _DECIMALS.fullmatch(text):
        return f"Excel har gjort om värdet till ett tal med decimaler. {_AS_TEXT}"
    if _MARKED.fullmatch(text):
        return 'Excels tecken för text (\' eller ="…") har följt med. Ta bort det och spara som «CSV UTF-8».'
    if (lost := _LOST_ZEROS.get(column)) and lost.fullmatch(text):
        return f"Excel har tagit bort nollor i början av värdet. {_AS_TEXT}"
    return ""
