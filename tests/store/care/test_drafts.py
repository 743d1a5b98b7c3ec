"""Drafts: a clinician's own, in versions, so that no window writes over another's words."""

from uuid import UUID

import pytest

from store.care.drafts import DRAFT_LIMIT, copy_draft, discard_draft, handles_by_opening
from store.care.endings import end_moment
from store.care.flags import add_flag
from store.care.maintenance import maintain_moment
from store.care.moments import load_moment
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from tests.clinics import Clinic
from tests.store.letters import conversations, counters, later, newest, page, save, send, write

GONE = ("Utkastet är redan skickat, eller borttaget, i ett annat fönster.",)


def texts(clinic: Clinic, moment: int) -> list[str]:
    return [draft.text for draft in page(clinic, moment).drafts]


def discard(clinic: Clinic, moment: int, draft: int, version: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        discard_draft(work, moment, draft, version)


def test_a_draft_is_kept_as_typed_and_counted(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    place = newest(clinic, moment)
    now = later(clinic)
    first = save(clinic, moment, " Hej [b]\x1b[2J\nÅsa ", conversation=place)
    second = save(clinic, moment, "", heading=" Ny\nrubrik ")
    assert (first[1], second[1]) == (1, 1)
    drafts = {draft.id: draft for draft in page(clinic, moment).drafts}
    kept, new = drafts[first[0]], drafts[second[0]]
    assert (kept.text, kept.conversation, kept.heading, kept.saved_at) == (" Hej [b]\nÅsa ", place, "", now)
    assert (new.text, new.conversation, new.heading, new.version) == ("", None, " Ny rubrik ", 1)
    assert counters(clinic, moment)[1] == 2


def test_the_newest_draft_stands_first(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    first, version = save(clinic, moment, "ett")
    later(clinic)
    save(clinic, moment, "två")
    save(clinic, moment, "tre")
    assert texts(clinic, moment) == ["tre", "två", "ett"]
    later(clinic)
    save(clinic, moment, "ett, igen", draft=first, version=version)
    assert texts(clinic, moment) == ["ett, igen", "tre", "två"]


def test_only_the_first_saving_is_logged_and_none_is_told_to_others(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    before = clinic.store.change_no(clinic.here)
    draft, version = save(clinic, moment, "H")
    for text in ("He", "Hej"):
        draft, version = save(clinic, moment, text, draft=draft, version=version)
    assert version == 3
    rows = clinic.log("SELECT action, details FROM log WHERE operation = 'save_draft'")
    assert rows == [("ändrade", "utkast")]
    assert clinic.store.change_no(clinic.here) == before
    assert clinic.value("SELECT count(*) FROM event WHERE kind <> 'startat' AND kind <> 'modul-oppnad'") == 0


def test_a_save_on_an_older_version_becomes_a_draft_of_its_own(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    assert save(clinic, moment, "Hej från det ena", draft=draft, version=version) == (draft, 2)
    other, first = save(clinic, moment, "Hej från det andra", draft=draft, version=version)
    assert (other != draft, first) == (True, 1)
    assert sorted(texts(clinic, moment)) == ["Hej från det andra", "Hej från det ena"]
    assert counters(clinic, moment)[1] == 2
    assert save(clinic, moment, "Hej, det ena", draft=draft, version=2) == (draft, 3)
    assert save(clinic, moment, "Hej, det andra", draft=other, version=1) == (other, 2)


def test_the_same_text_on_an_older_version_is_the_same_draft(clinic: Clinic) -> None:
    """As when a save whose answer was lost is sent again."""
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    for _ in range(2):
        assert save(clinic, moment, "Hej på dig", heading="Ett", draft=draft, version=version) == (draft, 2)
    assert texts(clinic, moment) == ["Hej på dig"]
    other, _ = save(clinic, moment, "Hej på dig", heading="Annat", draft=draft, version=version)
    assert other != draft


def test_a_save_on_a_draft_that_is_gone_makes_a_new_one(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    discard(clinic, moment, draft, version)
    again, first = save(clinic, moment, "Hej igen", draft=draft, version=version)
    assert first == 1
    assert [(one.id, one.text) for one in page(clinic, moment).drafts] == [(again, "Hej igen")]
    assert counters(clinic, moment)[1] == 1


def test_a_first_save_whose_answer_was_lost_is_repeated_by_its_command(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    saved = [save(clinic, moment, "Hej", command=UUID(int=7)) for _ in range(2)]
    assert saved[0] == saved[1]
    assert texts(clinic, moment) == ["Hej"]


def test_what_another_window_has_written_is_not_discarded(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    save(clinic, moment, "Hej på dig", draft=draft, version=version)
    discard(clinic, moment, draft, version)
    assert texts(clinic, moment) == ["Hej på dig"]
    for _ in range(2):
        discard(clinic, moment, draft, 2)
    assert counters(clinic, moment)[1] == 0


def test_too_much_to_send_is_kept_all_the_same(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    save(clinic, moment, "å" * DRAFT_LIMIT)
    with pytest.raises(Refused, match="högst 20000 tecken") as refusal:
        save(clinic, moment, "å" * (DRAFT_LIMIT + 1))
    assert refusal.value.field == "meddelande"


# --- whose they are ---


def test_another_clinicians_drafts_are_never_seen_nor_touched(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Mina ord")
    assert page(clinic, moment, clinic.admin).drafts == ()
    with pytest.raises(NotPermitted):
        save(clinic, moment, "Andras", by=clinic.admin, draft=draft, version=version)
    with pytest.raises(NotPermitted):
        send(clinic, moment, by=clinic.admin, draft=draft)
    with pytest.raises(NotPermitted), clinic.store.work(clinic.admin) as work:
        discard_draft(work, moment, draft, version)
    save(clinic, moment, "Täckarens", by=clinic.admin)
    assert texts(clinic, moment) == ["Mina ord"]
    assert counters(clinic, moment)[1] == 2


def test_a_draft_belongs_to_its_moment(clinic: Clinic) -> None:
    moment, other = clinic.start(program="prov"), clinic.start()
    draft, version = save(clinic, moment, "Hej")
    with pytest.raises(NotPermitted):
        save(clinic, other, "Hej", draft=draft, version=version)
    with pytest.raises(NotPermitted):
        send(clinic, other, draft=draft)
    with pytest.raises(NotPermitted), clinic.store.work(clinic.clinician) as work:
        discard_draft(work, other, draft, version)
    assert page(clinic, other).drafts == ()


def test_a_draft_stands_in_a_conversation_of_its_moment(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start()
    send(filed, moment)
    send(filed, other)
    here, there = newest(filed, moment), newest(filed, other)
    for conversation in (there, 4711):
        with pytest.raises(NotPermitted):
            save(filed, moment, "Hej", conversation=conversation)
    save(filed, moment, "Hej", conversation=here)
    assert [draft.conversation for draft in page(filed, moment).drafts] == [here]
    assert (counters(filed, moment)[1], counters(filed, other)[1]) == (1, 0)


def test_only_what_one_has_written_oneself_is_copied(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start()
    draft, _ = save(filed, moment, "Hej")
    admins, _ = save(filed, moment, "Hej", by=filed.admin)
    for place, which in ((moment, admins), (other, draft)):
        with pytest.raises(NotPermitted), filed.store.read(filed.clinician) as work:
            copy_draft(work, place, which)
    for own in (draft, None):
        with filed.store.read(filed.clinician) as work:
            copy_draft(work, moment, own)
    copied = filed.rows("SELECT moment_id, outcome FROM log WHERE operation = 'copy_draft' ORDER BY id")
    assert [row for row in copied if row[1] == "gjort"] == [(moment, "gjort")] * 2
    assert len(copied) == 4


# --- sending ---


def test_sending_takes_the_draft_in_the_same_transaction(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    stays, _ = save(clinic, moment, "Annat")
    send(clinic, moment, "Hej på dig", draft=draft, version=version)
    assert [one.id for one in page(clinic, moment).drafts] == [stays]
    assert counters(clinic, moment)[1] == 1


def test_a_sending_that_is_refused_leaves_the_draft(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, _ = save(clinic, moment, "Hej")
    with pytest.raises(Refused):
        send(clinic, moment, "  ", draft=draft)
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    with pytest.raises(Refused):
        send(clinic, moment, "Hej", draft=draft)
    assert texts(clinic, moment) == ["Hej"]
    assert conversations(clinic, moment) == []


def test_a_gone_draft_is_sent_only_when_that_is_confirmed(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    send(clinic, moment, "Hej", draft=draft, version=version)
    with pytest.raises(NeedsConfirmation) as question:
        send(clinic, moment, "Hej", draft=draft, version=version)
    assert question.value.warnings == GONE
    assert len(conversations(clinic, moment)) == 1
    send(clinic, moment, "Hej", draft=draft, version=version, confirmed=True)
    assert len(conversations(clinic, moment)) == 2


def test_a_window_that_holds_on_to_a_gone_draft_never_meets_another(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    gone, version = save(clinic, moment, "Hej")
    send(clinic, moment, "Hej", draft=gone, version=version)
    new, _ = save(clinic, moment, "Något annat")
    save(clinic, moment, "Hej igen", draft=gone, version=version)
    discard(clinic, moment, gone, version)
    with pytest.raises(NeedsConfirmation):
        send(clinic, moment, "Hej", draft=gone, version=version)
    assert sorted(texts(clinic, moment)) == ["Hej igen", "Något annat"]
    assert new != gone


def test_what_another_window_wrote_on_stays_a_draft_when_this_one_sends(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    save(clinic, moment, "Hej, och mer i det andra fönstret", draft=draft, version=version)
    send(clinic, moment, "Hej", draft=draft, version=version)
    assert texts(clinic, moment) == ["Hej, och mer i det andra fönstret"]
    assert counters(clinic, moment)[1] == 1
    send(clinic, moment, "Allt", draft=draft)  # without a version it is sent whatever it is
    assert texts(clinic, moment) == []


def test_a_repeated_command_that_sends_a_draft_needs_no_confirmation(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    sent = [send(clinic, moment, "Hej", draft=draft, version=version, command=UUID(int=3)) for _ in range(2)]
    assert sent[0] == sent[1]
    assert [one.messages for one in conversations(clinic, moment)] == [1]


# --- when nothing may be sent ---


@pytest.mark.parametrize("ended", [True, False])
def test_drafts_are_kept_and_written_on_in_maintenance_and_after_the_end(clinic: Clinic, ended: bool) -> None:
    moment = clinic.start(program="prov")
    draft, version = save(clinic, moment, "Hej")
    with clinic.store.work(clinic.clinician) as work:
        if ended:
            end_moment(work, moment, "Klart", confirmed=True)
        else:
            maintain_moment(work, moment)
    save(clinic, moment, "Hej då", draft=draft, version=version)
    shown = page(clinic, moment)
    assert [one.text for one in shown.drafts] == ["Hej då"]
    assert "kan meddelanden inte skickas" in shown.why_not_write
    assert counters(clinic, moment)[1] == 1


def test_ending_says_that_there_is_a_draft(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    save(clinic, moment, "Hej")
    with pytest.raises(NeedsConfirmation) as question, clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart")
    assert question.value.warnings == ("1 utkast som inte har skickats",)


def test_who_handles_by_opening(filed: Clinic) -> None:
    """An invånaradministratör only while working in the clinician's queue; a colleague never."""
    moment = filed.start(program="prov")
    with filed.store.work(filed.clinician) as work:
        add_flag(work, moment, "Ring.", severity=Severity.PRIORITY)
    for actor, alone, covering in (
        (filed.clinician, True, True),
        (filed.admin, False, True),
        (filed.colleague, False, False),
        (filed.strange_admin, False, False),
    ):
        with filed.store.read(actor) as work:
            here = load_moment(work, moment)
            assert handles_by_opening(work, here, covers=False) is alone
            assert handles_by_opening(work, here, covers=True) is covering
