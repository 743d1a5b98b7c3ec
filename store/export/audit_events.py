"""The access log for a region's log system: FHIR R4 AuditEvent, one a line (docs/audit-event.md)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.export.fhir_resources import HSA_ID, PERSONNUMMER, SAMORDNINGSNUMMER
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import iso_local, local
from store.foundation.errors import Refused
from store.foundation.identity import PersonalNumber
from store.foundation.log import DENIED
from store.foundation.log_reading import LogRow, each_row
from store.foundation.operation import OPERATIONS, operation
from store.foundation.progress import Progress, untold
from store.foundation.read_transaction import ReadTransaction
from store.people.personnel import declare_all

NO_UNIT = "utan-enhet"
OURS = "https://sob-tui.invalid/fhir"
"""What the code systems of ours begin with: they are described in docs/audit-event.md and nowhere else."""
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_HL7 = "http://terminology.hl7.org/CodeSystem"
_ACTIONS = {
    Action.READ: "R",
    Action.LISTED: "R",
    Action.CHANGED: "U",
    Action.SENT: "E",
    Action.COPIED: "R",
    Action.PRINTED: "R",
    Action.EXPORTED: "R",
    Action.IMPORTED: "C",
    Action.PURGED: "D",
}
_SUCCESS, _REFUSED = "0", "4"
_TOGETHER = 2000


class Between(NamedTuple):
    """From which checkpoint to which: the rows after the one, up to the other."""

    after: Checkpoint | None
    """None for the log's beginning."""
    until: Checkpoint

    def has(self, row: LogRow) -> bool:
        """Whether a row is between them."""
        number = row.chain_number or 0
        return _reached(self.after, row.chain) < number <= _reached(self.until, row.chain)


def _reached(checkpoint: Checkpoint | None, chain: str) -> int:
    return 0 if checkpoint is None else next((head.number for name, head in checkpoint.chains if name == chain), 0)


def between(checkpoints: tuple[Checkpoint, ...], after: str | None) -> Between:
    """Return what is to be exported: from a checkpoint, named by its time, to the newest.

    Raises:
        Refused: there is no checkpoint, or none of that time.
    """
    if not checkpoints:
        raise Refused(
            "Det finns ingen kontrollpunkt än: loggen lämnas ut till och med den nyaste. Kör sob dygn först, för "
            "övningsmiljön med --kontrollpunkter FIL."
        )
    if after is None:
        return Between(None, checkpoints[-1])
    found = [one for one in checkpoints if iso_local(one.at) == after]
    if not found:
        newest = iso_local(checkpoints[-1].at)
        raise Refused(f"Ingen kontrollpunkt är skriven {after}. Den nyaste är {newest}.", field="fran")
    return Between(found[-1], checkpoints[-1])


@operation(
    "Lämna ut loggen till ett loggsystem", may={Standing.OPERATOR}, action=Action.EXPORTED, category=DataCategory.LOG
)
def export_log(work: ReadTransaction, rows: Between, file: str) -> None:
    """Say in the log that rows of it are given to another log system; whose they are stands in both."""
    since = "början" if rows.after is None else iso_local(rows.after.at)
    work.log(Action.EXPORTED, details=f"loggen från {since} till {iso_local(rows.until.at)}, fil {Path(file).name}")


def lines_of(work: ReadTransaction, rows: Between, progress: Progress = untold) -> Iterator[str]:
    """Yield a line for each row between two checkpoints."""
    declare_all()  # what an operation does is told in words
    total = int(work.db.value("SELECT count(*) FROM log"))
    for done, row in enumerate(each_row(work.db, work.keys)):
        if done % _TOGETHER == 0:
            progress(done, total)
        if rows.has(row):
            yield json.dumps(audit_event(row), ensure_ascii=False)


def audit_event(row: LogRow) -> dict[str, Any]:
    """Return a row as an AuditEvent."""
    declared = OPERATIONS.get(row.operation)
    about = "110110" if row.personnummer else "110100"
    found = {
        "resourceType": "AuditEvent",
        "id": f"{row.chain.replace('/', '.') or NO_UNIT}.{row.chain_number}",
        "type": {
            "system": _DICOM,
            "code": about,
            "display": "Patient Record" if row.personnummer else "Application Activity",
        },
        "subtype": [
            {"system": f"{OURS}/operation", "code": row.operation, "display": declared.text if declared else None},
            {"system": f"{OURS}/action", "code": row.action},
        ],
        "action": _ACTIONS[Action(row.action)],
        "recorded": local(row.at).isoformat(timespec="milliseconds"),
        "outcome": _REFUSED if row.outcome == DENIED else _SUCCESS,
        "outcomeDesc": row.reason,
        "purposeOfEvent": [{"text": row.ground}] if row.ground else None,
        "agent": [
            {
                "type": {"text": row.actor_kind},
                "role": [{"text": row.acted_as}] if row.acted_as else None,
                "who": {"identifier": _hsa(row.actor_hsa_id)} if row.actor_hsa_id else None,
                "name": row.actor_name,
                "requestor": True,
            }
        ],
        "source": {
            "site": row.unit_hsa_id,
            "observer": {"identifier": _hsa(row.provider_hsa_id)} if row.provider_hsa_id else {"display": "sob-tui"},
            "type": [{"system": f"{OURS}/origin", "code": row.origin}] if row.origin else None,
        },
        "entity": [*_resident(row), *_thing(row)],
    }
    return dict(_without_nothing(found))


def _hsa(value: str) -> dict[str, str]:
    return {"system": HSA_ID, "value": value}


def _resident(row: LogRow) -> Iterator[dict[str, Any]]:
    if row.personnummer:
        is_number = row.personnummer.isdigit() and len(row.personnummer) == 12
        system = SAMORDNINGSNUMMER if is_number and PersonalNumber(row.personnummer).is_coordination else PERSONNUMMER
        identifier = {"system": system, "value": row.personnummer} if is_number else {"value": row.personnummer}
        yield {
            "what": {"identifier": identifier},
            "type": {"system": f"{_HL7}/audit-entity-type", "code": "1", "display": "Person"},
            "role": {"system": f"{_HL7}/object-role", "code": "1", "display": "Patient"},
            "name": row.resident_name,
        }


def _thing(row: LogRow) -> Iterator[dict[str, Any]]:
    if row.thing_id or row.category:
        yield {
            "what": {"identifier": {"system": f"{OURS}/{row.thing_kind or 'thing'}", "value": row.thing_id}}
            if row.thing_id
            else {"display": row.category},
            "type": {"system": f"{_HL7}/audit-entity-type", "code": "2", "display": "System Object"},
            "description": row.category,
        }


def _without_nothing(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that say something: FHIR knows no empty text and no null."""
    for name, value in fields.items():
        kept = _kept(value)
        if kept not in (None, "", [], {}):
            yield name, kept


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(_without_nothing(value))
    return [_kept(one) for one in value] if isinstance(value, list) else value
