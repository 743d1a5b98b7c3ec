"""The graph and the journalunderlag."""

import json
from datetime import date

import pytest

from store.care.endings import end_moment
from store.care.modules import open_module, read_step
from store.care.switching import switch_clinician
from store.foundation.errors import Refused
from store.views.form_graph import open_graph
from store.views.journal import copy_journal, day_given, read_journal
from tests import forms
from tests.clinics import ADULT, CHILD, COLLEAGUE, Clinic
from tests.forms import NIGHT, SCALE
from tests.store.letters import send, write


def lived(clinic: Clinic) -> int:
    """A moment with three measurements, a diary row, a module opened, a step read, a switch with a message."""
    moment = clinic.start(program="prov")
    for day, weights in ((3, (1, 1, 0)), (10, (1, 1, 1)), (17, (3, 3, 1))):
        clinic.clock.set(2026, 3, day, 12)
        clinic.answer(moment, forms.given(*weights))
    clinic.answer(moment, json.dumps(NIGHT), "dagbok")
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "hej")
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
        switch_clinician(work, moment, COLLEAGUE, message="Hej!")
    return moment


def test_a_series_for_each_score_and_marks_of_what_else_happened(clinic: Clinic) -> None:
    moment = lived(clinic)
    clinic.clock.set(2026, 3, 20, 12)
    with clinic.store.read(clinic.colleague) as work:
        graph = open_graph(work, moment)
    (series,) = graph.series
    assert (series.title, series.maximum) == ("Mående", 9)
    assert series.bands == tuple((band.at_least, band.text) for band in SCALE.bands)
    assert [point.value for point in series.points] == [2, 3, 7]
    assert [(mark.kind, mark.text) for mark in graph.marks if mark.kind != "meddelande"] == [
        ("modul", "Start"),
        ("modul", "Mer"),
        ("behandlare", "Byte av behandlare"),
    ]
    assert sum(mark.kind == "meddelande" for mark in graph.marks) == 1
    assert graph.until == clinic.clock()


def test_the_text_for_the_record(clinic: Clinic) -> None:
    moment = lived(clinic)
    clinic.clock.set(2026, 3, 20, 12)
    with clinic.store.read(clinic.colleague) as work:
        text = read_journal(work, moment).text
    assert text == (
        "Stöd och behandling (1177): Ångest – prov\n"
        "Period: 2026-03-02–2026-03-20, behandlingsvecka 1–3\n"
        "Pågående. Startat 2026-03-02.\n"
        "Ansvarig behandlare: Kim T1colleague. Invånaren senast aktiv: 2026-03-17.\n"
        "\n"
        "RISKSVAR\n"
        "2026-03-10 Mående. Fråga 3: B\n"
        "  Ohanterad.\n"
        "2026-03-17 Mående. Fråga 3: B\n"
        "  Ohanterad.\n"
        "\n"
        "KONTAKTER\n"
        "2026-03-17 Meddelande från Kim T1clinician\n"
        "\n"
        "FLAGGOR\n"
        "Inga under perioden.\n"
        "\n"
        "FORMULÄR\n"
        "2026-03-17 Mående (besvarat 3 gånger under perioden, det senaste här)\n"
        "  7 av 9, egen nivå: mycket (egna gränser)\n"
        "  +5 sedan första (2026-03-03): pålitlig försämring\n"
        "  +4 sedan förra (2026-03-10): pålitlig försämring\n"
        "  Ej validerat.\n"
        "Dagbok. 1 natt: sömn i snitt 6 h 30 min, sömneffektivitet 81 %.\n"
        "\n"
        "PLANER\n"
        "Inga under perioden.\n"
        "\n"
        "MODULER\n"
        "Börja här: läst 1 av 2 steg\n"
        "\n"
        "MOMENTET\n"
        "2026-03-17 Ny ansvarig behandlare: Kim T1colleague, bytt av Kim T1clinician\n"
    )
    assert ADULT not in text
    assert "Berg" not in text


def test_a_period_of_it(clinic: Clinic) -> None:
    moment = lived(clinic)
    with clinic.store.read(clinic.admin) as work:
        text = read_journal(work, moment, date(2026, 3, 10), date(2026, 3, 12)).text
    assert "Period: 2026-03-10–2026-03-12, behandlingsvecka 2\n" in text
    assert "2026-03-10 Mående\n" in text
    assert "besvarat" not in text
    assert text.count("  Ohanterad.") == 2, "the one of the tenth, and the one that is later: nobody has acted"
    with pytest.raises(Refused, match="slutar innan den börjar"), clinic.store.read(clinic.admin) as work:
        read_journal(work, moment, date(2026, 3, 10), date(2026, 3, 9))


def test_an_ended_moments_text_says_so_and_names_what_is_missing(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 20, 12)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart")
    with clinic.store.read(clinic.clinician) as work:
        text = read_journal(work, moment).text
    assert "Avslutat. Startat 2026-03-02, avslutat 2026-03-20: Klart." in text
    assert "Mående: saknas för 2026-03-02, 2026-03-09, 2026-03-16." in text


def test_the_residents_messages_stand_there_without_a_name(clinic: Clinic) -> None:
    moment, proxied = clinic.start(program="prov"), clinic.start(CHILD, "prov")
    write(clinic, moment, "Hemligt")
    write(clinic, proxied, number=CHILD)
    clinic.clock.set(2026, 3, 3, 12)
    send(clinic, moment)
    with clinic.store.read(clinic.clinician) as work:
        text, of_child = read_journal(work, moment).text, read_journal(work, proxied).text
    assert "\n2026-03-02 Meddelande från invånaren\n" in text
    assert f"\n2026-03-03 Meddelande från {clinic.clinician.name}\n" in text
    assert "\n2026-03-02 Meddelande från ombud\n" in of_child
    assert not [word for word in ("Berg", "Åsa", "Ulla", "Hemligt") if word in text + of_child]


def test_copying_is_logged_as_copied(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.read(clinic.clinician) as work:
        copy_journal(work, moment)
    assert clinic.value("SELECT action FROM log WHERE operation = 'copy_journal'") == "kopierade"


def test_days_as_they_are_typed() -> None:
    assert day_given(" 2026-11-22 ", "fran") == date(2026, 11, 22)
    assert day_given("  ", "fran") is None
    with pytest.raises(Refused, match=r"22/11 är inget datum. Skriv år, månad och dag så här: 2026-11-22.") as refusal:
        day_given("22/11", "fran")
    assert refusal.value.field == "fran"
