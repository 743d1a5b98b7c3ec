"""Ångra: a held message is a draft again, and the last act is undone where nobody has acted on it since."""

from datetime import date

import pytest

from store.care.acts import DAY
from store.care.day_run import catch_up, run_day
from store.care.endings import end_moment
from store.care.flags import add_flag
from store.care.form_answers import mark_answer_read
from store.care.held_messages import HOLD, due_releases, note_release, release_due
from store.care.maintenance import maintain_moment, resume_moment
from store.care.notices import Delivery
from store.care.set_aside import set_aside
from store.care.switching import switch_clinician
from store.care.undo import ANSWERED, CHANGED, GONE, NOTHING, undo_act, undoable
from store.foundation.access import OPERATOR, Actor
from store.foundation.errors import NotPermitted, Refused
from store.foundation.work import Work
from store.people.channels import CHANNELS
from store.views.residents_side import read_own_messages
from store.views.todo import todo_again
from tests.clinics import CHILD, COLLEAGUE, Clinic
from tests.forms import given
from tests.store.letters import conversations, counters, later, newest, page, read, send, write


def undo(clinic: Clinic, moment: int, by: Actor | None = None) -> str:
    with clinic.store.work(by or clinic.clinician) as work:
        return undo_act(work, moment)[1]


def seen_by_resident(clinic: Clinic, moment: int) -> list[str]:
    with clinic.store.work(clinic.resident()) as work:
        return [message.text for _, messages in read_own_messages(work, moment) for message in messages]


def due(clinic: Clinic) -> list[str]:
    """The kinds of the aviseringar that would go now."""
    return [
        kind
        for (kind,) in clinic.rows(
            "SELECT kind FROM notice WHERE state = 'vantar' AND kind <> 'paminnelse' AND staff_id IS NULL"
            " AND due_at <= :now AND kind <> 'program-startat' ORDER BY id",
            now=clinic.clock.now,
        )
    ]


def waits_for(clinic: Clinic, by: Actor) -> list[str]:
    with clinic.store.read(by) as work:
        return [matter.reason for matter in todo_again(work)]


def asked(clinic: Clinic) -> tuple[int, int]:
    """A moment in which the resident waits for an answer, and the conversation."""
    moment = clinic.start(program="prov")
    write(clinic, moment, "Hur gör jag?", heading="Fråga")
    return moment, newest(clinic, moment)


# --- a message is held


def test_until_its_time_a_message_is_nobodys_but_the_clinics(clinic: Clinic) -> None:
    """The limit itself: at the last millisecond before nothing is there, at the next all is, by the time alone."""
    moment, place = asked(clinic)
    written = counters(clinic, moment)[2]
    send(clinic, moment, "Så här.", conversation=place, hold=True)
    clinic.clock.now += HOLD - 1  # type: ignore[assignment]
    assert (seen_by_resident(clinic, moment), due(clinic)) == (["Hur gör jag?"], [])
    assert [one.unanswered_at for one in conversations(clinic, moment)] == [written]
    assert waits_for(clinic, clinic.clinician) == [], "to the one who has answered it is done"
    clinic.clock.now += 1  # type: ignore[assignment]
    assert seen_by_resident(clinic, moment) == ["Hur gör jag?", "Så här."]
    assert due(clinic) == ["meddelande"]
    assert [one.unanswered_at for one in conversations(clinic, moment)] == [None]
    with clinic.store.work(clinic.clinician) as work:
        note_release(work, moment)
    assert counters(clinic, moment) == (0, 0, None)
    with pytest.raises(Refused, match=GONE):
        undo(clinic, moment)


def test_taken_back_it_is_a_draft_and_all_is_as_it_was(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    before = counters(clinic, moment), conversations(clinic, moment)
    send(clinic, moment, "Så här.", conversation=place, hold=True)
    with pytest.raises(NotPermitted):
        undo(clinic, moment, clinic.colleague)
    with pytest.raises(Refused, match=NOTHING):
        undo(clinic, moment, clinic.admin)
    assert (
        undo(clinic, moment) == "Meddelandet har inte gått iväg. Det är ett utkast igen. Konversationen är oläst igen."
    )
    assert [(draft.text, draft.conversation) for draft in page(clinic, moment).drafts] == [("Så här.", place)]
    unread, _, oldest = counters(clinic, moment)
    assert ((unread, 0, oldest), conversations(clinic, moment)) == before
    clinic.clock.now += HOLD  # type: ignore[assignment]
    assert (seen_by_resident(clinic, moment), due(clinic)) == (["Hur gör jag?"], [])
    kinds = [kind for (kind,) in clinic.rows("SELECT kind FROM event")]
    assert kinds.count("meddelande-skickat") == 1, "the resident's"
    assert {"meddelande-taget-tillbaka", "angrat"} <= set(kinds)


def test_a_new_conversation_that_is_taken_back_is_its_authors_alone(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "Hej!", heading="Nytt", hold=True, delivery=Delivery.COLLECTED)
    undo(clinic, moment)
    assert [one.heading for one in conversations(clinic, moment)] == ["Nytt"]
    assert page(clinic, moment, clinic.admin).conversations == ()
    write(clinic, moment, "Hallå?")
    assert conversations(clinic, moment)[0].heading == "Min konversation"


@pytest.mark.parametrize("what", ["switch", "maintain", "end", "another"])
def test_what_changes_hands_lets_it_go_first(clinic: Clinic, what: str) -> None:
    moment, place = asked(clinic)
    send(clinic, moment, "Så här.", conversation=place, hold=True)
    with clinic.store.work(clinic.clinician) as work:
        if what == "switch":
            switch_clinician(work, moment, COLLEAGUE)
        elif what == "maintain":
            maintain_moment(work, moment)
        elif what == "end":
            end_moment(work, moment, "Klart", confirmed=True)
    if what == "another":
        send(clinic, moment, "En sak till", hold=True)
    assert "Så här." in seen_by_resident(clinic, moment)
    assert due(clinic)[:1] == ["meddelande"]
    assert counters(clinic, moment)[2] is None


def test_what_the_resident_writes_meanwhile_waits_when_it_has_gone(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    send(clinic, moment, "Så här.", conversation=place, hold=True)
    clinic.clock.now += 1_000  # type: ignore[assignment]
    write(clinic, moment, "Jo, en sak till", conversation=place)
    again = clinic.clock.now
    clinic.clock.now += HOLD  # type: ignore[assignment]
    assert [one.unanswered_at for one in conversations(clinic, moment)] == [again]
    write(clinic, moment, "Och en", conversation=place)
    assert counters(clinic, moment)[2] == again


def test_the_command_line_and_a_farewell_are_not_held(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    send(clinic, moment, "Så här.", conversation=place)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", message="Tack!", confirmed=True)
    assert set(seen_by_resident(clinic, moment)) == {"Hur gör jag?", "Så här.", "Tack!"}


def test_two_collected_and_one_taken_back_still_tells_of_the_other(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "Ett", hold=True, delivery=Delivery.COLLECTED)
    send(clinic, moment, "Två", hold=True, delivery=Delivery.COLLECTED)
    undo(clinic, moment)
    states = clinic.rows("SELECT state FROM notice WHERE kind = 'uppsamlat' ORDER BY id")
    assert [state for (state,) in states] == ["vantar", "aterkallad"]
    assert CHANNELS


# --- the other acts


def test_a_switch_is_taken_back_by_who_gave_it_and_the_message_stays(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE, message="Du får en ny behandlare.")
    said = undo(clinic, moment)
    assert said == (
        f"{clinic.clinician.name} är ansvarig behandlare igen."
        " Meddelandet till invånaren om bytet är redan skickat och tas inte tillbaka."
    )
    assert clinic.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) == clinic.clinician.staff_id
    assert seen_by_resident(clinic, moment) == ["Du får en ny behandlare."]
    with pytest.raises(Refused, match=NOTHING):
        undo(clinic, moment)


def test_a_switch_on_which_the_new_one_has_acted_stands(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE)
    later(clinic)
    read(clinic, moment, place, by=clinic.colleague)
    with pytest.raises(Refused, match=f"{clinic.colleague.name} har gjort något i momentet sedan dess"):
        undo(clinic, moment)
    with clinic.store.work(clinic.colleague) as work:
        assert undoable(work, moment) is not None


def test_reading_is_undone_and_not_when_it_was_answered(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    answer = clinic.answer(moment, given(1, 1, 0))
    with clinic.store.work(clinic.clinician) as work:
        mark_answer_read(work, moment, answer)
    assert undo(clinic, moment) == "Formuläret är oläst igen."
    assert clinic.value("SELECT unread_forms FROM moment WHERE id = :id", id=moment) == 1
    read(clinic, moment, place)
    assert undo(clinic, moment) == "Konversationen är oläst igen."
    assert counters(clinic, moment)[0] == 1
    read(clinic, moment, place)
    send(clinic, moment, "Så här.", conversation=place)
    with pytest.raises(Refused, match=ANSWERED):
        undo(clinic, moment)


@pytest.mark.parametrize("by", ["the day's run", "an app that is opened", "the day's run of a day that was run"])
def test_what_a_killed_program_sent_is_written_down_by_the_next_run(clinic: Clinic, by: str) -> None:
    """The flag goes and the counter is right though nobody acts in the moment; before its time nothing is touched."""
    moment, place = asked(clinic)
    clinic.clock.now += 10 * DAY  # type: ignore[assignment]
    run_day(clinic.store)
    assert clinic.rows("SELECT kind FROM flag WHERE handled_at IS NULL AND kind = 'obesvarat'") == [("obesvarat",)]
    written = counters(clinic, moment)[2]
    send(clinic, moment, "Så här.", conversation=place, hold=True)
    clinic.clock.now += HOLD - 1  # type: ignore[assignment]
    assert (release_due(clinic.store), counters(clinic, moment)[2]) == ({}, written)
    clinic.clock.now += 1  # type: ignore[assignment]
    if by == "the day's run":
        clinic.clock.now += DAY  # type: ignore[assignment]
    changes = clinic.store.change_no(clinic.here)
    if by == "an app that is opened":
        assert catch_up(clinic.store) is None
    else:
        assert run_day(clinic.store).left == {}
    assert clinic.rows("SELECT kind FROM flag WHERE handled_at IS NULL AND kind = 'obesvarat'") == []
    assert counters(clinic, moment) == (0, 0, None)
    assert clinic.store.change_no(clinic.here) > changes, "the colleagues' lists are read again"
    with clinic.store.read(OPERATOR) as work:
        assert due_releases(work) == []


def test_a_moment_in_which_it_cannot_be_written_down_stops_no_other(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [asked(clinic), (clinic.start(CHILD, program="prov"), None)]
    for moment, place in moments:
        send(clinic, moment, "Så här.", conversation=place, hold=True)
    later(clinic)
    real = note_release

    def note(work: Work, moment: int) -> None:
        if moment == moments[0][0]:
            raise ValueError
        real(work, moment)

    monkeypatch.setattr("store.care.held_messages.note_release", note)
    assert list(run_day(clinic.store).left) == [moments[0][0]]
    with clinic.store.read(OPERATOR) as work:
        assert due_releases(work) == [moments[0][0]]


def test_a_namesake_is_somebody_else(clinic: Clinic) -> None:
    """Of two with one name, what the other has done since is told by the HSA-id; one's own doings stop nothing."""
    clinic.run(
        "UPDATE staff SET family_name = (SELECT family_name FROM staff WHERE hsa_id = :own), given_name = (SELECT"
        " given_name FROM staff WHERE hsa_id = :own) WHERE hsa_id = :other",
        own=clinic.clinician.hsa_id,
        other=COLLEAGUE,
    )
    moment = clinic.start(program="prov")
    assert clinic.colleague.name == clinic.clinician.name
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    later(clinic)
    with clinic.store.work(clinic.clinician) as work:
        add_flag(work, moment, "Ring.")
    assert undo(clinic, moment) == "Momentet är pågående igen."
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE)
    later(clinic)
    with clinic.store.work(clinic.colleague) as work:
        add_flag(work, moment, "Ring.")
    with pytest.raises(Refused, match="har gjort något i momentet sedan dess"):
        undo(clinic, moment)


def test_set_aside_is_undone_and_not_when_it_was_set_anew(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    matter = f"meddelande-{place}"
    with clinic.store.work(clinic.clinician) as work:
        set_aside(work, moment, matter, date(2026, 3, 9), "Semester")
        set_aside(work, moment, matter, date(2026, 3, 16), "Längre")
    assert undo(clinic, moment) == "Ärendet är i kön igen."
    assert clinic.rows("SELECT until, reason FROM setaside") == [("2026-03-09", "Semester")]
    with clinic.store.work(clinic.admin) as work:
        set_aside(work, moment, matter, date(2026, 3, 20), "Täcker")
    with pytest.raises(Refused, match=CHANGED):
        undo(clinic, moment)


def test_maintenance_and_back_are_undone_with_the_flags(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.run(
        "INSERT INTO flag (resident_id, moment_id, unit_id, kind, about, cause, severity, reason, due_on, raised_at,"
        " raised_by, handled_by, note) SELECT resident_id, id, unit_id, 'tyst', '', 'tyst:1', 'varning', 'Tyst', '', 1,"
        " '', '', '' FROM moment WHERE id = :id",
        id=moment,
    )
    clinic.run("UPDATE moment SET open_flags = 1, severity_rank = 1 WHERE id = :id", id=moment)
    before = clinic.rows("SELECT status, open_flags, severity_rank FROM moment WHERE id = :id", id=moment)
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert undo(clinic, moment) == "Momentet är pågående igen."
    assert clinic.rows("SELECT status, open_flags, severity_rank FROM moment WHERE id = :id", id=moment) == before
    assert clinic.rows("SELECT cause, handled_at FROM flag") == [("tyst:1", None)]
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
        resume_moment(work, moment)
    assert undo(clinic, moment) == "Momentet är i vidmakthållande läge igen."


def test_what_is_a_day_old_is_not_undone(clinic: Clinic) -> None:
    moment, place = asked(clinic)
    read(clinic, moment, place)
    clinic.clock.now += DAY + 1  # type: ignore[assignment]
    with pytest.raises(Refused, match=NOTHING):
        undo(clinic, moment)
    with clinic.store.read(clinic.clinician) as work:
        assert undoable(work) is None
    assert OPERATOR


def test_what_can_be_undone_names_a_resident_so_it_is_logged_and_only_to_who_may_undo_it(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    with clinic.store.read(clinic.clinician) as work:
        found = undoable(work)
    assert found is not None
    (row,) = clinic.log("SELECT action, moment_id, details FROM log WHERE operation = 'undoable'")
    assert row == ("listade", moment, "kan ångras: vidmakthållande läge")
    with clinic.store.work(clinic.admin) as work:
        switch_clinician(work, moment, COLLEAGUE)
    with clinic.store.read(clinic.clinician) as work:
        assert undoable(work) is None, "it is another's now"
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'undoable'") == 1
