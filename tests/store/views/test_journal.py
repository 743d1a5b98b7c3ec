"""The text for the record: what was done about risk, and what has come since it was copied last."""

from datetime import date

import pytest

from store.care.activity_marks import mark_activity
from store.care.activity_plans import NewActivity, NewPlan, follow_up_plan, make_plan
from store.care.contacts import ContactSort, note_contact
from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.held_messages import HOLD
from store.care.maintenance import maintain_moment, resume_moment
from store.care.modules import read_step
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, change_safety_plan
from store.care.undo import undo_act
from store.foundation.clock import Instant, start_of
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Outcome, Severity
from store.views.journal import confirm_journal, read_journal
from store.views.journal_period import Period, reached
from tests import forms
from tests.clinics import Clinic
from tests.store.letters import send


def parts(text: str) -> dict[str, str]:
    """The text's parts, by their headings."""
    head, *rest = text.split("\n\n")
    return {"": head} | {part.partition("\n")[0]: part.partition("\n")[2].rstrip("\n") for part in rest}


def journal(clinic: Clinic, moment: int, first: date | None = None, last: date | None = None) -> dict[str, str]:
    with clinic.store.read(clinic.clinician) as work:
        return parts(read_journal(work, moment, first, last).text)


def test_a_risk_that_was_handled_by_phone(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 3, 21, 10)
    clinic.answer(moment, forms.given(0, 0, 2))
    flag = int(clinic.value("SELECT id FROM flag"))
    clinic.clock.set(2026, 3, 4, 8, 5)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(
            work, flag, "Ringde två gånger", outcome=Outcome.NOT_REACHED, next_attempt=Instant(work.now + 60 * 60_000)
        )
    clinic.clock.set(2026, 3, 4, 9, 30)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, flag, "Inga planer.\nSkrev säkerhetsplan ihop.", outcome=Outcome.PLAN)
        change_safety_plan(work, moment, SafetyTexts(what_helps="Gå ut."), 0)
        note_contact(work, moment, ContactSort.PHONE, 25, "Samtal om risk.")
    clinic.clock.set(2026, 3, 5, 9)
    with clinic.store.read(clinic.clinician) as work:
        text = read_journal(work, moment).text
    assert text == (
        "Stöd och behandling (1177): Ångest – prov\n"
        "Period: 2026-03-02–2026-03-05, behandlingsvecka 1\n"
        "Pågående. Startat 2026-03-02.\n"
        "Ansvarig behandlare: Kim T1clinician. Invånaren senast aktiv: 2026-03-03.\n"
        "\n"
        "RISKSVAR\n"
        "2026-03-03 Mående. Fråga 3: C\n"
        "  Försök 2026-03-04 09:05 av Kim T1clinician, nådde inte: Ringde två gånger. Nästa försök 2026-03-04 10:05.\n"
        "  Hanterad 2026-03-04 10:30 av Kim T1clinician, plan gjord: Inga planer. Skrev säkerhetsplan ihop.\n"
        "\n"
        "KONTAKTER\n"
        "2026-03-04 Telefon, 25 min, Kim T1clinician: Samtal om risk.\n"
        "\n"
        "FLAGGOR\n"
        "Inga under perioden.\n"
        "\n"
        "FORMULÄR\n"
        "2026-03-03 Mående\n"
        "  2 av 9, egen nivå: lite (egna gränser)\n"
        "  Ej validerat.\n"
        "\n"
        "PLANER\n"
        "Säkerhetsplan finns, senast sparad 2026-03-04 av Kim T1clinician\n"
        "\n"
        "MODULER\n"
        "Ingen läst under perioden.\n"
        "\n"
        "MOMENTET\n"
        "Inget under perioden.\n"
    )


def test_an_unhandled_risk_answer_is_in_whatever_the_period_and_a_handled_one_only_in_its_own(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 3, 12)
    clinic.answer(moment, forms.given(0, 0, 1))
    clinic.clock.set(2026, 3, 20, 12)
    before, after = (date(2026, 3, 2), date(2026, 3, 2)), (date(2026, 3, 10), None)
    waiting = "2026-03-03 Mående. Fråga 3: B\n  Ohanterad."
    assert [journal(clinic, moment, *days)["RISKSVAR"] for days in (before, after)] == [waiting, waiting]
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, 1, "Ringde.")
    said = waiting.replace("Ohanterad.", "Hanterad 2026-03-20 13:00 av Kim T1clinician, nådde invånaren: Ringde.")
    assert journal(clinic, moment, *before)["RISKSVAR"] == "Inga under perioden."
    assert journal(clinic, moment, *after)["RISKSVAR"] == said, "handled in the period"
    assert journal(clinic, moment, date(2026, 3, 3), date(2026, 3, 3))["RISKSVAR"] == said, "answered in it"


def test_other_flags_plans_and_what_was_done_with_the_moment(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        first = add_flag(work, moment, "Ring skolan")
        add_flag(work, moment, "Ring snart", severity=Severity.PRIORITY)
        add_flag(work, moment, "Läs på")
        handle_flag(work, first, "Ringde [/x].")
        plan = make_plan(work, moment, NewPlan("Rörelse", (NewActivity("Gå"),)))
    with clinic.store.work(clinic.resident()) as work:
        activity = int(clinic.value("SELECT id FROM activity"))
        mark_activity(work, moment, activity, date(2026, 3, 2), done=True, note="Hemligt")
    with clinic.store.work(clinic.clinician) as work:
        follow_up_plan(work, plan, "Går bra.", date(2026, 3, 9))
        maintain_moment(work, moment)
        resume_moment(work, moment)
    found = journal(clinic, moment)
    assert found["FLAGGOR"] == (
        "2026-03-02 Varning: Ring skolan\n"
        "  Hanterad 2026-03-02 10:00 av Kim T1clinician: Ringde [/x].\n"
        "2026-03-02 Prioriterad: Ring snart\n"
        "  Ohanterad."
    )
    assert found["PLANER"] == (
        "Rörelse: utfört 1, ej utfört 0\n"
        "  Gjord 2026-03-02 av Kim T1clinician\n"
        "  Uppföljd 2026-03-02 av Kim T1clinician: Går bra.\n"
        "  Följs upp 2026-03-09"
    )
    assert found["MOMENTET"] == (
        "2026-03-02 Satt i vidmakthållande läge av Kim T1clinician\n2026-03-02 Återupptaget av Kim T1clinician"
    )
    assert "Hemligt" not in str(found)


def test_that_there_is_a_safety_plan_and_who_saved_it_but_not_its_words(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    first = (date(2026, 3, 2), date(2026, 3, 2))
    assert journal(clinic, moment)["PLANER"] == "Inga under perioden."
    clinic.clock.set(2026, 3, 3, 9)
    with clinic.store.work(clinic.resident()) as work:
        change_own_safety_plan(work, moment, SafetyTexts(warning_signs="Hemligt"), 0)
    assert journal(clinic, moment, *first)["PLANER"] == "Inga under perioden.", "there was none yet"
    found = journal(clinic, moment)
    assert found["PLANER"] == "Säkerhetsplan finns, senast sparad 2026-03-03 av invånaren"
    assert "Hemligt" not in str(found)
    clinic.clock.set(2026, 3, 4, 9)
    with clinic.store.work(clinic.clinician) as work:
        change_safety_plan(work, moment, SafetyTexts(), 1)
        end_moment(work, moment, "Klart", confirmed=True)
    assert journal(clinic, moment)["PLANER"] == "Säkerhetsplan är tom, senast sparad 2026-03-04 av Kim T1clinician"
    other = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 9, 9)
    with clinic.store.work(clinic.clinician) as work:
        change_safety_plan(work, other, SafetyTexts(what_helps="Gå ut."), 2)
    assert "är tom" in journal(clinic, moment)["PLANER"], "as it was at the end"
    assert "finns, senast sparad 2026-03-09" in journal(clinic, other, date(2026, 3, 20))["PLANER"], "in every period"


def test_steps_are_counted_as_they_were_at_the_end_of_the_period(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "hej")
    before = journal(clinic, moment)["MODULER"]
    clinic.clock.set(2026, 3, 9, 9)
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "sen")
    assert journal(clinic, moment, None, date(2026, 3, 2))["MODULER"] == before
    assert journal(clinic, moment)["MODULER"] != before


def test_a_message_that_can_be_taken_back_is_told_once_it_has_gone(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.clock.set(2026, 3, 3, 9)
    send(clinic, moment, "Hej", heading="Ett", hold=True)
    found, until = read(clinic, moment)
    assert found["KONTAKTER"] == "Inga under perioden."
    confirm(clinic, moment, until, since=True)
    clinic.clock.now = Instant(clinic.clock.now + HOLD)
    assert read(clinic, moment)[0]["KONTAKTER"] == "2026-03-03 Meddelande från Kim T1clinician"
    send(clinic, moment, "Hej igen", heading="Två", hold=True)
    with clinic.store.work(clinic.clinician) as work:
        undo_act(work, moment)
    assert read(clinic, moment)[0]["KONTAKTER"] == "2026-03-03 Meddelande från Kim T1clinician"


def test_what_is_done_after_the_end_is_told_too(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.answer(moment, forms.given(0, 0, 1))
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    clinic.clock.set(2026, 3, 20, 12)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, 1, "Ringde.")
    found = journal(clinic, moment)
    assert "Hanterad 2026-03-20" in found["RISKSVAR"]
    assert found["MOMENTET"] == "2026-03-02 Avslutat av Kim T1clinician: Klart"
    assert "behandlingsvecka 1\n" in found[""], "of which there are no more after the end"


def read(clinic: Clinic, moment: int) -> tuple[dict[str, str], int]:
    """What has come since it was copied last, and until when."""
    with clinic.store.read(clinic.clinician) as work:
        found = read_journal(work, moment, since_copied=True)
    return parts(found.text), found.until


def confirm(clinic: Clinic, moment: int, until: int, first: date | None = None, *, since: bool = False) -> None:
    with clinic.store.work(clinic.clinician) as work:
        confirm_journal(work, moment, until, first, since_copied=since)


def call(clinic: Clinic, moment: int, note: str) -> None:
    with clinic.store.work(clinic.clinician) as work:
        note_contact(work, moment, ContactSort.VISIT, 5, note)


def test_since_the_latest_copy_counts_from_what_was_confirmed_alone(clinic: Clinic) -> None:
    moment = clinic.start()
    call(clinic, moment, "Ett")
    clinic.clock.set(2026, 3, 3, 9)
    found, until = read(clinic, moment)
    assert "Ett" in found["KONTAKTER"], "nothing is copied: all of it"
    clinic.clock.set(2026, 3, 3, 10)
    call(clinic, moment, "Två")
    assert "Ett" in read(clinic, moment)[0]["KONTAKTER"], "a text that was read, and even copied, need not have arrived"
    confirm(clinic, moment, until, since=True)
    found, until = read(clinic, moment)
    assert found["KONTAKTER"] == "2026-03-03 Besök, 5 min, Kim T1clinician: Två", "written while the first was pasted"
    confirm(clinic, moment, until, since=True)
    assert read(clinic, moment)[0]["KONTAKTER"] == "Inga under perioden."
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'journal-kopierad'") == 2


def test_a_copy_of_later_days_alone_leaves_what_came_before_them(clinic: Clinic) -> None:
    moment = clinic.start()
    call(clinic, moment, "Ett")
    clinic.clock.set(2026, 3, 10, 9)
    confirm(clinic, moment, clinic.clock(), date(2026, 3, 9))
    assert "Ett" in read(clinic, moment)[0]["KONTAKTER"]
    with pytest.raises(Refused, match="Ingen text kan gälla den tiden"):
        confirm(clinic, moment, clinic.clock() + 1)
    with pytest.raises(Refused, match="Ingen text kan gälla den tiden"):
        confirm(clinic, moment, start_of(date(2026, 3, 1)))


def test_the_record_reaches_as_far_as_there_is_no_gap() -> None:
    assert reached(5, []) is None
    assert reached(5, [Period(5, 9), Period(10, 12)]) == 12
    assert reached(5, [Period(5, 9), Period(11, 12)]) == 9, "what came at ten is nowhere"
    assert reached(5, [Period(6, 9), Period(5, 7)]) == 7
    assert reached(5, [Period(5, 9), Period(5, 6)]) == 9, "an older stretch takes nothing back"
