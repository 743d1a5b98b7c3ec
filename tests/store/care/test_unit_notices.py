"""What a behörighetsadministratör is told of the unit's notices."""

import pytest

from store.care.delivery import LATE, MOST_ATTEMPTS, claim_notice, notice_postponed, notice_sent, unit_notices
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted
from store.people.channels import EMAIL, SMS
from tests.clinics import GUARDIAN, HERE, MONDAY, THERE, Clinic

BOTH = frozenset({SMS, EMAIL})


def late(clinic: Clinic, unit: str = HERE) -> tuple[int, int | None]:
    with clinic.store.read(clinic.someone(Role.ACCESS_ADMIN, unit)) as work:
        found = unit_notices(work)
    return found.waiting.late, found.oldest_due


def test_what_is_overdue_by_an_hour_is_late_and_the_oldest_is_named(clinic: Clinic) -> None:
    clinic.start()
    assert late(clinic) == (0, None)
    clinic.clock.now = Instant(MONDAY + LATE - 1)
    assert late(clinic) == (0, None)
    clinic.clock.now = Instant(MONDAY + LATE)
    assert late(clinic) == (1, MONDAY)


def test_another_units_are_none_of_it(clinic: Clinic) -> None:
    clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True)
    clinic.clock.now = Instant(MONDAY + 2 * LATE)
    assert late(clinic) == (0, None)
    assert late(clinic, THERE) == (1, MONDAY)


def test_what_has_gone_is_not_late(clinic: Clinic) -> None:
    clinic.start()
    clinic.clock.now = Instant(MONDAY + 2 * LATE)
    with clinic.store.work(OPERATOR) as work:
        notice = claim_notice(work, BOTH)
        assert notice
        notice_sent(work, notice.id)
    assert late(clinic) == (0, None)


def test_what_is_tried_for_an_hour_is_late_though_it_is_due_anew_each_time(clinic: Clinic) -> None:
    clinic.start()
    told_after = None
    for _ in range(MOST_ATTEMPTS - 1):
        with clinic.store.work(OPERATOR) as work:
            notice = claim_notice(work, BOTH)
            assert notice
        with clinic.store.work(OPERATOR) as work:
            notice_postponed(work, notice.id, (), "servern svarar inte")
        if told_after is None and late(clinic)[0]:
            told_after = clinic.clock.now - MONDAY
            assert late(clinic) == (1, None)
        clinic.clock.now = Instant(clinic.value("SELECT due_at FROM notice WHERE id = :id", id=notice.id))
    assert told_after is not None
    assert LATE <= told_after < 2 * LATE


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ACCESS_ADMIN, Role.PROVIDER_ADMIN}))
def test_only_the_administrator_is_told(clinic: Clinic, role: Role) -> None:
    with clinic.store.read(clinic.someone(role)) as work, pytest.raises(NotPermitted):
        unit_notices(work)
