"""HSA-id: who a staff member and a unit is (domain.md §2)."""

import re
from typing import NamedTuple, Self

from store.foundation.errors import Refused
from store.foundation.text import plain_dashes

_MOST_CHARACTERS = 31
_SHAPE = r"(?ai)SE(?:16)?[0-9]{10}-[A-Z0-9]+"
_SENTENCE = (
    "Ett HSA-id är SE, organisationsnumrets tio siffror (eller 16 och tio siffror), bindestreck och sedan bokstäver "
    f"A–Z eller siffror, högst {_MOST_CHARACTERS} tecken, till exempel SE2321000040-0A1B."
)


def hsa_key(hsa_id: str) -> str:
    """Return what an HSA-id is compared by: two that differ in capital and small letters alone are one."""
    return hsa_id.strip().lower()


def same_hsa_id(column: str, parameter: str = "hsa_id") -> str:
    """Return the SQL condition that a column holds the HSA-id of a parameter, whatever its letters' case.

    The index of each such column is of `lower` (`store/people/staff.py`, `store/people/units.py`).
    """
    return f"lower({column}) = lower(trim(:{parameter}))"


class HsaId(NamedTuple):
    """An HSA-id as it was given; capital and small letters are kept, and tell no two apart (`hsa_key`, `same_hsa_id`).

    The constructor trusts its argument (a row from the store); what a person typed goes through `parse`.
    """

    value: str

    @classmethod
    def parse(cls, text: str, *, field: str = "hsaid") -> Self:
        """Return the HSA-id that was typed or pasted.

        Raises:
            Refused: it is not shaped like one; the sentence shows one that is.
        """
        value = plain_dashes(text).strip()
        if len(value) > _MOST_CHARACTERS or not re.fullmatch(_SHAPE, value):
            raise Refused(_SENTENCE, field=field)
        return cls(value)

    def __str__(self) -> str:
        """Return the id as it is shown."""
        return self.value
