"""A part of a moment is reached through that moment only: another's is as unknown as one that never was."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from store.care.activity_plans import PlanChange, change_plan, make_plan
from store.care.drafts import save_draft
from store.care.messages import write_message
from store.care.moments import moment_subject
from store.care.program_opening import open_program
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import DomainError, NotPermitted
from store.foundation.operation import OPERATIONS
from store.foundation.work import Work
from store.people.assignments import add_staff, appoint_admin
from store.people.new_resident import NewResident
from tests.clinics import ADULT, ELSEWHERE, GUARDIAN, HERE, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.forms import given
from tests.store.operations import EXAMPLES, FUNCTIONS, PLAN, World, write_templates

TABLES = {
    "answer": "formanswer",
    "conversation": "conversation",
    "draft": "draft",
    "activity": "activity",
    "plan": "activityplan",
    "flag": "flag",
}
"""Where each kind of part lies, by the parameter that takes its id."""


def takers() -> Iterator[tuple[str, str]]:
    """Yield each operation on a moment with each parameter of it that takes a part's id."""
    for name, declared in sorted(OPERATIONS.items()):
        if declared.on is moment_subject and name in FUNCTIONS:
            for parameter in inspect.signature(FUNCTIONS[name]).parameters.values():
                if parameter.name in TABLES and parameter.annotation in (int, int | None):
                    yield name, parameter.name


TAKERS = list(takers())


@pytest.fixture
def database() -> str:
    """Decided before the operation says anything to either."""
    return "sqlite"


@pytest.fixture
def moments(clinic: Clinic) -> dict[str, int]:
    """Moments with a part of each kind: the one that is worked on, others' and one's own others."""
    with clinic.store.work(OPERATOR) as work:
        open_program(work, "prov", THERE)
    found = {
        "here": clinic.start(program="prov"),
        "own, of the same resident": clinic.start(program="prov", confirmed=True),
        "own, of another resident": clinic.start(ELSEWHERE, "prov"),
        "a colleague's": clinic.start(GUARDIAN, "prov", by=clinic.colleague),
        "another unit's": clinic.start(GUARDIAN, "prov", by=clinic.stranger, confirmed=True),
    }
    numbers = (ADULT, ADULT, ELSEWHERE, GUARDIAN, GUARDIAN)
    staff = (clinic.clinician, clinic.clinician, clinic.clinician, clinic.colleague, clinic.stranger)
    for moment, number, who in zip(found.values(), numbers, staff, strict=True):
        fill(clinic, moment, number, who)
    return found


def fill(clinic: Clinic, moment: int, number: str, who: Actor) -> None:
    """Give a moment a part of each kind."""
    clinic.answer(moment, given(1, 1, 1), number=number)  # a risk, so that there is a flag
    with clinic.store.work(clinic.resident(number)) as work:
        write_message(work, moment, "Hej!")
    with clinic.store.work(who) as work:
        make_plan(work, moment, PLAN)
        save_draft(work, moment, "Hej!")


def part(clinic: Clinic, parameter: str, moment: int) -> int:
    return int(clinic.value(f"SELECT max(id) FROM {TABLES[parameter]} WHERE moment_id = :moment", moment=moment))


def test_the_walk_knows_the_operations_that_take_a_part() -> None:
    assert {parameter for _, parameter in TAKERS} == set(TABLES)
    assert len(TAKERS) >= 14


@pytest.mark.parametrize(("name", "parameter"), TAKERS)
def test_a_part_of_another_moment_is_as_unknown_as_none(
    clinic: Clinic, moments: dict[str, int], name: str, parameter: str
) -> None:
    here, *others = moments.values()
    foreign = [part(clinic, parameter, moment) for moment in others]
    actors = [clinic.clinician, clinic.admin] if name != "mark_activity" else [clinic.resident()]
    for actor in actors:
        for key in foreign:
            assert outcome(clinic, name, parameter, actor, here, key) == NotPermitted.SENTENCE
            assert outcome(clinic, name, parameter, actor, here, 2**63 - 1) in (
                NotPermitted.SENTENCE,
                "" if parameter == "draft" else None,
                "Utkastet är redan skickat, eller borttaget, i ett annat fönster.",
            )


def outcome(clinic: Clinic, name: str, parameter: str, actor: Actor, moment: int, key: int) -> str:
    """Return what is said to who takes a part by its id; nothing where it is let through. What is written is undone."""
    world, example = World(clinic, moment, 0), EXAMPLES[name]
    bound = inspect.signature(FUNCTIONS[name]).bind_partial(
        None, *example.arguments(world, actor), **example.options(world, actor)
    )
    options = {**dict(list(bound.arguments.items())[2:]), parameter: key}

    class Undo(Exception):
        """Ends the transaction without a trace."""

    try:
        with clinic.store.work(actor) as work:
            FUNCTIONS[name](work, moment, **options)
            raise Undo
    except Undo:
        return ""
    except DomainError as error:
        return error.message


def test_an_activity_of_another_plan_is_not_taken_out(clinic: Clinic, moments: dict[str, int]) -> None:
    here, other, *_ = moments.values()
    change = PlanChange(add=PLAN.activities, remove=(part(clinic, "activity", other),))
    with pytest.raises(DomainError), clinic.store.work(clinic.clinician) as work:
        change_plan(work, part(clinic, "plan", here), change)
    assert clinic.value("SELECT count(*) FROM activity WHERE removed_on <> ''") == 0


BY_ID: dict[str, Callable[[Clinic, int], int]] = {
    "flag_subject": lambda clinic, moment: part(clinic, "flag", moment),
    "plan_subject": lambda clinic, moment: part(clinic, "plan", moment),
}
"""What finds a subject by a part's own id, and such an id."""


def by_part() -> Iterator[str]:
    for name, declared in sorted(OPERATIONS.items()):
        if declared.on is not None and declared.on.__name__ in BY_ID and name in FUNCTIONS:
            yield name


@pytest.mark.parametrize("name", by_part())
def test_a_part_of_another_units_moment_is_as_unknown_as_none(
    clinic: Clinic, moments: dict[str, int], name: str
) -> None:
    from store.care.flags import add_flag

    moment = moments["another unit's"]
    with clinic.store.work(clinic.stranger) as work:
        add_flag(work, moment, "Ring.")
    declared = OPERATIONS[name]
    assert declared.on is not None
    key = BY_ID[declared.on.__name__](clinic, moment)
    rest = EXAMPLES[name].arguments(World(clinic, moments["here"], 0), clinic.clinician)[1:]
    for actor in (clinic.clinician, clinic.admin, clinic.someone(Role.ACCESS_ADMIN), clinic.resident()):
        for one in (key, 2**63 - 1):
            with pytest.raises(NotPermitted) as error, clinic.store.work(actor) as work:
                FUNCTIONS[name](work, one, *rest)
            assert error.value.message == NotPermitted.SENTENCE


@pytest.mark.parametrize(
    "name", ["save_own_template", "save_unit_template", "remove_own_template", "remove_unit_template"]
)
def test_anothers_template_is_as_unknown_as_none(clinic: Clinic, name: str) -> None:
    with clinic.store.work(clinic.clinician) as work:
        write_templates(work, 0)
    actor = clinic.someone(Role.ACCESS_ADMIN) if "unit" in name else clinic.clinician
    own_ids = clinic.rows(
        "SELECT id FROM messagetemplate WHERE unit_id = :unit AND coalesce(staff_id, 0) = :staff",
        unit=actor.unit_id,
        staff=0 if "unit" in name else actor.staff_id,
    )
    others = {one for (one,) in clinic.rows("SELECT id FROM messagetemplate")} - {one for (one,) in own_ids}
    assert others
    for one in (*others, 4711):
        with pytest.raises(NotPermitted), clinic.store.work(actor) as work:
            _take_template(work, name, one)


def _take_template(work: Work, name: str, template: int) -> Any:
    if name.startswith("remove"):
        return FUNCTIONS[name](work, template)
    return FUNCTIONS[name](work, "Hälsning", "Hej!", template=template)


# --- people named by value ---

ADDS = {"add_staff", "appoint_admin", "look_up_staff"}
"""They bring a person to a unit, or say first who it would be; what the store knows of the person stays as it is."""


def by_hsa_id() -> list[str]:
    return [name for name in sorted(FUNCTIONS) if "hsa_id" in inspect.signature(FUNCTIONS[name]).parameters]


@pytest.mark.parametrize("name", sorted({*by_hsa_id()} - ADDS))
def test_another_units_person_is_as_unknown_as_none(clinic: Clinic, name: str) -> None:
    actor = clinic.someone(Role.ACCESS_ADMIN)
    rest = EXAMPLES[name].arguments(World(clinic, 0, 0), actor)[1:]
    for hsa_id in (hsa_id_of(Role.CLINICIAN, THERE), PROVIDER_ADMIN, "SE2321000040-INGEN"):
        with pytest.raises(NotPermitted) as error, clinic.store.work(actor) as work:
            FUNCTIONS[name](work, hsa_id, *rest, **EXAMPLES[name].options(World(clinic, 0, 0), actor))
        assert error.value.message == NotPermitted.SENTENCE


def test_who_is_added_keeps_the_name_and_the_address_that_the_store_knows(clinic: Clinic) -> None:
    who = hsa_id_of(Role.CLINICIAN, THERE)
    before = clinic.rows("SELECT * FROM staff ORDER BY id")
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        add_staff(work, who, family_name="Kapad", given_name="Eva", email="tjuv@example.org")
    with clinic.store.work(OPERATOR) as work:
        appoint_admin(work, who, HERE, "Beslut", family_name="Kapad", given_name="Eva", email="tjuv@example.org")
    assert clinic.rows("SELECT * FROM staff ORDER BY id") == before


def test_who_is_started_keeps_what_the_register_knows(clinic: Clinic) -> None:
    clinic.start(program="prov", by=clinic.clinician)
    before = clinic.rows("SELECT * FROM resident ORDER BY id")
    typed = NewResident("Kapad", "Eva", "05", "0701740699", "tjuv@example.org")
    clinic.start(by=clinic.stranger, confirmed=True, new_resident=typed)
    assert clinic.rows("SELECT * FROM resident ORDER BY id") == before
