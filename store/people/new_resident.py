"""What is typed of a resident whom the register does not know, in *Starta nytt moment* and on the command line.

A new field is declared here, and is a column of `store.people.residents` with its migration; the dialog, the command's
options, what checks it and the import follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from store.foundation.contact import REGIONS, parse_email, parse_mobile, parse_region
from store.foundation.text import clean_name


class TypedField(NamedTuple):
    """A field of a new resident, as it is asked for and checked."""

    column: str
    """The resident's column, and the name of the field in `NewResident`."""
    name: str
    """The option, the column of the CSV file, and the field of a refusal."""
    label: str
    """The dialog's."""
    metavar: str
    help: str
    """The option's."""
    check: Callable[..., str]
    """Takes the text and `field`; returns what is stored, or refuses."""
    is_needed: bool
    """Whether it may not be left empty."""
    example: str
    choices: Mapping[str, str]
    """What there is to choose from, value to words; none where it is typed."""

    def checked(self, text: str) -> str:
        """Return what is stored of a text; raises `Refused`."""
        return self.check(text, field=self.name) if text or self.is_needed else ""


def _typed(
    name: str,
    label: str,
    check: Callable[..., str],
    *,
    metavar: str,
    help: str,
    example: str = "",
    choices: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    said = {"name": name, "label": label, "metavar": metavar, "help": help, "check": check, "example": example}
    return {**said, "choices": choices or {}}


@dataclass(frozen=True)
class NewResident:
    """A resident as typed. What has a default may be left empty."""

    family_name: str = field(
        metadata=_typed("efternamn", "Efternamn", clean_name, metavar="NAMN", help="Invånarens efternamn.")
    )
    given_name: str = field(
        metadata=_typed("fornamn", "Förnamn", clean_name, metavar="NAMN", help="Invånarens förnamn.")
    )
    region: str = field(
        default="",
        metadata=_typed(
            "region",
            "Region",
            parse_region,
            metavar="LÄN",
            help="Länets två siffror, för en ny invånare.",
            choices={str(code): f"{code} {name}" for code, name in REGIONS.items()},
        ),
    )
    mobile: str = field(
        default="",
        metadata=_typed(
            "mobil",
            "Mobilnummer",
            parse_mobile,
            metavar="NUMMER",
            help="Mobilnumret, 07XXXXXXXX.",
            example="07XXXXXXXX",
        ),
    )
    email: str = field(
        default="", metadata=_typed("epost", "E-post", parse_email, metavar="ADRESS", help="E-postadressen.")
    )

    def checked(self) -> dict[str, str]:
        """Return what is stored, by column.

        Raises:
            Refused: a value is wrong, at its field.
        """
        return {one.column: one.checked(getattr(self, one.column)) for one in TYPED}


TYPED = tuple(TypedField(column=one.name, is_needed=one.default != "", **one.metadata) for one in fields(NewResident))
"""The fields of `NewResident`, in the order in which they are asked for."""
