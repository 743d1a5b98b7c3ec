"""The tab *Meddelanden*: what it shows, page by page, and what the resident's side sees."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.conversations import Sender
from store.care.messages import HEADING
from store.foundation.errors import NotPermitted
from store.foundation.identity import MASKED_NAME
from store.foundation.read_transaction import ReadTransaction
from store.views.conversations import (
    PAGE,
    MessageLine,
    Thread,
    conversation_page,
    open_messages,
    view_conversation,
    view_messages,
)
from store.views.residents_side import read_own_messages
from tests.clinics import CHILD, HIDDEN, Clinic
from tests.properties import examples
from tests.store.letters import conversations, counters, later, newest, page, save, send, thread, write


def fill(clinic: Clinic, moment: int, number: int, *, apart: int = 1) -> int:
    """Write so many messages to a conversation, `apart` of them at each instant."""
    send(clinic, moment, "0")
    place = newest(clinic, moment)
    for turn in range(1, number):
        if turn % apart == 0:
            later(clinic)
        (send if turn % 2 else write)(clinic, moment, str(turn), conversation=place)
    return place


def pages(work: ReadTransaction, moment: int, place: int, limit: int) -> list[Thread]:
    """Return a conversation's pages, the newest first."""
    found = [conversation_page(work, moment, place, limit=limit)]
    while found[-1].more:
        first = found[-1].messages[0]
        found.append(conversation_page(work, moment, place, before=(first.sent_at, first.id), limit=limit))
    return found


def test_the_page_shows_what_waits_and_marks_nothing(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, heading="Ett")
    first = later(clinic)
    write(clinic, moment, "a", heading="Två")
    place = newest(clinic, moment)
    later(clinic)
    write(clinic, moment, "b", conversation=place)
    save(clinic, moment, "Utkast")
    with clinic.store.read(clinic.clinician) as work:
        shown = open_messages(work, moment)
    two, one = shown.conversations
    assert (two.heading, two.unread, two.unanswered_at, two.messages) == ("Två", 2, first, 2)
    assert (one.heading, one.unread, one.unanswered_at, one.messages) == ("Ett", 0, None, 1)
    assert shown.unread == 1
    assert [draft.text for draft in shown.drafts] == ["Utkast"]
    assert (shown.why_not_write, shown.is_reached) == ("", True)
    assert counters(clinic, moment)[0] == 2
    assert page(clinic, moment) == shown
    logged = clinic.rows("SELECT operation FROM log WHERE action = 'läste' AND moment_id = :id ORDER BY id", id=moment)
    assert logged == [("messages_page",), ("open_messages",)]  # what `write` looked at, and no refresh after that


def test_viewing_leaves_it_as_unread_as_it_was_and_is_logged(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    with clinic.store.read(clinic.clinician) as work:
        ((row, lines),) = view_messages(work, moment)
        assert view_conversation(work, moment, row.id).messages == tuple(lines)
    assert counters(clinic, moment)[0] == row.unread == 1
    rows = clinic.rows("SELECT operation FROM log WHERE action = 'läste' AND moment_id IS NOT NULL ORDER BY id")
    assert rows == [("view_messages",), ("view_conversation",)]


def test_all_of_it_at_once_as_it_is_printed(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    place = fill(clinic, moment, 5)
    later(clinic)
    send(clinic, moment, "ny", heading="Ny")
    with clinic.store.read(clinic.admin) as work:
        found = view_messages(work, moment)
    assert [(row.heading, [line.text for line in lines]) for row, lines in found] == [
        ("Ny", ["ny"]),
        (HEADING, ["0", "1", "2", "3", "4"]),
    ]
    assert found[1][0].id == place


def test_a_protected_residents_name_is_not_printed(clinic: Clinic) -> None:
    moment = clinic.start(HIDDEN, program="prov")
    write(clinic, moment, number=HIDDEN)
    send(clinic, moment, "Hej")
    with clinic.store.read(clinic.clinician) as work:
        authors = [line.author for _, lines in view_messages(work, moment) for line in lines]
    assert sorted(authors) == sorted([MASKED_NAME, clinic.clinician.name])


def test_a_long_conversation_is_read_from_its_end(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "0")
    place = newest(clinic, moment)
    clinic.run(
        "INSERT INTO message (resident_id, moment_id, conversation_id, sender, author, text, sent_at)"
        " SELECT resident_id, moment_id, conversation_id, sender, author, :text, sent_at FROM message",
        text="1",
    )
    while clinic.value("SELECT count(*) FROM message") <= PAGE:
        clinic.run(
            "INSERT INTO message (resident_id, moment_id, conversation_id, sender, author, text, sent_at)"
            " SELECT resident_id, moment_id, conversation_id, sender, author, text, sent_at FROM message"
        )
    found = thread(clinic, moment, place)
    assert (len(found.messages), found.more) == (PAGE, True)
    assert found.conversation.messages == clinic.value("SELECT count(*) FROM message")


@pytest.mark.parametrize(("limit", "more"), [(1, True), (4, True), (5, False), (6, False)])
def test_more_is_said_where_older_ones_came_before(clinic: Clinic, limit: int, more: bool) -> None:
    moment = clinic.start(program="prov")
    place = fill(clinic, moment, 5)
    with clinic.store.read(clinic.clinician) as work:
        found = view_conversation(work, moment, place, limit)
    assert [line.text for line in found.messages] == [str(turn) for turn in range(5)][-limit:]
    assert found.more is more


@examples(10)
@given(number=st.integers(1, 12), apart=st.integers(1, 5), limit=st.integers(1, 6))
def test_pages_of_any_size_are_the_whole(clinic: Clinic, number: int, apart: int, limit: int) -> None:
    moment = clinic.start(program="prov", confirmed=True)
    place = fill(clinic, moment, number, apart=apart)
    with clinic.store.read(clinic.clinician) as work:
        found = pages(work, moment, place, limit)
    texts = [line.text for one in reversed(found) for line in one.messages]
    assert texts == [str(turn) for turn in range(number)]
    assert all(len(one.messages) == limit for one in found[:-1])


def test_another_moments_conversation_is_not_shown(clinic: Clinic) -> None:
    moment, other = clinic.start(program="prov"), clinic.start()
    send(clinic, other)
    for place in (newest(clinic, other), 4711, 0):
        for view in (view_conversation, conversation_page):
            with pytest.raises(NotPermitted), clinic.store.read(clinic.clinician) as work:
                view(work, moment, place)


def test_a_moments_list_has_its_own_conversations_the_newest_first(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start()
    for place, heading in ((moment, "ett"), (other, "annat"), (moment, "två"), (moment, "tre")):
        send(filed, place, heading=heading)
    headings = [one.heading for one in conversations(filed, moment)]
    assert headings == ["tre", "två", "ett"], "at one time the latest that was begun"
    assert [one.heading for one in conversations(filed, other)] == ["annat"]
    later(filed)
    write(filed, moment, conversation=conversations(filed, moment)[2].id)
    assert [one.heading for one in conversations(filed, moment)] == ["ett", "tre", "två"]


def test_neither_list_nor_page_looks_through_the_whole(filed: Clinic) -> None:
    """The cause of the budget: index ranges whatever others have written (ARCHITECTURE.md §Budgets)."""
    moment = filed.start(program="prov")
    place = fill(filed, moment, 3)
    asked: list[str] = []
    with filed.store.read(filed.clinician) as work:
        select = work.db.select

        def noting(sql: str, parameters: Mapping[str, object]) -> Any:
            asked.extend(str(step[3]) for step in select(f"EXPLAIN QUERY PLAN {sql}", parameters))
            return select(sql, parameters)

        work.db.select = noting  # type: ignore[method-assign]
        open_messages(work, moment)
        conversation_page(work, moment, place, before=(filed.clock.now, 2**40))
    assert not [step for step in asked if step.startswith("SCAN")]
    assert [
        step for step in asked if "message_conversation (resident_id=? AND conversation_id=? AND sent_at<?)" in step
    ]


# --- the resident's side ---


def own(clinic: Clinic, moment: int, number: str) -> list[tuple[str, list[MessageLine]]]:
    with clinic.store.work(clinic.resident(number)) as work:
        return [(row.heading, lines) for row, lines in read_own_messages(work, moment)]


def test_the_resident_reads_all_and_the_clinician_sees_when(clinic: Clinic) -> None:
    moment = clinic.start(CHILD, "prov")
    place = fill(clinic, moment_of_adult := clinic.start(program="prov"), 2)
    send(clinic, moment, "Hej!")
    now = later(clinic)
    before = clinic.store.change_no(clinic.here)
    ((heading, lines),) = own(clinic, moment, CHILD)
    assert (heading, [(line.sender, line.text) for line in lines]) == (HEADING, [(Sender.CLINICIAN, "Hej!")])
    assert thread(clinic, moment, newest(clinic, moment)).messages[0].read_at == now
    assert thread(clinic, moment_of_adult, place).messages[0].read_at is None
    assert clinic.store.change_no(clinic.here) == before + 1
    later(clinic)
    own(clinic, moment, CHILD)
    assert thread(clinic, moment, newest(clinic, moment)).messages[0].read_at == now
    assert clinic.store.change_no(clinic.here) == before + 1


def test_what_the_resident_wrote_is_as_unread_to_the_clinician_as_before(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    with clinic.store.work(clinic.resident()) as work:
        read_own_messages(work, moment)
    assert counters(clinic, moment)[0] == 1
