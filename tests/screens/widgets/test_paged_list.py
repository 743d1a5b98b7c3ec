"""The list as a person uses it: what is on screen, keys and mouse."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual import events
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from screens.widgets.list_keys import PARTS
from screens.widgets.paged_list import PagedList
from tests import waits
from tests.screens.widgets.list_app import (
    EMPTY,
    marked,
    one_program,
    rows_on_screen,
    screen,
    settled,
    shown,
    two_programs,
)
from tests.screens.widgets.rows import MadeUpRow, MemorySource, made_up

# What is on screen


async def test_sections_stand_under_each_other_with_headings_titles_and_rows() -> None:
    async with shown(two_programs()) as (app, _pilot):
        lines = [line.rstrip() for line in screen(app)]
        assert lines[0].startswith(" Program a")
        assert lines[0].endswith("STARTA MOMENTET")
        assert lines[1] == " Pågående (3 st)"
        assert lines[2].split("  ")[0] == " Namn"
        assert lines[3].startswith("▌rad 000000")
        assert lines[6] == ""
        assert lines[7].startswith(" Program b")
        assert app.highlighted == [0]


async def test_headings_of_what_is_in_view_stand_still_at_the_top() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press("end")
        await settled(pilot)
        assert screen(app)[0].rstrip() == " Program b · Pågående (500 st)"
        assert screen(app)[1].startswith(" Namn")
        assert rows_on_screen(app) == list(range(582, 600))


async def test_in_a_low_list_headings_take_a_line_and_titles_stand_once() -> None:
    async with shown(two_programs(), compact=True) as (app, pilot):
        shown_first = [line.split("  ")[0].strip(" ▌") for line in screen(app)[:7]]
        assert shown_first[:2] == ["Namn", "Program a · Pågående (3 st)"]
        assert shown_first[5] == "Program b · Pågående (500 st)"
        await pilot.click(PagedList, offset=(110, 5))
        await pilot.press("end")
        await settled(pilot)
        assert screen(app)[0].startswith(" Namn")
        assert screen(app)[1].rstrip() == " Program b · Pågående (500 st)"
        assert rows_on_screen(app) == list(range(582, 600))
        await pilot.press("N")
        sections = [message.section for message in app.heard if isinstance(message, PagedList.HeadingAction)]
        assert sections == ["b", "b"]
        cursor = marked(app)
        await pilot.resize_terminal(120, 40)
        await waits.until(pilot, lambda: screen(app)[0].rstrip() == " Program b · Pågående (500 st)")
        assert app.paged.row is not None
        assert app.paged.row.id == 599
        await pilot.resize_terminal(120, 20)
        await waits.until(pilot, lambda: screen(app)[1].rstrip() == " Program b · Pågående (500 st)")
        assert marked(app) == cursor


async def test_headings_scroll_away_where_that_is_asked_for() -> None:
    async with shown(two_programs(), pin=False) as (app, pilot):
        await pilot.press("end")
        await settled(pilot)
        assert rows_on_screen(app) == list(range(580, 600))


async def test_an_empty_list_says_what_to_do() -> None:
    async with shown(MemorySource({})) as (app, pilot):
        lines = screen(app)
        (number,) = [number for number, line in enumerate(lines) if line.strip()]
        assert lines[number].strip() == EMPTY
        assert 8 <= number <= 11
        await pilot.press("down", "up", "pagedown", "end", "home", "enter", "N")
        await settled(pilot)
        assert app.heard == []


async def test_programs_without_rows_show_their_headings_above_the_message() -> None:
    async with shown(MemorySource({"a": [], "b": []}, empty_programs=True)) as (app, pilot):
        text = "\n".join(screen(app))
        assert text.index("Program a") < text.index("Program b") < text.index(EMPTY)
        assert "Namn" not in text
        await pilot.click(PagedList, offset=(110, 3))
        assert [message.section for message in app.heard if isinstance(message, PagedList.HeadingAction)] == ["b"]


@pytest.mark.parametrize("width", [24, 40, 80, 81, 120, 200])
async def test_lines_are_as_wide_as_the_screen_whatever_the_names(width: int) -> None:
    names = [
        "王, 小明",
        "E\u0301kström, A\u030asa",
        "Liv 👨\u200d👩\u200d👧",
        "Öberg-Sundström, Anna-Karin Margareta",
        "ไทย, ภาษา",
    ]
    source = MemorySource({"a": [MadeUpRow(number, name) for number, name in enumerate(names)]})
    async with shown(source, (width, 12)) as (app, _pilot):
        lines = screen(app)
        assert {cell_len(line) for line in lines} == {width}
        if width >= 40:
            starts = {cell_len(line[: line.index(f"{number:06}")]) for number in range(5) for line in lines[3:8]
                      if f"{number:06}" in line}  # fmt: skip
            assert len(starts) == 1


async def test_at_80_columns_the_name_and_number_are_whole() -> None:
    source = MemorySource({"a": [MadeUpRow(7, "Öberg-Sundström, Anna-Karin Margareta")]})
    async with shown(source, (80, 12)) as (app, _pilot):
        row = screen(app)[3]
        assert "Öberg-Sundström, Anna-Karin Margareta" in row
        assert "000007" in row
        assert "2026-10-28" not in row


async def test_hostile_text_is_shown_as_it_stands_without_what_a_terminal_would_obey() -> None:
    name = "[bold]E\x1b[31mk[/] [@click=app.quit]\u202eN\x07ils[/x]"
    source = MemorySource({"a": [MadeUpRow(1, name)]})
    async with shown(source) as (app, _pilot):
        line = screen(app)[3]
        assert "[bold]E[31mk[/] [@click=app.quit]Nils[/x]" in line
        assert not {character for character in line if ord(character) < 32 or character == "\u202e"}


@pytest.mark.parametrize("theme", [name for name in BUILTIN_THEMES if "ansi" not in name])
async def test_the_cursor_can_be_read_in_every_theme(theme: str) -> None:
    async with shown(one_program(3)) as (app, pilot):
        app.theme = theme
        await settled(pilot)
        for focused in (True, False):
            app.set_focus(app.paged if focused else None)
            await settled(pilot)
            style = app.paged.get_component_rich_style("paged-list--cursor")
            assert style.color is not None
            assert style.bgcolor is not None
            ours, under = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            assert contrast(ours, under) >= 4.5, (focused, ours, under)


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours as WCAG 2 counts it."""

    def luminance(colour: Color) -> float:
        parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


async def test_the_cursor_is_marked_by_shape_too_with_and_without_focus() -> None:
    async with shown(one_program(3)) as (app, pilot):
        assert marked(app) == 3
        app.set_focus(None)
        await settled(pilot)
        assert marked(app) is None
        assert screen(app)[3].startswith("▏rad 000000")


def test_every_tone_and_part_has_a_style() -> None:
    assert {f"paged-list--{part}" for part in PARTS} <= PagedList.COMPONENT_CLASSES


# Moving about


async def test_arrows_step_over_headings() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press("down", "down", "down")
        assert marked(app) == 10
        await pilot.press("up")
        assert marked(app) == 5
        await pilot.press("up", "up", "up", "up")
        assert marked(app) == 3
        assert app.highlighted == [0, 1, 2, 100, 2, 1, 0]


async def test_going_up_to_the_first_row_of_a_section_shows_its_headings() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press(*["down"] * 30)
        assert screen(app)[0].startswith(" Program b · ")
        await pilot.press(*["up"] * 27)
        assert app.paged.row == MadeUpRow(100, "rad 000100")
        assert screen(app)[0].startswith(" Program b  ")


async def test_pages_home_and_end() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press("pagedown")
        await settled(pilot)
        assert app.paged.row == app.source.all()[17]
        assert marked(app) == 3
        await pilot.press("pageup")
        assert app.paged.row == app.source.all()[0]
        assert app.paged.scroll_offset.y == 0
        await pilot.press("end")
        await settled(pilot)
        assert app.paged.row == app.source.all()[-1]
        assert marked(app) == 19
        await pilot.press("home")
        await settled(pilot)
        assert app.paged.row == app.source.all()[0]
        assert marked(app) == 3


async def test_rows_are_right_wherever_the_view_jumps() -> None:
    source = MemorySource({"a": made_up(3), "b": made_up(5000, 1000), "c": made_up(700, 10000)})
    async with shown(source) as (app, pilot):
        reference = [row.id for row in source.all()]
        outline_lines = app.paged.virtual_size.height
        for top in (2500, 40, outline_lines, 5000, 4990, 3, 2600, 2580, 0, 5030):
            app.paged.scroll_to(y=top, animate=False)
            await settled(pilot)
            ids = rows_on_screen(app)
            start = reference.index(ids[0])
            assert ids == reference[start : start + len(ids)]
            assert len(ids) >= 13
            assert "…" not in "".join(screen(app))


async def test_a_middle_jump_shows_the_rows_of_that_place() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        app.paged.scroll_to(y=2503, animate=False)
        await settled(pilot)
        assert rows_on_screen(app) == list(range(2502, 2520))


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot._post_mouse_events([events.MouseScrollDown], PagedList, offset=(5, 5), button=0)
        await settled(pilot)
        assert app.paged.scroll_offset.y > 0
        assert app.highlighted == [0]


async def test_a_cursor_out_of_sight_is_shown_before_it_opens() -> None:
    async with shown(one_program()) as (app, pilot):
        app.paged.scroll_to(y=500, animate=False)
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert app.opened == []
        assert marked(app) is not None
        await pilot.press("enter")
        assert app.opened == [0]


async def test_the_cursor_stays_in_view_when_the_screen_shrinks() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press(*["down"] * 15)
        assert marked(app) == 18
        await pilot.resize_terminal(100, 10)
        await settled(pilot)
        assert marked(app) is not None
        assert app.highlighted[-1] == 15


# Choosing


async def test_enter_opens_the_row() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press("down", "enter")
        assert app.opened == [1]


async def test_a_click_selects_and_a_second_opens() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.click(PagedList, offset=(5, 4))
        assert app.paged.row == MadeUpRow(1, "rad 000001")
        assert app.opened == []
        await pilot.click(PagedList, offset=(5, 4))
        assert app.opened == [1]


async def test_a_double_click_opens_once() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.double_click(PagedList, offset=(5, 5))
        assert app.opened == [2]
        await settled(pilot)
        app._click_chain_last_time = None
        await pilot.double_click(PagedList, offset=(5, 5))
        assert app.opened == [2, 2]


async def test_clicks_beside_the_rows_do_nothing() -> None:
    async with shown(two_programs()) as (app, pilot):
        for offset in ((5, 0), (5, 1), (5, 2), (5, 6)):
            await pilot.click(PagedList, offset=offset)
        await pilot.press("end")
        await settled(pilot)
        for offset in ((5, 0), (5, 1)):
            await pilot.click(PagedList, offset=offset)
        assert app.opened == []
        assert app.highlighted == [0, None, 599]


async def test_a_headings_action_is_a_click_or_a_key_away() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.click(PagedList, offset=(110, 7))
        await pilot.click(PagedList, offset=(60, 7))
        await pilot.press("N", "end", "N")
        sections = [message.section for message in app.heard if isinstance(message, PagedList.HeadingAction)]
        assert sections == ["b", "a", "b"]
