"""Templates: a unit's and one's own, in Swedish order, with what is left open filled in."""

import pytest

from store.care.templates import (
    PLACEHOLDERS,
    Template,
    filled,
    remove_own_template,
    remove_unit_template,
    save_own_template,
    save_unit_template,
    templates,
)
from store.foundation.access import Role
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.sign_in import StaffActor
from store.views.conversations import filled_templates
from tests.clinics import HIDDEN, THERE, Clinic
from tests.store.letters import send


def own(
    clinic: Clinic, title: str, text: str = "Hej!", by: StaffActor | None = None, template: int | None = None
) -> int:
    with clinic.store.work(by or clinic.clinician) as work:
        return save_own_template(work, title, text, template=template)


def units(clinic: Clinic, title: str, text: str = "Hej!", template: int | None = None) -> int:
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        return save_unit_template(work, title, text, template=template)


def seen(clinic: Clinic, by: StaffActor | None = None) -> list[Template]:
    with clinic.store.read(by or clinic.clinician) as work:
        return templates(work)


def test_the_units_and_the_own_stand_together_in_swedish_order(clinic: Clinic) -> None:
    for title in ("Östersund", "ängslan", "Avslut"):
        own(clinic, title)
    for title in ("Välkommen", "åter igen", "Zonterapi"):
        units(clinic, title)
    titles = [(one.title, one.is_units) for one in seen(clinic)]
    assert titles == [
        ("Avslut", False),
        ("Välkommen", True),
        ("Zonterapi", True),
        ("åter igen", True),
        ("ängslan", False),
        ("Östersund", False),
    ]


def test_the_own_ones_are_nobody_elses_and_the_units_stay_on_the_unit(clinic: Clinic) -> None:
    own(clinic, "Min")
    units(clinic, "Vår")
    assert [one.title for one in seen(clinic, clinic.colleague)] == ["Vår"]
    assert [one.title for one in seen(clinic, clinic.someone(Role.ACCESS_ADMIN))] == ["Vår"]
    assert seen(clinic, clinic.stranger) == []


def test_a_template_is_changed_in_place_and_removed(clinic: Clinic) -> None:
    first, second = own(clinic, "Min", "Ett"), units(clinic, "Vår", "Ett")
    assert own(clinic, " Min egen ", "\x1b[2J Två\r\n", template=first) == first
    assert units(clinic, "Vår egen", "Två", template=second) == second
    assert seen(clinic) == [Template(first, "Min egen", "Två", False), Template(second, "Vår egen", "Två", True)]
    with clinic.store.work(clinic.clinician) as work:
        remove_own_template(work, first)
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        remove_unit_template(work, second)
    assert seen(clinic) == []
    rows = clinic.log("SELECT details FROM log WHERE operation LIKE '%template' ORDER BY id")
    details = [f"mall {first}", f"mall {second}"]
    assert [row[0] for row in rows] == [*details, *details, *(f"{one} borttagen" for one in details)]


def test_what_another_has_changed_meanwhile_is_written_over_only_by_who_was_told(clinic: Clinic) -> None:
    """What one left as it was stays as the other made it. Who saves what is gone gets a new one, one of their own."""
    template = units(clinic, "Vår", "Ett")
    (before,) = seen(clinic)

    def save(title: str, text: str, *, confirmed: bool = False) -> int:
        with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
            return save_unit_template(work, title, text, template=template, seen=before, confirmed=confirmed)

    units(clinic, "Vår", "Kollegans\ntext", template=template)
    assert save("Vår nya", "Ett") == template
    assert [(one.title, one.text) for one in seen(clinic)] == [("Vår nya", "Kollegans\ntext")]
    with pytest.raises(NeedsConfirmation) as warned:
        save("Min", "Min text")
    assert warned.value.warnings == (
        "Titeln har ändrats till ”Vår nya” sedan du öppnade mallen. Sparar du gäller din.",
        "Texten har ändrats till ”Kollegans text” sedan du öppnade mallen. Sparar du gäller din.",
    )
    assert save("Vår nya", "Min text", confirmed=True) == template
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        remove_unit_template(work, template)
    theirs = own(clinic, "Hennes", by=clinic.colleague)
    with pytest.raises(NeedsConfirmation, match="Mallen har tagits bort sedan du öppnade den"):
        save("Vår", "Min text")
    with clinic.store.work(clinic.clinician) as work:
        mine = save_own_template(work, "Min", "Hej!", template=theirs, seen=before, confirmed=True)
    assert mine != theirs
    assert [one.title for one in seen(clinic, clinic.colleague)] == ["Hennes"]


def test_others_templates_are_neither_changed_nor_removed(clinic: Clinic) -> None:
    theirs, ours = own(clinic, "Hennes", by=clinic.colleague), units(clinic, "Vår")
    elsewhere = clinic.someone(Role.ACCESS_ADMIN, THERE)
    for template in (theirs, ours, 4711):
        with pytest.raises(NotPermitted):
            own(clinic, "Min", template=template)
        with pytest.raises(NotPermitted), clinic.store.work(clinic.clinician) as work:
            remove_own_template(work, template)
        with pytest.raises(NotPermitted), clinic.store.work(elsewhere) as work:
            save_unit_template(work, "Min", "Hej!", template=template)
        with pytest.raises(NotPermitted), clinic.store.work(elsewhere) as work:
            remove_unit_template(work, template)
    with pytest.raises(NotPermitted):
        units(clinic, "Vår", template=theirs)
    assert sorted(one.title for one in (*seen(clinic), *seen(clinic, clinic.colleague))) == ["Hennes", "Vår", "Vår"]


@pytest.mark.parametrize(
    ("title", "text", "field"),
    [(" ", "Hej!", "titel"), ("x" * 61, "Hej!", "titel"), ("Min", " \n", "text"), ("Min", "x" * 10_001, "text")],
)
def test_a_title_and_a_text_are_needed_and_have_their_limits(clinic: Clinic, title: str, text: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        own(clinic, title, text)
    assert refusal.value.field == field
    own(clinic, "å" * 60, "ö" * 10_000)


@pytest.mark.parametrize("unknown", ["efternamn", "", "personnummer", " namn "])
def test_what_cannot_be_filled_in_is_refused_with_what_can(clinic: Clinic, unknown: str) -> None:
    with pytest.raises(Refused) as refusal:
        units(clinic, "Vår", f"Hej {{{unknown}}}!")
    assert refusal.value.field == "text"
    assert refusal.value.message == (
        f"{{{unknown}}} går inte att fylla i."
        " Det som går att fylla i är {förnamn}, {behandlare}, {program}, {enhet}."
    )


def test_what_is_left_open_is_filled_in_for_the_moment_and_the_one_who_writes(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    text = "Hej { Förnamn }! {program} på {enhet}. /{behandlare} [b]{[/b]}"
    with pytest.raises(Refused):
        own(clinic, "Min", text)
    own(clinic, "Min", text.replace("{[/b]}", "{ ej stängd"))
    clinic.run("UPDATE resident SET given_name = '{enhet}' WHERE id = :id", id=clinic.adult)
    with clinic.store.read(clinic.clinician) as work:
        (template,) = filled_templates(work, moment)
    assert template.text == f"Hej {{enhet}}! Ångest – prov på Enhet Ett. /{clinic.clinician.name} [b]{{ ej stängd"
    assert template.title == "Min"
    with clinic.store.read(clinic.admin) as work:
        assert filled_templates(work, moment) == []
    send(clinic, moment, template.text)


def test_a_protected_residents_name_is_left_open_in_prints(clinic: Clinic) -> None:
    hidden, moment = clinic.start(HIDDEN, program="prov"), clinic.start(program="prov")
    own(clinic, "Min", "Hej {förnamn}! /{enhet}")
    with clinic.store.read(clinic.clinician) as work:
        assert filled_templates(work, hidden, is_printed=True)[0].text == "Hej {förnamn}! /Enhet Ett"
        assert filled_templates(work, hidden)[0].text == "Hej Dan! /Enhet Ett"
        assert filled_templates(work, moment, is_printed=True)[0].text == "Hej Åsa! /Enhet Ett"


def test_everything_that_may_be_left_open_is_filled_in(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    own(clinic, "Min", " ".join(f"{{{name}}}" for name in PLACEHOLDERS))
    with clinic.store.read(clinic.clinician) as work:
        (template,) = filled_templates(work, moment)
    assert "{" not in template.text
    assert filled("{okänd} {enhet}", {"enhet": "X"}) == "{okänd} X"
