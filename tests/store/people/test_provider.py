"""*Vårdgivare*: its settings, its units, and an agreement that is over (domain.md §7)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from store.care.program_opening import close_program, open_program
from store.care.starting import start_moment
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.provider_settings import (
    ADVICE_BACKUPS,
    ADVICE_PURGE,
    DECISION_FOR_NOTHING,
    KEPT_TOO_SHORT,
    NO_DECISION,
    NO_REFERENCE,
    ProviderSettings,
    change_provider,
    provider_settings,
)
from store.people.provider_units import add_unit, name_unit
from store.people.sign_in import places_of, sign_in
from store.people.units import CareProvider
from tests.clinics import CHILD, HERE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.store.people.staffing import TODAY, last_details, let_days_pass, see
from tests.store.people.staffing import do as do_as

FIRST = f"{PREFIX}P"
OTHER = f"{PREFIX}Q"


def do(clinic: Clinic, act: Callable[..., Any], *arguments: Any, by: Actor | None = None, **options: Any) -> Any:
    """Do it as the vårdgivaradministratör, unless said."""
    return do_as(clinic, act, *arguments, by=by or clinic.provider_admin, **options)


def settings(clinic: Clinic, by: Actor | None = None, provider: str | None = None) -> ProviderSettings:
    found = see(clinic, provider_settings, provider, by=by or clinic.provider_admin)
    assert isinstance(found, ProviderSettings)
    return found


def another_provider(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        work.add(CareProvider(hsa_id=OTHER, name="Vård AB"))


def refusal(clinic: Clinic, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        do(clinic, change_provider, **options)
    return refused.value.message, refused.value.field


def test_a_provider_begins_with_what_the_law_and_the_domain_say(clinic: Clinic) -> None:
    found = settings(clinic)
    assert (found.name, found.statistics_threshold, found.log_years, found.backup_days) == ("Region Prov", 5, 5, 0)
    assert (found.purge_decision, found.agreement, found.agreement_ends, found.log_decision) == ("", "", "", "")
    assert found.advice == (ADVICE_PURGE, ADVICE_BACKUPS)


def test_what_is_named_is_changed_and_the_rest_stays(clinic: Clinic) -> None:
    do(clinic, change_provider, purge_decision="Gallras\nefter tio år.", purge_reference="RS 2026-17")
    do(clinic, change_provider, purge_decided_on=date(2026, 1, 15), backup_days=35, statistics_threshold=10)
    found = settings(clinic)
    assert (found.purge_decision, found.purge_reference) == ("Gallras\nefter tio år.", "RS 2026-17")
    assert (found.purge_decided_on, found.backup_days, found.statistics_threshold) == ("2026-01-15", 35, 10)
    assert found.advice == ()
    said = last_details(clinic)
    assert "dagar som säkerhetskopior sparas 35" in said
    assert refusal(clinic) == ("Ange minst en inställning att ändra.", None)


def test_what_another_has_changed_meanwhile_is_written_over_only_by_who_was_told(clinic: Clinic) -> None:
    seen = settings(clinic)
    do(clinic, change_provider, purge_decision="Efter tio år.", backup_days=35)
    do(clinic, change_provider, statistics_threshold=10, seen=seen)
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, change_provider, purge_decision="Efter fem år.", backup_days=35, seen=seen)
    assert warned.value.warnings == (
        "Gallringsbeslut har ändrats till ”Efter tio år.” sedan du såg det. Sparar du gäller ditt.",
    )
    do(clinic, change_provider, purge_decision="Efter fem år.", seen=seen, confirmed=True)
    found = settings(clinic)
    assert (found.purge_decision, found.backup_days, found.statistics_threshold) == ("Efter fem år.", 35, 10)


def test_the_log_is_kept_five_years_and_longer_by_a_decision(clinic: Clinic) -> None:
    assert refusal(clinic, log_years=4) == (KEPT_TOO_SHORT, "loggtid")
    assert "HSLF-FS 2016:40" in KEPT_TOO_SHORT
    assert refusal(clinic, log_years=10) == (NO_DECISION, "beslut")
    assert refusal(clinic, log_decision="RS 2026-18") == (DECISION_FOR_NOTHING, "loggtid")
    do(clinic, change_provider, log_years=10, log_decision="RS 2026-18")
    do(clinic, change_provider, log_years=15)
    assert refusal(clinic, log_decision="") == (NO_DECISION, "beslut")
    assert (settings(clinic).log_years, settings(clinic).log_decision) == (15, "RS 2026-18")
    do(clinic, change_provider, log_years=5)
    assert settings(clinic).log_decision == ""


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"statistics_threshold": 2}, "troskel"),
    ({"backup_days": 0}, "kopior-dagar"),
    ({"log_years": 101}, "loggtid"),
    ({"purge_reference": "x" * 201}, "gallringsbeslut-referens"),
    ({"purge_decision": "x" * 4_001}, "gallringsbeslut"),
    ({"purge_decided_on": date(2999, 1, 1)}, "gallringsbeslut-datum"),
    ({"agreement_ends": date(2030, 1, 1)}, "avtal"),
    ({"agreement": "", "agreement_ends": date(2030, 1, 1)}, "avtal"),
)


def test_what_will_not_do_is_refused_at_its_field_and_nothing_is_written(clinic: Clinic) -> None:
    before = settings(clinic)
    for options, field in WRONG:
        assert refusal(clinic, **{"purge_reference": "kvar", **options})[1] == field
    assert refusal(clinic, agreement_ends=date(2030, 1, 1)) == (NO_REFERENCE, "avtal")
    assert settings(clinic) == before


def test_no_moment_starts_after_the_agreement_and_those_that_run_go_on(clinic: Clinic) -> None:
    last = TODAY
    do(clinic, change_provider, agreement="Avtal 7", agreement_ends=last)
    assert settings(clinic).advice[0].startswith(f"Avtalet gäller till och med {last}.")
    running = clinic.start(program="prov", confirmed=True)
    let_days_pass(clinic, 1)
    with pytest.raises(Refused, match=f"avtal gällde till och med {last}, så inga nya moment kan startas"):
        do(clinic, start_moment, CHILD, "prov", confirmed=True, by=clinic.clinician)
    assert clinic.value("SELECT status FROM moment WHERE id = :id", id=running) == "pagaende"
    assert settings(clinic).advice[0].startswith(f"Avtalet gällde till och med {last}: inga nya moment")
    do(clinic, change_provider, agreement="")
    assert settings(clinic).agreement_ends == ""
    do(clinic, start_moment, CHILD, "prov", confirmed=True, by=clinic.clinician)


def test_a_unit_is_added_and_can_be_opened_programs_for(clinic: Clinic) -> None:
    do(clinic, add_unit, " SE2321000040-NEW2 ", "  Enhet   Tre ", contact="Eva Ek, 013-10 00 00")
    assert clinic.rows("SELECT name, region, service_area, contact FROM unit WHERE hsa_id = 'SE2321000040-NEW2'") == [
        ("Enhet Tre", "05", "hela-landet", "Eva Ek, 013-10 00 00")
    ]
    do(clinic, open_program, "prov", "SE2321000040-NEW2")
    for typed, name, field in (
        ("SE2321000040-new2", "Igen", "hsaid"),
        ("ingenting", "X", "hsaid"),
        ("SE2321000040-NEW3", " \x1b[31m ", "namn"),
        ("SE2321000040-NEW3", "7", "namn"),
    ):
        with pytest.raises(Refused) as refused:
            do(clinic, add_unit, typed, name)
        assert refused.value.field == field


def test_a_region_has_to_be_named_where_it_does_not_follow(clinic: Clinic) -> None:
    do(clinic, add_unit, "SE2321000040-NEW2", "Enhet Tre", region="12")
    with pytest.raises(Refused) as refused:
        do(clinic, add_unit, "SE2321000040-NEW3", "Enhet Fyra")
    assert refused.value.field == "region"
    with pytest.raises(Refused):
        do(clinic, add_unit, "SE2321000040-NEW3", "Enhet Fyra", region="99")


def test_a_unit_gets_another_name_and_contact(clinic: Clinic) -> None:
    do(clinic, name_unit, HERE.lower(), name="Nya enheten", contact="Eva Ek")
    do(clinic, name_unit, HERE, contact="")
    assert clinic.rows("SELECT name, contact FROM unit WHERE id = :id", id=clinic.here) == [("Nya enheten", "")]
    assert last_details(clinic) == f"{HERE}: kontakt borttagen"
    with pytest.raises(Refused):
        do(clinic, name_unit, HERE)


def test_nobody_reaches_below_another_provider(clinic: Clinic) -> None:
    another_provider(clinic)
    do(clinic, add_unit, "SE2321000040-NEW2", "Hos andra", region="01", provider=OTHER, by=OPERATOR)
    for operation, *args in (
        (name_unit, "SE2321000040-NEW2"),
        (open_program, "prov", "SE2321000040-NEW2"),
        (close_program, "prov", "SE2321000040-NEW2"),
        (change_provider, OTHER),
        (provider_settings, OTHER),
    ):
        with pytest.raises(NotPermitted):
            do(clinic, operation, *args)
    assert settings(clinic, provider=FIRST.lower()).hsa_id == FIRST


def test_the_operator_names_the_provider_where_there_are_several(clinic: Clinic) -> None:
    assert settings(clinic, OPERATOR).hsa_id == FIRST
    another_provider(clinic)
    with pytest.raises(Refused, match="Det finns flera vårdgivare: Region Prov"):
        settings(clinic, OPERATOR)
    do(clinic, change_provider, OTHER, backup_days=7, by=OPERATOR)
    assert (settings(clinic, OPERATOR, OTHER).backup_days, settings(clinic).backup_days) == (7, 0)
    with pytest.raises(NotPermitted):
        settings(clinic, OPERATOR, THERE)


def test_who_works_on_a_unit_too_names_the_care_provider_to_act_above_the_units(clinic: Clinic) -> None:
    another_provider(clinic)
    clinic.run(
        "INSERT INTO assignment (staff_id, unit_id, active, sort_name) VALUES (:staff, :unit, 1, 'x')",
        staff=clinic.provider_admin.staff_id,
        unit=clinic.here,
    )
    assert sign_in(clinic.store, PROVIDER_ADMIN).place == HERE
    above = sign_in(clinic.store, PROVIDER_ADMIN, FIRST.lower())
    assert (above.unit_id, above.place, above.roles) == (None, FIRST, frozenset({Role.PROVIDER_ADMIN}))
    assert places_of(clinic.store, PROVIDER_ADMIN) == [(HERE, "Enhet Ett"), (FIRST, "Region Prov")]
    for who, where in ((PROVIDER_ADMIN, OTHER), (PROVIDER_ADMIN, THERE), (hsa_id_of(Role.CLINICIAN), FIRST)):
        with pytest.raises(NotPermitted):
            sign_in(clinic.store, who, where)
