"""A moment as FHIR R4 resources. Their ids are made for the export alone; every reference is to one that came before.

Systems: personnummer and samordningsnummer as Inera has them (twelve digits), HSA-id under its OID. No Consent: what an
export rests on is asked of whoever exports, and stands as recipient and purpose in the unit's `meta.tag`.
"""

import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

from store.care.export_choice import Identity
from store.care.forms import Form
from store.care.moments import MomentStatus
from store.export.fhir_forms import questionnaire, response_items
from store.export.records import About, Answered, Exported, PlanRow
from store.export.words import at_text, clinician_name, part_of

Resource = dict[str, Any]
Refer = Callable[[str, str], str]
"""Makes a reference of a resource's type and id."""

PERSONNUMMER = "http://electronichealth.se/identifier/personnummer"
SAMORDNINGSNUMMER = "http://electronichealth.se/identifier/samordningsnummer"
HSA_ID = "urn:oid:1.2.752.29.4.19"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
OWN = "urn:sob-tui:export"
"""Our own codes' system."""
_GENDERS = {"man": "male", "kvinna": "female"}


class Resources:
    """Makes the resources of an export, each of the shared ones once."""

    def __init__(self, about: About, refer: Refer) -> None:
        """Make resources of the export `about`; they refer to each other by what `refer` returns."""
        self._about = about
        self._refer = refer
        self._space = os.urandom(16)
        self._made: set[str] = set()

    def first(self) -> Iterator[Resource]:
        """Yield what all moments share: the care provider and the unit, which says what the export is."""
        unit, choice = self._about.unit, self._about.choice
        yield self._new("Organization", "provider") | {
            "identifier": [{"system": HSA_ID, "value": unit.provider_hsa_id}],
            "name": unit.provider_name,
        }
        told = {
            "mottagare": choice.recipient,
            "andamal": choice.purpose,
            "identitet": choice.identity.value,
            "exporterat": at_text(self._about.at),
        }
        yield self._new("Organization", "unit") | {
            "meta": {"tag": [{"system": f"{OWN}:{name}", "display": value} for name, value in told.items()]},
            "identifier": [{"system": HSA_ID, "value": unit.hsa_id}],
            "name": unit.name,
            "partOf": self._to("Organization", "provider"),
        }

    def of(self, exported: Exported) -> Iterator[Resource]:
        """Yield a moment's resources; of a protected resident all say so."""
        security = _security(exported.who.protection)
        for resource in self._shared(exported):
            yield resource
        for resource in self._own(exported):
            if security:
                resource["meta"] = {"security": security}
            yield resource

    def _new(self, kind: str, key: object) -> Resource:
        return {"resourceType": kind, "id": self._id(kind, key)}

    def _id(self, kind: str, key: object) -> str:
        """Return an id that tells nothing: a UUID of our own making (RFC 9562, version 8), half the time of `uuid5`."""
        code = blake2b(f"{kind}/{key}".encode(), key=self._space, digest_size=16).hexdigest()
        return f"{code[:8]}-{code[8:12]}-8{code[13:16]}-a{code[17:20]}-{code[20:]}"

    def _to(self, kind: str, key: object) -> dict[str, str]:
        return {"reference": self._refer(kind, self._id(kind, key))}

    def _is_first(self, key: str) -> bool:
        """Whether something shared comes for the first time."""
        if key in self._made:
            return False
        self._made.add(key)
        return True

    def _shared(self, exported: Exported) -> Iterator[Resource]:
        """Yield the clinician and the forms, where they have not come before."""
        row = exported.row
        if self._is_first(f"Practitioner/{row.clinician_hsa_id}"):
            practitioner = self._new("Practitioner", row.clinician_hsa_id) | {
                "identifier": [{"system": HSA_ID, "value": row.clinician_hsa_id}],
                "name": [{"text": clinician_name(row)}],
            }
            if row.clinician_protection:
                practitioner["meta"] = {"security": _security(row.clinician_protection)}
            yield practitioner
            yield self._new("PractitionerRole", row.clinician_hsa_id) | {
                "practitioner": self._to("Practitioner", row.clinician_hsa_id),
                "organization": self._to("Organization", "unit"),
                "code": [{"text": "behandlare"}],
            }
        for one in exported.answers:
            key = _form_key(row.version_id, one.form)
            if self._is_first(f"Questionnaire/{key}"):
                yield self._new("Questionnaire", key) | {
                    "url": f"urn:uuid:{self._id('Questionnaire', key)}",
                    **questionnaire(one.form),
                }

    def _own(self, exported: Exported) -> Iterator[Resource]:
        """Yield what is about the resident."""
        yield from self._patient(exported)
        yield self._treatment(exported)
        yield from self._plans(exported)
        for one in exported.answers:
            yield from self._answered(exported, one)
        yield from self._messages(exported)
        yield from self._flags(exported)

    def _who(self, exported: Exported) -> str:
        """Return by what a resident is told apart: with sex and age alone, nobody's moments are tied together."""
        if self._about.choice.identity is Identity.SEX_AND_AGE:
            return f"moment {exported.number}"
        return f"resident {exported.row.resident_id}"

    def _patient(self, exported: Exported) -> Iterator[Resource]:
        key, who = self._who(exported), exported.who
        if exported.linked and not self._is_first(f"Patient/{key}"):  # who has one moment comes once
            return
        patient = self._new("Patient", key) | {"managingOrganization": self._to("Organization", "unit")}
        if self._about.choice.identity is Identity.PSEUDONYM:
            patient["identifier"] = [{"system": f"{OWN}:pseudonym", "value": who.number}]
        elif who.number:
            system = SAMORDNINGSNUMMER if who.is_coordination else PERSONNUMMER
            patient["identifier"] = [{"system": system, "value": who.number}]
            patient["name"] = [{"family": who.last_name, "given": [who.first_name]}]
        if who.sex:
            patient["gender"] = _GENDERS[who.sex]
        if who.birth_date is not None:
            patient["birthDate"] = who.birth_date.isoformat()
        yield patient

    def _treatment(self, exported: Exported) -> Resource:
        row, version = exported.row, self._about.versions[exported.row.version_id]
        found = self._new("CarePlan", exported.number) | {
            "status": "completed" if row.status == MomentStatus.ENDED else "active",
            "intent": "plan",
            "category": [{"coding": [{"system": f"{OWN}:program", "code": version.program, "display": version.title}]}],
            "title": f"{version.title} {version.version}",
            "subject": self._to("Patient", self._who(exported)),
            "period": _period(row.started_at, row.ended_at),
            "author": self._to("PractitionerRole", row.clinician_hsa_id),
        }
        notes = [f"Status: {row.status}"]
        notes += [f"Avslutningsorsak: {row.end_reason}"] if row.end_reason else []
        notes += [f"Ålder vid start: {exported.who.age}"] if exported.who.age is not None else []
        notes += [f"Kopplat moment: {one.title}, {one.status}, {at_text(one.started_at)}" for one in exported.linked]
        found["note"] = [{"text": note} for note in notes]
        if exported.events:
            told = [{"time": at_text(one.at), "text": f"{one.kind} {part_of(one)}"} for one in exported.events]
            found["activity"] = [{"progress": told}]
        return found

    def _plans(self, exported: Exported) -> Iterator[Resource]:
        for plan in exported.plans:
            yield self._new("CarePlan", f"plan {plan.id}") | {
                "status": "completed" if plan.ended_at else "active",
                "intent": "plan",
                "title": plan.title,
                "subject": self._to("Patient", self._who(exported)),
                "period": _period(plan.made_at, plan.ended_at),
                "partOf": [self._to("CarePlan", exported.number)],
            }
            yield from self._tasks(exported, plan)

    def _tasks(self, exported: Exported, plan: PlanRow) -> Iterator[Resource]:
        for one in exported.activities:
            if one.plan_id != plan.id:
                continue
            task = self._new("Task", one.id) | {
                "status": "cancelled" if one.removed_on else "completed" if plan.ended_at else "in-progress",
                "intent": "plan",
                "description": one.description,
                "for": self._to("Patient", self._who(exported)),
                "basedOn": [self._to("CarePlan", f"plan {plan.id}")],
                "executionPeriod": {"start": one.starts_on},
            }
            marks = [mark for mark in exported.marks if mark.activity_id == one.id]
            if marks:
                task["output"] = [
                    {"type": {"text": "gjord" if mark.done else "inte gjord"}, "valueDate": mark.day} for mark in marks
                ]
            if notes := [{"text": f"{mark.day}: {mark.note}"} for mark in marks if mark.note]:
                task["note"] = notes
            yield task

    def _answered(self, exported: Exported, one: Answered) -> Iterator[Resource]:
        patient, at = self._to("Patient", self._who(exported)), at_text(one.saved_at)
        form = self._id("Questionnaire", _form_key(exported.row.version_id, one.form))
        response = self._new("QuestionnaireResponse", one.id) | {
            "questionnaire": f"urn:uuid:{form}",
            "status": "completed",
            "basedOn": [self._to("CarePlan", exported.number)],
            "subject": patient,
            "authored": at,
        }
        if items := response_items(one):
            response["item"] = items
        yield response
        for place, (scale, score) in enumerate(one.scores):
            found = self._new("Observation", f"{one.id} {place}") | {
                "status": "final",
                "category": [{"text": "matbatteri" if one.is_battery else "ovriga"}],
                "code": {"text": scale.title},
                "subject": patient,
                "effectiveDateTime": at,
                "derivedFrom": [self._to("QuestionnaireResponse", one.id)],
            }
            if score.value is None:
                found["dataAbsentReason"] = {"text": score.why_not}
            else:
                found["valueQuantity"] = {"value": score.value, "system": UCUM, "code": "{score}"}
            if score.band:
                found["interpretation"] = [{"text": scale.level(score.band)}]
            yield found

    def _messages(self, exported: Exported) -> Iterator[Resource]:
        patient = self._to("Patient", self._who(exported))
        clinician = self._to("PractitionerRole", exported.row.clinician_hsa_id)
        for one in exported.messages:
            is_residents = one.sender == "invanare"
            found = self._new("Communication", one.id) | {
                "status": "completed",
                "basedOn": [self._to("CarePlan", exported.number)],
                "subject": patient,
                "sent": at_text(one.sent_at),
                "sender": patient if is_residents else self._to("Organization", "unit"),
                "recipient": [clinician if is_residents else patient],
            }
            if one.read_at:
                found["received"] = at_text(one.read_at)
            yield found

    def _flags(self, exported: Exported) -> Iterator[Resource]:
        for one in exported.flags:
            yield self._new("Flag", one.id) | {
                "status": "inactive" if one.handled_at else "active",
                "category": [{"text": one.severity}],
                "code": {"text": one.kind},
                "subject": self._to("Patient", self._who(exported)),
                "period": _period(one.raised_at, one.handled_at),
                "author": self._to("Organization", "unit"),
            }


def _form_key(version: int, form: Form) -> str:
    return f"{form.id} {version}" if form.installed_id is None else f"{form.id} installed {form.installed_id}"


def _period(start: int, end: int | None) -> dict[str, str]:
    return {"start": at_text(start)} | ({} if end is None else {"end": at_text(end)})


def _security(protection: str) -> list[dict[str, str]]:
    """Return what a protected person's resources say."""
    if not protection:
        return []
    return [
        {"system": CONFIDENTIALITY, "code": "V", "display": "very restricted"},
        {"system": f"{OWN}:skydd", "code": protection},
    ]
