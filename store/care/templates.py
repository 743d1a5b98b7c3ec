"""Mallar: texts that a unit, or a person for itself, has ready for messages (ours)."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.care.messages import MESSAGE_LIMIT
from store.foundation.access import Action, Role
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean, shortened, sort_name
from store.foundation.work import Work
from store.people.sign_in import as_staff

PLACEHOLDERS = {
    "förnamn": "invånarens förnamn",
    "behandlare": "den som skriver, förnamn och efternamn",
    "program": "programmets namn",
    "enhet": "enhetens namn",
}
"""What a template may leave open, and what is filled in; written within braces."""

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
TITLE_LIMIT = 60


class MessageTemplate(SQLModel, table=True):
    """A template; `staff_id` is None for one of the unit's."""

    __table_args__ = (Index("messagetemplate_unit", "unit_id", "staff_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    title: str
    text: str


@dataclass(frozen=True)
class Template:
    """A template as it is shown."""

    id: int
    title: str
    text: str
    is_units: bool
    """Whether it is the unit's, for all who write there."""


@operation("Se mallarna", may={Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN}, action=None)
def templates(work: ReadTransaction) -> list[Template]:
    """Return the unit's templates and the own ones, by title."""
    return visible_templates(work)


@operation("Skriva en egen mall", may={Role.CLINICIAN, Role.RESIDENT_ADMIN}, action=Action.CHANGED)
def save_own_template(
    work: Work,
    title: str,
    text: str,
    *,
    template: int | None = None,
    seen: Template | None = None,
    confirmed: bool = False,
) -> int:
    """Add an own template, or change it; returns its id.

    Args:
        work: the transaction.
        title: what it is known by.
        text: what stands in it.
        template: the one to be changed; None adds one.
        seen: that one as it was read by who changes it. What stands as it did there is not changed; one that is gone
            since becomes a new one.
        confirmed: whether it has been confirmed that another's change of the same is written over.

    Raises:
        NeedsConfirmation: another has changed the same since, or removed it.
        Refused: a title or text is missing or too long, or an unknown thing is left open in it.
    """
    return _save(work, _Written(title, text, template, seen, confirmed), _staff(work))


@operation("Skriva en mall för enheten", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def save_unit_template(
    work: Work,
    title: str,
    text: str,
    *,
    template: int | None = None,
    seen: Template | None = None,
    confirmed: bool = False,
) -> int:
    """Add a template for all who write on the unit, or change it; see `save_own_template`."""
    return _save(work, _Written(title, text, template, seen, confirmed), None)


@operation("Ta bort en egen mall", may={Role.CLINICIAN, Role.RESIDENT_ADMIN}, action=Action.CHANGED)
def remove_own_template(work: Work, template: int) -> None:
    """Remove an own template; messages that were written from it stay as they are."""
    _remove(work, template, _staff(work))


@operation("Ta bort en av enhetens mallar", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def remove_unit_template(work: Work, template: int) -> None:
    """Remove one of the unit's templates."""
    _remove(work, template, None)


def visible_templates(work: ReadTransaction) -> list[Template]:
    """Return what the one who acts may use; part of operations."""
    found = work.db.all(
        Template,
        "SELECT id, title, text, staff_id IS NULL AS is_units FROM messagetemplate WHERE unit_id = :unit"
        " AND (staff_id IS NULL OR staff_id = :staff) ORDER BY id",
        unit=work.actor.unit_id,
        staff=_staff(work),
    )
    return sorted(found, key=lambda one: sort_name(one.title, ""))


def filled(text: str, values: dict[str, str]) -> str:
    """Return a template's text with what was left open filled in; `values` by the names of `PLACEHOLDERS`."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1].strip().lower(), found[0]), text)


class _Written(NamedTuple):
    """What is to be saved, and of which template; see `save_own_template`."""

    title: str
    text: str
    template: int | None
    seen: Template | None
    confirmed: bool


def _save(work: Work, written: _Written, staff_id: int | None) -> int:
    title = clean(written.title, multiline=False, limit=TITLE_LIMIT, field="titel").strip()
    text = clean(written.text, multiline=True, limit=MESSAGE_LIMIT, field="text").strip()
    if not title:
        raise Refused("Mallen behöver en titel. Skriv ett par ord som den känns igen på.", field="titel")
    if not text:
        raise Refused("Mallen är tom. Skriv den text som ska stå i meddelandet.", field="text")
    _check_placeholders(text)
    template = written.template
    if template is not None and written.seen is not None:
        kept = _kept(work, template, staff_id)
        title, text = _beside_others(kept, written, title, text)
        template = template if kept else None
    if template is None:
        row = MessageTemplate(unit_id=work.actor.unit_id or 0, staff_id=staff_id, title=title, text=text)
        template = work.add(row)
    else:
        _check_owner(work, template, staff_id)
        work.db.run(
            "UPDATE messagetemplate SET title = :title, text = :text WHERE id = :id",
            title=title,
            text=text,
            id=template,
        )
    work.log(Action.CHANGED, details=f"mall {template}")
    return template


def _kept(work: Work, template: int, staff_id: int | None) -> Template | None:
    """Return a template as it stands now, locked; None where it is gone, or not theirs."""
    return work.db.one(
        Template,
        "SELECT id, title, text, staff_id IS NULL AS is_units FROM messagetemplate WHERE id = :id AND unit_id = :unit"
        f" AND coalesce(staff_id, 0) = :staff{work.for_update('messagetemplate')}",
        id=template,
        unit=work.actor.unit_id,
        staff=staff_id or 0,
    )


def _beside_others(kept: Template | None, written: _Written, title: str, text: str) -> tuple[str, str]:
    """Return title and text to be written beside what others have changed since.

    Raises:
        NeedsConfirmation: they have changed the same, or the template is gone.
    """
    seen = written.seen
    others = []
    if kept is None:
        others.append("Mallen har tagits bort sedan du öppnade den. Sparar du blir den en ny mall.")
    elif seen is not None:
        if kept.title not in (seen.title, title) and title != seen.title:
            others.append(f"Titeln har ändrats till ”{kept.title}” sedan du öppnade mallen. Sparar du gäller din.")
        if kept.text not in (seen.text, text) and text != seen.text:
            begins = shortened(kept.text)
            others.append(f"Texten har ändrats till ”{begins}” sedan du öppnade mallen. Sparar du gäller din.")
        title = kept.title if title == seen.title else title
        text = kept.text if text == seen.text else text
    if others and not written.confirmed:
        raise NeedsConfirmation(others)
    return title, text


def _remove(work: Work, template: int, staff_id: int | None) -> None:
    _check_owner(work, template, staff_id)
    work.db.run("DELETE FROM messagetemplate WHERE id = :id", id=template)
    work.log(Action.CHANGED, details=f"mall {template} borttagen")


def _check_placeholders(text: str) -> None:
    for name in _PLACEHOLDER.findall(text):
        if name.strip().lower() not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise Refused(f"{{{name}}} går inte att fylla i. Det som går att fylla i är {known}.", field="text")


def _check_owner(work: Work, template: int, staff_id: int | None) -> None:
    whose = work.db.pair("SELECT unit_id, staff_id FROM messagetemplate WHERE id = :id", id=template)
    if whose != (work.actor.unit_id, staff_id):
        raise NotPermitted


def _staff(work: ReadTransaction) -> int:
    return as_staff(work.actor).staff_id
