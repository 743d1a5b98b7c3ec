import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input

from screens.commands import commands_of
from screens.help import HelpScreen
from store.people.ticket import Where
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen, PageScreen, own


async def test_every_key_with_its_sentence_the_places_own_first() -> None:
    app = Frame(PageScreen)
    async with app.run_test(size=(140, 60)) as pilot:
        await pilot.press("f1")
        shown = painted.text(app)
        for command in commands_of(app.screen_stack[0]):
            assert command.sentence in shown
        assert shown.index("Här") < shown.index("Avsluta momentet.") < shown.index("Överallt") < shown.index("ctrl+q")
        assert "0770 - 72 00 00" in shown
        assert "Tab shift+Tab" in shown


@pytest.mark.parametrize("key", ["escape", "f1"])
async def test_it_closes_by_the_key_that_opened_it_and_by_esc(key: str) -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, ListScreen)
        assert len(app.screen_stack) == 1


async def test_at_eighty_columns_it_scrolls_to_where_support_is_found() -> None:
    app = Frame(PageScreen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        assert "Mer hjälp" not in painted.text(app)
        assert isinstance(app.focused, VerticalScroll), "the arrow keys go there"
        await pilot.press("end")
        await pilot.pause()
        assert "Support e-tjänster." in painted.text(app)


async def test_long_sentences_wrap_under_each_other() -> None:
    class Wordy(ListScreen):
        BINDINGS = [own("x", "wordy", "Ordrik", "ord " * 60 + "slut")]

    app = Frame(Wordy)
    async with app.run_test(size=(80, 60)) as pilot:
        await pilot.press("f1")
        lines = painted.lines(app)
        _, y = painted.place(app, "ord ord")
        assert lines[y].index("ord") == lines[y + 1].index("ord")
        assert "slut" in painted.text(app)


async def test_a_unit_can_name_its_own_support() -> None:
    async def unit() -> Where:
        return Where(support="Ring växeln. [/x]")

    app = Frame()
    async with app.run_test(size=(80, 60)) as pilot:
        await app.push_screen(HelpScreen([], unit))
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Ring växeln. [/x]" in painted.text(app)
        assert "14141" not in painted.text(app)


async def test_it_opens_over_a_field_that_has_the_focus() -> None:
    app = Frame()
    async with app.run_test(size=(80, 60)) as pilot:
        app.screen.query_one(Input).focus()
        await pilot.press("f1")
        assert "Täck skärmen" in painted.text(app)
        assert "Sök på namn" not in painted.text(app), "the field takes that key"


@texts.every
async def test_sentences_are_only_text(hostile: str) -> None:
    class Named(ListScreen):
        BINDINGS = [own("x", "named", hostile, hostile)]

    app = Frame(Named)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert all(texts.is_clean(line) for line in painted.lines(app))
        await pilot.press("escape", "ctrl+p")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert all(texts.is_clean(line) for line in painted.lines(app))
        assert app.is_running
