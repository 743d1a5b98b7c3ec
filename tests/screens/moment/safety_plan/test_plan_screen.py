"""The säkerhetsplan on screen: one key away, written, crossed, left and taken up again."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import TextArea

from screens.dialogs.safety_plan import SafetyPlanDialog
from screens.kept_drafts import SUFFIX, take_up
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, change_safety_plan
from tests.clinics import Clinic
from tests.forms import given
from tests.screens.moment.host import SIZES, do, host, keys, notices, opened, press, shown, until

PLAN = SafetyTexts(warning_signs="Jag slutar svara. [/x]", whom_to_call="Syster")


def areas(pilot: Pilot[None]) -> list[str]:
    return [area.text for area in pilot.app.screen.query(TextArea)]


def flat(pilot: Pilot[None]) -> str:
    """All that stands on the screen on one line, without frames and scroll bars."""
    return " ".join(shown(pilot).translate(str.maketrans("│▌▁▂▃▄▅▆▇", " " * 9)).split())


def left_in(folder: Path) -> list[str]:
    return [path.suffix for path in folder.iterdir()]


async def write(pilot: Pilot[None], name: str, text: str) -> None:
    pilot.app.screen.query_one(f"#{name}", TextArea).load_text(text)
    await pilot.pause()


@SIZES
async def test_one_key_shows_it_and_another_changes_it(filed: Clinic, size: tuple[int, int]) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment, size=size) as pilot:
        assert keys(pilot)["s"] == "Säkerhetsplan"
        await press(pilot, "s")
        text = shown(pilot)
        assert "Ingen säkerhetsplan är skriven än." in text
        assert "(inget skrivet)" in text
        await press(pilot, "e")
        assert "Berg, Åsa" in shown(pilot)
        assert "Ångest – prov" in shown(pilot)
        await write(pilot, "warning_signs", "Jag slutar svara. [/x]\x1b[31m")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Jag slutar svara. [/x]" in shown(pilot))
        assert "Version 1, sparad 2026-03-02" in shown(pilot)
        assert notices(pilot) == ["Säkerhetsplanen är sparad."]


async def test_what_crosses_is_shown_under_the_fields_and_nothing_is_lost(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, change_safety_plan, moment, PLAN, 0)
    async with opened(filed, moment, size=(160, 60)) as pilot:
        await press(pilot, "s", "e")
        do(filed, filed.resident(), change_own_safety_plan, moment, SafetyTexts(whom_to_call="Mor"), 1)
        await write(pilot, "what_helps", "Gå ut")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Båda texterna är sparade" in flat(pilot))
        assert "! I planen nu: Mor" in shown(pilot)
        assert areas(pilot)[:3] == [PLAN.warning_signs, "Gå ut", "Syster"]
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Version 3" in shown(pilot))
        assert filed.value("SELECT count(*) FROM safetyplan") == 4
        await press(pilot, "less_than_sign")
        assert "Version 2" in shown(pilot)
        assert "Det finns en nyare." in flat(pilot)


async def test_what_is_typed_is_left_and_taken_up_and_never_becomes_a_message(filed: Clinic, tmp_path: Path) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        client = host(pilot).client
        client.drafts, client.draft_key = tmp_path, filed.value("SELECT draft_key FROM store_info").encode()
        await press(pilot, "s", "e")
        await write(pilot, "what_helps", "Gå ut")
        dialog = pilot.app.screen
        assert isinstance(dialog, SafetyPlanDialog)
        assert await dialog.keep_drafts()
        assert left_in(tmp_path) == [SUFFIX]
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is not dialog)
        assert "är inte sparat i planen" in notices(pilot)[0]
        assert await take_up(client) == 0
        do(filed, filed.resident(), change_own_safety_plan, moment, SafetyTexts(whom_to_call="Mor"), 0)
        await press(pilot, "e")
        assert areas(pilot)[1] == "Gå ut"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Båda texterna" in flat(pilot))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Version 2" in shown(pilot))
        await until(pilot, lambda: not left_in(tmp_path))


async def test_a_draft_can_be_thrown_away(filed: Clinic, tmp_path: Path) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        client = host(pilot).client
        client.drafts, client.draft_key = tmp_path, filed.value("SELECT draft_key FROM store_info").encode()
        await press(pilot, "s", "e")
        await write(pilot, "what_helps", "Gå ut")
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SafetyPlanDialog))
        await press(pilot, "e")
        pilot.app.screen.query_one("#throw").focus()
        await press(pilot, "enter")
        await until(pilot, lambda: areas(pilot) == [""] * 5)
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SafetyPlanDialog))
        assert not left_in(tmp_path)


async def test_without_a_folder_it_asks_before_what_is_typed_is_lost(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await press(pilot, "s", "e")
        await write(pilot, "what_helps", "Gå ut")
        await press(pilot, "escape")
        await until(pilot, lambda: "Avbryt en gång till" in flat(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SafetyPlanDialog))


async def test_it_is_one_key_from_a_risk_answer_and_who_only_watches_reads(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, change_safety_plan, moment, PLAN, 0)
    filed.answer(moment, given(1, 1, 1))
    async with opened(filed, moment, by=filed.colleague) as pilot:
        page = host(pilot).page
        page.navigation.open_form(int(filed.value("SELECT max(id) FROM formanswer")))
        await until(pilot, lambda: keys(pilot).get("s") == "Säkerhetsplan")
        await press(pilot, "s")
        assert "Jag slutar svara. [/x]" in shown(pilot)
        assert "Berg, Åsa" in shown(pilot)
        assert "e" not in keys(pilot)
