"""*Sök i meddelanden*: from a list to what somebody wrote, and back."""

import pytest
from textual.widgets import Input, OptionList

from screens.message_search import GONE, HINT, NOTHING, places
from store.care.messages import send_message, write_message
from store.care.switching import switch_clinician
from store.foundation.access import Role
from store.foundation.text import fold
from store.views.message_search import MOST_HITS
from tests.app.driver import Driver
from tests.clinics import ADULT, COLLEAGUE, HIDDEN, Clinic
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.whole import LOST, SIZES, STANDS, at_work, focus, keys, open_tab, paste, said, taken_away


def wrote(clinic: Clinic, moment: int, text: str, number: str = ADULT) -> None:
    """Let the resident write."""
    with clinic.store.work(clinic.resident(number)) as work:
        write_message(work, moment, text)


def answered(clinic: Clinic, moment: int, text: str) -> None:
    with clinic.store.work(clinic.clinician) as work:
        conversation = work.db.rows("SELECT min(id) FROM conversation")[0][0]
        send_message(work, moment, text, conversation=conversation)


@pytest.fixture
def moment(filed: Clinic) -> int:
    """A moment with a question and an answer, a minute apart."""
    moment = filed.start()
    wrote(filed, moment, "Hej! Går det bra att öva på förskolan?")
    filed.clock.set(2026, 3, 2, 9, 1)
    answered(filed, moment, "Ja, förskolan är bra att öva på.")
    filed.clock.set(2026, 3, 2, 9, 0)
    return moment


async def opened(driver: Driver) -> None:
    await driver.sees("Mina")
    await driver.until(lambda: "m" in keys(driver), "the key")
    await driver.press("m")
    await driver.sees("Sök efter")


async def search(driver: Driver, words: str) -> None:
    await opened(driver)
    await paste(driver, words)
    await driver.press("enter")


def searches(clinic: Clinic) -> int:
    sql = "SELECT count(*) FROM log WHERE operation = 'search_messages' AND personnummer IS NULL"
    return int(clinic.log_value(sql))


async def test_it_says_what_is_searched_and_what_can_be_done(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await opened(driver)
        assert HINT in said(driver)
        assert "‹ Mina" in driver.text
        assert keys(driver) == {"Enter": "Sök", "Esc": "Tillbaka"}
        assert focus(driver) == "query"


@SIZES
async def test_hits_stand_newest_first_with_who_what_when_and_from_whom(
    filed: Clinic, moment: int, size: tuple[int, int]
) -> None:
    assert moment
    async with at_work(filed, size=size) as driver:
        await search(driver, "ÖVA förskolan")
        await driver.sees("2 meddelanden, de nyaste först.")
        shown = said(driver)
        newest = "Berg, Åsa KomIgång online 2026-03-02 10:01 från behandlare Ja, förskolan är bra att öva på."
        oldest = "Berg, Åsa KomIgång online 2026-03-02 10:00 från invånaren Hej! Går det bra att öva på förskolan?"
        assert -1 < shown.find(newest) < shown.find(oldest)
        assert focus(driver) == "hits"
        assert keys(driver) == {"Enter": "Öppna", "/": "Sök igen", "Esc": "Tillbaka"}


async def test_the_search_is_made_by_enter_alone_and_each_is_logged(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver)
        await driver.type("oeva")
        await driver.press("left", "backspace")
        assert searches(filed) == 0
        await driver.press("enter")
        await driver.sees(NOTHING[:30])
        assert searches(filed) == 1
        await driver.press("ctrl+u", "end", "ctrl+u", *"bra", "enter")
        await driver.sees("2 meddelanden")
        assert searches(filed) == 2


async def test_the_words_are_marked(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await search(driver, "förskolan bra")
        await driver.sees("2 meddelanden")
        underlined = {
            segment.text for segment in painted.segments(driver.app) if segment.style and segment.style.underline
        }
        assert {"förskolan", "bra"} <= underlined
        assert not any("öva" in text for text in underlined)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Förskolan och förskola", ("förskola",), ["Förskola", "förskola"]),
        ("Straße, öl och ØL", ("strasse", "öl"), ["Straße", "öl", "ØL"]),
        ("Idén", ("iden",), ["Idén"]),
        ("abcabc", ("abca", "cab"), ["abcab"]),
        ("aaaa", ("aa",), ["aa", "aa"]),
        ("İstanbul ﬁn", ("istan", "fin"), ["İstan", "ﬁn"]),
        ("inget", ("här", ""), []),
    ],
)
def test_places_are_found_as_the_search_finds_them(text: str, words: tuple[str, ...], marked: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, map(fold, words))] == marked


@pytest.mark.parametrize("little", ["", " ", "a", "a b"])
async def test_too_little_is_refused_at_the_field(filed: Clinic, little: str) -> None:
    async with at_work(filed) as driver:
        await search(driver, little)
        await driver.sees("✗ Skriv minst 2 tecken att söka efter.")
        assert focus(driver) == "query"
        await driver.press(*"xyz", "enter")
        await driver.until(lambda: NOTHING in said(driver), NOTHING)
        assert "✗" not in driver.text


async def test_a_protected_resident_is_masked_in_name_and_text(filed: Clinic) -> None:
    moment = filed.start(HIDDEN, confirmed=True)
    wrote(filed, moment, "Hej, hälsar Dan DOLD", HIDDEN)
    async with at_work(filed) as driver:
        await search(driver, "hälsar")
        await driver.sees("⛨ Skyddade uppgifter", "Hej, hälsar ••• •••")
        assert "Dold" not in driver.text
        assert "Dan" not in driver.text


async def test_more_than_are_shown_is_said(filed: Clinic, moment: int) -> None:
    filed.run("DELETE FROM message")
    for text in ("äldst av alla", *(f"fråga {number}" for number in range(MOST_HITS))):
        wrote(filed, moment, text)
    async with at_work(filed) as driver:
        await search(driver, "fråga")
        await driver.sees("100 meddelanden, de nyaste först.", "fråga 99")
        await driver.press("slash", "end", "ctrl+u", *"äl", "enter")
        await driver.sees("1 meddelande.")
        wrote(filed, moment, "fråga 100")
        await driver.press("slash", "end", "ctrl+u", *"fr", "enter")
        await driver.sees("De 100 nyaste visas, men det finns fler.")
        assert driver.app.screen.query_one(OptionList).option_count == MOST_HITS


async def test_enter_opens_the_conversation_and_esc_leads_back_step_by_step(filed: Clinic, moment: int) -> None:
    with filed.store.work(filed.clinician) as work:
        send_message(work, moment, "Annat", heading="En helt annan konversation")
    async with at_work(filed, size=(140, 40)) as driver:
        await search(driver, "förskolan")
        await driver.sees("2 meddelanden")
        await driver.press("down", "enter")
        await driver.sees(
            "‹ Sök i meddelanden", "Går det bra att öva på förskolan?", "Ja, förskolan är bra att öva på."
        )
        await driver.until(lambda: keys(driver).get("Esc") == "Till listan", "the writing field")
        await driver.press("escape")
        await driver.until(lambda: keys(driver).get("Esc") == "Tillbaka", "the conversations")
        await driver.press("escape")
        await driver.sees("‹ Mina", "2 meddelanden", "från invånaren")
        assert focus(driver) == "hits"
        assert driver.app.screen.query_one(OptionList).highlighted == 1
        await driver.press("escape")
        await driver.sees("STARTA MOMENTET", "Berg, Åsa")


async def test_typed_at_once_it_all_goes_into_the_field(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await driver.until(lambda: "m" in keys(driver), "the key")
        await driver.press("m", *"bra", "enter")
        await driver.sees("2 meddelanden")


async def test_slash_and_down_go_between_the_field_and_the_hits(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await search(driver, "bra")
        await driver.sees("2 meddelanden")
        await driver.press("slash")
        assert focus(driver) == "query"
        await driver.press("down")
        assert focus(driver) == "hits"


async def test_a_moment_that_is_switched_away_takes_its_hits_with_it(filed: Clinic, moment: int) -> None:
    async with at_work(filed) as driver:
        await search(driver, "bra")
        await driver.sees("2 meddelanden")
        with filed.store.work(filed.clinician) as work:
            switch_clinician(work, moment, COLLEAGUE)
        await driver.sees(GONE)
        assert "Berg" not in driver.text
        assert focus(driver) == "query"
        assert searches(filed) == 1


async def test_the_database_taken_away_and_back(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        await opened(driver)
        await driver.type("bra")
        with taken_away(filed):
            await driver.press("enter")
            await driver.until(lambda: STANDS in said(driver), STANDS)
            assert driver.app.screen.query_one(Input).value == "bra"
        await driver.press("enter")
        await driver.sees("2 meddelanden")
        await driver.sees_no(LOST)


@pytest.mark.parametrize("role", [Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN, Role.TRAINER])
async def test_only_clinicians_are_offered_it(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        if role is Role.RESIDENT_ADMIN:
            await open_tab(driver, "Alla")
            await driver.sees("Inga moment på enheten att visa.")
        await driver.press("m")
        await driver.pilot.pause()
        assert "Sök i meddelanden" not in driver.text.replace("\xa0", " ")
        assert "Sök efter" not in driver.text


async def test_it_is_offered_on_the_lists_and_not_on_other_tabs(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        for tab in ("Mina", "Alla", "Avslutade"):
            await open_tab(driver, tab)
            await driver.until(lambda: keys(driver).get("m") == "Sök i meddelanden", tab)
        await open_tab(driver, "Att göra")
        await driver.sees("Inget väntar på dig just nu.")
        assert "m" not in keys(driver)


@texts.together
async def test_hostile_names_and_texts_are_only_texts(filed: Clinic, moment: int, hostile: str) -> None:
    assert moment
    connection = filed.store.engine.connect()
    connection.run("UPDATE message SET text = :text", text=f"start {hostile}")
    connection.run("UPDATE resident SET family_name = :text", text=hostile)
    connection.run("UPDATE programversion SET title = :text", text=hostile)
    connection.driver.close()
    async with at_work(filed) as driver:
        await search(driver, "start")
        await driver.sees("2 meddelanden", "start")
        assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
        assert driver.app.is_running


@texts.together
async def test_hostile_words_can_be_searched_for(filed: Clinic, moment: int, hostile: str) -> None:
    answered(filed, moment, hostile)
    async with at_work(filed) as driver:
        await search(driver, hostile)
        await driver.until(lambda: "meddelande" in said(driver).replace(HINT, "") or NOTHING in said(driver), "it")
        assert driver.app.is_running


async def test_going_back_before_the_conversation_is_there_does_no_harm(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed) as driver:
        for pauses in range(8):
            await search(driver, "förskolan")
            await driver.sees("2 meddelanden")
            await driver.press("enter")
            for _ in range(pauses):
                await driver.pilot.pause(0)
            for _ in range(3):
                await driver.press("escape")
            await driver.sees("STARTA MOMENTET")
            await driver.press("m")
            await driver.sees("Sök efter")
            await driver.press("escape")
            await driver.sees("STARTA MOMENTET")
