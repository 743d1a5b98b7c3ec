import pytest
from textual.widgets import Input, OptionList

from screens.commands import commands_of
from screens.help.article_screen import ArticleScreen
from screens.help.help_screen import HelpScreen
from screens.help.practising import Practising
from store.help.articles import Article, shipped_help
from store.people.ticket import Where
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen, PageScreen, own, region
from tests.waits import until


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
        assert isinstance(app.focused, OptionList), "the arrow keys go there"
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


async def test_what_a_line_says_is_run_from_there() -> None:
    app = Frame()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await pilot.press("f1", "enter")  # the first line: Starta nytt moment
        await until(pilot, lambda: "Moment startat [/x]." in painted.text(app))
        assert len(app.screen_stack) == 1


async def test_a_search_leads_to_a_page_and_back_again() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1", "slash", *"semester")
        await pilot.pause()
        shown = painted.text(app)
        assert "Ställföreträdare" in shown
        assert "Starta ett nytt moment för en invånare." not in shown
        await pilot.press("enter")
        await until(pilot, lambda: "Hjälp · Ställföreträdare" in painted.text(app))
        await until(pilot, lambda: "En kollega som går in för dig" in painted.text(app))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "Hjälp · Byta ansvarig behandlare" in painted.text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Hjälp · Ställföreträdare" in painted.text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await pilot.pause()
        assert "Starta ett nytt moment för en invånare." in painted.text(app), "all lines are there again"
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_what_nothing_is_about_is_said_and_long_or_hostile_words_stop_nothing() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1", "slash")
        for words in ("[/x]", "x" * 10_000, "\x1b]52;c;eA==\x07"):
            app.screen.query_one(Input).value = words
            await pilot.pause()
            assert all(texts.is_clean(line) for line in painted.lines(app))
            assert "Ingenting i hjälpen stämmer med sökningen." in painted.text(app)
            await pilot.press("enter")
            assert isinstance(app.screen, HelpScreen)


async def test_all_pages_stand_by_what_they_are_about() -> None:
    app = Frame()
    async with app.run_test(size=(100, 120)) as pilot:
        await pilot.press("f1", "end", "enter")
        await pilot.pause()
        shown = painted.text(app)
        assert all(one.title in shown for one in shipped_help().articles)
        assert shown.index("Så gör du") < shown.index("Frågor och svar") < shown.index("Begrepp")
        await pilot.press("escape")
        await pilot.pause()
        assert "Starta ett nytt moment för en invånare." in painted.text(app)


async def test_f1_on_a_page_closes_all_of_the_help() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1", "slash", *"utkast", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        await pilot.press("f1")
        await until(pilot, lambda: len(app.screen_stack) == 1)


def article(name: str) -> Article:
    found = shipped_help().article(name)
    assert found is not None
    return found


async def test_what_the_unit_has_written_is_only_text_in_a_page() -> None:
    async def unit() -> Where:
        return Where(support="**Ring** [/x] [a](b) <b> `c` _d_", super_users="# Anna\n- Bo")

    app = Frame()
    async with app.run_test(size=(80, 40)) as pilot:
        await app.push_screen(ArticleScreen(article("support"), unit))
        await until(pilot, lambda: "**Ring** [/x] [a](b) <b> `c` _d_" in painted.text(app))
        assert "superanvändare: # Anna; - Bo." in painted.text(app)


async def test_a_page_begins_its_exercise_and_says_elsewhere_how_it_is_practised() -> None:
    async def titles(page: str) -> list[str]:
        return ["Öva [/x] **b**"] if page == "meddelanden" else []

    begun: list[str] = []
    app = Frame()
    async with app.run_test(size=(80, 40)) as pilot:
        await app.push_screen(ArticleScreen(article("meddelanden"), region, Practising(titles, begun.append)))
        await until(pilot, lambda: "Öva [/x] **b**" in painted.text(app))
        assert "tryck o." in painted.text(app)
        assert "o Öva   Tab Se också" in painted.text(app)
        await pilot.press("o")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert begun == ["meddelanden"]
        await app.push_screen(ArticleScreen(article("meddelanden"), region, Practising(titles)))
        await until(pilot, lambda: "kör sob ovning" in painted.text(app))
        assert "o Öva" not in painted.text(app)
        await pilot.press("o")
        assert isinstance(app.screen, ArticleScreen)
        assert begun == ["meddelanden"]


async def test_a_long_page_is_read_to_its_end_at_eighty_columns() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ArticleScreen(article("meddelanden"), region))
        await until(pilot, lambda: "Skapa ny konversation" in painted.text(app))
        last = "sob meddelande las MOMENT"
        assert last not in painted.text(app)
        await pilot.press("end")
        await until(pilot, lambda: last in painted.text(app))
        assert "Aviseringar och notifieringar" in painted.text(app), "what to read on in is always there"
