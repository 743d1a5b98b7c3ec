"""A moment goes to another unit: who sees what at each stage, and what moves (FAQ; domain.md §3.5)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.care.activity_plans import make_plan
from store.care.conversations import mark_conversation_read
from store.care.drafts import save_draft
from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.handovers import accept_handover, decline_handover, offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.care.modules import read_step
from store.care.plan_rules import NewActivity, NewPlan
from store.care.staffing import inactivate_staff
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted, Refused
from store.foundation.flag_kinds import MatterKind, Severity
from store.people.units import CareProvider
from store.views.conversations import open_messages, view_messages
from store.views.flags import view_flags
from store.views.handovers import open_handovers, receiving_units, reveal_offered, where_it_went
from store.views.lists import Tab, open_list
from store.views.moment import MomentPage, open_moment
from store.views.plans import open_plans
from store.views.residents_side import read_own_messages
from store.views.todo import open_todo, set_matter_aside
from tests.clinics import ADULT, COLLEAGUE, GUARDIAN, HERE, HIDDEN, THERE, Clinic, hsa_id_of, new_unit

TAKER = hsa_id_of(Role.CLINICIAN, THERE)
NOTE = "Invånaren har flyttat."


def do(clinic: Clinic, by: Actor, act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    with clinic.store.work(by) as work:
        return act(work, *arguments, **options)


def see(clinic: Clinic, by: Actor, look: Callable[..., Any], *arguments: Any) -> Any:
    with clinic.store.read(by) as work:
        return look(work, *arguments)


def offered(clinic: Clinic, number: str = ADULT, **options: Any) -> int:
    moment = clinic.start(number)
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, **options)
    return moment


def accepted(clinic: Clinic, **options: Any) -> int:
    moment = offered(clinic, **options)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    return moment


def page(clinic: Clinic, by: Actor, moment: int) -> MomentPage:
    found = see(clinic, by, open_moment, moment)
    assert isinstance(found, MomentPage)
    return found


def sees(clinic: Clinic, by: Actor, moment: int) -> bool:
    try:
        page(clinic, by, moment)
    except NotPermitted:
        return False
    return True


# --- within one vårdgivare ---


def test_another_vardgivares_unit_is_neither_offered_nor_shown(clinic: Clinic) -> None:
    moment = clinic.start()
    assert [unit for unit, _ in see(clinic, clinic.clinician, receiving_units, moment)] == [THERE]
    move_unit(clinic)
    assert see(clinic, clinic.clinician, receiving_units, moment) == []
    with pytest.raises(Refused, match="hör till en annan vårdgivare"):
        do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)


def test_nor_accepts_it_what_was_offered_before(clinic: Clinic) -> None:
    moment = offered(clinic)
    move_unit(clinic)
    with pytest.raises(Refused, match="hör till en annan vårdgivare"):
        do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    assert sees(clinic, clinic.clinician, moment)


def move_unit(clinic: Clinic) -> None:
    """Let the other unit be another vårdgivare's."""
    with clinic.store.work(OPERATOR) as work:
        other = work.add(CareProvider(hsa_id="SE2321000040-P2", name="Annan vårdgivare"))
    clinic.run("UPDATE unit SET provider_id = :other WHERE id = :unit", other=other, unit=clinic.there)


# --- offered ---


def test_an_offer_is_seen_by_both_and_nothing_else_by_the_other(clinic: Clinic) -> None:
    before = [clinic.store.change_no(unit) for unit in (clinic.here, clinic.there)]
    moment = offered(clinic)
    after = [clinic.store.change_no(unit) for unit in (clinic.here, clinic.there)]
    assert after == [before[0] + 2, before[1] + 1]
    (ours,) = see(clinic, clinic.admin, open_handovers)
    (theirs,) = see(clinic, clinic.strange_admin, open_handovers)
    assert (theirs.moment, theirs.personnummer, theirs.name, theirs.note) == (moment, ADULT, "Berg, Åsa", NOTE)
    assert (theirs.from_unit, theirs.from_unit_hsa_id, theirs.offered_by) == ("Enhet Ett", HERE, "Kim T1clinician")
    assert (theirs.to_unit, theirs.to_unit_hsa_id, theirs.program) == ("Enhet Två", THERE, "komigang-online")
    assert (ours.is_to_us, theirs.is_to_us) == (False, True)
    assert page(clinic, clinic.clinician, moment).offered_to == "Enhet Två"
    for actor in (clinic.strange_admin, clinic.stranger):
        assert not sees(clinic, actor, moment)
        for look in (view_messages, view_flags):
            with pytest.raises(NotPermitted):
                see(clinic, actor, look, moment)
    with pytest.raises(NotPermitted):
        see(clinic, clinic.stranger, open_handovers)
    assert see(clinic, clinic.strange_admin, open_list, Tab.ALL) == []


def test_it_stands_in_the_timeline_and_the_log(clinic: Clinic) -> None:
    moment = offered(clinic)
    event = clinic.rows("SELECT kind, facts, actor_name FROM event WHERE moment_id = :id ORDER BY at, seq", id=moment)
    assert event[-1] == ("overlamning-erbjuden", '{"to": "Enhet Två"}', "Kim T1clinician")
    row = clinic.log("SELECT operation, unit_id, personnummer FROM log ORDER BY id DESC LIMIT 1")
    assert row == [("offer_handover", clinic.here, ADULT)]


@pytest.mark.parametrize(
    ("to", "note", "said"),
    [
        (THERE, " \n", "Skriv en anteckning till den andra enheten"),
        (THERE, "x" * 2001, "högst 2000 tecken"),
        ("SE2321000040-X", NOTE, "Ingen enhet har HSA-id SE2321000040-X"),
        (HERE, NOTE, "finns redan på den enheten"),
    ],
)
def test_an_offer_is_refused(clinic: Clinic, to: str, note: str, said: str) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match=said):
        do(clinic, clinic.clinician, offer_handover, moment, to, note)
    assert page(clinic, clinic.clinician, moment).offered_to == ""


def test_the_other_unit_must_have_the_program_and_serve_the_resident(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match="Ångest – prov är inte öppet för Enhet Två"):
        do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)
    elsewhere = clinic.start("195009072553")
    with pytest.raises(Refused, match="Enhet Två har inte betjäningsområdet Hela landet"):
        do(clinic, clinic.clinician, offer_handover, elsewhere, THERE, NOTE)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM openprogram WHERE unit_id = :there", "är inte öppet för Enhet Två"),
        ("UPDATE unit SET region = '12' WHERE id = :there", "har inte betjäningsområdet Hela landet"),
    ],
)
def test_and_still_when_it_accepts(clinic: Clinic, sql: str, said: str) -> None:
    moment = offered(clinic)
    clinic.run(sql, there=clinic.there)
    with pytest.raises(Refused, match=said):
        do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)


def test_what_stays_behind_and_what_is_urgent_is_warned(clinic: Clinic) -> None:
    moment = clinic.start()
    for text in ("Ett", "Två"):
        do(clinic, clinic.clinician, save_draft, moment, text)
    do(clinic, clinic.clinician, add_flag, moment, "Risk", severity=Severity.PRIORITY)
    with pytest.raises(NeedsConfirmation) as error:
        do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)
    assert error.value.warnings == (
        "2 utkast stannar kvar här, och kan inte läsas efter överlämningen. Skicka eller kopiera först.",
        "1 ohanterad prioriterad flagga följer med till den andra enheten.",
    )
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, confirmed=True)
    (theirs,) = see(clinic, clinic.strange_admin, open_handovers)
    assert theirs.priority_flags == 1


def test_nothing_is_done_by_both_while_it_waits(clinic: Clinic) -> None:
    moment = offered(clinic)
    said = "Momentet är erbjudet till en annan enhet"
    for act, rest in (
        (switch_clinician, (COLLEAGUE,)),
        (end_moment, ("Övrigt",)),
        (maintain_moment, ()),
        (offer_handover, (THERE, NOTE)),
        (send_message, ("Hej",)),
    ):
        with pytest.raises(Refused, match=said):
            do(clinic, clinic.clinician, act, moment, *rest)
    assert see(clinic, clinic.clinician, open_messages, moment).why_not_write == (
        "Momentet är erbjudet till en annan enhet, och så länge kan meddelanden inte skickas."
    )
    do(clinic, clinic.resident(), write_message, moment, "Hej")  # the resident's side goes on
    do(clinic, clinic.resident(), read_step, moment, "aviseringar")


def test_one_in_maintenance_is_not_resumed_while_it_waits(clinic: Clinic) -> None:
    moment = clinic.start()
    do(clinic, clinic.clinician, maintain_moment, moment)
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)
    with pytest.raises(Refused, match="erbjudet till en annan enhet"):
        do(clinic, clinic.clinician, resume_moment, moment)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    do(clinic, clinic.stranger, resume_moment, moment)


def test_who_may_offer_withdraw_and_answer(clinic: Clinic) -> None:
    moment = clinic.start()
    for actor in (clinic.colleague, clinic.stranger, clinic.strange_admin, clinic.resident()):
        with pytest.raises(NotPermitted):
            do(clinic, actor, offer_handover, moment, THERE, NOTE)
    do(clinic, clinic.admin, offer_handover, moment, THERE, NOTE)  # for an absent one
    for act, rest in ((accept_handover, (TAKER,)), (decline_handover, ("Nej",))):
        for actor in (clinic.clinician, clinic.admin, clinic.stranger):
            with pytest.raises(NotPermitted):
                do(clinic, actor, act, moment, *rest)
    for actor in (clinic.colleague, clinic.strange_admin):
        with pytest.raises(NotPermitted):
            do(clinic, actor, withdraw_handover, moment)


# --- withdrawn, declined ---


def test_withdrawn_it_is_as_it_was(clinic: Clinic) -> None:
    moment = offered(clinic)
    change = clinic.store.change_no(clinic.there)
    do(clinic, clinic.clinician, withdraw_handover, moment)
    assert clinic.store.change_no(clinic.there) == change + 1
    assert see(clinic, clinic.strange_admin, open_handovers) == []
    do(clinic, clinic.clinician, send_message, moment, "Hej")
    with pytest.raises(Refused, match="inte erbjudet till någon enhet"):
        do(clinic, clinic.clinician, withdraw_handover, moment)
    for act, rest in ((accept_handover, (TAKER,)), (decline_handover, ("Nej",))):
        with pytest.raises(NotPermitted):
            do(clinic, clinic.strange_admin, act, moment, *rest)
    handover = page(clinic, clinic.clinician, moment).handover
    assert handover is not None
    assert (handover.state.value, handover.answered_by) == ("aterkallad", "Kim T1clinician")


def test_declined_it_stays_and_the_giver_reads_why(clinic: Clinic) -> None:
    moment = offered(clinic)
    with pytest.raises(Refused, match="Skriv varför"):
        do(clinic, clinic.strange_admin, decline_handover, moment, " ")
    change = clinic.store.change_no(clinic.here)
    do(clinic, clinic.strange_admin, decline_handover, moment, "Vi har fullt.")
    assert clinic.store.change_no(clinic.here) == change + 1
    shown = page(clinic, clinic.clinician, moment)
    assert shown.handover is not None
    assert (shown.offered_to, shown.handover.state.value, shown.handover.reason) == ("", "avvisad", "Vi har fullt.")
    assert (shown.handover.to_unit, shown.handover.answered_by) == ("Enhet Två", "Kim T2residentadmin")
    rows = clinic.log("SELECT outcome, unit_id, personnummer FROM log WHERE operation = 'decline_handover' ORDER BY id")
    assert rows == [("nekat", clinic.there, ADULT), ("gjort", clinic.there, ADULT)]
    do(clinic, clinic.clinician, offer_handover, moment, THERE, "Igen")


def test_a_declined_offer_waits_with_the_giver_until_it_is_handled_or_offered_again(clinic: Clinic) -> None:
    moment = offered(clinic)
    do(clinic, clinic.strange_admin, decline_handover, moment, "Vi har fullt.\nRing oss. [/x]")
    (waits,) = see(clinic, clinic.clinician, open_todo)
    assert (waits.kind, waits.handover) == (MatterKind.HANDOVER, None)
    assert waits.reason == "Enhet Två tar inte emot momentet: Vi har fullt. Ring oss. [/x]"
    assert see(clinic, clinic.strange_admin, open_todo) == []
    facts = clinic.value("SELECT facts FROM event WHERE kind = 'overlamning-avvisad'")
    assert json.loads(facts)["reason"] == "Vi har fullt. Ring oss. [/x]"
    do(clinic, clinic.clinician, offer_handover, moment, THERE, "Igen")
    assert see(clinic, clinic.clinician, open_todo) == []
    do(clinic, clinic.strange_admin, decline_handover, moment, "Nej. " * 400)  # the second one is a matter of its own
    (again,) = see(clinic, clinic.clinician, open_todo)
    assert len(again.reason) == 500
    do(clinic, clinic.clinician, handle_flag, again.flag, "Behåller momentet.")
    assert see(clinic, clinic.clinician, open_todo) == []


# --- accepted ---


def test_accepted_the_other_unit_has_it_and_this_one_has_it_no_more(clinic: Clinic) -> None:
    moment = offered(clinic)
    for actor in (clinic.clinician, clinic.admin):
        assert sees(clinic, actor, moment)
    changes = [clinic.store.change_no(unit) for unit in (clinic.here, clinic.there)]
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    assert [clinic.store.change_no(unit) for unit in (clinic.here, clinic.there)] == [one + 1 for one in changes]
    for actor in (clinic.clinician, clinic.admin, clinic.colleague):
        assert not sees(clinic, actor, moment)
    for actor in (clinic.stranger, clinic.strange_admin):
        assert sees(clinic, actor, moment)
    shown = page(clinic, clinic.stranger, moment)
    assert (shown.clinician, shown.offered_to, shown.is_mine) == (TAKER, "", True)
    assert shown.handover is not None
    assert (shown.handover.from_unit, shown.handover.note) == ("Enhet Ett", NOTE)
    assert see(clinic, clinic.admin, open_list, Tab.ALL) == []
    assert [one.number for one in see(clinic, clinic.stranger, open_list, Tab.MINE)] == [1]


def test_both_units_logs_say_so(clinic: Clinic) -> None:
    moment = accepted(clinic)
    rows = clinic.log(
        "SELECT unit_id, details, actor_name, personnummer, moment_id FROM log"
        " WHERE operation = 'accept_handover' ORDER BY id"
    )
    assert rows == [
        (clinic.there, "mottaget", "Kim T2residentadmin", ADULT, moment),
        (clinic.here, "överlämnat", "Kim T2residentadmin", ADULT, moment),
    ]


@pytest.mark.parametrize("taker", [hsa_id_of(Role.CLINICIAN), hsa_id_of(Role.RESIDENT_ADMIN, THERE), "SE2321000040-X"])
def test_only_a_clinician_of_the_other_unit_gets_it(clinic: Clinic, taker: str) -> None:
    moment = offered(clinic)
    with pytest.raises(Refused, match=f"{taker} är inte aktiv behandlare på enheten"):
        do(clinic, clinic.strange_admin, accept_handover, moment, taker)


def test_what_was_set_aside_here_waits_there(clinic: Clinic) -> None:
    """And what was set aside in the same resident's other moment stays so."""
    moment, other = clinic.start(), clinic.start(program="prov")
    for one in (moment, other):
        do(clinic, clinic.resident(), write_message, one, "Hej")
    waiting = {one.moment: one.id for one in see(clinic, clinic.clinician, open_todo)}
    for one in waiting.values():
        do(clinic, clinic.clinician, set_matter_aside, one, _tomorrow(clinic), "Senare")
    assert see(clinic, clinic.clinician, open_todo) == []
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    assert [one.id for one in see(clinic, clinic.stranger, open_todo)] == [waiting[moment]]
    assert see(clinic, clinic.clinician, open_todo) == []


def test_the_residents_other_moment_on_the_unit_stays_as_it_is(filed: Clinic) -> None:
    filed.run("UPDATE staff SET email = hsa_id || '@example.org'")
    given, kept = filed.start(), filed.start(program="prov")
    for moment in (given, kept):
        do(filed, filed.resident(), write_message, moment, "Hej")
        do(filed, filed.clinician, add_flag, moment, "Ring")
        do(filed, filed.clinician, save_draft, moment, "Hej du")

    def place(moment: int) -> list[list[tuple[Any, ...]]]:
        columns = {
            "moment": "unit_id, responsible_id, drafts, offered_to",
            "flag": "unit_id, handled_at",
            "notice": "unit_id, staff_id, state",
            "draft": "left_at",
        }
        of = {"moment": "id"}
        return [
            filed.rows(f"SELECT {names} FROM {table} WHERE {of.get(table, 'moment_id')} = :id ORDER BY id", id=moment)
            for table, names in columns.items()
        ]

    filed.run(
        "INSERT INTO notice (resident_id, moment_id, unit_id, staff_id, kind, state, due_at)"
        " VALUES (:resident, :moment, :unit, :staff, 'personal-prioriterat', 'skickad', 1)",
        resident=filed.adult,
        moment=given,
        unit=filed.here,
        staff=filed.clinician.staff_id,
    )
    before = place(kept)
    do(filed, filed.clinician, offer_handover, given, THERE, NOTE, confirmed=True)
    assert place(kept) == before
    do(filed, filed.strange_admin, accept_handover, given, TAKER)
    assert place(kept) == before
    moved, flags, notices, drafts = place(given)
    assert moved == [(filed.there, filed.stranger.staff_id, 0, None)]
    assert (flags, drafts) == ([(filed.there, None)], [(filed.clock.now,)])
    staff = filed.clinician.staff_id
    assert sorted(notices, key=str) == [
        (filed.here, staff, "aterkallad"),
        (filed.here, staff, "skickad"),
        *[(filed.there, None, "vantar")] * 2,
    ], "what the old unit's staff was not told stays theirs"


def test_what_stays_and_what_goes_along_is_counted_in_words(filed: Clinic) -> None:
    moment = filed.start()
    for number, words in (
        (1, ("1 utkast stannar kvar", "1 ohanterad prioriterad flagga följer med")),
        (2, ("2 utkast stannar kvar", "2 ohanterade prioriterade flaggor följer med")),
    ):
        do(filed, filed.clinician, save_draft, moment, f"Hej {number}")
        do(filed, filed.clinician, add_flag, moment, "Risk", severity=Severity.PRIORITY)
        with pytest.raises(NeedsConfirmation) as warned:
            do(filed, filed.clinician, offer_handover, moment, THERE, NOTE)
        assert [said.startswith(word) for said, word in zip(warned.value.warnings, words, strict=True)] == [True, True]


def test_what_belongs_to_the_moment_follows_it(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = hsa_id || '@example.org'")
    moment = clinic.start()
    do(clinic, clinic.resident(), write_message, moment, "Hej")
    do(clinic, clinic.clinician, add_flag, moment, "Ring")
    plan = NewPlan("Gå ut", (NewActivity("Promenad"),))
    do(clinic, clinic.clinician, make_plan, moment, plan)
    conversation = clinic.value("SELECT id FROM conversation")
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    shown = page(clinic, clinic.stranger, moment)
    assert (shown.unread_messages, shown.open_flags) == (1, 1)
    assert [one.title for one in see(clinic, clinic.stranger, open_plans, moment).plans] == ["Gå ut"]
    assert [one.kind for one in see(clinic, clinic.stranger, open_todo)] == ["meddelande", "flagga"]
    assert see(clinic, clinic.clinician, open_todo) == []
    assert clinic.rows("SELECT DISTINCT unit_id FROM notice WHERE staff_id IS NULL") == [(clinic.there,)]
    assert clinic.rows("SELECT DISTINCT state FROM notice WHERE staff_id IS NOT NULL") == [("aterkallad",)]
    flag = clinic.value("SELECT id FROM flag")
    with pytest.raises(NotPermitted):
        do(clinic, clinic.clinician, handle_flag, flag, "Klart")
    do(clinic, clinic.stranger, handle_flag, flag, "Ringde.")
    do(clinic, clinic.stranger, mark_conversation_read, moment, conversation)
    assert page(clinic, clinic.stranger, moment).unread_messages == 0


def _tomorrow(clinic: Clinic) -> Any:
    with clinic.store.read(clinic.clinician) as work:
        return work.today.replace(day=work.today.day + 1)


def test_the_counts_of_both_units_follow(clinic: Clinic) -> None:
    accepted(clinic)
    counts = clinic.rows("SELECT unit_id, responsible_id, number FROM momentcount WHERE number <> 0")
    assert counts == [(clinic.there, clinic.stranger.staff_id, 1)]


def test_drafts_stay_behind(clinic: Clinic) -> None:
    moment = clinic.start()
    draft, version = do(clinic, clinic.clinician, save_draft, moment, "Hej du")
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, confirmed=True)
    do(clinic, clinic.clinician, save_draft, moment, "Hej igen", draft=draft, version=version)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    assert clinic.rows("SELECT text, left_at FROM draft") == [("Hej igen", clinic.clock.now)]
    assert page(clinic, clinic.stranger, moment).drafts == 0
    do(clinic, clinic.stranger, offer_handover, moment, HERE, NOTE)
    do(clinic, clinic.admin, accept_handover, moment, hsa_id_of(Role.CLINICIAN))
    assert see(clinic, clinic.clinician, open_messages, moment).drafts == ()
    with pytest.raises(DomainError):
        do(clinic, clinic.clinician, send_message, moment, "Hej", draft=draft)
    assert page(clinic, clinic.clinician, moment).drafts == 0


def test_a_priority_flag_is_told_of_to_the_new_units_clinicians(clinic: Clinic) -> None:
    moment = clinic.start()
    do(clinic, clinic.clinician, add_flag, moment, "Risk", severity=Severity.PRIORITY)
    clinic.run("UPDATE staff SET email = hsa_id || '@example.org'")
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, confirmed=True)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    told = clinic.rows("SELECT staff_id, unit_id, kind FROM notice WHERE staff_id IS NOT NULL AND state = 'vantar'")
    assert told == [(clinic.stranger.staff_id, clinic.there, "personal-prioriterat")]
    assert not sees(clinic, clinic.colleague, moment)


# --- the resident ---


def texts(clinic: Clinic, moment: int) -> list[tuple[str, str]]:
    return clinic.rows("SELECT author, text FROM message WHERE moment_id = :moment ORDER BY id", moment=moment)


def test_the_resident_is_told_if_the_giver_chooses(clinic: Clinic) -> None:
    moment = accepted(clinic, tell_resident=True)
    said = "Ditt program har flyttats till Enhet Två. Din nya behandlare där är Kim T2clinician."
    assert texts(clinic, moment) == [("Kim T2residentadmin", said)]
    assert clinic.rows("SELECT unit_id, state FROM notice WHERE kind = 'meddelande'") == [(clinic.there, "vantar")]
    assert texts(clinic, accepted(clinic)) == []


def test_in_maintenance_nobody_writes(clinic: Clinic) -> None:
    moment = clinic.start()
    do(clinic, clinic.clinician, maintain_moment, moment)
    with pytest.raises(Refused, match="Erbjud utan att berätta") as error:
        do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, tell_resident=True)
    assert error.value.field == "beratta"
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE)


def test_protected_staff_are_named_to_colleagues_and_never_to_the_resident(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET protection = 'sekretessmarkering' WHERE hsa_id = :id", id=TAKER)
    moment = accepted(clinic, tell_resident=True)
    assert texts(clinic, moment)[0][1] == "Ditt program har flyttats till Enhet Två. Du har fått en ny behandlare där."
    do(clinic, clinic.stranger, send_message, moment, "Hej")
    with clinic.store.work(clinic.resident()) as work:
        authors = {one.author for _, messages in read_own_messages(work, moment) for one in messages}
    assert authors == {"Kim T2residentadmin", "Din behandlare"}
    assert {author for author, _ in texts(clinic, moment)} == {"Kim T2residentadmin", "Kim T2clinician"}


def test_a_protected_resident_is_revealed_to_the_other_unit_by_choice(clinic: Clinic) -> None:
    moment = offered(clinic, HIDDEN)
    (theirs,) = see(clinic, clinic.strange_admin, open_handovers)
    assert theirs.protected
    assert see(clinic, clinic.strange_admin, reveal_offered, moment) == (HIDDEN, "Dold, Dan")
    rows = clinic.log("SELECT action, personnummer, unit_id FROM log WHERE operation = 'reveal_offered'")
    assert rows == [("läste", HIDDEN, clinic.there)]
    for actor in (clinic.admin, clinic.stranger):
        with pytest.raises(NotPermitted):
            see(clinic, actor, reveal_offered, moment)


# --- what the giving unit may know afterwards ---


def test_the_giving_unit_knows_where_it_went_and_no_more(clinic: Clinic) -> None:
    moment = offered(clinic)
    for actor in (clinic.clinician, clinic.strange_admin):
        with pytest.raises(NotPermitted):
            see(clinic, actor, where_it_went, moment)
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER)
    for actor in (clinic.clinician, clinic.admin):
        went = see(clinic, actor, where_it_went, moment)
        assert (went.to_unit, went.state.value, went.answered_at) == ("Enhet Två", "mottagen", clinic.clock.now)
    for actor in (clinic.stranger, clinic.strange_admin, clinic.someone(Role.DATA_ADMIN)):
        with pytest.raises(NotPermitted):
            see(clinic, actor, where_it_went, moment)


def test_one_that_comes_back_is_the_units_again(clinic: Clinic) -> None:
    moment = accepted(clinic)
    do(clinic, clinic.stranger, offer_handover, moment, HERE, "Tillbaka")
    do(clinic, clinic.admin, accept_handover, moment, COLLEAGUE)
    assert sees(clinic, clinic.colleague, moment)
    assert not sees(clinic, clinic.stranger, moment)
    with pytest.raises(NotPermitted):
        see(clinic, clinic.clinician, where_it_went, moment)
    assert see(clinic, clinic.stranger, where_it_went, moment).to_unit == "Enhet Ett"


def test_an_inactivated_givers_moment_stays_offered(clinic: Clinic) -> None:
    moment = offered(clinic)
    do(clinic, clinic.someone(Role.ACCESS_ADMIN), inactivate_staff, hsa_id_of(Role.CLINICIAN), to=COLLEAGUE)
    assert page(clinic, clinic.colleague, moment).offered_to == "Enhet Två"
    do(clinic, clinic.colleague, withdraw_handover, moment)


def test_where_each_went_the_last_time_it_left(filed: Clinic) -> None:
    def give(moment: int, note: str) -> None:
        filed.clock.now += 1  # type: ignore[assignment]
        do(filed, filed.clinician, offer_handover, moment, THERE, note)
        do(filed, filed.strange_admin, accept_handover, moment, TAKER)

    first, second = filed.start(), filed.start(GUARDIAN)
    give(first, "ett")
    give(second, "två")
    do(filed, filed.stranger, offer_handover, first, HERE, "Tillbaka")
    do(filed, filed.admin, accept_handover, first, hsa_id_of(Role.CLINICIAN))
    give(first, "tre")
    went = {moment: see(filed, filed.admin, where_it_went, moment) for moment in (first, second)}
    assert {moment: (one.note, one.answered_at) for moment, one in went.items()} == {
        first: ("tre", filed.clock.now),
        second: ("två", filed.clock.now - 1),
    }


def test_the_units_that_may_have_it_have_its_program_and_stand_in_swedish_order(filed: Clinic) -> None:
    for number, name in enumerate(("Ö-mottagningen", "Änggården", "Zinken", "Åsen")):
        unit, _, _ = new_unit(filed.store, f"SE2321000040-M{number}")
        filed.run("UPDATE unit SET name = :name WHERE id = :id", name=name, id=unit)
        if name == "Zinken":
            filed.run("DELETE FROM openprogram WHERE unit_id = :id AND program = 'prov'", id=unit)
    names = [
        [name for _, name in see(filed, filed.clinician, receiving_units, moment)]
        for moment in (filed.start(program="prov"), filed.start())
    ]
    assert names == [
        ["Åsen", "Änggården", "Ö-mottagningen"],
        ["Enhet Två", "Zinken", "Åsen", "Änggården", "Ö-mottagningen"],
    ]
