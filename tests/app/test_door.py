"""Signing in to a real store, the first time too; the lock, and what was being written under it."""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.app import App

from screens.door.enrol import AuthenticatorDoor, BackupCodesDoor
from screens.door.sign_in import SignInDoor
from screens.door.unlock import UnlockDoor
from screens.themes import THEMES
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.people import one_time_codes
from store.people.invitations import invite
from store.people.one_time_codes import code_of, step_at
from tests.app.driver import running
from tests.app.test_pictures import Picture, bare
from tests.clinics import COLLEAGUE, Clinic, Clock, hsa_id_of
from tests.conftest import Stores
from tests.screens.whole import SIZES, focus, open_tab
from tests.signing_in import PASSPHRASE, give_account

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NEW = hsa_id_of(Role.CLINICIAN)
HOUR = 60 * 60_000


@pytest.fixture
def real(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A real store where the colleague has an account and a moment."""
    with stores.clinic("sqlite", "clinic", clock) as clinic:
        clinic.start(program="prov", by=clinic.colleague)
        clinic.run("UPDATE store_info SET kind = 'real'")
        with clinic.store.work(OPERATOR) as work:
            give_account(work, COLLEAGUE, SECRET)
        yield clinic


def code(clock: Clock, secret: str = SECRET) -> str:
    return code_of(secret, step_at(clock()))


def type_fast(app: App[Any], text: str) -> None:
    """Send keys all at once, as over a slow line."""
    for character in text:
        name = {"\n": "enter", "-": "minus"}.get(character, character)
        app.post_message(events.Key(name, character).set_sender(app))


def address(clinic: Clinic) -> str:
    return clinic.store.engine.url


async def test_in_by_passphrase_and_code_and_the_lock_keeps_what_is_written(real: Clinic, clock: Clock) -> None:
    async with running(address(real), COLLEAGUE, clock=clock, practice=False) as driver:
        await driver.sees("Logga in", COLLEAGUE, "Jag har en inbjudan")
        for key in ("f1", "f4", "f6", "f8", "f9", "ctrl+p"):
            await driver.press(key)
        assert isinstance(driver.app.screen, SignInDoor)
        await driver.come_in(code(clock), "fel lösenfras")
        await driver.sees("HSA-id, lösenfras eller kod stämmer inte.")
        assert "fel lösenfras" not in driver.text
        await driver.come_in(code(clock))
        await driver.sees("Mina 1", "Berg, Åsa", "Kim T1colleague")
        assert "ÖVNINGSMILJÖ" not in driver.text
        await driver.start_dialog("198001022386")
        driver.app.copy_to_clipboard("Berg, Åsa")
        await driver.press("f9")
        await driver.sees("Skärmen är låst", "Kim T1colleague", "Lås upp")
        assert not re.search("Berg|19800102|Starta nytt", driver.text)
        assert driver.app.clipboard == ""
        driver.app.notify("Berg, Åsa: sparat")
        for key in ("f1", "f6", "ctrl+p", "escape", "f9"):
            await driver.press(key)
        assert isinstance(driver.app.screen, UnlockDoor)
        driver.fill(losenfras="fel lösenfras")
        await driver.press("ctrl+s")
        await driver.sees("Lösenfrasen stämmer inte.")
        driver.fill(losenfras=PASSPHRASE)
        await driver.press("enter")
        await driver.sees("Starta nytt moment", "19800102")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("f7")
        await driver.sees("Logga in", "Jag har en inbjudan")
        assert "Berg" not in driver.text
    assert real.rows("SELECT ended FROM staffsession") == [("utloggad",)]


async def test_a_session_that_is_over_is_followed_by_another_and_what_was_open_stays(
    real: Clinic, clock: Clock
) -> None:
    async with running(address(real), COLLEAGUE, clock=clock, practice=False) as driver:
        await driver.sees("Logga in")
        await driver.come_in(code(clock))
        await driver.sees("Mina 1")
        await driver.start_dialog("198001022386")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        clock.now = Instant(clock.now + 2 * HOUR)
        driver.fill(losenfras=PASSPHRASE)
        await driver.press("enter")
        await driver.sees("Logga in", "Du är utloggad: ingenting har hänt på länge.", COLLEAGUE)
        await driver.come_in(code(clock))
        await driver.sees("Starta nytt moment", "19800102")
        await driver.press("escape")
        clock.now = Instant(clock.now + 13 * HOUR)
        driver.app._sign_ins._noted = -1_000.0  # as a minute later
        await driver.sees("Skärmen är låst")
        assert "Berg" not in driver.text
        await driver.press("ctrl+q")
        await driver.until(lambda: not driver.app.is_running, "the end")


async def test_an_invitation_becomes_an_account(real: Clinic, clock: Clock) -> None:
    with real.store.work(OPERATOR) as work:
        invitation = invite(work, NEW)
    async with running(address(real), None, clock=clock, practice=False) as driver:
        await driver.sees("Logga in")
        driver.fill(hsaid=NEW)
        await driver.press("f2")
        await driver.sees("Skapa ditt konto", NEW)
        await driver.until(lambda: driver.app.focused is driver.app.screen.query_one("#inbjudan"), "the focus")
        type_fast(driver.app, f"{invitation}\nkort\nkort\n")
        await driver.sees("✗ Lösenfrasen behöver minst 12 tecken", invitation)
        assert "kort" not in driver.text
        driver.fill(losenfras=PASSPHRASE, igen=PASSPHRASE)
        await driver.press("enter")
        await driver.sees("Läs in QR-koden", "██ ▄▄▄▄▄ █", "Skapa kontot")
        door = driver.app.screen
        assert isinstance(door, AuthenticatorDoor)
        lines = driver.text.split("\n")
        assert lines[1].startswith("█" * 41)
        assert lines[21].startswith("█" * 41), "the whole QR code fits 80×24"
        driver.fill(kod="000000")
        await driver.press("enter")
        await driver.sees("Koden stämmer inte")
        driver.fill(kod=code(clock, door._secret))
        await driver.press("enter")
        await driver.sees("Dina reservkoder", "De visas")
        assert isinstance(driver.app.screen, BackupCodesDoor)
        assert len(re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b", driver.text)) == 10
        await driver.press("ctrl+s")
        await driver.sees("Mina", "Kim T1clinician")
    seen = repr((dict(os.environ), sys.argv))
    assert not [secret for secret in (invitation, PASSPHRASE, door._secret) if secret in seen], "children see it"


@SIZES
async def test_passphrase_and_codes_are_made_anew_in_my_profile(
    real: Clinic, clock: Clock, size: tuple[int, int]
) -> None:
    async with running(address(real), COLLEAGUE, size=size, clock=clock, practice=False) as driver:
        await driver.come_in(code(clock))
        await driver.sees("Mina 1")
        await open_tab(driver, "Min profil")
        await driver.sees("lösenfras", "reservkoder")
        await driver.press("l")
        await driver.sees("Minst 12 tecken", "Nuvarande")
        await driver.until(lambda: focus(driver) == "gammal", "the focus")
        type_fast(driver.app, "[/x]\x1b[31m\nkort\nkort\n")
        await driver.until(lambda: focus(driver) == "main", "the main button")
        await driver.press("ctrl+s")
        await driver.sees("✗ Lösenfrasen behöver minst 12 tecken")
        assert "kort" not in driver.text
        for old, new, again, fault in (
            ("x" * 10_000, "nya korrekta hästar", "nya korrekta hästar", "✗ Lösenfrasen stämmer inte."),
            (PASSPHRASE, "nya korrekta hästar", "andra", "✗ Lösenfraserna är inte lika."),
        ):
            driver.fill(gammal=old, losenfras=new, igen=again)
            await driver.press("ctrl+s")
            await driver.sees(fault)
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        driver.fill(losenfras=PASSPHRASE)
        await driver.press("enter")
        await driver.sees("Minst 12 tecken")
        driver.fill(gammal=PASSPHRASE, losenfras="nya korrekta hästar", igen="nya korrekta hästar")
        await driver.press("ctrl+s")
        await driver.sees("Lösenfrasen är bytt.")
        clock.now = Instant(clock.now + 60_000)
        await driver.press("r")
        await driver.sees("Du får tio nya koder")
        driver.fill(losenfras="nya korrekta hästar", kod="[/x]")
        await driver.press("ctrl+s")
        await driver.sees("✗ Skriv koden som din app")
        driver.fill(losenfras="nya korrekta hästar", kod=code(clock))
        await driver.press("ctrl+s")
        await driver.sees("Dina nya reservkoder", "Jag har skrivit av dem")
        assert len(re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b", driver.text)) == 10
        await driver.press("enter")  # one too many
        await driver.sees("Jag har skrivit av dem")
        await driver.press("ctrl+s")
        await driver.sees("Reservkoderna är nya.")
    operations = [name for (name,) in real.rows("SELECT operation FROM log WHERE outcome = 'gjort' ORDER BY id")]
    assert [one for one in operations if one in ("change_passphrase", "renew_backup_codes")] == [
        "change_passphrase",
        "renew_backup_codes",
    ]


async def test_an_administrator_invites_and_resets_in_personal(real: Clinic, clock: Clock) -> None:
    admin = hsa_id_of(Role.ACCESS_ADMIN)
    with real.store.work(OPERATOR) as work:
        give_account(work, admin, SECRET)
    async with running(address(real), admin, clock=clock, practice=False) as driver:
        await driver.come_in(code(clock))
        await driver.sees("T1clinician", "Bjud\xa0in")
        await driver.press("down", "b")
        await driver.sees("Inbjudan ·", "Koden gäller en gång")
        (invitation,) = re.findall(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b", driver.text)
        await driver.press("escape")
        await driver.press("down", "b")
        await driver.sees("Nollställ kontot", "har redan ett konto")
        driver.fill(decision="Telefonen är borta")
        await driver.press("ctrl+s")
        await driver.sees("Inbjudan ·", "Koden gäller en gång")
    assert real.rows("SELECT staff_id FROM account WHERE staff_id = :id", id=real.colleague.staff_id) == []
    assert invitation not in str(real.rows("SELECT * FROM command")), "what a command returns is kept"


CODES = tuple(f"AAAAA-BBBBB-CCCC{digit}" for digit in range(10))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (140, 40)], ids=lambda size: str(size[0]))
async def test_pictures_of_the_doors(
    real: Clinic,
    clock: Clock,
    size: tuple[int, int],
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(one_time_codes, "new_secret", lambda: SECRET)
    with real.store.work(OPERATOR) as work:
        invitation = invite(work, NEW)
    async with running(address(real), COLLEAGUE, size=size, clock=clock, practice=False) as driver:

        async def drawn(name: str) -> None:
            for theme in THEMES if size == (80, 24) else THEMES[:1]:
                driver.app.theme = theme.name
                picture = bare(await driver.picture())
                assert picture == snapshot(name=f"{name} {theme.name}", extension_class=Picture)
            driver.app.theme = THEMES[0].name

        await driver.sees("Logga in", COLLEAGUE, "Jag har en inbjudan")
        await drawn("logga-in")
        await driver.come_in(code(clock), "fel lösenfras")
        await driver.sees("HSA-id, lösenfras eller kod stämmer inte.")
        await drawn("logga-in-fel")
        driver.fill(hsaid=NEW)
        await driver.press("f2")
        await driver.sees("Skapa ditt konto", NEW)
        await drawn("skapa")
        driver.fill(inbjudan=invitation, losenfras=PASSPHRASE, igen=PASSPHRASE)
        await driver.press("ctrl+s")
        await driver.sees("Läs in QR-koden", "Skapa kontot")
        await drawn("qr")
        driver.app.push_screen(BackupCodesDoor(driver.app.client, CODES))
        await driver.sees("Dina reservkoder", "De visas")
        await drawn("reservkoder")
        await driver.press("ctrl+s")
        await driver.press("escape", "escape")
        await driver.sees("Jag har en inbjudan")
        driver.fill(hsaid=COLLEAGUE)
        await driver.come_in(code(clock))
        await driver.sees("Mina 1")
        await driver.press("f9")
        await driver.sees("Skärmen är låst", "Lås upp")
        await drawn("last")
