"""*Enhet*: the settings and what is saved of them, and that one is told when notices do not go out."""

from functools import partial

import pytest
from textual.widgets import Input, Select, TextArea

from screens.dialogs.form_risks import FormRisksDialog
from screens.dialogs.unit_program import UnitProgramDialog
from screens.leave_confirmation import UNSAVED
from screens.unit import NO_FORMS, PRACTICE, SAVED_RISKS, UnitTab, late_notices
from store.care.delivery import UnitNotices, Waiting
from store.care.installed_forms import form_to_install, install_form
from store.foundation.access import Role
from store.people.unit_settings import ADVICE_INSTRUCTION, ADVICE_WHOLE_COUNTRY, change_unit
from store.people.units import SUPPORT, ServiceArea
from tests import forms
from tests.app.driver import Driver
from tests.clinics import HERE, MONDAY, Clinic
from tests.screens import hostile as texts
from tests.screens.whole import LOST, STANDS, at_work, focus, keys, open_tab, said, taken_away

HOUR = 60 * 60_000
MEND = "Be driften kontrollera att sob avisera körs och att [smtp] och [sms] är inställda."
DUE = MONDAY - 2 * HOUR
THERE_IT_IS = "Betjäningsområde"


def notices(late: int, oldest: int | None = DUE) -> UnitNotices:
    return UnitNotices(Waiting(late, late, late, oldest), oldest)


def test_the_sentence() -> None:
    several = "aviseringar har inte gått ut, den äldsta skulle ha gått 2 mars kl. 08:00."
    assert late_notices(notices(0, None)) == ""
    assert late_notices(notices(1)) == f"1 avisering har inte gått ut, den skulle ha gått 2 mars kl. 08:00. {MEND}"
    assert late_notices(notices(12)) == f"12 {several} {MEND}"
    assert late_notices(notices(3, None)) == f"3 aviseringar har inte gått ut trots flera försök. {MEND}"


async def test_a_real_store_warns_of_what_has_not_gone(filed: Clinic) -> None:
    filed.start()
    filed.run("UPDATE notice SET due_at = :due", due=DUE)
    number = filed.value("SELECT count(*) FROM notice")
    async with at_work(filed, Role.ACCESS_ADMIN, practice=False) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(THERE_IT_IS)
        assert f"! {number} aviseringar har inte gått ut, den äldsta skulle ha gått 2 mars kl. 08:00. {MEND}" in said(
            driver
        )
        assert PRACTICE not in said(driver)
        assert keys(driver) == {
            "Tab": "Nästa",
            "ctrl+s": "Spara",
            "p": "Program",
            "f": "Risksvar",
            "m": "Meddelandemallar",
            "r": "Riskanalys",
            "u": "Uppgifter",
        }
        filed.run("UPDATE notice SET state = 'skickad'")
        filed.run("UPDATE change SET change_no = change_no + 1")
        await driver.sees_no("har inte gått ut")


@pytest.mark.parametrize("practice", [True, False])
async def test_where_all_is_well_or_it_is_practice_nothing_is_warned_of(filed: Clinic, practice: bool) -> None:
    if practice:
        filed.start()
        filed.run("UPDATE notice SET due_at = :due", due=DUE)
    async with at_work(filed, Role.ACCESS_ADMIN, practice=practice) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(THERE_IT_IS)
        assert "har inte gått ut" not in driver.text
        assert (PRACTICE in said(driver)) is practice


async def test_the_database_taken_away_and_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(THERE_IT_IS)
        with taken_away(filed):
            await driver.sees(LOST)
        await driver.sees_no(LOST)
        assert focus(driver) == "unit"


async def test_opened_without_a_database_it_comes_with_its_keys_when_that_is_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await driver.sees("T1clinician")
        with taken_away(filed):
            await open_tab(driver, "Enhet")
            await driver.sees(LOST)
        await driver.sees(THERE_IT_IS)
        await driver.sees_no(LOST)
        await driver.press("m")
        await driver.sees("‹ Enhet")


# The settings


def saved(clinic: Clinic, columns: str) -> tuple[object, ...]:
    return clinic.rows(f"SELECT {columns} FROM unit WHERE hsa_id = :unit", unit=HERE)[0]


async def settings(driver: Driver) -> None:
    await open_tab(driver, "Enhet")
    await driver.sees(THERE_IT_IS)


async def put(driver: Driver, name: str, text: str) -> None:
    """Write in a field, as a person who is there does."""
    field = driver.app.screen.query_one(f"#{name}")
    field.focus()
    if isinstance(field, TextArea):
        field.text = text
    else:
        assert isinstance(field, Input)
        field.value = text
    await driver.pilot.pause()


async def test_closing_the_app_asks_once_where_something_is_not_saved(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await settings(driver)
        await put(driver, "collect_hour", "7")
        await driver.press("ctrl+q")
        await driver.until(
            lambda: UNSAVED.format("ctrl+q") in [one.message for one in driver.app._notifications], UNSAVED
        )
        assert not driver.app._exit
        await driver.press("ctrl+q")
        await driver.until(lambda: bool(driver.app._exit), "it to close")


async def test_everything_is_shown_and_what_is_changed_is_saved(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await settings(driver)
        assert "Enhet Ett" in driver.text
        assert ADVICE_INSTRUCTION[:30] in said(driver)
        assert driver.app.screen.query_one("#support", TextArea).text == SUPPORT
        await put(driver, "collect_hour", "7")
        await put(driver, "silent_days", "0")
        await put(driver, "risk_instruction", "Ring jouren.\n[/x]")
        driver.app.screen.query_one("#service_area", Select).value = "egen-region"
        driver.app.screen.query_one("#role_training").value = False  # type: ignore[attr-defined]
        await driver.pilot.pause()
        await driver.press("ctrl+s")
        await driver.sees("Enhetens inställningar är sparade.")
        driver.app.screen.query_one("#service_area").focus()
        await driver.until(lambda: ADVICE_WHOLE_COUNTRY[:30] in said(driver), "the advice")
        assert ADVICE_INSTRUCTION[:30] not in said(driver)
    columns = "service_area, collect_hour, silent_days, never_days, risk_instruction, support, role_training"
    found = saved(filed, columns)
    assert found == ("egen-region", 7, 0, 7, "Ring jouren.\n[/x]", "", 0)
    assert filed.value("SELECT count(*) FROM log WHERE operation = 'change_unit'") == 1


NUMBER = "som ett heltal från"
WRONG = [
    ("collect_hour", "5", f"✗ Ange timme för uppsamlat {NUMBER} 6 till 11."),
    ("collect_hour", "", f"✗ Ange timme för uppsamlat {NUMBER} 6 till 11."),
    ("silent_days", "366", f"✗ Ange dagar till flagga för ingen aktivitet {NUMBER} 0 till 365."),
    ("never_days", "-1", f"✗ Ange dagar till flagga för aldrig aktiv {NUMBER} 0 till 365."),
    ("missing_days", "٣", f"✗ Ange dagar till flagga för formulär som saknas {NUMBER} 0 till 365."),
    ("unanswered_days", "9" * 5_000, f"✗ Ange arbetsdagar till flagga för obesvarat meddelande {NUMBER} 0 till 365."),
    ("risk_instruction", "x" * 4_001, "✗ "),
]


def _says(driver: Driver, words: str) -> bool:
    return words in said(driver)


async def test_what_is_wrong_is_said_at_its_field(filed: Clinic) -> None:
    before = saved(filed, "*")
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await settings(driver)
        for name, wrong, words in WRONG:
            field = driver.app.screen.query_one(f"#{name}")
            right = field.text if isinstance(field, TextArea) else getattr(field, "value", "")
            await put(driver, name, wrong)
            await driver.press("ctrl+s")
            await driver.until(partial(_says, driver, words), f"{words} at {name}")
            assert focus(driver) == name
            assert saved(filed, "*") == before
            await put(driver, name, right)
            await driver.press("ctrl+s")
            await driver.until(lambda: "✗" not in said(driver), f"no fault after {name}")


async def test_an_area_must_be_chosen_and_nothing_changed_says_so(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 88)) as driver:
        await settings(driver)
        await driver.press("ctrl+s")
        await driver.sees("Inget är ändrat.")
        await driver.app.screen.query_one(UnitTab).reread().wait()
        await driver.pilot.pause()
        assert "Inget är ändrat." in driver.text, "that is so when it is read again, too"
        driver.app.screen.query_one("#service_area", Select).clear()
        await driver.pilot.pause()
        await driver.press("ctrl+s")
        await driver.sees("✗ Välj ett betjäningsområde.")


async def test_a_lost_database_keeps_what_was_typed(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await settings(driver)
        await put(driver, "silent_days", "21")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.until(lambda: driver.app.screen.query_one("UnitTab").has_class("-troubled"), "the trouble")
            driver.app.screen.query_one("UnitTab").scroll_home(animate=False)
            await driver.sees(STANDS)
        await driver.until(lambda: not driver.app.screen.query_one("UnitTab").has_class("-troubled"), "the database")
        assert driver.app.screen.query_one("#silent_days", Input).value == "21"
        await driver.press("ctrl+s")
        await driver.sees("Enhetens inställningar är sparade.")
    assert saved(filed, "silent_days") == (21,)


async def test_what_others_change_comes_but_not_over_what_is_being_typed(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 88)) as driver:
        await settings(driver)
        await put(driver, "silent_days", "21")
        with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
            change_unit(work, days={"silent_days": 30, "never_days": 9}, service_area=ServiceArea.OWN_REGION)
        never = driver.app.screen.query_one("#never_days", Input)
        await driver.until(lambda: never.value == "9" or not never.is_attached, "the others' change")
        assert driver.app.screen.query_one("#silent_days", Input).value == "21"
        assert "Ändringarna är inte sparade." in driver.text
        await driver.press("ctrl+s")
        await driver.sees("har ändrats till ”30” sedan du såg det.", "Sparar du gäller ditt. Spara en gång till")
        assert (focus(driver), saved(filed, "silent_days")) == ("silent_days", (30,))
        await put(driver, "silent_days", "22")  # something else than what was warned of
        await driver.press("ctrl+s")
        tab = driver.app.screen.query_one(UnitTab)
        await driver.until(lambda: tab._warned is not None and tab._warned["silent_days"] == "22", "the warning anew")
        await driver.press("ctrl+s")
        await driver.sees("Enhetens inställningar är sparade.")
    assert saved(filed, "silent_days, never_days, service_area") == (22, 9, "egen-region")


# A program


async def program(driver: Driver) -> None:
    await settings(driver)
    await driver.press("p")
    await driver.sees("Välj program")
    await driver.press("k", "enter")
    await driver.until(lambda: isinstance(driver.app.screen, UnitProgramDialog), "the program")


async def test_what_the_unit_has_of_its_own_for_a_program(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 88)) as driver:
        await program(driver)
        await put(driver, "contact-name", "Åsa [b]Ek[/b]")
        await driver.press("ctrl+s")
        await driver.sees("✗ Kontaktpersonen går inte att nå.")
        assert focus(driver) == "contact-email"
        await put(driver, "contact-email", "asa@example.org")
        await put(driver, "reasons", "Flyttat\n\nFlyttat")
        await driver.press("ctrl+s")
        await driver.sees("✗ En avslutningsorsak står två gånger.")
        await put(driver, "reasons", "Flyttat\n Remiss \n")
        driver.app.screen.query_one("#training", Select).value = "nej"
        await driver.pilot.pause()
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees(LOST, "Remiss")
        await driver.press("ctrl+s")
        await driver.sees("Enhetens uppgifter om programmet är sparade.")
        await driver.until(lambda: "Flyttat, Remiss" in said(driver) and "Åsa [b]Ek[/b]" in said(driver), "the facts")
    found = filed.rows(
        "SELECT contact_name, contact_email, contact_phone, end_reasons, training FROM openprogram o"
        " JOIN unit u ON u.id = o.unit_id WHERE u.hsa_id = :unit AND program = 'komigang-online'",
        unit=HERE,
    )
    assert found == [("Åsa [b]Ek[/b]", "asa@example.org", "", "Flyttat\nRemiss", "nej")]


@texts.together
async def test_hostile_words_are_only_words(filed: Clinic, hostile: str) -> None:
    connection = filed.store.engine.connect()
    connection.run("UPDATE unit SET risk_instruction = :text, support = :text, name = :text", text=hostile)
    connection.run("UPDATE openprogram SET contact_name = :text, end_reasons = :text", text=hostile)
    connection.driver.close()
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 88)) as driver:
        await program(driver)
        assert driver.app.is_running


async def test_esc_leaves_a_field_so_that_digits_open_tabs_again(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees("Uppsamlat, timme")
        assert "Esc" not in keys(driver)
        driver.app.screen.query_one("#collect_hour").focus()
        await driver.until(lambda: keys(driver).get("Esc") == "Ur fältet", "the key")
        await driver.press("end", "5", "escape", "5")
        await driver.sees("[5 Personal]")
        await driver.press("6")
        await driver.sees("[6 Enhet]", "▌95")


# The unit's own forms


async def test_the_risks_of_a_form_that_is_there_are_named(filed: Clinic) -> None:
    asks = forms.file(
        forms.question("9", "boolean", text="Tankar på att ta ditt liv [/x]?"),
        forms.question("2", "text"),
        title="Tonår",
    )
    async with at_work(filed, Role.ACCESS_ADMIN, size=(100, 50)) as driver:
        await settings(driver)
        await driver.press("f")
        await driver.sees(NO_FORMS[:40])
        with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
            install_form(work, form_to_install("tonar", asks.encode()), confirmed=True)
        await driver.press("f")
        await driver.sees("Välj formulär", "Tonår", "Inget svar ger någon flagga")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, FormRisksDialog), "the form")
        assert "9 Tankar på att ta ditt liv [/x]?" in said(driver)
        await put(driver, "risks", "9=kanske")
        await driver.press("ctrl+s")
        await driver.sees("varken ja eller")
        assert focus(driver) == "risks"
        await put(driver, "risks", "2=hjälp")
        await driver.press("ctrl+s")
        await driver.sees("ser ut att gälla risk")
        await put(driver, "risks", "9=ja\n\n2=hjälp")
        await driver.press("ctrl+s")
        await driver.sees(SAVED_RISKS[:30])
        await driver.press("f")
        await driver.sees("Tankar på att ta ditt liv [/x]? Ja")
    rows = filed.rows("SELECT form, risks FROM installedform ORDER BY id")
    assert [(form, "true" in risks) for form, risks in rows] == [("tonar", False), ("tonar", True)]
