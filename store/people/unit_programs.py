"""What a unit has of its own for a program that is open to it: contact, end reasons, training (FAQ; domain.md §7)."""

from dataclasses import dataclass
from typing import NamedTuple

from store.foundation.access import Action, Role
from store.foundation.contact import parse_email
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import became, clean
from store.foundation.work import Work

LINE_LIMIT = 100


@dataclass(frozen=True)
class UnitProgram:
    """A program that is open to the unit, with what the unit has of its own; empty for the program's."""

    program: str
    title: str
    contact_name: str
    contact_email: str
    contact_phone: str
    end_reasons: tuple[str, ...]
    """The unit's own, beside the program's."""
    training: str
    """`ja` or `nej`: whether who starts must have training."""


def own_end_reasons(work: ReadTransaction, unit_id: int, program: str) -> tuple[str, ...]:
    """Return the avslutningsorsaker that the unit has beside the program's; part of operations."""
    reasons = work.db.value(
        "SELECT end_reasons FROM openprogram WHERE unit_id = :unit AND program = :program",
        unit=unit_id,
        program=program,
    )
    return tuple(reasons.split("\n")) if reasons else ()


def own_program(work: ReadTransaction, unit_id: int, program: str) -> UnitProgram | None:
    """Return what the unit has of its own for a program that is open to it; part of operations."""
    row = work.db.one(_Program, f"{_OPEN} AND o.program = :program", unit=unit_id, program=program)
    return _program(row) if row else None


_OPEN = (
    "SELECT o.program, v.title, o.contact_name, o.contact_email, o.contact_phone, o.end_reasons, o.training"
    " FROM openprogram o JOIN programversion v ON v.id = (SELECT max(id) FROM programversion WHERE program = o.program)"
    " WHERE o.unit_id = :unit"
)


def open_programs(work: ReadTransaction) -> tuple[UnitProgram, ...]:
    """Return the programs that are open to the unit of the one who acts, by title; part of operations."""
    rows = work.db.all(_Program, f"{_OPEN} ORDER BY v.sort_title, o.program", unit=work.actor.unit_id)
    return tuple(_program(row) for row in rows)


class _Program(NamedTuple):
    program: str
    title: str
    contact_name: str
    contact_email: str
    contact_phone: str
    end_reasons: str
    """A line each."""
    training: str


def _program(row: _Program) -> UnitProgram:
    reasons = tuple(row.end_reasons.split("\n")) if row.end_reasons else ()
    return UnitProgram(**{**row._asdict(), "end_reasons": reasons})


@operation("Ändra enhetens egna uppgifter om ett program", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def change_unit_program(
    work: Work,
    program: str,
    *,
    contact_name: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    end_reasons: tuple[str, ...] = (),
    training: str = "",
    seen: UnitProgram | None = None,
    confirmed: bool = False,
) -> None:
    """Say what the unit has of its own for an open program; see `UnitProgram`. All of it is written anew.

    `seen` is what it had when it was read by who changes it: what stands as it did there is left as it is now.
    `confirmed`: whether it has been confirmed that another's change of the same is written over.

    Raises:
        NeedsConfirmation: another has changed the same since.
        NotPermitted: the program is not open to the unit.
        Refused: the contact can't be reached, a reason stands twice, or a text is wrong.
    """
    if program not in [one.program for one in open_programs(work)]:
        raise NotPermitted
    name = clean(contact_name, multiline=False, limit=LINE_LIMIT, field="kontakt").strip()
    email = parse_email(contact_email, field="kontakt-epost") if contact_email.strip() else ""
    phone = clean(contact_phone, multiline=False, limit=LINE_LIMIT, field="kontakt-telefon").strip()
    if name and not (email or phone):
        raise Refused("Kontaktpersonen går inte att nå. Ange e-post eller telefon.", field="kontakt-epost")
    if not name and (email or phone):
        raise Refused("Ange kontaktpersonens namn.", field="kontakt")
    if training not in ("", "ja", "nej"):
        raise Refused("Utbildningskravet är ja, nej eller tomt för programmets eget.", field="utbildning")
    reasons = [clean(one, multiline=False, limit=LINE_LIMIT, field="orsak").strip() for one in end_reasons]
    reasons = [one for one in reasons if one]
    if len(set(reasons)) < len(reasons):
        raise Refused("En avslutningsorsak står två gånger.", field="orsak")
    own = _Own((name, email, phone), tuple(reasons), training)
    if seen is not None:
        own = _beside_others(work, program, own, _Own.of(seen), confirmed=confirmed)
    name, email, phone = own.contact
    work.db.run(
        "UPDATE openprogram SET contact_name = :name, contact_email = :email, contact_phone = :phone,"
        " end_reasons = :reasons, training = :training WHERE unit_id = :unit AND program = :program",
        name=name,
        email=email,
        phone=phone,
        reasons="\n".join(own.end_reasons),
        training=own.training,
        unit=work.actor.unit_id,
        program=program,
    )
    work.log(Action.CHANGED, details=f"enhetens uppgifter om {program}")


class _Own(NamedTuple):
    """What a unit has of its own for a program; a contact is one thing, however much of it is changed."""

    contact: tuple[str, str, str]
    end_reasons: tuple[str, ...]
    training: str

    @classmethod
    def of(cls, program: UnitProgram) -> "_Own":
        """Return what is the unit's of a program as it was read."""
        contact = program.contact_name, program.contact_email, program.contact_phone
        return cls(contact, program.end_reasons, program.training)

    def said(self) -> tuple[str, str, str]:
        """Return what each holds, as a sentence says it."""
        return ", ".join(filter(None, self.contact)), ", ".join(self.end_reasons), self.training or "programmets"


_OWN_NAMES = ("Kontaktpersonen", "Avslutningsorsakerna", "Utbildningskravet")


def _beside_others(work: Work, program: str, wanted: _Own, seen: _Own, *, confirmed: bool) -> _Own:
    """Return what is to be written beside what others have changed since.

    Raises:
        NeedsConfirmation: they have changed the same.
    """
    work.serialize(f"openprogram:{work.actor.unit_id}")
    now = own_program(work, work.actor.unit_id or 0, program)
    kept = _Own.of(now) if now else seen
    said = [
        f"{name} har {became(is_now)} sedan du såg det. Sparar du gäller ditt."
        for name, is_now, mine, was, other in zip(_OWN_NAMES, kept.said(), wanted, seen, kept, strict=True)
        if mine != was and other not in (was, mine)
    ]
    if said and not confirmed:
        raise NeedsConfirmation(said)
    return _Own(
        kept.contact if wanted.contact == seen.contact else wanted.contact,
        kept.end_reasons if wanted.end_reasons == seen.end_reasons else wanted.end_reasons,
        kept.training if wanted.training == seen.training else wanted.training,
    )
