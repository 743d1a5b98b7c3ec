"""Modules and steps: opened, hidden, read (domain.md §4)."""

import json

import pytest

from store.care.modules import hide_module, open_module, read_step, readable_steps, show_module
from store.care.moments import load_moment
from store.care.programs import program_of
from store.foundation.errors import Refused
from store.views.moment import MomentPage, refresh_moment
from tests.clinics import CHILD, Clinic


@pytest.fixture
def moment(clinic: Clinic) -> int:
    """A moment of the small program: `start` is open, `mer` is not."""
    return clinic.start(program="prov")


def as_clinician(clinic: Clinic, act: object, *arguments: object) -> None:
    with clinic.store.work(clinic.clinician) as work:
        act(work, *arguments)  # type: ignore[operator]


def as_resident(clinic: Clinic, moment: int, step: str) -> None:
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, step)


def readable(clinic: Clinic, moment: int) -> list[str]:
    with clinic.store.read(clinic.clinician) as work:
        here = load_moment(work, moment)
        return readable_steps(work, here, program_of(work.db, here.version_id))


def page(clinic: Clinic, moment: int) -> MomentPage:
    with clinic.store.read(clinic.clinician) as work:
        return refresh_moment(work, moment)


def test_a_module_is_opened_once(clinic: Clinic, moment: int) -> None:
    assert readable(clinic, moment) == ["hej", "sen"]
    as_clinician(clinic, open_module, moment, "mer")
    assert readable(clinic, moment) == ["hej", "sen", "a", "b", "c"]
    with pytest.raises(Refused, match="Modulen Mer är redan öppnad") as error:
        as_clinician(clinic, open_module, moment, "mer")
    assert error.value.field == "modul"
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'modul-oppnad'") == 1


@pytest.mark.parametrize("module", ["nonsens", "ett", "hej", ""])
def test_a_module_that_the_program_has_not(clinic: Clinic, moment: int, module: str) -> None:
    with pytest.raises(Refused, match=r"finns inte i Ångest – prov\. Modulerna är: start, mer") as error:
        as_clinician(clinic, open_module, moment, module)
    assert error.value.field == "modul"


def test_a_section_or_a_module_is_hidden_and_shown_again(clinic: Clinic, moment: int) -> None:
    as_clinician(clinic, open_module, moment, "mer")
    as_clinician(clinic, hide_module, moment, "ett")
    assert readable(clinic, moment) == ["hej", "sen", "c"]
    as_clinician(clinic, hide_module, moment, "mer")
    assert readable(clinic, moment) == ["hej", "sen"]
    as_clinician(clinic, show_module, moment, "mer")
    assert readable(clinic, moment) == ["hej", "sen", "c"]
    with pytest.raises(Refused, match="Ett är redan dolt"):
        as_clinician(clinic, hide_module, moment, "ett")
    as_clinician(clinic, show_module, moment, "ett")
    assert readable(clinic, moment) == ["hej", "sen", "a", "b", "c"]
    with pytest.raises(Refused, match="Ett visas redan"):
        as_clinician(clinic, show_module, moment, "ett")
    kinds = clinic.rows("SELECT kind, facts FROM event WHERE kind LIKE 'modul-%' ORDER BY at, seq")
    assert [(kind, json.loads(facts)["module"]) for kind, facts in kinds] == [
        ("modul-oppnad", "mer"),
        ("modul-dold", "ett"),
        ("modul-dold", "mer"),
        ("modul-visad", "mer"),
        ("modul-visad", "ett"),
    ]


def test_another_moment_of_the_same_program_keeps_its_own(filed: Clinic) -> None:
    first, second = filed.start(program="prov"), filed.start(program="prov", confirmed=True)
    for moment in (first, second):
        as_clinician(filed, open_module, moment, "mer")
        as_clinician(filed, hide_module, moment, "ett")
    as_clinician(filed, show_module, first, "ett")
    as_resident(filed, first, "a")
    assert (readable(filed, first), readable(filed, second)) == (["hej", "sen", "a", "b", "c"], ["hej", "sen", "c"])
    assert [part.read for part in page(filed, second).modules] == [0, 0]
    assert filed.value("SELECT last_active_at FROM moment WHERE id = :id", id=second) is None


def test_a_module_that_grows_by_what_is_shown_again_is_finished_once(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    as_clinician(filed, open_module, moment, "mer")
    as_clinician(filed, hide_module, moment, "tva")
    flags = "SELECT reason, handled_at, note FROM flag"
    as_resident(filed, moment, "a")
    assert filed.rows(flags) == []
    as_resident(filed, moment, "b")
    finished = [("Modulen Mer är klar", None, "")]
    assert filed.rows(flags) == finished
    as_clinician(filed, show_module, moment, "tva")
    as_resident(filed, moment, "c")
    assert filed.rows(flags) == finished


def test_what_is_not_open_cannot_be_hidden(clinic: Clinic, moment: int) -> None:
    for part in ("mer", "tva"):
        with pytest.raises(Refused, match="Modulen Mer är inte öppnad än"):
            as_clinician(clinic, hide_module, moment, part)
    with pytest.raises(Refused, match="finns inte"):
        as_clinician(clinic, hide_module, moment, "nonsens")


def test_a_read_step_is_marked_and_the_resident_is_active(clinic: Clinic, moment: int) -> None:
    clinic.clock.set(2026, 3, 4, 5)
    as_resident(clinic, moment, "hej")
    first = clinic.clock.now
    clinic.clock.set(2026, 3, 9, 5)
    as_resident(clinic, moment, "hej")
    seen = page(clinic, moment)
    assert [(step.id, step.read_at) for step in seen.modules[0].steps] == [("hej", first), ("sen", None)]
    assert (seen.last_active_at, seen.modules[0].read) == (clinic.clock.now, 1)
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'steg-last'") == 2


@pytest.mark.parametrize(
    ("step", "sentence"), [("nonsens", "finns inte"), ("a", "inte öppet"), ("\x1b]52;c;x", "finns")]
)
def test_a_step_that_cannot_be_read(clinic: Clinic, moment: int, step: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as error:
        as_resident(clinic, moment, step)
    assert error.value.field == "steg"
    assert error.value.message.isprintable()
    assert clinic.value("SELECT last_active_at FROM moment") is None


def test_a_hidden_step_cannot_be_read(clinic: Clinic, moment: int) -> None:
    as_clinician(clinic, hide_module, moment, "start")
    with pytest.raises(Refused, match="inte öppet"):
        as_resident(clinic, moment, "hej")


def test_an_ombud_reads_for_a_child(clinic: Clinic) -> None:
    moment = clinic.start(CHILD, "prov")
    with clinic.store.work(clinic.resident(CHILD)) as work:
        read_step(work, moment, "hej")
    assert clinic.rows("SELECT actor_kind, actor_name FROM event WHERE kind = 'steg-last'") == [("ombud", "Ulla Berg")]


def test_the_page_shows_modules_as_they_are(clinic: Clinic, moment: int) -> None:
    as_clinician(clinic, hide_module, moment, "start")
    start, more = page(clinic, moment).modules
    assert (start.title, start.number, start.opened_at, start.is_hidden) == ("Börja här", None, clinic.clock.now, True)
    assert (more.title, more.number, more.opened_at, more.is_hidden) == ("Mer", 1, None, False)
    assert [section.title for section in more.sections] == ["Ett", "Två"]
