"""Forms that a unit has installed itself, beside those of the programs (domain.md §6)."""

import dataclasses
import json
import re
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.questionnaire.instruments import Instrument, instruments, recognised, scale_for
from store.care.questionnaire.plan import FormPlan
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.scale import Scale, scale_of
from store.care.questionnaire.shape import Questionnaire
from store.foundation.access import Action, Role, Standing
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.text import utf8
from store.foundation.work import ReadTransaction, Work

FORM_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InstalledForm(SQLModel, table=True):
    """A version of a unit's own form. Nothing is replaced: an answer keeps the version that it was given on."""

    __table_args__ = (Index("installedform_unit", "unit_id", "form", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    """None where the operator installed it for every unit."""
    form: str
    title: str
    questionnaire: str
    """The file's text."""
    scales: str
    """JSON: how it is scored."""
    installed_at: int = Field(sa_type=BigInteger)


@dataclasses.dataclass(frozen=True)
class Installed:
    """An installed form, with how it is scored."""

    id: int
    form: str
    title: str
    questionnaire: str
    plan: FormPlan


@dataclasses.dataclass(frozen=True)
class FormToInstall:
    """A file that was read and checked, with how it is scored; made by `form_to_install`."""

    form: str
    title: str
    text: str
    scales: tuple[Scale, ...]


def form_to_install(
    form: str, content: bytes, *, instrument: str = "", mapping: Mapping[str, str] | None = None
) -> FormToInstall:
    """Read and check the whole file, before any transaction is opened.

    Args:
        form: its id: small letters, digits and hyphens.
        content: the file, a FHIR R4 Questionnaire.
        instrument: the known instrument that it is, where the codes in the file do not tell.
        mapping: linkId to LOINC code or number of the instrument's item, for items that carry no code.

    Raises:
        Refused: the id or the file can't be used, or an item of the instrument that it is can't be told.
    """
    if not FORM_ID.fullmatch(form):
        raise Refused(f"{form} duger inte som id. Skriv små bokstäver a–z, siffror och bindestreck.", field="id")
    read = read_questionnaire(content)
    if read.questionnaire is None:
        faults = " ".join(f"{fault.where}: {fault.message}" for fault in read.faults)
        raise Refused(f"Filen går inte att läsa som formulär. {faults}", field="fil")
    scales = tuple(_scales(read.questionnaire, instrument, mapping or {}))
    return FormToInstall(form, read.questionnaire.title or form, utf8(content), scales)


@operation("Installera ett formulär", may={Standing.OPERATOR, Role.ACCESS_ADMIN}, action=Action.CHANGED)
def install_form(work: Work, ready: FormToInstall) -> list[str]:
    """Add a form to the unit of the one who acts, or to every unit; returns the titles of the scores that apply."""
    work.log(Action.CHANGED, details=f"formulär {ready.form}")
    work.add(
        InstalledForm(
            unit_id=work.actor.unit_id,
            form=ready.form,
            title=ready.title,
            questionnaire=ready.text,
            scales=json.dumps([dataclasses.asdict(scale) for scale in ready.scales], ensure_ascii=False),
            installed_at=work.now,
        )
    )
    return [scale.title for scale in ready.scales]


def _scales(form: Questionnaire, named: str, mapping: Mapping[str, str]) -> list[Scale]:
    """Return how a form is scored, with all the instruments that it is."""
    found = list(recognised(form))
    if named and named not in [one.id for one in found]:
        found.append(_named(named))
    if mapping and not found:
        raise Refused("Ange vilket instrument frågorna kopplas till: --instrument ID.", field="instrument")
    settled = [scale_for(form, one, {} if named and one.id != named else mapping) for one in found]
    if faults := [sentence for _, sentences in settled for sentence in sentences]:
        raise Refused(" ".join(faults), field="koppla")
    return [scale for scale, _ in settled]


def _named(name: str) -> Instrument:
    for one in instruments():
        if one.id == name.lower():
            return one
    known = ", ".join(one.id for one in instruments())
    raise Refused(f"Instrumentet {name} är inte känt. Kända är: {known}.", field="instrument")


_COLUMNS = "SELECT id, form, title, questionnaire, scales FROM installedform"


def installed_form(work: ReadTransaction, installed_id: int) -> Installed:
    """Return an installed form by its id."""
    row = work.db.one_row(f"{_COLUMNS} WHERE id = :id", id=installed_id)
    return _installed(*row)


def newest_installed(work: ReadTransaction, unit_id: int | None, form: str) -> Installed | None:
    """Return the newest version that a unit has of a form, its own or every unit's; None where it has none."""
    row = work.db.row(
        f"{_COLUMNS} WHERE (unit_id = :unit OR unit_id IS NULL) AND form = :form ORDER BY id DESC LIMIT 1",
        unit=unit_id,
        form=form,
    )
    return _installed(*row) if row else None


def installed_on(work: ReadTransaction, unit_id: int | None) -> dict[str, str]:
    """Return the unit's forms, id to title."""
    rows = work.db.rows(
        "SELECT form, title FROM installedform WHERE unit_id = :unit OR unit_id IS NULL ORDER BY id", unit=unit_id
    )
    return dict((form, title) for form, title in rows)


@lru_cache(maxsize=64)
def _installed(id: int, form: str, title: str, questionnaire: str, scales: str) -> Installed:
    """Parse once; what is installed never changes."""
    plan = FormPlan(form, scales=tuple(scale_of(scale) for scale in json.loads(scales)))
    return Installed(id, form, title, questionnaire, plan)
