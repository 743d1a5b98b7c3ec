"""Scores, their bands and their changes; the scoring facts that are shipped."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.change import BETTER, NOT_RELIABLE, UNTRIED, WORSE, change_between, reliable_threshold
from store.care.questionnaire.instruments import Instrument, instruments, recognised, scale_for
from store.care.questionnaire.scale import Band, RiskItem, Scale, scale_of
from store.care.questionnaire.scoring import band_of, check_scale, figure, greatest, risks_in, score_of, sum_of
from store.care.questionnaire.shape import Questionnaire
from store.foundation.errors import Refused
from tests.forms import SCALE, choice, form, question

TEN = tuple(str(number) for number in range(1, 11))
PHQ = form(*(choice(link, 0, 1, 2, 3) for link in TEN))
"""Ten questions with weights, as PHQ-9 has them: the tenth is not scored."""
NINE = Scale("Nio", TEN[:9], 27)


def everything(weight: str) -> dict[str, tuple[str]]:
    return dict.fromkeys(TEN, (weight,))


def test_a_score_is_a_named_list_never_all() -> None:
    assert score_of(PHQ, NINE, everything("d")).value == 27
    assert greatest(PHQ, TEN) == 30
    assert check_scale(PHQ, NINE) == ()
    (fault,) = check_scale(PHQ, dataclasses.replace(NINE, maximum=30))
    assert fault == "Högsta poäng anges till 30, men frågorna ger högst 27."


def test_gad_7_is_21_and_not_24() -> None:
    eight = form(*(choice(link, 0, 1, 2, 3) for link in TEN[:8]))
    assert check_scale(eight, Scale("Sju", TEN[:7], 21)) == ()
    assert check_scale(eight, Scale("Sju", TEN[:7], 24)) == ("Högsta poäng anges till 24, men frågorna ger högst 21.",)


def test_audit_is_40() -> None:
    audit = form(*(choice(link, 0, 1, 2, 3, 4) for link in TEN[:8]), *(choice(link, 0, 2, 4) for link in TEN[8:]))
    assert sum_of(audit, TEN, everything("c")) == (24, 40)


def test_what_is_not_asked_counts_nothing_and_what_is_not_answered_stops_it() -> None:
    when = [{"question": "1", "operator": "=", "answerCoding": {"code": "b"}}]
    found = form(choice("1", 0, 1), choice("2", 0, 1, enableWhen=when))
    scale = Scale("Två", ("1", "2"), 2)
    assert score_of(found, scale, {"1": ("a",)}).value == 0
    unanswered = score_of(found, scale, {"1": ("b",)})
    assert unanswered.value is None
    assert "Fråga 2 är inte besvarad" in unanswered.why_not


def test_repeating_and_numbers_count() -> None:
    most = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10}]}
    found = form(choice("1", 0, 1, 2, repeats=True), question("2", "integer", **most))
    scale = Scale("Två", ("1", "2"), 13)
    assert check_scale(found, scale) == ()
    assert score_of(found, scale, {"1": ("b", "c"), "2": (7,)}).value == 10


@pytest.mark.parametrize(
    ("weights", "repeats", "most"),
    [((2, -1), True, 2), ((2, -1), False, 2), ((-1, -3), True, 0), ((-1, -3), False, -1), ((0, 0.5, 1), True, 1.5)],
)
def test_the_most_leaves_out_what_takes_away_where_it_need_not_be_chosen(
    weights: tuple[float, ...], repeats: bool, most: float
) -> None:
    found = form(choice("1", *weights, repeats=repeats))
    assert greatest(found, ["1"]) == most
    assert check_scale(found, Scale("Ett", ("1",), most)) == ()


def test_the_most_is_of_as_many_as_may_be_chosen_together() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/questionnaire-"
    two = choice("1", 1, 2, 3, repeats=True, extension=[{"url": f"{url}maxOccurs", "valueInteger": 2}])
    assert greatest(form(two), ["1"]) == 5
    alone = choice("1", 9, 2, 3, repeats=True)
    alone["answerOption"][0]["extension"].append({"url": f"{url}optionExclusive", "valueBoolean": True})
    assert greatest(form(alone), ["1"]) == 9


def test_a_factor_is_in_the_figure() -> None:
    found = form(*(choice(link, 0, 1, 2, 3, 4, 5) for link in TEN[:5]))
    who = Scale("Fem", TEN[:5], 100, (Band(0, "lågt"), Band(52, "gott")), factor=4, higher_is_worse=False)
    assert check_scale(found, who) == ()
    score = score_of(found, who, dict.fromkeys(TEN[:5], ("d",)))
    assert (score.value, score.band) == (60, "gott")


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (["1", "x"], "Frågan x finns inte"),
        (["1", "1"], "flera gånger"),
        (["5"], "saknar vikter"),
        (["6"], "saknar högsta värde"),
        (["2"], "Fråga 2 är inte besvarad"),
        ([], "Ange minst en fråga"),
    ],
)
def test_a_sum_says_what_hinders_it(links: list[str], said: str) -> None:
    found = form(choice("1", 0, 1), choice("2", 0, 1), question("5", "text"), question("6", "integer"))
    with pytest.raises(Refused, match=said):
        sum_of(found, links, {"1": ("a",)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"items": ("1", "x")}, "Frågan x finns inte"),
        ({"items": ("1", "1", "2", "3")}, "flera gånger"),
        ({"items": ("1", "2", "3", "5")}, "Fråga 5 saknar vikter"),
        ({"bands": (Band(3, "a"), Band(3, "b"))}, "stigande"),
        ({"bands": (Band(0, "a"), Band(10, "b"))}, "över högsta"),
        ({"risks": (RiskItem("3", 4),)}, "Riskfrågan 3 kan aldrig nå 4"),
        ({"risks": (RiskItem("y", 1),)}, "Frågan y finns inte"),
    ],
)
def test_a_scale_that_contradicts_its_form(change: dict[str, object], said: str) -> None:
    found = form(*(choice(link, 0, 1, 2, 3) for link in TEN[:4]), question("5", "text"))
    assert any(said in fault for fault in check_scale(found, dataclasses.replace(SCALE, **change)))  # type: ignore[arg-type]
    assert check_scale(found, SCALE) == ()


@pytest.mark.parametrize(
    ("value", "band"), [(0, "lite"), (2.9, "lite"), (3, "en del"), (5, "en del"), (6, "mycket"), (9, "mycket")]
)
def test_bands_at_each_border(value: float, band: str) -> None:
    assert band_of(SCALE, value) == band


def test_risks() -> None:
    found = form(*(choice(link, 0, 1, 2, 3) for link in TEN[:3]))
    assert risks_in(found, SCALE, {"3": ("b",)}) == ("3",)
    assert risks_in(found, SCALE, {"3": ("a",)}) == risks_in(found, SCALE, {}) == ()


def test_figures() -> None:
    assert [figure(value) for value in (16, 16.0, 2.5, 0)] == ["16", "16", "2,5", "0"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_a_score_lies_between_nothing_and_its_maximum(weights: list[list[int]], data: st.DataObject) -> None:
    found = form(*(choice(str(at), *one) for at, one in enumerate(weights)))
    links = tuple(item.link_id for item in found.items)
    answers = {item.link_id: (data.draw(st.sampled_from(item.choices)).key,) for item in found.items}
    score, most = sum_of(found, links, answers)
    assert 0 <= score <= most == sum(map(max, weights))


# Change


@pytest.mark.parametrize(
    ("sd", "reliability", "threshold"),
    [
        (7.5, 0.88, 7.20),  # Jacobson & Truax 1991, couples: SD 10 and r 0.88 give 9.60; three quarters of it here
        (10, 0.88, 9.60),
        (5.0, 0.84, 5.54),
        (0, 0.5, 0),
        (4, 1, 0),
    ],
)
def test_the_threshold_of_reliable_change(sd: float, reliability: float, threshold: float) -> None:
    assert reliable_threshold(sd, reliability) == pytest.approx(threshold, abs=0.01)


def test_what_is_no_deviation_or_reliability() -> None:
    for sd, reliability in ((-1, 0.5), (1, 1.5), (1, -0.1)):
        with pytest.raises(ValueError, match="reliability"):
            reliable_threshold(sd, reliability)


@pytest.mark.parametrize(
    ("before", "now", "verdict", "is_worse"),
    [
        (9, 16, WORSE, True),
        (9, 15, WORSE, True),
        (9, 14, NOT_RELIABLE, None),
        (15, 9, BETTER, False),
        (15, 10, NOT_RELIABLE, None),
        (9, 9, NOT_RELIABLE, None),
    ],
)
def test_the_verdict_at_phq_9s_border(before: float, now: float, verdict: str, is_worse: bool | None) -> None:
    scale = dataclasses.replace(NINE, reliable_change=6, change_source="manualen")
    change = change_between(scale, before, now)
    assert (change.amount, change.verdict, change.is_worse) == (now - before, verdict, is_worse)


def test_higher_may_be_better_and_a_threshold_may_be_missing() -> None:
    well = dataclasses.replace(NINE, reliable_change=10, higher_is_worse=False, change_source="manualen")
    assert change_between(well, 20, 40).verdict == BETTER
    assert change_between(well, 40, 20).is_worse is True
    assert change_between(NINE, 0, 27).verdict == ""


@pytest.mark.parametrize(
    ("now", "verdict", "is_worse"), [(15, UNTRIED, True), (14, "", None), (3, UNTRIED, False), (4, "", None)]
)
def test_a_limit_without_a_source_is_never_called_reliable(now: float, verdict: str, is_worse: bool | None) -> None:
    change = change_between(dataclasses.replace(NINE, reliable_change=6), 9, now)
    assert (change.verdict, change.is_worse, change.is_tried) == (verdict, is_worse, False)


# Known instruments


def with_codes(instrument: Instrument, most: int, *without: int) -> Questionnaire:
    """A form of a unit's own that carries the instrument's codes, some left out."""
    items = []
    for number, code in enumerate(instrument.codes, 1):
        codes = [] if number in without or not code else [{"system": "http://loinc.org", "code": code}]
        items.append(choice(f"q{number}", *range(most + 1), code=codes))
    return form(*items)


KNOWN = {one.id: one for one in instruments()}


def test_these_are_known_with_these_maxima_and_sources() -> None:
    assert {name: one.scale.maximum for name, one in KNOWN.items()} == {
        "phq-9": 27,
        "gad-7": 21,
        "audit": 40,
        "audit-c": 12,
        "isi": 28,
        "who-5": 100,
        "epds": 30,
    }
    for one in KNOWN.values():
        assert one.scale.source
        assert one.scale.threshold
        borders = [band.at_least for band in one.scale.bands]
        assert borders == sorted(set(borders))
        assert borders[0] == 0
        assert one.scale.published
        assert (one.scale.reliable_change is None) is not bool(one.scale.change_source)
    assert [risk.link_id for risk in KNOWN["phq-9"].scale.risks] == ["9"]
    assert [risk.link_id for risk in KNOWN["epds"].scale.risks] == ["10"]
    assert [KNOWN[name].scale.reliable_change for name in ("phq-9", "gad-7")] == [6, 4]


@pytest.mark.parametrize(
    ("name", "value", "band"),
    [
        *(
            ("phq-9", value, band)
            for value, band in (
                (4, "minimala"),
                (5, "lindriga"),
                (10, "medelsvåra"),
                (15, "medelsvåra till svåra"),
                (20, "svåra"),
            )
        ),
        *(("gad-7", value, band) for value, band in ((4, "minimal"), (5, "lindrig"), (10, "medelsvår"), (15, "svår"))),
        *(("audit", value, band) for value, band in ((7, "låg"), (8, "riskbruk"), (16, "skadligt"), (20, "möjligt"))),
        *(
            ("audit-c", value, band)
            for value, band in (
                (2, "under"),
                (3, "vid eller över gränsen för kvinnor"),
                (4, "vid eller över gränsen för kvinnor och män"),
            )
        ),
        *(
            ("isi", value, band)
            for value, band in ((7, "ingen"), (8, "insomni under"), (15, "medelsvår"), (22, "svår"))
        ),
        *(("who-5", value, band) for value, band in ((28, "mycket lågt"), (32, "lågt"), (48, "lågt"), (52, "gott"))),
        *(("epds", value, band) for value, band in ((9, "under"), (10, "möjlig"), (12, "möjlig"), (13, "trolig"))),
    ],
)
def test_shipped_bands_at_each_border(name: str, value: float, band: str) -> None:
    assert band_of(KNOWN[name].scale, value).startswith(band)


def test_codes_tell_an_instrument() -> None:
    found = with_codes(KNOWN["phq-9"], 3)
    assert [one.id for one in recognised(found)] == ["phq-9"]
    scale, faults = scale_for(found, KNOWN["phq-9"], {})
    assert (scale.items, faults) == (tuple(f"q{number}" for number in range(1, 10)), ())
    assert scale.risks == (RiskItem("q9", 1),)


def test_an_item_without_code_is_named_and_can_be_mapped() -> None:
    found = with_codes(KNOWN["gad-7"], 3, 6)
    _, faults = scale_for(found, KNOWN["gad-7"], {})
    assert faults == (
        "Ingen fråga i filen är märkt som fråga 6 i GAD-7 (LOINC 69689-8). Koppla den: --koppla LINKID=6.",
    )
    for target in ("6", "69689-8"):
        scale, faults = scale_for(found, KNOWN["gad-7"], {"q6": target})
        assert (faults, scale.items[5]) == ((), "q6")
    _, faults = scale_for(found, KNOWN["gad-7"], {"q66": "8"})
    assert "Frågan q66 finns inte i filen." in faults
    assert "8 är ingen fråga i GAD-7. Ange ett nummer från 1 till 7." in faults


def test_an_instrument_whose_codes_are_unknown_is_mapped_whole() -> None:
    found = with_codes(KNOWN["epds"], 3)
    assert recognised(found) == ()
    _, faults = scale_for(found, KNOWN["epds"], {})
    assert len(faults) == 10
    scale, faults = scale_for(found, KNOWN["epds"], {f"q{number}": str(number) for number in range(1, 11)})
    assert faults == ()
    assert score_of(found, scale, {f"q{number}": ("d",) for number in range(1, 11)}).value == 30


def test_other_weights_than_the_instruments_are_caught() -> None:
    found = with_codes(KNOWN["phq-9"], 4)
    assert scale_for(found, KNOWN["phq-9"], {})[1] == ("Högsta poäng anges till 27, men frågorna ger högst 36.",)


def test_a_scale_survives_being_stored() -> None:
    for one in KNOWN.values():
        assert scale_of(json.loads(json.dumps(dataclasses.asdict(one.scale)))) == one.scale
