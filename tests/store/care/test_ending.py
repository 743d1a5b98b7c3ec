"""Ending, switching, maintenance and back (domain.md §3.2–3.4)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.modules import hide_module, open_module, read_step
from store.care.switching import switch_clinician
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.work import Work
from tests.clinics import ADULT, COLLEAGUE, ELSEWHERE, INACTIVE, Clinic

ENDED = "Momentet är avslutat. Ett avslutat moment kan inte återöppnas; starta ett nytt om det behövs."


def end(clinic: Clinic, moment: int, reason: str = "Övrigt", **options: Any) -> int | None:
    with clinic.store.work(clinic.clinician) as work:
        return end_moment(work, moment, reason, **options)


def maintain(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)


def resume(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)


def switch(clinic: Clinic, moment: int, to: str = COLLEAGUE, **options: Any) -> None:
    with clinic.store.work(options.pop("by", clinic.clinician)) as work:
        switch_clinician(work, moment, to, **options)


def kinds(clinic: Clinic, moment: int) -> list[str]:
    rows = clinic.rows("SELECT kind FROM event WHERE moment_id = :moment ORDER BY at, seq", moment=moment)
    return [kind for (kind,) in rows]


def counts(clinic: Clinic) -> dict[tuple[int, str, str], int]:
    rows = clinic.rows("SELECT responsible_id, program, status, number FROM momentcount WHERE number <> 0")
    return {(staff, program, status): number for staff, program, status, number in rows}


# --- ending ---


def test_an_ended_moment_says_when_and_why(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.clock.set(2026, 4, 1, 12)
    assert end(clinic, moment, "Avslutat enligt plan") is None
    assert clinic.rows("SELECT status, ended_at, end_reason FROM moment") == [
        ("avslutat", clinic.clock.now, "Avslutat enligt plan")
    ]
    assert kinds(clinic, moment) == ["startat", "avslutat"]
    facts = clinic.value("SELECT facts FROM event WHERE kind = 'avslutat'")
    assert json.loads(facts) == {"reason": "Avslutat enligt plan"}
    assert counts(clinic) == {(clinic.clinician.staff_id, "komigang-online", "avslutat"): 1}


def test_what_has_not_been_sent_is_taken_back(clinic: Clinic) -> None:
    moment, other = clinic.start(), clinic.start(program="prov")
    clinic.run("UPDATE notice SET state = 'skickad' WHERE kind = 'program-startat'")
    end(clinic, moment)
    rows = clinic.rows("SELECT moment_id, kind, state FROM notice ORDER BY moment_id, kind")
    assert rows == [
        (moment, "paminnelse", "aterkallad"),
        (moment, "program-startat", "skickad"),
        (other, "program-startat", "skickad"),
    ]


@pytest.mark.parametrize("reason", ["", "övrigt", "Klart", "\x1b[2J"])
def test_the_reason_is_one_of_the_programs(clinic: Clinic, reason: str) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match="Avslutat enligt plan, Avbrutet av invånaren") as error:
        end(clinic, moment, reason)
    assert error.value.field == "orsak"
    assert clinic.value("SELECT status FROM moment") == "pagaende"


def test_a_program_may_have_reasons_of_its_own(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match=r"Klart, Övrigt\.$"):
        end(clinic, moment, "Avslutat enligt plan")
    end(clinic, moment, "Klart")


@pytest.mark.parametrize("ended", [True, False])
def test_nothing_can_be_done_with_an_ended_moment(clinic: Clinic, ended: bool) -> None:
    moment = clinic.start(program="prov")
    end(clinic, moment) if ended else maintain(clinic, moment)
    acts: list[Callable[[Work], object]] = [
        lambda work: open_module(work, moment, "mer"),
        lambda work: maintain_moment(work, moment),
    ]
    acts_of_the_living: list[Callable[[Work], object]] = [
        lambda work: resume_moment(work, moment),
        lambda work: end_moment(work, moment, "Övrigt"),
        lambda work: hide_module(work, moment, "start"),
        lambda work: switch_clinician(work, moment, COLLEAGUE),
    ]
    for act in acts + (acts_of_the_living if ended else []):
        with pytest.raises(Refused) as error, clinic.store.work(clinic.clinician) as work:
            act(work)
        assert (error.value.message == ENDED) == ended
    if ended:
        with pytest.raises(Refused, match="Momentet är avslutat"), clinic.store.work(clinic.resident()) as work:
            read_step(work, moment, "hej")


@pytest.mark.parametrize("from_maintenance", [True, False])
def test_the_farewell_goes_before_the_end(clinic: Clinic, from_maintenance: bool) -> None:
    moment = clinic.start(program="prov")
    if from_maintenance:
        maintain(clinic, moment)
    end(clinic, moment, message="  Tack för den här tiden!\x1b[2J\n\nHej då  ")
    assert kinds(clinic, moment)[-2:] == ["meddelande-skickat", "avslutat"]
    written = clinic.rows(
        "SELECT heading, text, sender, author, sent_at, read_at"
        " FROM message JOIN conversation c ON c.id = conversation_id"
    )
    sent = ("behandlare", clinic.clinician.name, clinic.clock.now, None)
    assert written == [("Programmet är avslutat", "Tack för den här tiden!\n\nHej då", *sent)]
    actions = clinic.rows("SELECT action FROM log WHERE operation = 'end_moment' ORDER BY action")
    assert actions == [("skickade",), ("ändrade",)]


@pytest.mark.parametrize(("message", "sentence"), [("  \n\x1b[2J ", "tomt"), ("x" * 10_001, "högst 10000 tecken")])
def test_a_farewell_that_cannot_be_sent_stops_the_end(clinic: Clinic, message: str, sentence: str) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match=sentence) as error:
        end(clinic, moment, message=message)
    assert error.value.field == "meddelande"
    assert kinds(clinic, moment) == ["startat"]


def test_what_is_left_undone_is_listed_and_must_be_confirmed(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run("UPDATE moment SET priority_flags = 1, unread_messages = 2, unread_forms = 1, drafts = 3")
    with pytest.raises(NeedsConfirmation) as error:
        end(clinic, moment, message="Hej då!")
    assert error.value.warnings == (
        "1 ohanterad prioriterad flagga",
        "2 olästa meddelanden",
        "1 oläst formulär",
        "3 utkast som inte har skickats",
    )
    assert clinic.value("SELECT count(*) FROM message") == 0
    end(clinic, moment, message="Hej då!", confirmed=True)
    assert clinic.rows("SELECT priority_flags, unread_messages, unread_forms, drafts FROM moment") == [(1, 2, 1, 3)]


def test_another_may_be_started_in_the_same_breath(clinic: Clinic) -> None:
    moment = clinic.start()
    new = end(clinic, moment, new_program="komigang-online")
    assert new is not None
    assert clinic.rows("SELECT id, status FROM moment ORDER BY id") == [(moment, "avslutat"), (new, "pagaende")]
    assert counts(clinic) == {
        (clinic.clinician.staff_id, "komigang-online", "avslutat"): 1,
        (clinic.clinician.staff_id, "komigang-online", "pagaende"): 1,
    }


def test_what_the_new_start_warns_of_comes_with_the_rest(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.start()
    clinic.run("UPDATE moment SET drafts = 1 WHERE id = :id", id=moment)
    with pytest.raises(NeedsConfirmation) as error:
        end(clinic, moment, new_program="komigang-online")
    assert len(error.value.warnings) == 2
    assert "redan KomIgång online pågående" in error.value.warnings[1]
    assert end(clinic, moment, new_program="komigang-online", confirmed=True)


def test_a_new_start_that_is_refused_undoes_the_end(clinic: Clinic) -> None:
    moment = clinic.start()
    with pytest.raises(Refused) as error:
        end(clinic, moment, new_program="nonsens", message="Hej då!")
    assert error.value.field == "program"
    assert kinds(clinic, moment) == ["startat"]


# --- switching ---


def test_a_switch_moves_the_moment_to_the_other_clinician(clinic: Clinic) -> None:
    moment = clinic.start()
    switch(clinic, moment)
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.colleague.staff_id
    assert counts(clinic) == {(clinic.colleague.staff_id, "komigang-online", "pagaende"): 1}
    facts = clinic.value("SELECT facts FROM event WHERE kind = 'behandlare-bytt'")
    assert json.loads(facts) == {"to": clinic.colleague.name}
    with pytest.raises(NotPermitted):
        maintain(clinic, moment)
    switch(clinic, moment, clinic.clinician.hsa_id or "", by=clinic.admin)
    maintain(clinic, moment)


def test_several_at_once_for_a_resident_admin(clinic: Clinic) -> None:
    moments = [clinic.start(), clinic.start(program="prov")]
    with clinic.store.work(clinic.admin) as work:
        for moment in moments:
            switch_clinician(work, moment, COLLEAGUE)
    assert set(counts(clinic)) == {
        (clinic.colleague.staff_id, program, "pagaende") for program in ("komigang-online", "prov")
    }


def test_the_resident_may_be_written_to_about_it(clinic: Clinic) -> None:
    moment = clinic.start()
    switch(clinic, moment, message="Jag slutar, Kim tar över.")
    assert kinds(clinic, moment) == ["startat", "meddelande-skickat", "behandlare-bytt"]
    assert clinic.value("SELECT heading FROM conversation") == "Ny behandlare"


def test_in_maintenance_a_switch_is_without_a_message(clinic: Clinic) -> None:
    moment = clinic.start()
    maintain(clinic, moment)
    with pytest.raises(Refused, match="Byt utan meddelande") as error:
        switch(clinic, moment, message="Hej!")
    assert error.value.field == "meddelande"
    switch(clinic, moment)


@pytest.mark.parametrize("to", [INACTIVE, "SE2321000040-T2clinician", "SE2321000040-T1accessadmin", "\x1b[2Jx"])
def test_a_switch_is_to_an_active_clinician_of_the_unit(clinic: Clinic, to: str) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match="är inte aktiv behandlare på enheten") as error:
        switch(clinic, moment, to)
    assert error.value.field == "behandlare"
    assert error.value.message.isprintable()


def test_a_switch_to_the_same_changes_nothing(clinic: Clinic) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match="är redan ansvarig behandlare"):
        switch(clinic, moment, clinic.clinician.hsa_id or "")


# --- maintenance ---


def test_maintenance_and_back(clinic: Clinic) -> None:
    moment = clinic.start()
    staff = clinic.clinician.staff_id
    with pytest.raises(Refused, match="Momentet är pågående"):
        resume(clinic, moment)
    maintain(clinic, moment)
    assert counts(clinic) == {(staff, "komigang-online", "vidmakthallande"): 1}
    with pytest.raises(Refused, match=r"i vidmakthållande läge\. Återuppta det först"):
        maintain(clinic, moment)
    resume(clinic, moment)
    assert counts(clinic) == {(staff, "komigang-online", "pagaende"): 1}
    assert kinds(clinic, moment) == ["startat", "vidmakthallande", "aterupptaget"]


def test_in_maintenance_steps_can_still_be_read(clinic: Clinic) -> None:
    moment = clinic.start()
    maintain(clinic, moment)
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "aviseringar")
    assert clinic.value("SELECT last_active_at FROM moment") == clinic.clock.now
    assert clinic.log("SELECT actor_kind FROM log WHERE personnummer = :n AND operation = 'read_step'", n=ADULT) == [
        ("invånare",)
    ]


def test_a_resident_of_another_region_may_end_and_begin_where_all_are_served(clinic: Clinic) -> None:
    moment = clinic.start(ELSEWHERE)
    assert end(clinic, moment, new_program="prov")
