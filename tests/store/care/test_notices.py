"""Who is told of what, how and when: the notices that the outbox comes to hold."""

from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.flags import add_flag
from store.care.notices import Delivery, is_reached, why_unreached
from store.care.switching import switch_clinician
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from store.people.profile import save_profile
from store.views.moment import open_moment
from tests.clinics import ADULT, CHILD, COLLEAGUE, GUARDIAN, UNKNOWN, Clinic, hsa_id_of
from tests.store.letters import later, page, send, write


def notices(clinic: Clinic, moment: int, kind: str) -> list[tuple[Any, ...]]:
    """Return the moment's notices of a kind: recipient, staff, channel, due."""
    return clinic.rows(
        "SELECT recipient_id, staff_id, channel, due_at FROM notice WHERE moment_id = :moment AND kind = :kind"
        " ORDER BY id",
        moment=moment,
        kind=kind,
    )


def id_of(clinic: Clinic, number: str) -> int:
    return int(clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=number))


def protect(clinic: Clinic, number: str) -> None:
    clinic.run("UPDATE resident SET protection = 'sekretessmarkering' WHERE personnummer = :number", number=number)


# --- residents ---


def test_direkt_is_a_notice_a_message_at_once(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    first = later(clinic)
    send(clinic, moment)
    second = later(clinic)
    send(clinic, moment, delivery=Delivery.DIRECT)
    assert notices(clinic, moment, "meddelande") == [
        (clinic.adult, None, "", first),
        (clinic.adult, None, "", second),
    ]


def test_without_avisering_nobody_is_told(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, delivery=None)
    assert clinic.rows("SELECT kind FROM notice") == [("program-startat",)]


def test_uppsamlat_is_one_notice_however_many_messages(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 2, 10)
    for _ in range(3):
        later(clinic)
        send(clinic, moment, delivery=Delivery.COLLECTED)
    clinic.clock.set(2026, 3, 3, 8)  # nine in the morning in Stockholm
    assert notices(clinic, moment, "uppsamlat") == [(clinic.adult, None, "", clinic.clock.now)]


def test_after_the_collected_one_has_gone_the_next_waits_for_the_next_forenoon(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, delivery=Delivery.COLLECTED)
    clinic.clock.set(2026, 3, 3, 8)
    clinic.run("UPDATE notice SET state = 'skickad'")
    send(clinic, moment, delivery=Delivery.COLLECTED)
    first, second = (due for *_, due in notices(clinic, moment, "uppsamlat"))
    assert second - first == 24 * 3_600_000


@pytest.mark.parametrize(("hour", "due"), [(9, (2026, 3, 3, 8)), (11, (2026, 3, 2, 10)), (7, (2026, 3, 3, 6))])
def test_the_hour_is_the_units(clinic: Clinic, hour: int, due: tuple[int, ...]) -> None:
    clinic.run("UPDATE unit SET collect_hour = :hour WHERE id = :unit", hour=hour, unit=clinic.here)
    moment = clinic.start(program="prov")  # at ten in Stockholm
    shown = page(clinic, moment).collects_at
    send(clinic, moment, delivery=Delivery.COLLECTED)
    clinic.clock.set(*due)
    assert notices(clinic, moment, "uppsamlat")[0][3] == shown == clinic.clock.now


def test_other_ways_of_writing_tell_at_once(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", message="Hej då!")
    assert clinic.rows("SELECT kind, state FROM notice ORDER BY id") == [
        ("program-startat", "aterkallad"),
        ("meddelande", "vantar"),
    ]


def test_at_the_end_what_is_told_of_the_program_is_taken_back_and_messages_are_not(clinic: Clinic) -> None:
    moment = clinic.start()
    send(clinic, moment, delivery=Delivery.COLLECTED)
    send(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Övrigt")
    states = dict(clinic.rows("SELECT kind, state FROM notice WHERE moment_id = :id", id=moment))
    assert states == {
        "program-startat": "aterkallad",
        "paminnelse": "aterkallad",
        "meddelande": "vantar",
        "uppsamlat": "vantar",
    }
    assert clinic.value("SELECT count(*) FROM notice WHERE state = 'aterkallad' AND done_at IS NULL") == 0


def test_what_has_gone_is_not_taken_back_at_the_end(filed: Clinic) -> None:
    moment, other = filed.start(), filed.start(GUARDIAN)
    filed.run("UPDATE notice SET state = 'skickad', done_at = 1 WHERE kind = 'program-startat'")
    with filed.store.work(filed.clinician) as work:
        end_moment(work, moment, "Övrigt")
    assert filed.rows("SELECT moment_id, kind, state FROM notice ORDER BY id") == [
        (moment, "program-startat", "skickad"),
        (moment, "paminnelse", "aterkallad"),
        (other, "program-startat", "skickad"),
        (other, "paminnelse", "vantar"),
    ], "another moment's reminder waits as before"


# --- ombud ---


def test_for_a_child_the_ombud_are_told(clinic: Clinic) -> None:
    child, other = id_of(clinic, CHILD), id_of(clinic, ADULT)
    clinic.run("INSERT INTO guardian (child_id, guardian_id) VALUES (:child, :other)", child=child, other=other)
    moment = clinic.start(CHILD)
    send(clinic, moment)
    send(clinic, moment, delivery=Delivery.COLLECTED)
    send(clinic, moment, delivery=Delivery.COLLECTED)
    both = {id_of(clinic, GUARDIAN), other}
    for kind in ("program-startat", "paminnelse", "meddelande", "uppsamlat"):
        told = [recipient for recipient, *_ in notices(clinic, moment, kind)]
        assert (len(told), set(told)) == (2, both), kind


@pytest.mark.parametrize("protected", [CHILD, GUARDIAN])
def test_no_ombud_is_told_where_the_child_or_the_guardian_is_protected(clinic: Clinic, protected: str) -> None:
    protect(clinic, protected)
    moment = clinic.start(CHILD)
    send(clinic, moment)
    assert clinic.rows("SELECT DISTINCT recipient_id FROM notice") == [(id_of(clinic, CHILD),)]


# --- whether anybody is reached ---


@pytest.mark.parametrize(
    ("columns", "reached"),
    [
        ({"channel": "sms", "mobile": "0701740605"}, True),
        ({"channel": "epost", "email": "a@example.org"}, True),
        ({"channel": "sms", "email": "a@example.org"}, False),
        ({"channel": "epost", "mobile": "0701740605"}, False),
        ({"channel": "ingen", "mobile": "0701740605", "email": "a@example.org"}, False),
        ({}, False),
    ],
)
def test_who_is_reached(clinic: Clinic, columns: dict[str, str], reached: bool) -> None:
    someone = clinic.add_resident(UNKNOWN, **columns)
    moment = clinic.start(UNKNOWN, "prov")
    with clinic.store.read(clinic.clinician) as work:
        assert is_reached(work, someone) is open_moment(work, moment).is_reached is reached
    assert page(clinic, moment).is_reached is reached


def test_a_child_is_reached_through_an_ombud(clinic: Clinic) -> None:
    moment = clinic.start(CHILD, "prov")
    clinic.run("UPDATE resident SET channel = 'sms', mobile = '0701740606' WHERE personnummer = :n", n=CHILD)
    assert not page(clinic, moment).is_reached
    clinic.run("UPDATE resident SET channel = 'epost', email = 'u@example.org' WHERE personnummer = :n", n=GUARDIAN)
    assert page(clinic, moment).is_reached


def test_why_nobody_is_reached() -> None:
    assert [why_unreached(channel, has_proxies=False) for channel in ("ingen", "", "sms", "epost")] == [
        "Invånaren tar inte emot aviseringar i 1177.",
        "Invånaren tar inte emot aviseringar i 1177.",
        "Invånaren tar emot aviseringar som sms, men mobilnumret saknas.",
        "Invånaren tar emot aviseringar som e-post, men adressen saknas.",
    ]
    assert why_unreached("sms", has_proxies=True) == "Inget ombud tar emot aviseringar i 1177."


# --- staff ---


def wish(clinic: Clinic, mobile: str = "", *, email: bool = False, sms: bool = False) -> None:
    with clinic.store.work(clinic.clinician) as work:
        save_profile(work, mobile, {"epost": email, "sms": sms})


@pytest.mark.parametrize(
    ("address", "wishes", "channels"),
    [
        ("kim@example.org", {"email": True}, ["epost"]),
        ("kim@example.org", {"mobile": "0701740606", "email": True, "sms": True}, ["epost", "sms"]),
        ("kim@example.org", {"mobile": "0701740606", "sms": True}, ["sms"]),
        ("kim@example.org", {"mobile": "0701740606"}, []),
        ("", {"email": True}, []),
    ],
)
def test_staff_are_told_as_the_profile_says(
    clinic: Clinic, address: str, wishes: dict[str, Any], channels: list[str]
) -> None:
    clinic.run("UPDATE staff SET email = :email WHERE id = :id", email=address, id=clinic.clinician.staff_id)
    wish(clinic, **wishes)
    moment = clinic.start(program="prov")
    write(clinic, moment)
    now = clinic.clock.now
    expected = [(None, clinic.clinician.staff_id, channel, now) for channel in channels]
    assert notices(clinic, moment, "personal-meddelande") == expected


def test_staff_get_one_while_one_waits(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    moment = clinic.start(program="prov")
    for _ in range(3):
        write(clinic, moment)
    assert len(notices(clinic, moment, "personal-meddelande")) == 1
    clinic.run("UPDATE notice SET state = 'skickad'")
    write(clinic, moment)
    assert len(notices(clinic, moment, "personal-meddelande")) == 2


def test_only_the_responsible_clinician_is_told(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'alla@example.org'")
    moment = clinic.start(program="prov", by=clinic.admin, responsible=hsa_id_of(Role.CLINICIAN))
    write(clinic, moment)
    assert clinic.rows("SELECT staff_id FROM notice WHERE staff_id IS NOT NULL") == [(clinic.clinician.staff_id,)]


def test_every_clinician_is_told_of_a_priority_flag_and_nobody_of_another(filed: Clinic) -> None:
    filed.run("UPDATE staff SET email = hsa_id || '@example.org'")
    moment = filed.start(program="prov")
    for severity in (Severity.WARNING, Severity.NOTE):
        with filed.store.work(filed.clinician) as work:
            add_flag(work, moment, "Ring.", severity=severity)
    assert filed.rows("SELECT id FROM notice WHERE staff_id IS NOT NULL") == []
    with filed.store.work(filed.clinician) as work:
        add_flag(work, moment, "Ring.", severity=Severity.PRIORITY)
    told = filed.rows("SELECT staff_id, unit_id, moment_id, kind FROM notice WHERE staff_id IS NOT NULL ORDER BY 1")
    clinicians = sorted([filed.clinician.staff_id, filed.colleague.staff_id])
    assert told == [(one, filed.here, moment, "personal-prioriterat") for one in clinicians]


def test_each_moment_has_its_own_notices_and_what_was_sent_stays_sent(filed: Clinic) -> None:
    filed.run("UPDATE staff SET email = hsa_id || '@example.org'")
    first, second = filed.start(program="prov"), filed.start()
    for moment in (first, second):
        write(filed, moment)
        send(filed, moment, delivery=Delivery.COLLECTED)
        assert len(notices(filed, moment, "personal-meddelande")) == len(notices(filed, moment, "uppsamlat")) == 1
    old, new = filed.clinician.staff_id, filed.colleague.staff_id
    sent = "UPDATE notice SET state = 'skickad', done_at = 7 WHERE moment_id = :moment AND staff_id = :staff"
    filed.run(sent, moment=first, staff=old)
    write(filed, first)
    with filed.store.work(filed.clinician) as work:
        add_flag(work, first, "Ring.", severity=Severity.PRIORITY)
    filed.run(sent, moment=first, staff=new)
    with filed.store.work(filed.clinician) as work:
        switch_clinician(work, first, COLLEAGUE)

    def told(moment: int) -> list[tuple[Any, ...]]:
        sql = "SELECT staff_id, kind, state, done_at FROM notice WHERE moment_id = :moment AND staff_id IS NOT NULL"
        return filed.rows(f"{sql} ORDER BY id", moment=moment)

    assert told(first) == [
        (old, "personal-meddelande", "skickad", 7),
        (old, "personal-meddelande", "aterkallad", filed.clock.now),
        (old, "personal-prioriterat", "vantar", None),  # as a clinician of the unit
        (new, "personal-prioriterat", "skickad", 7),
        (new, "personal-meddelande", "vantar", None),
        (new, "personal-prioriterat", "vantar", None),
    ]
    assert told(second) == [(old, "personal-meddelande", "vantar", None)]
