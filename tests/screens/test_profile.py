"""*Min profil*: what it says, what it saves, and that nothing typed is lost."""

import pytest
from textual.widgets import Input

from screens.dialogs.controls import CheckBox
from screens.profile import ABOUT_MOBILE, FROM_HSA, NO_EMAIL
from store.foundation.access import Role
from store.people.channels import CHANNELS, SMS
from store.people.profile import save_profile
from tests.app.driver import Driver
from tests.clinics import ADULT, Clinic, hsa_id_of
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.whole import LOST, SIZES, STANDS, at_work, focus, keys, open_tab, paste, said, taken_away

EMAIL = "kim.clinician@example.org"
NUMBER = "0701740605"


@pytest.fixture
def filed(filed: Clinic) -> Clinic:
    """Everybody has an address in HSA."""
    filed.run("UPDATE staff SET email = :email", email=EMAIL)
    return filed


async def profile(driver: Driver) -> None:
    await open_tab(driver, "Min profil")
    await driver.sees("Ta emot notifieringar")
    await driver.until(lambda: focus(driver) is not None, "the focus")


def saved(clinic: Clinic, role: Role = Role.CLINICIAN) -> tuple[object, ...]:
    return clinic.rows(
        "SELECT mobile, notify_email, notify_mobile FROM staff WHERE hsa_id = :hsa_id", hsa_id=hsa_id_of(role)
    )[0]


async def fill_in_mobile(driver: Driver, text: str) -> None:
    driver.app.screen.query_one("#mobile").focus()
    await driver.pilot.pause()
    await paste(driver, text)


@SIZES
async def test_it_says_what_the_guide_says(filed: Clinic, size: tuple[int, int]) -> None:
    async with at_work(filed, size=size) as driver:
        await profile(driver)
        shown = said(driver)
        for words in (EMAIL, FROM_HSA, "Mobilnummer", ABOUT_MOBILE, "Spara"):
            assert words in shown
        assert shown.count("Ta emot notifieringar") == 2
        assert keys(driver) == {
            "Enter": "Kryssa",
            "Tab": "Nästa",
            "ctrl+s": "Spara",
            "i": "Inställningar",
            "m": "Meddelandemallar",
            "s": "Ställföreträdare",
        }
        assert "ctrl+s Spara" in shown


@pytest.mark.parametrize("role", Role)
async def test_everybody_has_one_and_saves_it_by_keys_alone(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        await profile(driver)
        writes = role in (Role.CLINICIAN, Role.RESIDENT_ADMIN)
        assert ("m" in keys(driver)) is writes
        assert ("Meddelandemallar" in driver.text) is writes
        await driver.press("space", "tab")
        await driver.type(NUMBER)
        await driver.press("tab", "space", "ctrl+s")
        await driver.sees("Profilen är sparad.")
    who = "provider" if role is Role.PROVIDER_ADMIN else None
    if who is None:
        assert saved(filed, role) == (NUMBER, 0, 1)
    assert filed.value("SELECT count(*) FROM staff WHERE mobile = :number", number=NUMBER) == 1


async def test_tab_goes_through_what_can_be_changed_and_the_address_is_not_among_it(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        stops = [focus(driver)]
        for _ in range(4):
            await driver.press("tab")
            stops.append(focus(driver))
        assert stops == ["by-email", "mobile", "by-mobile", "save", "by-email"]
        assert [field.id for field in driver.app.screen.query(Input)] == ["mobile"]


async def test_the_button_saves_too_and_one_log_row_is_left(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        await driver.press("space")
        await driver.sees("Ändringarna är inte sparade.")
        await driver.press("tab", "tab", "tab", "enter")
        await driver.sees("Profilen är sparad.")
        await driver.sees_no("Ändringarna är inte sparade.")
    assert saved(filed) == ("", 0, 0)
    assert filed.value("SELECT count(*) FROM log WHERE operation = 'save_profile'") == 1


async def test_a_wrong_number_is_refused_at_its_field_and_can_be_mended(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        for wrong in ("123", "+46701740605", "07 01 74 06 05", texts.MARKUP, "0" * 10_000, "07017406٠5"):
            await fill_in_mobile(driver, wrong)
            await driver.press("tab", "ctrl+s")
            await driver.sees("✗ Mobilnumret måste anges i formatet 07XXXXXXXX.")
            assert focus(driver) == "mobile"
            assert driver.app.screen.query_one("#mobile", Input).value == wrong
            assert saved(filed) == ("", 1, 0)
            await driver.press("end", "ctrl+u", "ctrl+s")
            await driver.sees_no("✗")
        await driver.type(NUMBER)
        await driver.press("ctrl+s")
        await driver.sees("Profilen är sparad.")
    assert saved(filed) == (NUMBER, 1, 0)


async def test_sms_without_a_number_is_refused_at_the_number(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        await driver.press("tab", "tab", "space", "ctrl+s")
        await driver.sees("✗ Ange ett mobilnummer")
        assert "✗ Ange ett mobilnummer för att ta emot notifieringar som sms." in said(driver)
        assert focus(driver) == "mobile"


async def test_without_an_address_it_says_so_and_the_wish_is_kept(filed: Clinic) -> None:
    filed.run("UPDATE staff SET email = ''")
    async with at_work(filed) as driver:
        await profile(driver)
        assert NO_EMAIL in said(driver)
        assert FROM_HSA not in said(driver)
        assert driver.app.screen.query_one("#by-email").disabled
        assert focus(driver) == "by-mobile"
        assert "[x]" not in driver.text
        await fill_in_mobile(driver, NUMBER)
        await driver.press("ctrl+s")
        await driver.sees("Profilen är sparad.")
        assert saved(filed) == (NUMBER, 1, 0)
        filed.run("UPDATE staff SET email = :email", email=EMAIL)
        filed.run("UPDATE change SET change_no = change_no + 1")
        await driver.sees(EMAIL, "[x] Ta emot notifieringar")


async def test_a_notice_that_did_not_arrive_is_told_of_with_its_reason(filed: Clinic) -> None:
    moment = filed.start()
    filed.run(
        "INSERT INTO notice (resident_id, moment_id, unit_id, staff_id, channel, kind, state, due_at, fault, done_at)"
        " SELECT m.resident_id, m.id, m.unit_id, m.responsible_id, 'epost', 'personal-meddelande', 'misslyckad', 1,"
        " 'mottagaren finns inte [/x]', 2 FROM moment m WHERE m.id = :moment",
        moment=moment,
    )
    async with at_work(filed) as driver:
        await profile(driver)
        told = "! Den senaste notifieringen till dig kom inte fram: mottagaren finns inte [/x]."
        assert told in said(driver)


async def test_the_database_taken_away_while_saving_keeps_what_was_typed(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        await fill_in_mobile(driver, NUMBER)
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees(STANDS, NUMBER)
        await driver.sees_no(LOST)
        assert saved(filed) == ("", 1, 0)
        await driver.sees(NUMBER, "Ändringarna är inte sparade.")
        await driver.press("ctrl+s")
        await driver.sees("Profilen är sparad.")
    assert saved(filed) == (NUMBER, 1, 0)


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PROVIDER_ADMIN])
async def test_opened_without_a_database_it_comes_when_that_is_back(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        await driver.sees("Min profil")
        if role is Role.CLINICIAN:
            await driver.sees("Inga moment")
            with taken_away(filed):
                await open_tab(driver, "Min profil")
                await driver.sees(LOST)
                assert "står kvar" not in driver.text
                assert "Spara" not in driver.text
        else:
            await profile(driver)
            with taken_away(filed):
                await driver.press("space", "ctrl+s")
                await driver.sees(LOST)
        await driver.sees("Ta emot notifieringar")
        await driver.sees_no(LOST)
        await driver.until(lambda: focus(driver) == "by-email", "the focus")


async def test_what_others_change_comes_but_not_over_what_is_being_typed(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        await driver.press("tab")
        await driver.type("0701")
        with filed.store.work(filed.clinician) as work:
            save_profile(work, "0701740699", {"epost": False, "sms": True})
        ticks = driver.app.screen.query(CheckBox)
        await driver.until(lambda: [tick.value for tick in ticks] == [False, True], "the other ticks")
        mobile = driver.app.screen.query_one("#mobile", Input)
        assert (mobile.value, mobile.cursor_position) == ("0701", 4)
        await driver.type("740605")
        await driver.press("ctrl+s")
        await driver.sees("Profilen är sparad.")
    assert saved(filed) == (NUMBER, 0, 1)


async def test_what_is_typed_stands_when_one_has_been_on_another_tab(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await profile(driver)
        await driver.press("tab")
        await driver.type("0701")
        await driver.press("tab", "2")
        await driver.sees("Inga moment än.")
        await driver.press("5")
        await driver.sees("0701", "Ändringarna är inte sparade.")


async def test_keys_typed_before_the_tab_is_there_go_to_it(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await driver.sees("Inga moment än.")
        await driver.press("5", "tab", *NUMBER, "ctrl+s")
        await driver.sees("Profilen är sparad.")
    assert saved(filed) == (NUMBER, 1, 0)


@texts.together
async def test_hostile_words_from_hsa_are_only_words(filed: Clinic, hostile: str) -> None:
    connection = filed.store.engine.connect()
    connection.run("UPDATE staff SET email = :text, given_name = :text, mobile = :text", text=hostile)
    connection.driver.close()
    async with at_work(filed, size=(140, 40)) as driver:
        await open_tab(driver, "Min profil")
        await driver.sees("E-post", hostile[:3])
        await driver.until(lambda: focus(driver) is not None, "the focus")
        await driver.press("tab", "tab", "space", "ctrl+s")
        await driver.until(lambda: "✗" in said(driver) or focus(driver) == "mobile", "the refusal")
        assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
        assert driver.app.is_running


async def test_who_comes_after_sees_nothing_of_what_was_typed(filed: Clinic) -> None:
    assert ADULT not in (NUMBER, EMAIL)
    async with at_work(filed) as driver:
        await profile(driver)
        await fill_in_mobile(driver, NUMBER)
        assert NUMBER in driver.text
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        assert NUMBER not in driver.text


async def test_a_new_channel_has_a_box_beside_its_address(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    filed.run("ALTER TABLE staff ADD COLUMN notify_voice INTEGER NOT NULL DEFAULT 0")
    voice = SMS._replace(name="talsvar", word="talsvar", wish="notify_voice", table="talsvar")
    monkeypatch.setitem(CHANNELS, voice.name, voice)
    async with at_work(filed) as driver:
        await profile(driver)
        assert "Ta emot notifieringar som sms" in said(driver)
        assert "Ta emot notifieringar som talsvar" in said(driver)
        await fill_in_mobile(driver, NUMBER)
        driver.app.screen.query_one("#by-voice").focus()
        await driver.press("space", "ctrl+s")
        await driver.sees("Profilen är sparad.")
    assert (*saved(filed), filed.value("SELECT max(notify_voice) FROM staff")) == (NUMBER, 1, 0, 1)
