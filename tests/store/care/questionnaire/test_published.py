"""Published questionnaires, from beside the checkout: each is read and scored, or refused with its reason."""

import json
from pathlib import Path

import pytest

from store.care.installed_forms import form_to_install
from store.care.questionnaire.answers import read_answers
from store.care.questionnaire.instruments import recognised, scale_for
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.risks import unnamed_risks
from store.care.questionnaire.scoring import greatest, sum_of
from store.care.questionnaire.shape import Questionnaire
from store.care.questionnaire.weights import weights_of
from store.foundation.errors import Refused

FOLDER = Path(__file__).parents[5] / "shared/data/fhir"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published files are not beside the checkout")


def published(name: str) -> Questionnaire:
    found = read_questionnaire((FOLDER / f"{name}.json").read_bytes())
    assert found.questionnaire, found.faults
    return found.questionnaire


@pytest.mark.parametrize(
    ("name", "instrument", "maximum", "also"),
    [
        ("lforms_phq9_R4", "phq-9", 27, "/69722-7"),
        ("mii_phq-9_Questionnaire", "phq-9", 27, "PHQ-9.10"),
        ("lforms_argonaut_phq9ish_R4", "phq-9", 27, "g2.q1"),
        ("jmandel_audit", "audit-c", 12, "audit.q4"),
    ],
)
def test_a_known_instrument_is_told_and_scored(name: str, instrument: str, maximum: float, also: str) -> None:
    form = published(name)
    (found,) = recognised(form)
    scale, faults = scale_for(form, found, {})
    assert (found.id, faults) == (instrument, ())
    assert greatest(form, scale.items) == maximum == scale.maximum
    assert form.item(also)
    assert also not in scale.items


def test_gad_7_with_an_item_without_code_wants_it_mapped() -> None:
    form = published("jmandel_gad-7")
    (found,) = recognised(form)
    scale, faults = scale_for(form, found, {})
    assert faults == (
        "Ingen fråga i filen är märkt som fråga 6 i GAD-7 (LOINC 69689-8). Koppla den: --koppla LINKID=6.",
    )
    scale, faults = scale_for(form, found, {"gad7.matrix.q6": "6"})
    assert faults == ()
    assert greatest(form, scale.items) == 21
    assert weights_of(form.items[-1]) == (0, 1, 2, 3)  # the last question has weights and is not scored


def test_audit_is_40_and_may_be_skipped_through() -> None:
    form = published("jmandel_audit")
    ten = [f"audit.q{number}" for number in range(1, 11)]
    answers, faults = read_answers(form, dict.fromkeys(ten, 4))
    assert faults == ()
    assert sum_of(form, ten, answers) == (40, 40)
    sober, faults = read_answers(form, {"audit.q1": 0, **dict.fromkeys(ten[3:], 0)})
    assert faults == ()
    assert sum_of(form, ten, sober) == (0, 40)


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("jmandel_audit", "audit.totalScore"),
        ("jmandel_gad-7", "gad7.totalScore"),
        ("lforms_phq9_R4", "/44261-6"),
        ("lforms_argonaut_phq9ish_R4", "g1.s"),
    ],
)
def test_a_total_that_the_file_computes_or_hides_is_asked_of_nobody(name: str, link: str) -> None:
    form = published(name)
    item = form.item(link)
    assert item
    assert not item.is_put
    assert link in {fault.where for fault in read_questionnaire((FOLDER / f"{name}.json").read_bytes()).faults}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*_*.json")), ids=lambda path: path.stem)
def test_each_is_installed_or_refused_with_its_reason(path: Path) -> None:
    try:
        ready = form_to_install("publicerat", path.read_bytes())
    except Refused:
        return
    assert ready.said
    form = published(path.stem)
    risks = [item.link_id for item in unnamed_risks(form, ready.plan)]
    assert len(ready.warnings) == len(risks)
    assert ready.plan.has_risks or all("44260-8" not in dict(item.codes).values() for item in form.items)


def test_a_response_to_another_form_is_refused() -> None:
    response = json.loads((FOLDER / "mii_phq-9_QuestionnaireResponse.json").read_bytes())
    answers, faults = read_answers(published("mii_phq-9_Questionnaire"), response)
    assert answers == {}
    assert faults[0].message.startswith("Svaren hör till ett annat formulär: PHQ.1, PHQ.2")


def test_a_response_is_no_form() -> None:
    found = read_questionnaire((FOLDER / "mii_phq-9_QuestionnaireResponse.json").read_bytes())
    assert found.questionnaire is None
    assert "QuestionnaireResponse, inte ett formulär" in found.faults[0].message
