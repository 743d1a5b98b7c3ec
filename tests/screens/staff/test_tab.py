"""*Personal*: who stands there, and each thing that can be done, by keys alone."""

import re
from datetime import date
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Input, Select

from screens.dialogs.controls import CheckBox
from screens.dialogs.staff import NOBODY_ELSE
from screens.staff.role_help import by_role
from store.foundation.access import Role
from store.foundation.clock import Instant
from store.people.assignments import add_staff, give_role
from store.people.personnel import Permission
from tests.app.driver import Driver
from tests.clinics import COLLEAGUE, HERE, INACTIVE, PREFIX, THERE, Clinic, hsa_id_of
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.whole import LOST, SIZES, STANDS, at_work, focus, keys, paste, said, taken_away

NEW = f"{PREFIX}NY01"
CLINICIAN = hsa_id_of(Role.CLINICIAN)
STAFF = len(Role)
"""Active persons on the unit: one for each role on a unit, and the colleague."""
ALREADY = f"Användaren med hsaid: {COLLEAGUE} finns redan på enheten med hsaid: {HERE}"


async def staff(driver: Driver) -> None:
    await driver.sees("Aktiva (", "Moment", "Inaktiva")


async def go_to(driver: Driver, hsa_id: str) -> None:
    """Put the cursor on somebody."""
    await driver.press("home")
    for _ in range(20):
        await driver.pilot.pause()
        if any(line.startswith("▌") and _named(hsa_id, line) for line in painted.lines(driver.app)):
            return
        await driver.press("down")
    raise AssertionError(driver.text)


def _named(hsa_id: str, line: str) -> bool:
    """Whether a line is somebody's: an HSA-id may be cut."""
    name = hsa_id.rpartition("-")[2].capitalize()
    return hsa_id in line or f"{name}, Kim" in line


async def told(driver: Driver, words: str) -> None:
    """Wait for a notification, however it is wrapped."""
    await driver.until(lambda: any(words in str(one.message) for one in driver.app._notifications), words)


async def choose(driver: Driver, select: str, value: object) -> None:
    driver.app.screen.query_one(f"#{select}", Select).value = value
    await driver.pilot.pause()


async def fill_in(driver: Driver, field: str, text: str) -> None:
    driver.app.screen.query_one(f"#{field}").focus()
    await driver.pilot.pause()
    await paste(driver, text)


def active(clinic: Clinic, hsa_id: str) -> object:
    rows = clinic.rows(
        "SELECT a.active FROM assignment a JOIN staff s ON s.id = a.staff_id WHERE s.hsa_id = :id", id=hsa_id
    )
    return rows[0][0] if rows else None


def roles(clinic: Clinic, hsa_id: str) -> list[str]:
    rows = clinic.rows(
        "SELECT r.role FROM assignmentrole r JOIN staff s ON s.id = r.staff_id WHERE s.hsa_id = :id ORDER BY r.role",
        id=hsa_id,
    )
    return [role for (role,) in rows]


@SIZES
async def test_who_is_there_with_the_advice_above(filed: Clinic, size: tuple[int, int]) -> None:
    filed.start()
    filed.run("UPDATE staff SET protection = 'sekretessmarkering' WHERE hsa_id = :id", id=CLINICIAN)
    async with at_work(filed, Role.ACCESS_ADMIN, size=size) as driver:
        await staff(driver)
        shown = said(driver)
        assert "är ensam behörighetsadministratör. Det är bra om mer än en person har rollen" in shown
        assert f"Aktiva ({STAFF} st)" in shown
        (line,) = (line for line in painted.lines(driver.app) if _named(CLINICIAN, line))
        assert "⛨ T1clinician, Kim" in line
        assert re.search(r"behandlare +1 +1\b", line)
        assert keys(driver) == {
            "n": "Lägg till",
            "r": "Roller",
            "u": "Utbildning",
            "i": "Inaktivera",
            "f": "Inaktiva",
            "l": "Läs in fil",
            "h": "Historik",
            "v": "Vad rollerna får",
        }
        await driver.press("f")
        await driver.sees("Inaktiva (1 st)", "T1inactive, Kim")
        await driver.until(lambda: keys(driver).get("a") == "Aktivera", "Aktivera")
        assert keys(driver)["f"] == "Aktiva"
        assert "i" not in keys(driver)
        await driver.press("f")
        await driver.sees(f"Aktiva ({STAFF} st)", "T1colleague, Kim")


async def test_all_is_said_of_the_cursors_person_where_there_is_room(filed: Clinic) -> None:
    filed.run(
        "UPDATE assignmentrole SET until = '2026-12-24', given_by = 'Bo Ek', given_at = :at, reason = 'Vikarie'"
        " WHERE staff_id = (SELECT id FROM staff WHERE hsa_id = :id)",
        id=COLLEAGUE,
        at=Instant(1_772_442_000_000),
    )
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 40)) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        await driver.sees("behandlare (till och med 2026-12-24)", "given 2 mars 2026 av Bo Ek: Vikarie", "UTBILDNINGAR")


async def test_ends_and_reasons_stand_under_the_list_where_it_is_narrow_and_h_tells_the_changes(filed: Clinic) -> None:
    until = date(2026, 12, 24)
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        give_role(work, COLLEAGUE, Role.CLINICIAN, "Vikarie [/x]", until=until, confirmed=True)
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        await driver.sees("behandlare t.o.m.")
        await driver.sees(f"behandlare (till och med {until}) · given 2 mars 2026 av", "Vikarie [/x]")
        await driver.press("h")
        await driver.sees("Historik · Kim T1colleague", f"rollen behandlare given till och med {until}: Vikarie [/x]")


OPEN_SUBSTITUTION = "SELECT 1 FROM substitution WHERE ended_at IS NULL"


async def test_a_stallforetradare_is_appointed_and_ended(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, CLINICIAN)
        await driver.press("s")
        await driver.sees("Ställföreträdare · Kim T1clinician", "Ingen ställföreträdare än.")
        assert "Skicka ett meddelande" not in said(driver), "the administrator writes to nobody"
        driver.app.screen.query_one("#to", Select).value = COLLEAGUE
        await fill_in(driver, "last", "2026-03-0")
        await driver.press("ctrl+s")
        await driver.sees("2026-03-0 är inget datum.")
        await fill_in(driver, "last", "1")
        await driver.press("ctrl+s")
        await driver.sees("Den sista dagen är före den första.")
        await driver.press("backspace", "9", "ctrl+s")
        await driver.sees("Ställföreträdare: Kim T1colleague, 2026-03-02 till och med 2026-03-09")
        await driver.press("s")
        await driver.sees("Kim T1colleague är ställföreträdare för Kim T1clinician")
        driver.app.screen.query_one("#change", Select).value = "Avsluta"
        await driver.press("ctrl+s")
        await driver.until(
            lambda: "Ställföreträdare: Kim" not in said(driver) and filed.rows(OPEN_SUBSTITUTION) == [], "it has ended"
        )


async def test_a_file_is_read_and_each_fault_is_told_by_its_line(filed: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "personal [x].csv"
    file.write_text(f"hsa-id;efternamn;fornamn;roller\nfel;Ek;Bo;\n{NEW};Ek;Bo;chef\n", "utf-8")
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("l")
        await driver.sees("Läs in personal från fil")
        await driver.press("ctrl+s")
        await driver.sees("Ange filen.")
        await fill_in(driver, "file", str(file))
        await driver.press("ctrl+s")
        await driver.sees("Ingenting importerades: 2 fel i filen.", "Rad 2: ", "Rad 3: Det finns ingen roll chef.")
        file.write_text(f"hsa-id;efternamn;fornamn;roller\n{NEW};Ek;Bo;behandlare\n", "utf-8")
        await driver.press("ctrl+s")
        await driver.sees(f"Rad 2: {NEW} har ingen registrerad")
        assert active(filed, NEW) is None
        await driver.press("ctrl+s")
        await told(driver, "1 person är placerad på enheten.")
        await driver.sees("Ek, Bo")
    assert roles(filed, NEW) == ["behandlare"]


async def test_somebody_known_is_added_by_the_hsa_id_alone(filed: Clinic) -> None:
    who = hsa_id_of(Role.RESIDENT_ADMIN, THERE)
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Lägg till personal", "HSA-id", "Avbryt")
        assert "Efternamn" not in driver.text
        await paste(driver, who)
        await driver.press("ctrl+s")
        await driver.sees("T2residentadmin, Kim", "Finns på Enhet Två", "Kontrollera att det är rätt person.")
        assert filed.value("SELECT count(*) FROM assignment WHERE unit_id = :id", id=filed.here) == STAFF + 1
        await driver.press("ctrl+s")
        await told(driver, "Kim T2residentadmin är tillagd på enheten, utan roller. Ge roller med r.")
        await driver.sees(f"Aktiva ({STAFF + 1} st)", "▌T2residentadmin, Kim")
        await driver.press("r")
        await driver.sees("Roller · Kim T2residentadmin")


async def test_roles_and_trainings_are_given_where_somebody_is_added(filed: Clinic) -> None:
    who = hsa_id_of(Role.RESIDENT_ADMIN, THERE)
    filed.run("UPDATE unit SET role_training = 1")
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, who)
        await driver.press("tab")
        await driver.sees("T2residentadmin, Kim", "Finns på Enhet Två")
        await driver.press("space")  # the first role
        await driver.press("ctrl+s")
        await driver.sees("✗ Skriv varför rollen ges.")
        driver.app.screen.query_one("#reason", Input).value = "Börjar"
        driver.app.screen.query_one("#subject-1", CheckBox).value = True
        await driver.press("ctrl+s")
        await driver.until(lambda: "ingen registrerad utbildning för rollen" in said(driver), "the warning")
        assert roles(filed, who) == ["invånaradministratör"]
        await driver.press("ctrl+s")
        await told(driver, "Kim T2residentadmin är tillagd på enheten, med behandlare.")
        await driver.sees("▌T2residentadmin, Kim")
    assert "behandlare" in roles(filed, who)


async def test_names_are_asked_for_where_the_hsa_id_is_new(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, NEW)
        await driver.press("ctrl+s")
        await driver.sees("Efternamn", "Förnamn", "E-post", "✗ HSA-id:t är nytt här.")
        assert focus(driver) == "family-name"
        await paste(driver, "Ny")
        await driver.press("tab")
        await paste(driver, "Nina")
        await driver.press("tab")
        await paste(driver, "fel")
        await driver.press("ctrl+s")
        await driver.sees("✗ E-postadressen ska ha ett @")
        assert focus(driver) == "email"
        await paste(driver, "@example.org")
        await driver.press("ctrl+s")
        await told(driver, "är tillagd på enheten")
        await driver.sees("Ny, Nina")
    assert filed.value("SELECT email FROM staff WHERE hsa_id = :id", id=NEW) == "fel@example.org"


async def test_what_is_no_hsa_id_is_refused_at_the_field(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, "fel [/x]")
        await driver.press("ctrl+s")
        await driver.until(lambda: "fel [/x] ✗ Ett HSA-id är SE," in said(driver), "the refusal under what was typed")
        await driver.sees("Avbryt", "Lägg till")
        assert focus(driver) == "hsa-id"


async def test_who_is_there_already_is_told_in_the_platforms_words(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, COLLEAGUE)
        await driver.press("ctrl+s")
        await driver.until(lambda: f"✗ {ALREADY}" in said(driver), ALREADY)
        assert "Aktivera" not in driver.text


async def test_who_is_inactive_is_activated_from_there_with_one_key(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, INACTIVE)
        await driver.press("ctrl+s")
        await driver.until(lambda: "finns redan på enheten" in said(driver), "the sentence")
        await driver.sees("Aktivera (ctrl+o)")
        assert keys(driver)["ctrl+o"] == "Aktivera"
        with taken_away(filed):
            await driver.press("ctrl+o")
            await driver.until(lambda: STANDS in said(driver), STANDS)
        await driver.press("ctrl+s")
        await driver.sees("Aktivera (ctrl+o)")
        await driver.press("ctrl+o")
        await told(driver, "är aktiv på enheten igen")
        await driver.sees(f"Aktiva ({STAFF + 1} st)")
    assert active(filed, INACTIVE) == 1


async def test_another_hsa_id_takes_the_offer_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("n")
        await driver.sees("Avbryt")
        await paste(driver, INACTIVE)
        await driver.press("ctrl+s")
        await driver.sees("Aktivera (ctrl+o)")
        await driver.press("x")
        await driver.sees_no("Aktivera (ctrl+o)")
        assert "ctrl+o" not in keys(driver)


async def test_keys_typed_in_one_go_are_held_for_the_dialog(filed: Clinic) -> None:
    """A worker begins only after the keys that have come by then: `i` must not open another dialog for somebody."""
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        for key in "nix":
            driver.app.post_message(Key(key, key))
        await driver.sees("Lägg till personal", "Avbryt")
        await driver.until(
            lambda: [one.value for one in driver.app.screen.query("#hsa-id").results(Input)] == ["ix"], "what was typed"
        )


async def test_activating_among_the_inactive(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("f")
        await driver.sees("Inaktiva (1 st)")
        await driver.until(lambda: "a" in keys(driver), "a")
        await driver.press("a")
        await driver.sees("blir aktiv på enheten igen", "Avbryt")
        await driver.press("ctrl+s")
        await told(driver, "är aktiv på enheten igen, med sina roller.")
        await driver.sees("Ingen är inaktiv på enheten.")
        assert "a" not in keys(driver)
    assert active(filed, INACTIVE) == 1


async def test_one_without_moments_is_inactivated(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        await driver.press("i")
        await driver.sees("kan inte längre arbeta på enheten", "Avbryt")
        assert "Ny behandlare" not in driver.text
        assert focus(driver) == "cancel"
        await driver.press("ctrl+s")
        await told(driver, "är inaktiv på enheten.")
        await driver.sees(f"Aktiva ({STAFF - 1} st)")
    assert active(filed, COLLEAGUE) == 0


async def test_the_only_administrator_stays(filed: Clinic) -> None:
    who = hsa_id_of(Role.ACCESS_ADMIN)
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, who)
        await driver.press("i")
        await driver.sees("Avbryt")
        await driver.press("ctrl+s")
        await driver.until(lambda: "är enhetens enda behörighetsadministratör" in said(driver), "the refusal")
    assert active(filed, who) == 1


async def test_running_moments_go_to_one_for_all(filed: Clinic) -> None:
    filed.start()
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, CLINICIAN)
        await driver.press("i")
        await driver.sees("Ett pågående moment lämnas över", "Ny behandlare")
        await driver.press("ctrl+s")
        await driver.until(lambda: "✗ Kim T1clinician är ansvarig behandlare för ett moment." in said(driver), "it")
        assert focus(driver) == "to"
        await choose(driver, "to", COLLEAGUE)
        await driver.press("ctrl+s")
        await told(driver, "är inaktiv på enheten. 1 moment har fått")
    assert active(filed, CLINICIAN) == 0
    assert filed.value("SELECT s.hsa_id FROM moment m JOIN staff s ON s.id = m.responsible_id") == COLLEAGUE


async def test_running_moments_go_to_several(filed: Clinic) -> None:
    first, second = filed.start(), filed.start(program="prov")
    other = f"{PREFIX}T1other"
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        add_staff(work, other, family_name="Annan", given_name="Ann")
    filed.run(
        "INSERT INTO assignmentrole (staff_id, unit_id, role, given_by, given_at, reason, until)"
        " SELECT id, :unit, 'behandlare', '', 0, '', '' FROM staff WHERE hsa_id = :id",
        unit=filed.here,
        id=other,
    )
    async with at_work(filed, Role.ACCESS_ADMIN, size=(120, 40)) as driver:
        await staff(driver)
        await go_to(driver, CLINICIAN)
        await driver.press("i")
        await driver.sees("2 pågående moment", "vart och ett")
        await choose(driver, "to", COLLEAGUE)
        await driver.press("tab", "space")
        await driver.sees("Ångest – prov, startat 2 mars 2026", "Samma som ovan")
        await choose(driver, f"to-{second}", other)
        await driver.press("ctrl+s")
        await told(driver, "2 moment har fått en ny ansvarig behandlare.")
    takers = filed.rows("SELECT m.id, s.hsa_id FROM moment m JOIN staff s ON s.id = m.responsible_id ORDER BY m.id")
    assert takers == [(first, COLLEAGUE), (second, other)]


async def test_with_nobody_to_take_over_it_says_so(filed: Clinic) -> None:
    filed.start()
    filed.run("UPDATE assignment SET active = 0 WHERE staff_id = (SELECT id FROM staff WHERE hsa_id = :i)", i=COLLEAGUE)
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, CLINICIAN)
        await driver.press("i")
        await driver.until(lambda: NOBODY_ELSE in said(driver), NOBODY_ELSE)


async def test_a_role_without_its_training_is_confirmed_by_a_second_press(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        await driver.press("r")
        await driver.sees("Roller · Kim T1colleague", "· behandlare", "Till och med")
        await driver.press("ctrl+s")
        await driver.sees("✗ Välj en roll.")
        await choose(driver, "role", "behörighetsadministratör")
        await driver.press("ctrl+s")
        await driver.sees("✗ Skriv varför rollen ges.")
        assert focus(driver) == "reason"
        await paste(driver, "Avlastning")
        await fill_in(driver, "until", "i morgon")
        await driver.press("ctrl+s")
        await driver.sees("✗ i morgon är inget datum.")
        await driver.press("ctrl+u")
        await paste(driver, "2026-06-30")
        await driver.press("ctrl+s")
        await driver.until(lambda: "har ingen registrerad utbildning för rollen" in said(driver), "the warning")
        assert roles(filed, COLLEAGUE) == ["behandlare"]
        await driver.press("ctrl+s")
        await told(driver, "har rollen behörighetsadministratör till och med 2026-06-30.")
        await driver.sees_no("är ensam behörighetsadministratör")
    assert roles(filed, COLLEAGUE) == ["behandlare", "behörighetsadministratör"]


async def test_a_role_is_taken_and_the_moments_go_to_another(filed: Clinic) -> None:
    filed.start()
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, CLINICIAN)
        await driver.press("enter")
        await driver.sees("Roller · Kim T1clinician")
        assert "Ny behandlare" not in driver.text
        await choose(driver, "role", "behandlare")
        await choose(driver, "change", "Ta bort rollen")
        await driver.sees("Ny behandlare")
        await driver.sees_no("Till och med")
        await fill_in(driver, "reason", "Slutar")
        await driver.press("ctrl+s")
        await driver.sees("✗ Kim T1clinician är ansvarig behandlare")
        assert focus(driver) == "to"
        await choose(driver, "to", COLLEAGUE)
        await driver.press("ctrl+s")
        await told(driver, "har inte längre rollen behandlare. 1 moment har fått")
    assert roles(filed, CLINICIAN) == []


async def test_trainings_are_ticked_and_unticked(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 40)) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        await driver.press("u")
        await driver.sees("Utbildning · Kim T1colleague", "[x] KomIgång online", "[ ] Behandlare", "Ångest – prov")
        await driver.press("space")
        await driver.press("ctrl+s")
        await told(driver, "Utbildningarna är sparade")
    found = filed.rows(
        "SELECT subject FROM training t JOIN staff s ON s.id = t.staff_id WHERE s.hsa_id = :id ORDER BY subject",
        id=COLLEAGUE,
    )
    assert ("komigang-online",) in found
    assert len(found) == 2


async def test_what_the_roles_may(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await driver.press("v")
        await driver.sees("Vad rollerna får göra", "Behandlare", "Anteckna att en uppgift är gjord", "Utbildare")
        assert keys(driver) == {"Mellanslag": "Bläddra", "b": "Bläddra upp", "Esc": "Tillbaka"}
        assert "Läsa om" not in driver.text
        assert "Ändra sin profil" not in driver.text
        await driver.press(*["space"] * 4)
        await driver.sees("Starta ett moment", "Ändra sin profil")
        await driver.press("b")
        await driver.sees_no("Ändra sin profil")
        await driver.press(*["down"] * list(Role).index(Role.ACCESS_ADMIN))
        await driver.sees("Aktivera en person på enheten")
        await driver.press("escape")
        await staff(driver)


async def test_what_others_change_comes_by_itself_and_the_cursor_stays(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        await go_to(driver, COLLEAGUE)
        with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
            add_staff(work, NEW, family_name="Aa", given_name="Ny")
        await driver.sees(f"Aktiva ({STAFF + 1} st)", "Aa, Ny")
        (line,) = (line for line in painted.lines(driver.app) if line.startswith("▌"))
        assert _named(COLLEAGUE, line)


async def test_the_database_taken_away_and_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await staff(driver)
        with taken_away(filed):
            await driver.sees(LOST, "T1colleague, Kim")
            await driver.press("u")
            await driver.pilot.pause()
        await driver.sees_no(LOST)


@texts.together
async def test_hostile_texts_are_only_texts(filed: Clinic, hostile: str) -> None:
    filed.start()
    connection = filed.store.engine.connect()
    connection.run("UPDATE staff SET family_name = :text, given_name = :text, email = :text", text=hostile)
    connection.run("UPDATE assignmentrole SET reason = :text, given_by = :text", text=hostile)
    connection.driver.close()
    async with at_work(filed, Role.ACCESS_ADMIN, size=(140, 40)) as driver:
        await driver.sees(f"Aktiva ({STAFF} st)", CLINICIAN[:16])
        await driver.press("down")
        for key in ("i", "r", "u", "n"):
            await driver.press(key)
            await driver.sees("Avbryt")
            assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
            await driver.press("escape")
            await driver.sees_no("Avbryt")
            assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
        assert driver.app.is_running


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.RESIDENT_ADMIN])
async def test_it_is_nobody_elses(filed: Clinic, role: Role) -> None:
    async with at_work(filed, role) as driver:
        await driver.sees("Min profil")
        assert "Personal" not in driver.text.splitlines()[1]


def test_rights_stand_by_role_in_the_words_of_the_work() -> None:
    table = [
        Permission("Läsa flaggor", ("behandlare", "invånaradministratör")),
        Permission("Läsa om öppna flaggor", ("behandlare",), is_deed=False),
        Permission("Läsa journalunderlag", ("behandlare",)),
        Permission("Öppna flaggor", ("behandlare",)),
    ]
    assert by_role(table) == {
        "behandlare": ["Läsa journalunderlag", "Öppna flaggor"],
        "invånaradministratör": ["Läsa flaggor"],
    }
