"""Forms for the tests: made up, small, with something of everything that matters."""

import json
from typing import Any

from store.care.program_files import FormFile
from store.care.questionnaire.plan import DiaryRoles, FormKind, FormPlan, Schedule
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.scale import Band, RiskItem, Scale
from store.care.questionnaire.shape import Questionnaire

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def choice(link: str, *weights: float, text: str = "", **more: Any) -> dict[str, Any]:
    """A question whose choices count so: codes a, b, c …, texts A, B, C …"""
    return {
        "linkId": link,
        "text": text or f"Fråga {link}",
        "type": "choice",
        "answerOption": [
            {
                "extension": [{"url": ORDINAL, "valueDecimal": weight}],
                "valueCoding": {"code": chr(97 + place), "display": chr(65 + place)},
            }
            for place, weight in enumerate(weights)
        ],
        **more,
    }


def question(link: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link, "text": f"Fråga {link}", "type": kind, **more}


def file(*items: dict[str, Any], title: str = "Prov", **more: Any) -> str:
    """The text of a file with these items."""
    return json.dumps(
        {"resourceType": "Questionnaire", "status": "active", "title": title, "item": list(items), **more},
        ensure_ascii=False,
    )


def form(*items: dict[str, Any], **more: Any) -> Questionnaire:
    """The form that such a file holds; it has no faults."""
    read = read_questionnaire(file(*items, **more))
    assert not read.faults, read.faults
    assert read.questionnaire
    return read.questionnaire


MAENDE = file(
    *(choice(str(number), 0, 1, 2, 3, required=True) for number in (1, 2, 3)),
    choice("4", 0, 1, 2, 3),
    question("5", "text"),
    title="Mående",
)
SCALE = Scale(
    "Mående",
    ("1", "2", "3"),
    9,
    (Band(0, "lite"), Band(3, "en del"), Band(6, "mycket")),
    reliable_change=4,
    source="egna gränser",
    change_source="provat här",
    risks=(RiskItem("3", 1),),
)
DAGBOK = file(
    question("dag", "date", required=True),
    *(question(link, "time", required=True) for link in ("lade", "vaknade", "upp")),
    *(question(link, "integer", required=True) for link in ("somnade", "vaken")),
    question("kommentar", "text"),
    title="Dagbok",
)
UPPGIFT = file(question("text", "text", required=True), title="Uppgift")
FORMS = (
    FormFile("dagbok", "Dagbok", DAGBOK),
    FormFile("maende", "Mående", MAENDE),
    FormFile("uppgift", "Uppgift", UPPGIFT),
)
PLANS = (
    FormPlan(
        "maende", schedule=Schedule(at_start=True, every_days=7, at_end=True), scales=(SCALE,), caution="Ej validerat."
    ),
    FormPlan("uppgift", FormKind.HOMEWORK, module="mer"),
    FormPlan("dagbok", FormKind.DIARY, diary=DiaryRoles("dag", "lade", "somnade", "vaken", "vaknade", "upp")),
)
NIGHT = {"dag": "2026-03-02", "lade": "22:30", "somnade": 30, "vaken": 30, "vaknade": "06:00", "upp": "06:30"}


def given(*weights: float, **more: Any) -> str:
    """An answer to *Mående* by the weights of questions 1, 2, 3 …"""
    return json.dumps({str(number): weight for number, weight in enumerate(weights, 1)} | more)
