"""Forms that a unit has installed itself, beside those of the programs (domain.md §6)."""

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.questionnaire.instruments import Instrument, instruments, recognised, scale_for
from store.care.questionnaire.plan import FormPlan, RiskAnswer
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.risks import read_risk, said_of, unnamed_risks
from store.care.questionnaire.scale import Scale, scale_of
from store.care.questionnaire.shape import Questionnaire
from store.care.questionnaire.unsupported import why_unanswerable
from store.foundation.access import Action, Role, Standing
from store.foundation.connection import columns
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import EMPTY
from store.foundation.text import utf8
from store.foundation.work import Work

_MOST_WARNINGS = 10
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
    risks: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """JSON: which answers are a risk, beside those of the scores; empty for none."""
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
    """A file that was read and checked, with how it is used; made by `form_to_install`."""

    form: str
    title: str
    text: str
    plan: FormPlan
    said: tuple[str, ...] = ()
    """What whoever installs it should know."""
    warnings: tuple[str, ...] = ()
    """What must be confirmed."""


def form_to_install(
    form: str,
    content: bytes,
    *,
    instrument: str = "",
    mapping: Mapping[str, str] | None = None,
    risks: Sequence[str] = (),
) -> FormToInstall:
    """Read and check the whole file, before any transaction is opened.

    Args:
        form: its id: small letters, digits and hyphens.
        content: the file, a FHIR R4 Questionnaire.
        instrument: the known instrument that it is, where the codes in the file do not tell.
        mapping: linkId to LOINC code or number of the instrument's item, for items that carry no code.
        risks: answers that raise a prioriterad flagga, `LINKID=VÄRDE` each; see `read_risk`.

    Raises:
        Refused: the id or the file can't be used, nobody could answer it, an item of the instrument that it is can't
            be told, or a risk answer is none.
    """
    if not FORM_ID.fullmatch(form):
        raise Refused(f"{form} duger inte som id. Skriv små bokstäver a–z, siffror och bindestreck.", field="id")
    read = read_questionnaire(content)
    if read.questionnaire is None:
        faults = " ".join(f"{fault.where}: {fault.message}" for fault in read.faults)
        raise Refused(f"Filen går inte att läsa som formulär. {faults}", field="fil")
    if why := why_unanswerable(read.questionnaire):
        raise Refused(f"Formuläret går inte att installera. {why}", field="fil")
    scales = tuple(_scales(read.questionnaire, instrument, mapping or {}))
    plan = FormPlan(form, scales=scales, risks=risks_named(read.questionnaire, risks))
    title = read.questionnaire.title or form
    faults_said = [f"{fault.where}: {fault.message}" for fault in read.faults]
    said = (*faults_said, *_said(read.questionnaire, plan))
    return FormToInstall(form, title, utf8(content), plan, said, tuple(warned_of_risks(read.questionnaire, plan)))


@operation("Installera ett formulär", may={Standing.OPERATOR, Role.ACCESS_ADMIN}, action=Action.CHANGED)
def install_form(work: Work, ready: FormToInstall, *, confirmed: bool = False) -> list[str]:
    """Add a form to the unit of the one who acts, or to every unit; returns the titles of the scores that apply.

    Raises:
        NeedsConfirmation: a question's text looks like one of risk, and no answer to it raises a flag.
    """
    if ready.warnings and not confirmed:
        raise NeedsConfirmation(ready.warnings)
    work.log(Action.CHANGED, details=f"formulär {ready.form}")
    add_version(work, ready.form, ready.title, ready.text, ready.plan)
    return [scale.title for scale in ready.plan.scales]


def add_version(work: Work, form: str, title: str, text: str, plan: FormPlan) -> None:
    """Add a version of a form to the unit of the one who acts, or to every unit; part of operations."""
    work.add(
        InstalledForm(
            unit_id=work.actor.unit_id,
            form=form,
            title=title,
            questionnaire=text,
            scales=_json(plan.scales),
            risks=_json(plan.risks),
            installed_at=work.now,
        )
    )


def _json(parts: Sequence[Scale] | Sequence[RiskAnswer]) -> str:
    return json.dumps([dataclasses.asdict(part) for part in parts], ensure_ascii=False)


def risks_named(form: Questionnaire, risks: Sequence[str]) -> tuple[RiskAnswer, ...]:
    """Return the rules in `LINKID=VÄRDE` texts, each once; raises `Refused` where one is no answer."""
    try:
        return tuple(dict.fromkeys(read_risk(form, text) for text in risks))
    except ValueError as error:
        raise Refused(str(error), field="risk") from None


def _said(form: Questionnaire, plan: FormPlan) -> list[str]:
    """Return which answers raise a flag, or that none does."""
    if plan.has_risks:
        return [f"Prioriterad flagga vid svaret: {said}" for said in said_of(form, plan)]
    return ["Inget svar ger någon flagga. Ange risksvar med --risk LINKID=VÄRDE om något borde."]


def warned_of_risks(form: Questionnaire, plan: FormPlan) -> list[str]:
    """Return what is warned of: questions that look like one of risk, and have no answer that raises a flag."""
    return [
        f"Frågan {item.link_id} ser ut att gälla risk, men inget svar på den ger någon flagga: "
        f"{item.text.split(chr(10))[0][:80]} Ange risksvaret, {item.link_id}=VÄRDE"
        f" (på kommandoraden --risk {item.link_id}=VÄRDE)."
        for item in unnamed_risks(form, plan)[:_MOST_WARNINGS]
    ]


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


class _Row(NamedTuple):
    id: int
    form: str
    title: str
    questionnaire: str
    scales: str
    risks: str


_ROWS = f"SELECT {columns(_Row)} FROM installedform"


def installed_form(work: ReadTransaction, installed_id: int) -> Installed:
    """Return an installed form by its id."""
    return _installed(work.db.single(_Row, f"{_ROWS} WHERE id = :id", id=installed_id))


def newest_installed(work: ReadTransaction, unit_id: int | None, form: str) -> Installed | None:
    """Return the newest version that a unit has of a form, its own or every unit's; None where it has none."""
    row = work.db.one(
        _Row,
        f"{_ROWS} WHERE (unit_id = :unit OR unit_id IS NULL) AND form = :form ORDER BY id DESC LIMIT 1",
        unit=unit_id,
        form=form,
    )
    return _installed(row) if row else None


def installed_on(work: ReadTransaction, unit_id: int | None) -> dict[str, str]:
    """Return the unit's forms, id to title."""
    rows = work.db.pairs(
        "SELECT form, title FROM installedform WHERE unit_id = :unit OR unit_id IS NULL ORDER BY id", unit=unit_id
    )
    return dict(rows)


@lru_cache(maxsize=64)
def _installed(row: _Row) -> Installed:
    """Parse once; what is installed never changes."""
    plan = FormPlan(
        row.form,
        scales=tuple(scale_of(scale) for scale in json.loads(row.scales)),
        risks=tuple(RiskAnswer(**risk) for risk in json.loads(row.risks or "[]")),
    )
    return Installed(row.id, row.form, row.title, row.questionnaire, plan)
