"""A preview hands out what a matter is about, says so in the log once a visit, and leaves all as it was."""

from typing import Any

import pytest

from store.care.drafts import save_draft
from store.care.flags import add_flag
from store.foundation.errors import NotPermitted
from store.foundation.flag_kinds import Severity
from store.people.sign_in import StaffActor
from store.views.preview import Preview, preview_matter, preview_moment
from tests.clinics import HIDDEN, Clinic
from tests.forms import given
from tests.store.letters import write

QUEUE = "att göra"


def read(clinic: Clinic, operation: Any, moment: int, by: StaffActor | None = None, **options: Any) -> Preview:
    with clinic.store.read(by or clinic.clinician) as work:
        found: Preview = operation(work, moment, QUEUE, **options)
        return found


def test_what_a_matter_is_about_is_handed_out_and_nothing_is_handled(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    conversation = write(clinic, moment, "Hur gör jag?", heading="Fråga")
    answer = clinic.answer(moment, given(1, 1, 2))
    with clinic.store.work(clinic.clinician) as work:
        save_draft(work, moment, "Hej Åsa", conversation=conversation)
        by_hand = add_flag(work, moment, "Ring.", severity=Severity.WARNING)
    tables = ("message", "conversation", "formanswer", "flag", "flagseen", "act", "moment", "event", "change")
    state = [clinic.rows(f"SELECT * FROM {table}") for table in tables]
    before = clinic.value("SELECT max(id) FROM log")

    whole = read(clinic, preview_moment, moment, is_new_visit=True)
    assert {flag.reason for flag in whole.flags} == {"Ring.", "Svar ”C” på fråga 3 i Mående (2 av 3) – Fråga 3"}
    assert [line.text for thread in whole.threads for line in thread.messages] == ["Hur gör jag?"]
    assert [page.id for page in whole.answers] == [answer]
    assert [draft.text for draft in whole.drafts] == ["Hej Åsa"]
    assert [draft.text for draft in read(clinic, preview_matter, moment, conversation=conversation).drafts]
    risk = read(clinic, preview_matter, moment, answer=answer)
    assert ([page.id for page in risk.answers], len(risk.flags), risk.threads) == ([answer], 1, ())
    assert [flag.id for flag in read(clinic, preview_matter, moment, flag=by_hand).flags] == [by_hand]
    read(clinic, preview_matter, moment, answer=answer)  # again, in the same visit
    assert read(clinic, preview_matter, moment, is_safety_plan=True).safety_plan is not None

    assert [clinic.rows(f"SELECT * FROM {table}") for table in tables] == state
    logged = "SELECT category, thing_kind, thing_id, action, origin FROM log WHERE id > :before ORDER BY id"
    assert clinic.rows(logged, before=before) == [
        (category, kind, str(thing), "läste", "förhandsvisning")
        for category, kind, thing in (
            ("uppgifter", "moment", moment),
            ("meddelanden", "konversation", conversation),
            ("formulär", "svar", answer),
            ("flaggor", "flagga", by_hand),
            ("planer", "moment", moment),
        )
    ]


def test_a_protected_resident_is_not_named_and_a_new_visit_has_a_row_of_its_own(clinic: Clinic) -> None:
    moment = clinic.start(HIDDEN, "prov")
    write(clinic, moment, "Hur gör jag?", number=HIDDEN)
    count = "SELECT count(*) FROM log WHERE origin = 'förhandsvisning'"
    for is_new_visit, rows in ((True, 1), (False, 1), (True, 2)):
        shown = read(clinic, preview_moment, moment, is_new_visit=is_new_visit)
        assert [line.author for thread in shown.threads for line in thread.messages] == ["Skyddade personuppgifter"]
        assert clinic.value(count) == rows
    with pytest.raises(NotPermitted):
        read(clinic, preview_moment, moment, by=clinic.stranger)
    assert clinic.value(f"{count} AND outcome = 'nekat'") == 1
