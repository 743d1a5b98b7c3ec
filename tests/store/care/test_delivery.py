"""Notices on their way: leased by one at a time, tried again ever later, settled once, and telling nothing."""

import re
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from store.care.delivery import (
    LATE,
    LEASE,
    MOST_ATTEMPTS,
    SUBJECT,
    TEXTS,
    Outgoing,
    Waiting,
    claim_notice,
    notice_failed,
    notice_postponed,
    notice_released,
    notice_sent,
    unit_notices,
    waiting_notices,
)
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.notices import Delivery, NoticeKind
from store.data import data_folder
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.people.channels import EMAIL, SMS, Channel
from store.practice.reading import read_cast
from store.views.moment import open_moment
from tests.clinics import ADULT, CHILD, GUARDIAN, UNKNOWN, Clinic, shipped
from tests.store.letters import later, send, write

BOTH = frozenset({SMS, EMAIL})
GUARDED = "0701740607"


def claim(clinic: Clinic, channels: frozenset[Channel] = BOTH) -> Outgoing | None:
    with clinic.store.work(OPERATOR) as work:
        return claim_notice(work, channels)


def claimed(clinic: Clinic) -> Outgoing:
    notice = claim(clinic)
    assert notice
    return notice


def sent(clinic: Clinic, notice: Outgoing) -> None:
    with clinic.store.work(OPERATOR) as work:
        notice_sent(work, notice.id, notice.others)


def failed(clinic: Clinic, notice: Outgoing, reason: str = "adressen finns inte") -> None:
    with clinic.store.work(OPERATOR) as work:
        notice_failed(work, notice.id, notice.others, reason)


def postponed(clinic: Clinic, notice: Outgoing, reason: str = "e-postservern svarar inte") -> None:
    with clinic.store.work(OPERATOR) as work:
        notice_postponed(work, notice.id, notice.others, reason)


def released(clinic: Clinic, notice: Outgoing) -> None:
    with clinic.store.work(OPERATOR) as work:
        notice_released(work, notice.id, notice.others, notice.due_at)


def row(clinic: Clinic, notice: int) -> tuple[Any, ...]:
    """Return a notice's state, attempts, fault and when it was done."""
    return clinic.rows("SELECT state, attempts, fault, done_at FROM notice WHERE id = :id", id=notice)[0]


def deliver(clinic: Clinic) -> list[str]:
    """Send all that is due; returns the kinds."""
    kinds = []
    while notice := claim(clinic):
        kinds.append(notice.kind)
        sent(clinic, notice)
    return kinds


def states(clinic: Clinic) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state in clinic.rows("SELECT kind, state FROM notice ORDER BY id")]


def told(clinic: Clinic) -> list[str]:
    """Return what the timelines say of notices."""
    rows = clinic.rows("SELECT kind FROM event WHERE kind LIKE 'avisering%' ORDER BY moment_id, at, seq")
    return [kind for (kind,) in rows]


def moment_with_message(clinic: Clinic, number: str = ADULT, **options: Any) -> int:
    """A moment in which a message is told of, and nothing else is."""
    moment = clinic.start(number, "prov")
    clinic.run("DELETE FROM notice")
    send(clinic, moment, **options)
    return moment


# --- one notice through ---


def test_a_notice_is_leased_sent_and_told_of(clinic: Clinic) -> None:
    moment = moment_with_message(clinic)
    due = clinic.clock.now
    now = later(clinic)
    notice = claimed(clinic)
    assert (notice.kind, notice.channel, notice.address) == ("meddelande", SMS, "0701740605")
    assert (notice.subject, notice.text, notice.others) == (SUBJECT, TEXTS[NoticeKind.MESSAGE], ())
    assert notice.due_at == due
    assert claim(clinic) is None
    sent(clinic, notice)
    assert row(clinic, notice.id) == ("skickad", 1, "", now)
    assert told(clinic) == ["avisering-skickad"]
    rows = clinic.log("SELECT action, personnummer, moment_id FROM log WHERE operation = 'notice_sent'")
    assert rows == [("skickade", ADULT, moment)]


def test_what_has_been_due_longest_goes_first(clinic: Clinic) -> None:
    moment_with_message(clinic)
    moment = clinic.start()
    clinic.run("UPDATE notice SET due_at = due_at - 1 WHERE kind = 'program-startat'")
    send(clinic, moment)
    assert deliver(clinic) == ["program-startat", "meddelande", "meddelande"]


def test_nothing_goes_before_its_time(clinic: Clinic) -> None:
    clinic.start()
    assert deliver(clinic) == ["program-startat"]
    clinic.clock.set(2026, 3, 16, 8, 59)  # a minute short of two weeks
    assert deliver(clinic) == []
    later(clinic)
    assert deliver(clinic) == ["paminnelse"]


@pytest.mark.parametrize(("open_", "kinds"), [({SMS}, 1), ({EMAIL}, 0), (set(), 0), (BOTH, 1)])
def test_a_channel_that_is_not_set_up_keeps_its_notices_waiting(
    clinic: Clinic, open_: Iterable[Channel], kinds: int
) -> None:
    moment_with_message(clinic)
    assert bool(claim(clinic, frozenset(open_))) is bool(kinds)
    assert states(clinic) == [("meddelande", "vantar")]


def test_the_channel_and_the_address_are_those_of_the_day(clinic: Clinic) -> None:
    moment_with_message(clinic)
    clinic.run("UPDATE resident SET channel = 'epost', email = 'asa@example.org' WHERE id = :id", id=clinic.adult)
    notice = claimed(clinic)
    assert (notice.channel, notice.address) == (EMAIL, "asa@example.org")


@pytest.mark.parametrize(
    "columns", [{}, {"channel": "sms"}, {"channel": "epost", "mobile": "0701740606"}, {"mobile": "0701740606"}]
)
def test_where_nobody_is_reached_it_is_settled_as_that(clinic: Clinic, columns: dict[str, str]) -> None:
    clinic.add_resident(UNKNOWN, **columns)
    moment_with_message(clinic, UNKNOWN)
    assert claim(clinic) is None
    assert clinic.rows("SELECT state, attempts, done_at FROM notice") == [("nar-ingen", 0, clinic.clock.now)]
    assert told(clinic) == []


def test_on_the_way_past_those_that_reach_nobody_the_next_is_found(clinic: Clinic) -> None:
    clinic.add_resident(UNKNOWN)
    nobodys = clinic.start(UNKNOWN, "prov")
    send(clinic, nobodys)
    somebodys = clinic.start(program="prov")
    notice = claimed(clinic)
    assert clinic.value("SELECT moment_id FROM notice WHERE id = :id", id=notice.id) == somebodys


# --- collected ---


def test_one_sending_for_all_that_was_collected_for_a_person(clinic: Clinic) -> None:
    moments = [clinic.start(program="prov"), clinic.start()]
    clinic.run("DELETE FROM notice")
    for moment in moments:
        for _ in range(2):
            send(clinic, moment, delivery=Delivery.COLLECTED)
    clinic.add_resident(UNKNOWN, channel="epost", email="annan@example.org")
    send(clinic, clinic.start(UNKNOWN, "prov"), delivery=Delivery.COLLECTED)
    clinic.run("DELETE FROM notice WHERE kind = 'program-startat'")
    clinic.clock.set(2026, 3, 3, 8)
    first, second = claimed(clinic), claimed(clinic)
    assert (first.address, len(first.others)) == ("0701740605", 1)
    assert (second.address, second.others) == ("annan@example.org", ())
    assert claim(clinic) is None
    sent(clinic, first)
    sent(clinic, second)
    assert set(states(clinic)) == {("uppsamlat", "skickad")}


def test_what_is_collected_later_is_not_taken_along(clinic: Clinic) -> None:
    for program in ("prov", "komigang-online"):
        send(clinic, clinic.start(program=program), delivery=Delivery.COLLECTED)
    clinic.run("DELETE FROM notice WHERE kind <> 'uppsamlat'")
    clinic.clock.set(2026, 3, 3, 8)
    later_one = clinic.value("SELECT max(id) FROM notice")
    clinic.run("UPDATE notice SET due_at = :at WHERE id = :id", at=clinic.clock.now + 1, id=later_one)
    assert claimed(clinic).others == ()
    assert clinic.rows("SELECT state, attempts FROM notice WHERE id = :id", id=later_one) == [("vantar", 0)]


def test_only_what_is_collected_for_that_person_goes_together(filed: Clinic) -> None:
    other = filed.add_resident(UNKNOWN, channel="sms", mobile=GUARDED)
    moment = filed.start(program="prov")
    send(filed, moment, delivery=Delivery.COLLECTED)
    send(filed, filed.start(), delivery=Delivery.COLLECTED)
    send(filed, filed.start(UNKNOWN, "prov"), delivery=Delivery.COLLECTED)
    send(filed, moment)
    filed.run("DELETE FROM notice WHERE kind IN ('program-startat', 'paminnelse')")
    filed.clock.set(2026, 3, 3, 8)
    filed.run("UPDATE notice SET due_at = due_at - 1 WHERE kind = 'uppsamlat' AND recipient_id <> :id", id=other)
    filed.run("UPDATE notice SET due_at = :now WHERE kind = 'meddelande'", now=filed.clock.now)
    notice = claimed(filed)
    (second,) = notice.others
    together = filed.rows("SELECT id, recipient_id FROM notice WHERE id IN (:a, :b)", a=notice.id, b=second)
    assert together == [(notice.id, filed.adult), (second, filed.adult)]
    assert filed.rows("SELECT kind FROM notice WHERE attempts = 0 ORDER BY kind") == [("meddelande",), ("uppsamlat",)]


@pytest.mark.parametrize("outcome", [failed, postponed, released])
def test_what_goes_together_is_settled_together(clinic: Clinic, outcome: Any) -> None:
    for program in ("prov", "komigang-online"):
        send(clinic, clinic.start(program=program), delivery=Delivery.COLLECTED)
    clinic.run("DELETE FROM notice WHERE kind <> 'uppsamlat'")
    clinic.clock.set(2026, 3, 3, 8)
    outcome(clinic, claimed(clinic))
    assert len(clinic.rows("SELECT DISTINCT state, due_at, attempts, fault, done_at FROM notice")) == 1


def test_an_ombud_is_told_of_two_children_at_once(clinic: Clinic) -> None:
    sibling = clinic.add_resident("202001022389", family="Berg", given="Ebba")
    guardian = clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=GUARDIAN)
    clinic.run("INSERT INTO guardian (child_id, guardian_id) VALUES (:child, :who)", child=sibling, who=guardian)
    clinic.run("UPDATE resident SET channel = 'sms', mobile = :mobile WHERE id = :id", mobile=GUARDED, id=guardian)
    for number in (CHILD, "202001022389"):
        send(clinic, clinic.start(number, "prov"), delivery=Delivery.COLLECTED)
    clinic.run("DELETE FROM notice WHERE kind <> 'uppsamlat'")
    clinic.clock.set(2026, 3, 3, 8)
    notice = claimed(clinic)
    assert (notice.address, len(notice.others)) == (GUARDED, 1)


# --- what no longer goes ---


def test_in_maintenance_a_reminder_is_taken_back_when_its_time_comes(clinic: Clinic) -> None:
    moment = clinic.start()
    deliver(clinic)
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert states(clinic)[1] == ("paminnelse", "vantar")
    clinic.clock.set(2026, 3, 17, 12)
    assert claim(clinic) is None
    assert states(clinic)[1] == ("paminnelse", "aterkallad")
    assert told(clinic) == ["avisering-skickad"]


def test_a_moment_that_was_taken_back_in_time_is_reminded_of(clinic: Clinic) -> None:
    moment = clinic.start()
    deliver(clinic)
    for act in (maintain_moment, resume_moment):
        with clinic.store.work(clinic.clinician) as work:
            act(work, moment)
    clinic.clock.set(2026, 3, 17, 12)
    assert deliver(clinic) == ["paminnelse"]


@pytest.mark.parametrize("ended", [True, False])
def test_a_message_is_told_of_in_maintenance_and_after_the_end(clinic: Clinic, ended: bool) -> None:
    moment = moment_with_message(clinic)
    with clinic.store.work(clinic.clinician) as work:
        if ended:
            end_moment(work, moment, "Klart")
        else:
            maintain_moment(work, moment)
    assert deliver(clinic) == ["meddelande"]


@pytest.mark.parametrize("protected", [CHILD, GUARDIAN])
def test_who_is_ombud_no_more_when_it_goes_is_not_told(clinic: Clinic, protected: str) -> None:
    clinic.run(
        "UPDATE resident SET channel = 'sms', mobile = :mobile WHERE personnummer = :n", mobile=GUARDED, n=GUARDIAN
    )
    moment_with_message(clinic, CHILD)
    clinic.run("UPDATE resident SET protection = 'sekretessmarkering' WHERE personnummer = :n", n=protected)
    assert claim(clinic) is None
    assert states(clinic) == [("meddelande", "aterkallad")]


# --- what goes wrong ---


def test_a_lease_that_ran_out_is_taken_again_under_the_same_key(clinic: Clinic) -> None:
    moment_with_message(clinic)
    first = claimed(clinic)
    clinic.clock.now = Instant(clinic.clock.now + LEASE - 1)
    assert claim(clinic) is None
    clinic.clock.now = Instant(clinic.clock.now + 1)
    again = claimed(clinic)
    assert (again.id, again.key, row(clinic, again.id)[1]) == (first.id, first.key, 2)


def test_keys_are_of_one_notice_each(clinic: Clinic) -> None:
    moment = moment_with_message(clinic)
    for _ in range(5):
        send(clinic, moment)
    keys = [claimed(clinic).key for _ in range(6)]
    assert len(set(keys)) == 6
    assert all(key.isprintable() and " " not in key and ADULT not in key for key in keys)


def test_the_waits_grow_to_an_hour_and_after_a_day_it_is_given_up(clinic: Clinic) -> None:
    moment = moment_with_message(clinic)
    begun, tried = clinic.clock.now, []
    for _ in range(MOST_ATTEMPTS):
        notice = claimed(clinic)
        tried.append(clinic.clock.now)
        postponed(clinic, notice)
        if row(clinic, notice.id)[0] == "vantar":
            clinic.clock.now = clinic.value("SELECT due_at FROM notice") - 1
            assert claim(clinic) is None
            clinic.clock.now += 1  # type: ignore[assignment]
    minutes = [(after - before) // 60_000 for before, after in pairwise(tried)]
    assert minutes == [1, 2, 4, 8, 16, 32, *[60] * (MOST_ATTEMPTS - 7)]
    assert timedelta(hours=20) < timedelta(milliseconds=clinic.clock.now - begun) < timedelta(hours=28)
    assert row(clinic, notice.id) == ("misslyckad", 30, "e-postservern svarar inte", clinic.clock.now)
    assert told(clinic) == ["avisering-misslyckad"]
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'notice_failed' AND moment_id = :m", m=moment) == 1


def test_what_is_given_back_is_due_at_once_and_was_no_attempt(clinic: Clinic) -> None:
    moment_with_message(clinic)
    notice = claimed(clinic)
    released(clinic, notice)
    assert row(clinic, notice.id) == ("vantar", 0, "", None)
    assert clinic.value("SELECT due_at FROM notice WHERE id = :id", id=notice.id) == notice.due_at, "it is late"
    assert claimed(clinic).id == notice.id


def test_a_fault_is_shown_with_the_moment_until_one_arrives(clinic: Clinic) -> None:
    def fault() -> str:
        with clinic.store.read(clinic.clinician) as work:
            return open_moment(work, moment).notice_fault

    moment = moment_with_message(clinic)
    assert fault() == ""
    postponed(clinic, claimed(clinic))
    assert fault() == ""
    later(clinic, 60)
    failed(clinic, claimed(clinic))
    assert fault() == "adressen finns inte"
    facts = clinic.value("SELECT facts FROM event WHERE kind = 'avisering-misslyckad'")
    assert facts == '{"notice": "meddelande", "reason": "adressen finns inte"}'
    later(clinic)
    send(clinic, moment)
    assert fault() == "adressen finns inte"
    deliver(clinic)
    assert fault() == ""


@pytest.mark.parametrize("late", [failed, postponed])
def test_what_another_has_sent_stays_sent(clinic: Clinic, late: Any) -> None:
    """A sender that was stopped for longer than its lease comes with its fault when another has sent."""
    moment_with_message(clinic)
    slow = claimed(clinic)
    clinic.clock.now = Instant(clinic.clock.now + LEASE)
    sent(clinic, claimed(clinic))
    settled = row(clinic, slow.id)
    late(clinic, slow)
    sent(clinic, slow)
    assert row(clinic, slow.id) == settled
    assert told(clinic) == ["avisering-skickad"]


def test_staffs_own_notices_are_on_no_timeline_and_their_faults_on_no_residents_page(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    moment = clinic.start(program="prov")
    clinic.run("DELETE FROM notice")
    write(clinic, moment)
    notice = claimed(clinic)
    assert (notice.channel, notice.address) == (EMAIL, "kim@example.org")
    assert notice.text == TEXTS[NoticeKind.STAFF_MESSAGE]
    failed(clinic, notice)
    assert told(clinic) == []
    with clinic.store.read(clinic.clinician) as work:
        assert open_moment(work, moment).notice_fault == ""


def test_a_staff_member_whose_address_is_gone_is_not_reached(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    moment = clinic.start(program="prov")
    clinic.run("DELETE FROM notice")
    write(clinic, moment)
    clinic.run("UPDATE staff SET email = ''")
    assert claim(clinic) is None
    assert states(clinic) == [("personal-meddelande", "nar-ingen")]


# --- several senders ---


def test_of_several_senders_at_once_no_two_get_the_same(clinic: Clinic) -> None:
    moment = moment_with_message(clinic)
    for _ in range(11):
        send(clinic, moment)
    together = threading.Barrier(3)

    def run(_: int) -> list[int]:
        together.wait(15)
        found = []
        while notice := claim(clinic):
            found.append(notice.id)
            sent(clinic, notice)
        return found

    with ThreadPoolExecutor(3) as pool:
        everyones = [notice for found in pool.map(run, range(3)) for notice in found]
    assert len(everyones) == len(set(everyones)) == 12
    assert set(states(clinic)) == {("meddelande", "skickad")}
    assert len(told(clinic)) == 12


def test_of_two_at_the_last_notice_one_goes_without(clinic: Clinic) -> None:
    moment_with_message(clinic)
    together = threading.Barrier(2)

    def run(_: int) -> Outgoing | None:
        together.wait(15)
        return claim(clinic)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run, range(2)))
    assert [notice is None for notice in found].count(True) == 1


def test_settling_and_writing_in_the_same_instant_leave_an_event_each(clinic: Clinic) -> None:
    """The clock stands: both events are of one instant, and the moment's lock is what puts them in order."""
    moment = moment_with_message(clinic)
    for _ in range(9):
        send(clinic, moment)
    together = threading.Barrier(2)

    def settle() -> None:
        together.wait(15)
        deliver(clinic)

    def go_on() -> None:
        together.wait(15)
        for _ in range(10):
            write(clinic, moment)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(settle), pool.submit(go_on)]:
            done.result()
    events = clinic.rows("SELECT kind, count(*) FROM event WHERE moment_id = :m GROUP BY kind", m=moment)
    assert dict(events)["avisering-skickad"] == 10
    assert dict(events)["meddelande-skickat"] == 20


def test_what_stops_every_sender_before_it_can_tell_is_given_up_too(clinic: Clinic) -> None:
    clinic.start(program="prov")
    for _ in range(MOST_ATTEMPTS):
        assert claim(clinic)
        clinic.clock.now = Instant(clinic.clock.now + LEASE)
    assert claim(clinic) is None
    assert clinic.rows("SELECT state, fault FROM notice WHERE kind = 'program-startat'") == [
        ("misslyckad", "inget av försöken blev klart")
    ]
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'avisering-misslyckad'") == 1


# --- how much waits ---


def test_how_much_waits_and_how_much_of_it_should_have_gone(clinic: Clinic) -> None:
    def waits() -> Waiting:
        with clinic.store.read(OPERATOR) as work:
            return waiting_notices(work)

    assert waits() == Waiting(0, 0, 0, None)
    clinic.start()
    started = clinic.clock.now
    assert waits() == Waiting(2, 1, 0, started)
    deliver(clinic)
    clinic.clock.set(2026, 3, 16, 9)
    assert waits() == Waiting(1, 1, 0, clinic.clock.now)


def test_the_unit_is_told_of_what_should_have_gone_long_ago(clinic: Clinic) -> None:
    admin = clinic.someone(Role.ACCESS_ADMIN)
    elsewhere = clinic.someone(Role.ACCESS_ADMIN, "SE2321000040-T2")
    moment_with_message(clinic)
    due = clinic.clock.now
    clinic.clock.now = Instant(due + LATE - 1)
    with clinic.store.read(admin) as work:
        assert unit_notices(work).waiting.late == 0
    clinic.clock.now = Instant(due + LATE)
    with clinic.store.read(admin) as work:
        found = unit_notices(work)
    assert found.waiting == Waiting(1, 1, 1, due)
    with clinic.store.read(elsewhere) as work:
        assert unit_notices(work).waiting == Waiting(0, 0, 0, None)


# --- what they say ---


def test_every_kind_has_its_words() -> None:
    assert set(TEXTS) == set(NoticeKind)
    assert len(set(TEXTS.values())) == len(TEXTS)


def test_a_notice_tells_nothing_of_anyone() -> None:
    """3 kap. 15 §: no health data and no program; ours: no name, no number, no unit."""
    cast = read_cast(data_folder() / "practice" / "cast.toml")
    programs = [shipped(folder.name) for folder in (data_folder() / "programs").iterdir() if folder.is_dir()]
    names = {name for one in cast.staff for name in (one.given_name, one.family_name)}
    names |= {one.columns[part] for one in cast.residents for part in ("fornamn", "efternamn")}
    titles = {title for program in programs for title in (program.id, program.title)}
    titles |= {form.title for program in programs for form in program.forms}
    titles |= {module.title for program in programs for module in program.modules}
    units = {unit.name for unit in cast.units} | {cast.provider[1], "Enhet Ett", "Region Prov"}
    care = {"ångest", "oro", "depression", "nedstämdhet", "sömn", "kbt", "vård", "behandlare", "formulär", "mående"}
    assert len(names) > 20 < len(titles)
    for text in (SUBJECT, *TEXTS.values()):
        assert set(re.findall(r"\d+", text)) <= {"1177"}
        said = set(re.findall(r"\w+", text.replace("Stöd och behandling", "").casefold()))
        for words in names | titles | units | care:
            assert not set(re.findall(r"\w+", words.casefold())) <= said, words
        assert text.isprintable()
        assert "{" not in text


def test_what_goes_out_holds_nothing_but_the_words_and_the_address(clinic: Clinic) -> None:
    moment = clinic.start()
    send(clinic, moment, "Hemligt", heading="Om din oro")
    clinic.clock.set(2026, 3, 20, 12)
    for _ in range(3):
        notice = claimed(clinic)
        assert (notice.subject, notice.text) == (SUBJECT, TEXTS[NoticeKind(notice.kind)])


@pytest.mark.parametrize("outcome", [sent, failed, postponed, released])
def test_what_becomes_of_a_notice_touches_no_other_and_comes_of_it_once(filed: Clinic, outcome: Any) -> None:
    moment_with_message(filed)
    send(filed, filed.start(CHILD, "prov"))
    filed.run("UPDATE notice SET due_at = due_at - 1 WHERE id = (SELECT min(id) FROM notice)")
    notice = claimed(filed)
    rest = "SELECT id, state, due_at, attempts, fault, done_at FROM notice WHERE id <> :id ORDER BY id"
    before = filed.rows(rest, id=notice.id)
    assert before
    outcome(filed, notice)
    assert filed.rows(rest, id=notice.id) == before
    faults = {failed: "adressen finns inte", postponed: "e-postservern svarar inte"}
    assert row(filed, notice.id)[2] == faults.get(outcome, "")
    filed.run("UPDATE notice SET state = 'skickad', done_at = 7 WHERE id = :id", id=notice.id)
    settled = row(filed, notice.id)
    outcome(filed, notice)
    assert row(filed, notice.id) == settled, "another sender was before"


def test_the_address_that_is_handed_out_is_logged_as_the_ombuds(filed: Clinic) -> None:
    filed.run("UPDATE resident SET channel = 'sms', mobile = :m WHERE personnummer = :n", m=GUARDED, n=GUARDIAN)
    moment = moment_with_message(filed, CHILD)
    claimed(filed)
    logged = filed.log("SELECT action, personnummer, resident_name, moment_id FROM log ORDER BY id DESC LIMIT 1")
    assert logged == [("läste", GUARDIAN, "Berg, Ulla", moment)]
