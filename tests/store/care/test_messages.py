"""Messages to and from the resident: where they land, what they count, and when none may be written."""

from uuid import UUID

import pytest

from store.care.conversations import Sender, mark_conversation_read, mark_conversation_unread
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import HEADING, write_message
from store.care.switching import switch_clinician
from store.foundation.errors import NotPermitted, Refused
from store.views.conversations import open_conversation
from tests.clinics import CHILD, COLLEAGUE, GUARDIAN, Clinic
from tests.store.letters import (
    conversations,
    counters,
    later,
    newest,
    read,
    said,
    save,
    send,
    thread,
    write,
)

CLINICIAN, RESIDENT = Sender.CLINICIAN, Sender.RESIDENT


def put_away(clinic: Clinic, moment: int, *, ended: bool) -> None:
    """End a moment, or set it in maintenance."""
    with clinic.store.work(clinic.clinician) as work:
        if ended:
            end_moment(work, moment, "Klart", confirmed=True)
        else:
            maintain_moment(work, moment)


def kinds(clinic: Clinic, moment: int) -> list[str]:
    rows = clinic.rows("SELECT kind FROM event WHERE moment_id = :moment ORDER BY at, seq", moment=moment)
    return [kind for (kind,) in rows if kind.startswith("meddelande")]


# --- sending ---


def test_a_message_begins_a_conversation_with_the_preset_heading(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    message = send(clinic, moment, "  Välkommen!\x1b[2J\r\nVi hörs [b]snart[/b]  ")
    (conversation,) = conversations(clinic, moment)
    assert (conversation.heading, HEADING, conversation.messages) == ("Min konversation", "Min konversation", 1)
    (line,) = thread(clinic, moment, conversation.id).messages
    assert (line.id, line.sender, line.author) == (message, CLINICIAN, clinic.clinician.name)
    assert (line.text, line.sent_at, line.read_at) == ("Välkommen!\nVi hörs [b]snart[/b]", clinic.clock.now, None)
    assert kinds(clinic, moment) == ["meddelande-skickat"]


@pytest.mark.parametrize(
    ("heading", "kept"),
    [("", "Min konversation"), ("  \x1b[2J ", "Min konversation"), (" Inför  mötet\n", "Inför  mötet")],
)
def test_a_heading_that_says_nothing_becomes_the_preset_one(clinic: Clinic, heading: str, kept: str) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, heading=heading)
    write(clinic, moment, heading=heading)
    assert [one.heading for one in conversations(clinic, moment)] == [kept, kept]


def test_a_heading_of_a_hundred_characters_is_the_longest(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, heading="å" * 100)
    with pytest.raises(Refused, match="högst 100 tecken, nu 101") as refusal:
        send(clinic, moment, heading="å" * 101)
    assert refusal.value.field == "rubrik"
    assert len(conversations(clinic, moment)) == 1


@pytest.mark.parametrize(("text", "sentence"), [(" \n\x1b[2J ", "är tomt"), ("ö" * 10_001, "högst 10000 tecken")])
def test_an_empty_and_a_too_long_message_are_refused_on_both_sides(clinic: Clinic, text: str, sentence: str) -> None:
    moment = clinic.start(program="prov")
    for writer in (send, write):
        with pytest.raises(Refused, match=sentence) as refusal:
            writer(clinic, moment, text)
        assert refusal.value.field == "meddelande"
    assert clinic.value("SELECT count(*) FROM conversation") == 0
    send(clinic, moment, "ö" * 10_000)


def test_a_reply_stands_in_its_conversation(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "Hur går det?")
    place = newest(clinic, moment)
    later(clinic)
    write(clinic, moment, "Bra.", conversation=place)
    later(clinic)
    send(clinic, moment, "Fint!", conversation=place, heading="Räknas inte")
    assert said(clinic, moment, place) == [(CLINICIAN, "Hur går det?"), (RESIDENT, "Bra."), (CLINICIAN, "Fint!")]
    assert [one.heading for one in conversations(clinic, moment)] == [HEADING]


def test_the_conversation_last_written_in_stands_first(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    for heading in ("Ett", "Två", "Tre"):
        send(clinic, moment, heading=heading)  # in the same instant: the newest of them first
    assert [one.heading for one in conversations(clinic, moment)] == ["Tre", "Två", "Ett"]
    first = conversations(clinic, moment)[-1].id
    started = clinic.clock.now
    written = later(clinic)
    write(clinic, moment, conversation=first)
    found = conversations(clinic, moment)
    assert [one.heading for one in found] == ["Ett", "Tre", "Två"]
    assert (found[0].started_at, found[0].latest_at, found[1].latest_at) == (started, written, started)


def test_the_sending_is_logged_as_sent(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment)
    write(clinic, moment)
    rows = clinic.log("SELECT operation, actor_name FROM log WHERE action = 'skickade' ORDER BY id")
    assert rows == [("send_message", clinic.clinician.name), ("write_message", "Åsa Berg")]


def test_an_admin_who_covers_writes_too_and_a_colleague_does_not(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, by=clinic.admin)
    with pytest.raises(NotPermitted):
        send(clinic, moment, by=clinic.colleague)
    (line,) = thread(clinic, moment, newest(clinic, moment)).messages
    assert line.author == clinic.admin.name


# --- the resident's side ---


def test_the_resident_writes_in_the_newest_conversation(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, heading="Ett")
    later(clinic)
    send(clinic, moment, heading="Två")
    later(clinic)
    write(clinic, moment, "Hej")
    assert [(one.heading, one.messages) for one in conversations(clinic, moment)] == [("Två", 2), ("Ett", 1)]


def test_without_one_or_with_a_heading_the_resident_begins_a_new_one(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    later(clinic)
    write(clinic, moment, heading="En fråga")
    assert [one.heading for one in conversations(clinic, moment)] == ["En fråga", HEADING]


def test_writing_is_the_residents_activity(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    now = later(clinic)
    write(clinic, moment)
    assert clinic.value("SELECT last_active_at FROM moment") == now


def test_a_child_is_written_for_by_the_ombud(clinic: Clinic) -> None:
    moment = clinic.start(CHILD, "prov")
    write(clinic, moment, number=CHILD)
    (line,) = thread(clinic, moment, newest(clinic, moment)).messages
    assert (line.sender, line.author) == (RESIDENT, "Ulla Berg")
    assert counters(clinic, moment)[0] == 1


# --- what is counted ---


def test_what_the_resident_writes_is_unread_and_unanswered(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    first = later(clinic)
    write(clinic, moment)
    later(clinic)
    write(clinic, moment)
    (conversation,) = conversations(clinic, moment)
    assert (conversation.unread, conversation.unanswered_at) == (2, first)
    assert counters(clinic, moment) == (2, 0, first)


def test_reading_is_no_answer_and_answering_reads_what_was_seen(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    written = later(clinic)
    write(clinic, moment)
    place = newest(clinic, moment)
    read(clinic, moment, place)
    assert counters(clinic, moment) == (0, 0, written)
    seen = write(clinic, moment)
    later(clinic)
    unseen = write(clinic, moment, "En sak till")
    send(clinic, moment, conversation=place, seen=seen)
    assert counters(clinic, moment) == (1, 0, None), "what came while one wrote is unread"
    sql = "SELECT id FROM message WHERE sender = 'invanare' AND read_at IS NULL"
    assert clinic.rows(sql) == [(unseen,)]
    assert [one.unread for one in conversations(clinic, moment)] == [1]
    send(clinic, moment, conversation=place)
    assert counters(clinic, moment) == (0, 0, None)


def test_the_oldest_unanswered_is_that_of_all_conversations(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    times, places = [], []
    for heading in ("Ett", "Två", "Tre"):
        times.append(later(clinic))
        write(clinic, moment, heading=heading)
        places.append(newest(clinic, moment))
    later(clinic)
    send(clinic, moment, "Ett svar på annat", heading="Något nytt")
    assert counters(clinic, moment) == (3, 0, times[0])
    send(clinic, moment, conversation=places[1])
    assert counters(clinic, moment) == (2, 0, times[0])
    send(clinic, moment, conversation=places[0])
    assert counters(clinic, moment) == (1, 0, times[2])
    send(clinic, moment, conversation=places[2])
    assert counters(clinic, moment) == (0, 0, None)
    again = later(clinic)
    write(clinic, moment, conversation=places[0])
    assert counters(clinic, moment) == (1, 0, again)


# --- read and unread ---


def test_marking_read_is_for_everybody_and_once(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    write(clinic, moment, heading="En till")
    second, first = (one.id for one in conversations(clinic, moment))
    now = later(clinic)
    read(clinic, moment, first, by=clinic.admin)
    assert [one.unread for one in conversations(clinic, moment)] == [1, 0]
    assert counters(clinic, moment)[0] == 1
    assert thread(clinic, moment, first).messages[0].read_at == now
    with pytest.raises(Refused, match=r"^Konversationen är redan läst\.$"):
        read(clinic, moment, first)
    assert thread(clinic, moment, second).messages[0].read_at is None


def test_marking_unread_makes_the_latest_of_the_residents_wait_again(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment, "ett")
    later(clinic)
    write(clinic, moment, "två")
    place = newest(clinic, moment)
    send(clinic, moment, "svar", conversation=place)
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_unread(work, moment, place)
    assert counters(clinic, moment)[0] == conversations(clinic, moment)[0].unread == 1
    waiting = [line.text for line in thread(clinic, moment, place).messages if line.read_at is None]
    assert waiting == ["två", "svar"]
    with pytest.raises(Refused, match=r"^Konversationen är redan oläst\.$"), clinic.store.work(clinic.admin) as work:
        mark_conversation_unread(work, moment, place)
    read(clinic, moment, place)
    assert kinds(clinic, moment)[-3:] == ["meddelande-last", "meddelande-olast", "meddelande-last"]


def test_marking_unread_is_of_that_conversation_alone(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    first, second = (write(filed, moment, text, heading=text) for text in ("ett", "två"))
    places = {one.heading: one.id for one in conversations(filed, moment)}
    for place in places.values():
        read(filed, moment, place)
    with filed.store.work(filed.clinician) as work:
        mark_conversation_unread(work, moment, places["ett"])
    assert {one.heading: one.unread for one in conversations(filed, moment)} == {"ett": 1, "två": 0}
    assert filed.rows("SELECT id, read_at IS NULL FROM message ORDER BY id") == [(first, 1), (second, 0)]
    assert counters(filed, moment)[0] == 1


def test_a_conversation_in_which_the_resident_wrote_nothing_cannot_wait(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment)
    conversation = newest(clinic, moment)
    with pytest.raises(Refused, match="inte skrivit något"), clinic.store.work(clinic.clinician) as work:
        mark_conversation_unread(work, moment, conversation)


def test_who_is_responsible_has_read_what_was_opened_and_an_admin_has_not(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    place = newest(clinic, moment)
    with clinic.store.work(clinic.admin) as work:
        open_conversation(work, moment, place)
    assert counters(clinic, moment)[0] == 1
    before = clinic.store.change_no(clinic.here)
    for _ in range(2):
        with clinic.store.work(clinic.clinician) as work:
            open_conversation(work, moment, place)
    assert counters(clinic, moment)[0] == 0
    assert kinds(clinic, moment) == ["meddelande-skickat", "meddelande-last"]
    assert clinic.store.change_no(clinic.here) == before + 1
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'open_conversation'") == 3


def test_after_a_switch_it_is_the_new_clinician_who_reads_and_answers(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    place = newest(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE, message="Kim tar över.")
    with pytest.raises(NotPermitted):
        send(clinic, moment, conversation=place)
    with clinic.store.work(clinic.colleague) as work:
        open_conversation(work, moment, place)
    send(clinic, moment, by=clinic.colleague, conversation=place)
    assert counters(clinic, moment) == (0, 0, None)


# --- what may not be ---


def test_another_moments_conversation_is_nobodys(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    own = clinic.start(program="komigang-online")
    send(clinic, own)
    send(clinic, clinic.start(GUARDIAN, "prov"))
    others = [place for (place,) in clinic.rows("SELECT id FROM conversation")]
    for place in (*others, 4711, 0, -1):
        for act in (mark_conversation_read, mark_conversation_unread, open_conversation):
            with pytest.raises(NotPermitted), clinic.store.work(clinic.clinician) as work:
                act(work, moment, place)
        with pytest.raises(NotPermitted):
            send(clinic, moment, conversation=place)
        with pytest.raises(NotPermitted):
            write(clinic, moment, conversation=place)
        with pytest.raises(NotPermitted):
            save(clinic, moment, "Hej", conversation=place)
    assert clinic.value("SELECT count(*) FROM message") == 2


@pytest.mark.parametrize("ended", [True, False])
def test_neither_side_writes_in_maintenance_nor_after_the_end(clinic: Clinic, ended: bool) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment)
    place = newest(clinic, moment)
    put_away(clinic, moment, ended=ended)
    ours = "avslutat" if ended else "i vidmakthållande läge"
    with pytest.raises(Refused) as refusal:
        send(clinic, moment, conversation=place)
    assert refusal.value.message == f"Momentet är {ours}, och då kan meddelanden inte skickas."
    with pytest.raises(Refused) as refusal:
        write(clinic, moment, conversation=place)
    assert refusal.value.message == (
        "Programmet är avslutat. Det går inte längre att skriva."
        if ended
        else "Programmet är i vidmakthållande läge: det går att läsa, men inte att skriva."
    )
    assert said(clinic, moment, place) == [(CLINICIAN, "Hej!")]


@pytest.mark.parametrize("ended", [True, False])
def test_what_waits_can_still_be_read_then(clinic: Clinic, ended: bool) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    place = newest(clinic, moment)
    put_away(clinic, moment, ended=ended)
    read(clinic, moment, place)
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_unread(work, moment, place)
    with clinic.store.work(clinic.clinician) as work:
        open_conversation(work, moment, place)
    assert counters(clinic, moment)[0] == 0


def test_after_maintenance_both_write_again(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    put_away(clinic, moment, ended=False)
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    send(clinic, moment)
    write(clinic, moment)


# --- repeats ---


def test_a_repeated_command_sends_once_on_either_side(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    sent = [send(clinic, moment, "Hej!", command=UUID(int=1)) for _ in range(2)]
    written = []
    for _ in range(2):
        with clinic.store.work(clinic.resident(), command=UUID(int=2)) as work:
            written.append(write_message(work, moment, "Hej själv!"))
    assert (sent[0], written[0]) == (sent[1], written[1])
    assert said(clinic, moment, newest(clinic, moment)) == [(CLINICIAN, "Hej!"), (RESIDENT, "Hej själv!")]
    assert clinic.value("SELECT count(*) FROM notice WHERE kind = 'meddelande'") == 1
    assert counters(clinic, moment)[0] == 1
