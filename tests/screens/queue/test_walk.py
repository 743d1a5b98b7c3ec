"""From the queue through the matters: each opens where it is handled, and handling it opens the next."""

from datetime import date
from typing import Any

import pytest
from textual.screen import Screen

from screens.moment.document_screen import DocumentScreen
from screens.moment.forms.diary import DiaryDocument
from screens.moment.forms.form_screen import FormScreen
from screens.moment.moment_screen import MomentScreen
from screens.moment.safety_plan.plan_screen import SafetyPlanScreen
from screens.time_book import Counter, TimeBook
from screens.top_level import TopLevel
from store.care.activity_plans import make_plan
from store.care.day_run import run_day
from store.care.flags import handle_flag
from store.care.maintenance import maintain_moment
from store.care.modules import open_module
from store.care.plan_rules import NewActivity, NewPlan
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan
from store.foundation.flag_kinds import Severity
from tests.app.driver import Driver, running
from tests.clinics import ADULT, CHILD, COLLEAGUE, ELSEWHERE, GUARDIAN, HIDDEN, MONDAY, Clinic
from tests.forms import NIGHT, given
from tests.screens.queue.test_tab import done, flag, logged, moment, opened, rows
from tests.screens.whole import LOST, at_work, focus, keys, paste, said, taken_away
from tests.store.letters import write

__all__ = ["moment"]  # the fixture


async def into(driver: Driver, words: str) -> Screen[Any]:
    """Open the queue and the first row with these words; returns the page."""
    await opened(driver, words)
    place = next(place for place, row in enumerate(rows(driver)) if words in row)
    for _ in range(place):
        await driver.press("down")
    await driver.press("enter")
    await driver.sees("Ärende 1 av")
    await settled(driver)
    return driver.app.screen


async def settled(driver: Driver) -> None:
    """Wait until keys reach the page that is open."""
    await driver.until(lambda: not driver.app._is_held and not driver.app._waiting, "the keys to be let go")
    await driver.pilot.pause()


async def told(driver: Driver, sentence: str) -> None:
    """Wait until a notification says something."""
    await driver.until(lambda: any(one.message == sentence for one in driver.app._notifications), sentence)


async def at(driver: Driver, place: str, *words: str) -> None:
    """Wait until one is so far on the way."""
    await driver.sees(f"Ärende {place}", *words)
    await settled(driver)


# Each opens the matter itself


async def test_an_answer_opens_its_form(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        assert isinstance(await into(driver, "▲ prioriterad"), FormScreen)
        await driver.sees("Ärende 1 av 3", "‹ Att göra", "Berg, Åsa", "Mående", "✓ läst")
        assert {"ctrl+n", "h", "p", "Esc"} <= keys(driver).keys()
        assert "u" not in keys(driver)
    assert logged(filed, "open_answer") == 1
    assert logged(filed, "open_moment") == 0


async def test_a_message_opens_its_conversation_with_the_cursor_in_the_field(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        assert isinstance(await into(driver, "✉ meddelande"), MomentScreen)
        await driver.sees("[2 Meddelanden", "Hur gör jag?", "‹ Att göra")
        assert focus(driver) == "text"
        await driver.press("u", "h", "1")  # all of it text
        await driver.sees("▌uh1")


async def test_a_finished_module_is_unfolded_on_hantera(filed: Clinic) -> None:
    moment = filed.start()
    number, module = filed.clinician.staff_id, "start"
    assert number
    _raise(filed, moment, "modul", "borja-har", "Modulen Börja här är klar")
    async with at_work(filed) as driver:
        page = await into(driver, "Modulen Börja här")
        assert isinstance(page, MomentScreen)
        await driver.sees("[1 Hantera]", "▌  ▾ Börja här")
        assert module


async def test_a_diary_opens_its_page(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, _row(), "dagbok")
    async with at_work(filed) as driver:
        page = await into(driver, "Dagbok, oläst")
        assert isinstance(page, DocumentScreen)
        assert isinstance(page.document, DiaryDocument)
        await driver.sees("‹ Att göra", "Berg, Åsa", "Morgon", "väntar inte längre")


async def test_an_own_flag_opens_the_tab_with_the_cursor_on_it(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    flag(filed, moment, "Ring skolan")
    filed.clock.set(2026, 3, 2, 8)
    flag(filed, moment, "Boka möte")
    filed.clock.now = MONDAY
    async with at_work(filed) as driver:
        await into(driver, "Boka möte")
        await driver.sees("[4 Flaggor", "▌! varning      Boka möte")


async def test_a_changed_safety_plan_opens_with_one_key_and_only_that_handles_it(filed: Clinic, moment: int) -> None:
    """Led to it by the walk, its flag is shown and stays; from its row the plan itself opens, read by that."""
    with filed.store.work(filed.resident()) as work:
        change_own_safety_plan(work, moment, SafetyTexts(whom_to_call="Mor"), 0)
    open_flag = "SELECT handled_at IS NULL FROM flag WHERE kind = 'sakerhetsplan'"
    async with at_work(filed) as driver:
        await opened(driver, "Invånaren har ändrat")
        place = next(place for place, row in enumerate(rows(driver)) if "Invånaren har ändrat" in row)
        await driver.press("enter")
        await at(driver, "1 av 4")
        for step in range(place):
            await driver.press("ctrl+n")
            await at(driver, f"{step + 2} av 4")
        await driver.sees("Invånaren har ändrat", "[4 Flaggor")
        assert filed.value(open_flag)
        await driver.press("escape")
        await driver.sees("[1 Att göra")
        await settled(driver)
        await driver.press("end")
        assert keys(driver)["Enter"] == "Öppna planen"
        await driver.press("enter")
        await driver.sees("Ärende 1 av", "Säkerhetsplan", "Mor", "väntar inte längre")
        assert isinstance(driver.app.screen, SafetyPlanScreen)
        assert not filed.value(open_flag)
        await settled(driver)
        await driver.press("p")
        await driver.sees("‹ Säkerhetsplan", "Hanterade flaggor (1 st)")


async def test_a_follow_up_opens_its_plan(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.clock.set(2026, 2, 23, 9)
    done(filed, make_plan, moment, NewPlan("Rörelse", (NewActivity("Promenad"),), follow_up_on=date(2026, 3, 2)))
    filed.clock.now = MONDAY
    run_day(filed.store)
    async with at_work(filed) as driver:
        await into(driver, "↻ uppföljning")
        await driver.sees("[4 Flaggor", "Rörelse")


@pytest.mark.parametrize(
    ("kind", "about", "reason"),
    [
        ("tyst", "", "Ingen aktivitet sedan 2026-02-01"),
        ("saknas", "maende", "Mående saknas sedan 2026-02-20"),
        ("langd", "", "Har pågått längre än rekommenderade 30 dagar"),
        ("gallring", "", "Gallras senast 2026-03-30"),
    ],
)
async def test_what_has_no_source_opens_hantera_with_the_cursor_on_its_flag(
    filed: Clinic, kind: str, about: str, reason: str
) -> None:
    moment = filed.start(program="prov")
    _raise(filed, moment, kind, about, reason)
    flag(filed, moment, "Ring skolan")
    async with at_work(filed) as driver:
        await into(driver, reason[:24])
        await driver.sees("[1 Hantera]", f"▌! varning      {reason}")
        await driver.press("h")
        await driver.sees("Hantera flagga", reason)


def _raise(clinic: Clinic, moment: int, kind: str, about: str, reason: str) -> None:
    """Let a rule have raised a flag."""
    raised = flag(clinic, moment, reason)
    clinic.run(
        "UPDATE flag SET kind = :kind, about = :about, cause = :kind, raised_by = '' WHERE id = :id",
        kind=kind,
        about=about,
        id=raised,
    )


def _row() -> str:
    import json

    return json.dumps(NIGHT)


# The way


async def test_handling_leads_on_and_the_end_is_said(filed: Clinic, moment: int) -> None:
    """Three matters: a flag handled, a message sent, an exercise marked as read: being led on to it reads nothing."""
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "▲ prioriterad")
        await driver.press("h")
        await driver.sees("Vad har du gjort?")
        await paste(driver, "Ringde.")
        await driver.press("ctrl+s")
        await at(driver, "2 av 3", "✓ Berg, Åsa · Ångest – prov: Flaggan är hanterad.", "Hur gör jag?")
        await paste(driver, "Så här.")
        await driver.press("ctrl+s")
        await at(driver, "3 av 3", "✓ Berg, Åsa · Ångest – prov: Meddelandet är skickat.", "Uppgift, oläst")
        await driver.press("m")
        await driver.sees("✓ läst", "väntar inte längre")
        await driver.press("ctrl+n")
        await told(driver, "Inget mer väntar i kön.")
        await driver.sees("Inget väntar på dig just nu.")
        assert isinstance(driver.app.screen, TopLevel)
        assert keys(driver) == {"U": "Ångra"}
    assert filed.rows("SELECT text FROM message WHERE sender <> 'invanare'") == [("Så här.",)]
    assert filed.value("SELECT count(*) FROM draft") == 0


async def test_a_message_sent_just_now_is_undone_from_the_next_matter_and_the_rest_from_the_queue(
    filed: Clinic, moment: int
) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await paste(driver, "Så här.")
        await driver.press("ctrl+s")
        await at(driver, "2 av 3", "Uppgift, oläst")
        await driver.press("U")  # of another page, and at once: there is no time to ask
        await driver.until(lambda: filed.value("SELECT count(*) FROM draft") == 1, "the draft")
        assert filed.value("SELECT count(*) FROM message WHERE sender = 'behandlare'") == 0
        await driver.press("m")
        await driver.sees("✓ läst")
        await driver.press("escape")
        await driver.sees("[1 Att göra")
        await driver.press("U")
        await driver.sees("Det senaste du gjorde: markerat som läst", "Berg, Åsa")
        await driver.press("enter")
        await driver.sees("▤ hemuppgift")
    assert filed.value("SELECT count(*) FROM formanswer WHERE form = 'uppgift' AND read_at IS NULL") == 1


async def test_esc_leads_back_to_the_queue_and_it_shows_what_is_left(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "▤ hemuppgift")
        await driver.press("escape")
        await driver.sees_no("▤ hemuppgift")
        assert len(rows(driver)) == 2


async def test_ctrl_n_passes_by_keeps_the_draft_and_the_end_says_what_waits(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await paste(driver, "Halvvägs")
        await driver.press("ctrl+n")
        await at(driver, "2 av 3", "Gick bra.")
        await driver.press("ctrl+n")
        await at(driver, "3 av 3", "RISKSVAR")
        await driver.press("ctrl+n")
        await told(driver, "Du har gått igenom kön. 3 ärenden väntar fortfarande.")
    assert filed.rows("SELECT text FROM draft") == [("Halvvägs",)]
    assert filed.value("SELECT count(*) FROM formanswer WHERE read_at IS NULL") == 2, "going on marks nothing"


async def test_ctrl_n_works_from_a_page_over_the_matters(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await paste(driver, "Halvvägs")
        await driver.press("escape", "3")
        await driver.sees("behandlingsvecka")
        await driver.press("g")
        await driver.sees("‹ Berg, Åsa", "Graf")
        await driver.press("ctrl+n")
        await at(driver, "2 av 3", "Gick bra.")
        await driver.press("p")
        await driver.sees("INFORMATION OM MOMENTET", "Ärende 2 av 3", "‹ Uppgift")
        await settled(driver)
        await driver.press("ctrl+n")
        await at(driver, "3 av 3", "RISKSVAR")
        await driver.press("escape")
        await driver.sees("[1 Att göra")
    assert filed.rows("SELECT text FROM draft") == [("Halvvägs",)]


async def test_from_a_form_the_residents_page_opens_and_leads_back(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "▲ prioriterad")
        await driver.press("p")
        await driver.sees("Invånarens mobilnummer", "0701740605")
        await settled(driver)
        await driver.press("escape")
        await driver.sees("RISKSVAR")
        await driver.press("escape")
        await driver.sees("[1 Att göra")


async def test_set_aside_on_the_way_leads_on(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await driver.press("escape")
        await driver.until(lambda: "u" in keys(driver), "the key")
        await driver.press("u")
        await driver.sees("Skjut upp ärendet")
        await driver.press("enter")
        await paste(driver, "Semester")
        await driver.press("ctrl+s")
        await at(driver, "2 av 3", "Gick bra.", "✓ Berg, Åsa · Ångest – prov: Ärendet är uppskjutet till 3 mars 2026.")
    assert filed.value("SELECT count(*) FROM setaside") == 1


async def test_a_flag_handled_on_the_tab_leads_on_too(filed: Clinic, moment: int) -> None:
    own = flag(filed, moment, "Ring skolan")
    async with at_work(filed) as driver:
        await into(driver, "Ring skolan")
        await driver.sees("▌! varning      Ring skolan")
        await driver.press("h")
        await driver.sees("Vad har du gjort?")
        await paste(driver, "Ringde.")
        await driver.press("ctrl+s")
        await at(driver, "2 av 4", "✓ Berg, Åsa · Ångest – prov: Flaggan är hanterad.")
    assert filed.rows("SELECT note FROM flag WHERE id = :id", id=own) == [("Ringde.",)]


async def test_reading_an_unanswerable_message_does_not_hurry_on(filed: Clinic, moment: int) -> None:
    done(filed, maintain_moment, moment)
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await driver.sees("Hur gör jag?", "väntar inte längre · ctrl+n Nästa ärende")


async def test_what_another_handles_meanwhile_is_said_and_nobody_is_hurried_on(filed: Clinic, moment: int) -> None:
    assert moment
    priority = int(filed.value("SELECT id FROM flag WHERE severity = 'prioriterad'"))
    async with at_work(filed) as driver:
        await into(driver, "▲ prioriterad")
        done(filed, handle_flag, priority, "Ringde.", by=filed.colleague)
        await driver.sees("väntar inte längre")
        assert "RISKSVAR" in driver.text
        assert "h" not in keys(driver)
        await driver.press("ctrl+n")
        await at(driver, "2 av 3")


async def test_what_comes_meanwhile_is_on_the_way(filed: Clinic, moment: int) -> None:
    async with at_work(filed) as driver:
        await into(driver, "▤ hemuppgift")
        flag(filed, moment, "Ring skolan")
        await driver.sees("Ärende 1 av 4")
        await driver.press("ctrl+n")
        await at(driver, "2 av 4", "Ring skolan")


async def test_the_filter_holds_on_the_way(filed: Clinic, moment: int) -> None:
    assert moment
    other = filed.start(GUARDIAN, program="prov")
    flag(filed, other, "Ring skolan")
    async with at_work(filed) as driver:
        await opened(driver, "Ring skolan")
        await driver.press("f")
        await driver.sees("Berg, Ulla (1)")
        await driver.press("B", "enter")
        await driver.sees("Visar bara: Berg, Ulla")
        await driver.press("enter")
        await at(driver, "1 av 1", "Berg, Ulla")
        await driver.press("ctrl+n")
        await told(driver, "Du har gått igenom kön. 1 ärende väntar fortfarande.")


async def test_a_watching_colleague_handles_what_is_not_theirs_and_is_led_back(filed: Clinic, moment: int) -> None:
    assert moment
    async with running(filed.store.engine.url, COLLEAGUE, now=MONDAY) as driver:
        await into(driver, "▲ prioriterad")
        await driver.sees("RISKSVAR")
        await driver.press("h")
        await driver.sees("Vad har du gjort?")
        await paste(driver, "Ringde.")
        await driver.press("ctrl+s")
        await told(driver, "Berg, Åsa · Ångest – prov: Flaggan är hanterad. Inget mer väntar i kön.")
    assert filed.value("SELECT read_at FROM formanswer WHERE form = 'maende'") is None


async def test_a_matter_that_is_nobodys_business_any_longer_says_so(filed: Clinic, moment: int) -> None:
    priority = int(filed.value("SELECT id FROM flag WHERE severity = 'prioriterad'"))
    assert moment
    async with running(filed.store.engine.url, COLLEAGUE, now=MONDAY) as driver:
        await into(driver, "▲ prioriterad")
        done(filed, handle_flag, priority, "Ringde.")
        await driver.sees("Du har inte längre tillgång till momentet.")
        assert "RISKSVAR" not in driver.text
        await driver.press("ctrl+n")
        await told(driver, "Inget mer väntar i kön.")


async def test_keys_typed_after_sending_go_to_the_next_message(filed: Clinic) -> None:
    """A sentence typed at once must not run as commands on the next page, nor land in the old conversation."""
    first, second = filed.start(program="prov"), filed.start(GUARDIAN, program="prov")
    write(filed, first, "En fråga", heading="Ett")
    write(filed, second, "En fråga till", number=GUARDIAN, heading="Två")
    async with at_work(filed) as driver:
        await into(driver, "Obesvarat: Ett")
        await paste(driver, "Svar ett")
        await driver.press("ctrl+s", "a", "b", "w", "1")
        await at(driver, "2 av 2", "En fråga till", "▌abw1")
    assert filed.rows("SELECT text FROM message WHERE sender <> 'invanare'") == [("Svar ett",)]


async def test_without_a_database_nothing_is_lost_and_the_way_stands(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await paste(driver, "Så här.")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees(LOST)
            assert "Ärende 1 av 3" in driver.text
            await driver.press("ctrl+n")  # the draft is in a file, the next can't be read
            await at(driver, "2 av 3", LOST)
        await driver.sees("Gick bra.")
        await driver.sees_no(LOST)
        await driver.press("escape")
        await driver.sees("[1 Att göra")
        await driver.until(lambda: filed.rows("SELECT text FROM draft") == [("Så här.",)], "the draft")


async def test_a_protected_resident_is_marked_on_the_form(filed: Clinic) -> None:
    hidden = filed.start(HIDDEN, program="prov")
    filed.answer(hidden, given(1, 1, 2), number=HIDDEN)
    async with at_work(filed) as driver:
        await into(driver, "▲ prioriterad")
        await driver.sees("⛨ Skyddade uppgifter", "RISKSVAR")


async def test_the_page_opened_from_a_list_has_no_way(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await driver.sees("Mina", "Berg, Åsa")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET")
        assert "ctrl+n" not in keys(driver)
        assert "Ärende" not in driver.text
        await driver.press("ctrl+n")
        await driver.sees("INFORMATION OM MOMENTET")


# Keys counted


async def test_ten_matters_of_five_residents_take_at_most_25_keys(filed: Clinic) -> None:
    """Messages, forms, exercises and flags, mixed; typed text is not counted."""
    numbers = (ADULT, GUARDIAN, CHILD, ELSEWHERE, HIDDEN)
    first, second, third, fourth, fifth = (filed.start(one, program="prov", confirmed=True) for one in numbers)
    filed.answer(first, given(1, 1, 2))
    write(filed, first, "Fråga ett", heading="Ett")
    write(filed, second, "Fråga två", number=GUARDIAN, heading="Två")
    write(filed, third, "Fråga tre", number=CHILD, heading="Tre")
    for one, number in ((second, GUARDIAN), (third, CHILD)):
        done(filed, open_module, one, "mer")
        filed.answer(one, '{"text": "Gick bra."}', "uppgift", number)
    filed.answer(fourth, given(1, 1, 0), number=ELSEWHERE)
    filed.answer(fifth, _row(), "dagbok", HIDDEN)
    flag(filed, fourth, "Ring skolan")
    flag(filed, fifth, "Ring genast", Severity.PRIORITY)
    pressed = 0

    async with at_work(filed) as driver:
        await opened(driver, "▲ prioriterad")
        assert len(rows(driver)) == 10

        async def press(*names: str) -> None:
            nonlocal pressed
            pressed += len(names)
            await driver.press(*names)

        await press("enter")
        for place in range(1, 11):
            await driver.sees(f"Ärende {place} av 1")
            await settled(driver)
            if focus(driver) == "text":
                await paste(driver, "Så här.")
                await press("ctrl+s")
            elif "h" in keys(driver):
                await press("h")
                await driver.sees("Vad har du gjort?")
                await paste(driver, "Ringde.")
                await press("ctrl+s")
            else:
                await press("ctrl+n")
        await driver.sees("kön", "[1 Att göra")
        assert "▲" not in said(driver)
    assert pressed <= 25, pressed
    assert filed.value("SELECT count(*) FROM flag WHERE handled_at IS NULL") == 0
    unanswered = "SELECT count(*) FROM conversation WHERE unanswered_at IS NOT NULL AND release_at IS NULL"
    assert filed.value(unanswered) == 0, "the last answer is on its way"


async def test_keys_typed_before_the_queue_is_there_go_to_it(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await driver.sees("Att göra 3")
        await driver.press("1", "down", "enter")
        await at(driver, "1 av 3", "Hur gör jag?")


async def test_time_on_a_form_that_the_queue_opened_is_counted_and_saved_when_it_is_left(
    filed: Clinic, moment: int
) -> None:
    async with at_work(filed) as driver:
        page = await into(driver, "▲ prioriterad")
        assert isinstance(page, FormScreen)
        for timer in list(page._timers):
            timer.pause()
        now = 1_000.0
        assert page.time is not None
        page.time.counter = Counter(lambda: now)
        driver.app.client.time_book = TimeBook()  # what opening it took is another matter
        for _ in range(30):
            now += 1
            driver.app.last_input = now
            page.time.count()
        now += 500  # nobody is there
        page.time.count()
        await driver.press("ctrl+n")
        await at(driver, "2 av 3")
        await driver.until(lambda: bool(filed.rows("SELECT 1 FROM timespent")), "the time to be saved")
        assert filed.rows("SELECT moment_id, seconds FROM timespent") == [(moment, 30)]  # the next page's comes later


async def test_the_lock_in_the_middle_of_a_step_lets_the_same_person_back_on_the_way(
    filed: Clinic, moment: int
) -> None:
    assert moment
    async with at_work(filed) as driver:
        await into(driver, "✉ meddelande")
        await driver.press("ctrl+n", "f9")
        await driver.sees("Skärmen är låst")
        await driver.press("x")
        await driver.sees_no("Skärmen är låst")
        await driver.until(lambda: not driver.app._is_held, "the keys to be given")
