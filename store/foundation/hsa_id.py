"""HSA-id: who a staff member and a unit is (domain.md §2)."""

import re
from dataclasses import dataclass
from typing import Self

from store.foundation.errors import Refused

_MOST_CHARACTERS = 31
_SHAPE = re.compile(r"SE(?:16)?[0-9]{10}-[A-Za-z0-9]+")
_SENTENCE = (
    "Ett HSA-id är SE, organisationsnumrets tio siffror (eller 16 och tio siffror), bindestreck och sedan bokstäver "
    f"A–Z eller siffror, högst {_MOST_CHARACTERS} tecken, till exempel SE2321000040-0A1B."
)


@dataclass(frozen=True, slots=True, order=True)
class HsaId:
    """An HSA-id as it was given: capital and small letters are kept, and differ.

    The constructor trusts its argument (a row from the store); what a person typed goes through `parse`.
    """

    value: str

    @classmethod
    def parse(cls, text: str, *, field: str = "hsaid") -> Self:
        """Return the HSA-id that was typed or pasted.

        Raises:
            Refused: it is not shaped like one; the sentence shows one that is.
        """
        value = text.strip()
        if len(value) > _MOST_CHARACTERS or not _SHAPE.fullmatch(value):
            raise Refused(_SENTENCE, field=field)
        return cls(value)

    def __str__(self) -> str:
        """Return the id as it is shown."""
        return self.value
