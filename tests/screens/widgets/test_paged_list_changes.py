"""The list while things happen underneath: rows come and go, sources are slow, fail or are replaced."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.pilot import Pilot

from screens.widgets.paged_list import PagedList
from tests.screens.widgets.list_app import (
    EMPTY,
    ListApp,
    marked,
    one_program,
    rows_on_screen,
    screen,
    settled,
    shown,
    two_programs,
)
from tests.screens.widgets.rows import COLUMNS, MadeUpRow, MemorySource, made_up

# Changes underneath


async def refreshed(app: ListApp, pilot: Pilot[None]) -> None:
    app.paged.refresh_rows()
    await settled(pilot)


async def test_rows_put_in_above_leave_the_cursor_on_its_row_and_line() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press(*["pagedown"] * 6)
        await settled(pilot)
        row, line = app.paged.row, marked(app)
        for number in range(30):
            app.source.insert("a", MadeUpRow(5000 + number, f"rad 0000{number:02}a"))
        await refreshed(app, pilot)
        assert (app.paged.row, marked(app)) == (row, line)
        assert app.highlighted.count(row.id if row else None) == 1
        ids = [row.id for row in app.source.all()]
        start = ids.index(rows_on_screen(app)[0])
        assert rows_on_screen(app) == ids[start : start + 18]


async def test_rows_taken_away_above_leave_the_cursor_on_its_row_and_line() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press(*["pagedown"] * 6)
        await settled(pilot)
        row, line = app.paged.row, marked(app)
        app.source.remove(0, 1, 2, *range(100, 120))
        await refreshed(app, pilot)
        assert (app.paged.row, marked(app)) == (row, line)


@pytest.mark.parametrize("pages", [0, 6])
async def test_a_row_that_is_looked_for_gets_the_cursor_and_is_in_view_wherever_it_stands(pages: int) -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press(*["pagedown"] * pages)
        await settled(pilot)
        app.source.insert("b", MadeUpRow(5000, "rad 000140a"))
        app.paged.seek(5000)
        await settled(pilot)
        assert app.paged.row is not None
        assert app.paged.row.id == 5000
        assert 5000 in rows_on_screen(app)
        app.paged.seek(9999)  # the list has no such row
        await settled(pilot)
        assert app.paged.row.id == 5000


async def test_a_list_at_its_top_shows_what_comes_in_there() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press("down")
        app.source.insert("a", MadeUpRow(5000, "rad 000000a"))
        await refreshed(app, pilot)
        assert app.paged.scroll_offset.y == 0
        assert app.paged.row == MadeUpRow(1, "rad 000001")
        assert rows_on_screen(app)[:3] == [0, 5000, 1]


async def test_a_view_away_from_the_cursor_stays_on_its_rows() -> None:
    async with shown(one_program()) as (app, pilot):
        app.paged.scroll_to(y=500, animate=False)
        await settled(pilot)
        before = rows_on_screen(app)
        app.source.insert("a", MadeUpRow(5000, "rad 000100a"))
        await refreshed(app, pilot)
        assert rows_on_screen(app) == before
        assert app.paged.row == MadeUpRow(0, "rad 000000")


async def test_the_cursor_follows_its_row_to_another_section() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press("down")
        app.source.remove(1)
        app.source.insert("b", MadeUpRow(1, "rad 000105a", "!"))
        await refreshed(app, pilot)
        assert app.paged.row == MadeUpRow(1, "rad 000105a", "!")
        assert app.paged.section is not None
        assert app.paged.section.key == "b"
        assert marked(app) is not None
        assert app.highlighted == [0, 1]


async def test_a_row_that_is_gone_gives_the_cursor_to_its_neighbour() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press(*["pagedown"] * 3, "down")
        await settled(pilot)
        assert app.paged.row is not None
        here = app.paged.row.id
        app.source.remove(here)
        await refreshed(app, pilot)
        assert app.paged.row.id == here + 1
        await pilot.press("end")
        await settled(pilot)
        app.source.remove(999)
        await refreshed(app, pilot)
        assert app.paged.row.id == 998


async def test_a_row_is_shown_as_it_is_now() -> None:
    async with shown(one_program()) as (app, pilot):
        app.source.remove(1)
        app.source.insert("a", MadeUpRow(1, "rad 000001", "klart"))
        await refreshed(app, pilot)
        assert "klart" in screen(app)[4]


async def test_a_list_may_shrink_to_nothing_and_grow_again() -> None:
    async with shown(two_programs()) as (app, pilot):
        await pilot.press("end")
        await settled(pilot)
        rows = app.source.rows
        app.source.rows = {}
        await refreshed(app, pilot)
        assert EMPTY in "\n".join(screen(app))
        assert app.highlighted[-1] is None
        assert app.paged.row is None
        assert app.paged.scroll_offset.y == 0
        await pilot.press("down", "enter")
        assert app.opened == []
        app.source.rows = rows
        await refreshed(app, pilot)
        assert app.highlighted[-1] == 0
        assert marked(app) == 3


async def test_rows_that_went_unannounced_cause_one_reading_anew() -> None:
    async with shown(one_program(400)) as (app, pilot):
        app.source.remove(*range(300, 400))
        await pilot.press(*["pagedown"] * 22)
        await settled(pilot)
        assert app.paged.row_count == 300
        assert [call[0] for call in app.source.calls].count("sections") == 2
        await pilot.press("end")
        assert rows_on_screen(app) == list(range(282, 300))


async def test_another_source_starts_at_its_top_or_keeps_the_cursor() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press(*["pagedown"] * 4)
        await settled(pilot)
        row = app.paged.row
        assert row is not None
        app.paged.set_source(MemorySource({"x": [*made_up(5, 2000), row]}), keep_cursor=True)
        await settled(pilot)
        assert app.paged.row == row
        app.paged.set_source(MemorySource({"y": made_up(50)}))
        await settled(pilot)
        assert app.paged.row == MadeUpRow(0, "rad 000000")
        assert marked(app) == 3
        app.paged.set_source(MemorySource({}), empty="Ingen träff.")
        await settled(pilot)
        assert "Ingen träff." in "\n".join(screen(app))


async def test_other_columns_can_be_shown() -> None:
    async with shown(one_program()) as (app, pilot):
        app.paged.set_columns(COLUMNS[:1])
        await settled(pilot)
        assert screen(app)[3].rstrip().startswith("▌rad 000000   ")
        assert "000000  " not in screen(app)[3].replace("rad 000000", "")


# Slow and failing sources


async def test_paging_fast_reads_few_pages_and_keeps_few_rows() -> None:
    async with shown(one_program(50_000)) as (app, pilot):
        app.source.calls.clear()
        app.source.open.clear()
        for _ in range(60):
            app.post_message(Key("pagedown", None))
        await pilot.pause()
        assert len(app.source.calls) == 1
        app.source.open.set()
        await settled(pilot)
        pages = [call for call in app.source.calls if call[0] in ("page", "page_at")]
        assert len(pages) <= 4
        assert app.paged.row == app.source.all()[60 * 17]
        assert app.paged.row.id in rows_on_screen(app)
        assert len(app.paged._model.window) <= 20 + 4 * PagedList.AHEAD


async def test_keys_work_while_rows_are_being_read() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        app.source.open.clear()
        await pilot.press("end")
        assert app.highlighted[-1] is None
        assert marked(app) == 19
        assert screen(app)[19].startswith("▌…")
        await pilot.press("up", "up")
        assert marked(app) == 17
        await pilot.press("enter")
        assert app.opened == []
        app.source.open.set()
        await settled(pilot)
        assert app.highlighted[-1] == 4997
        assert app.opened == [4997]


async def test_a_key_after_enter_calls_off_the_opening() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        app.source.open.clear()
        await pilot.press("end", "enter", "up")
        app.source.open.set()
        await settled(pilot)
        assert app.opened == []
        assert app.highlighted[-1] == 4998


async def test_enter_while_a_search_is_read_opens_what_it_finds() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        found = MemorySource({"y": made_up(3, 70)})
        found.open.clear()
        app.paged.set_source(found)
        await pilot.press("enter")
        assert app.paged.row is None
        await pilot.click(app.paged, offset=(5, 5), times=2)
        assert app.opened == []
        found.open.set()
        await settled(pilot)
        assert app.opened == [70]


async def test_keys_while_a_search_is_read_move_among_what_it_finds() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        found = MemorySource({"y": made_up(30, 70)})
        found.open.clear()
        app.paged.set_source(found)
        await pilot.press("end", "up", "pageup", "down", "enter")
        assert (marked(app), app.opened) == (3, []), "what stands there is about to go"
        found.open.set()
        await settled(pilot)
        assert app.opened == [70 + 29 - 1 - 17 + 1]
        assert app.highlighted[-1] == app.opened[0]


@pytest.mark.parametrize(("rows", "opened"), [(30, [2]), (0, [])])
async def test_keys_typed_before_the_first_rows_are_for_them(rows: int, opened: list[int]) -> None:
    source = one_program(rows)
    source.open.clear()
    app = ListApp(source)
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("down", "down", "enter")
        source.open.set()
        await settled(pilot)
        assert app.opened == opened
        assert app.paged.check_action("open", ()) is bool(rows)
        source.rows["a"].append(MadeUpRow(9_999, "rad 009999"))
        app.paged.refresh_rows()
        await settled(pilot)
        assert app.opened == opened, "a row that comes later opens by no key from before"


async def test_a_search_that_fails_leaves_nothing_to_open_later() -> None:
    async with shown(one_program()) as (app, pilot):
        found = MemorySource({"y": made_up(3, 70)})
        found.open.clear()
        found.error = OSError("borta")
        app.paged.set_source(found)
        await pilot.press("enter")
        found.open.set()
        await settled(pilot)
        found.error = None
        app.paged.refresh_rows()
        await settled(pilot)
        assert (app.opened, app.paged.row) == ([], found.all()[0])


async def test_the_cursor_moved_during_a_refresh_stays_where_it_was_moved_to() -> None:
    async with shown(one_program()) as (app, pilot):
        await pilot.press(*["pagedown"] * 4)
        await settled(pilot)
        app.source.open.clear()
        app.source.insert("a", MadeUpRow(5000, "rad 000000a"))
        app.paged.refresh_rows()
        await pilot.press("down", "down")
        row, line = app.paged.row, marked(app)
        app.source.open.set()
        await settled(pilot)
        assert (app.paged.row, marked(app)) == (row, line)


async def test_a_first_reading_that_takes_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagedList, "PATIENCE", 3600)
    source = one_program()
    source.open.clear()
    app = ListApp(source)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert not "".join(screen(app)).strip()
        app.paged._lose_patience()
        await pilot.pause()
        assert "Hämtar …" in "".join(screen(app))
        source.open.set()
        await settled(pilot)
        assert "Hämtar" not in "".join(screen(app))
        assert rows_on_screen(app)


async def test_a_source_that_was_replaced_is_not_heard() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        app.source.open.clear()
        await pilot.press("end")
        app.paged.set_source(MemorySource({"y": made_up(5, 70)}))
        await settled(pilot)
        assert rows_on_screen(app) == list(range(70, 75))
        app.source.open.set()
        await settled(pilot)
        assert rows_on_screen(app) == list(range(70, 75))


async def test_a_failure_is_told_and_what_was_read_stays() -> None:
    async with shown(one_program()) as (app, pilot):
        before = rows_on_screen(app)
        app.source.error = OSError("borta")
        await refreshed(app, pilot)
        failures = [message.error for message in app.heard if isinstance(message, PagedList.Failed)]
        assert failures == [app.source.error]
        assert rows_on_screen(app) == before
        await pilot.press("down", "enter")
        assert app.opened == [1]
        app.source.error = None
        app.source.remove(0)
        await refreshed(app, pilot)
        assert rows_on_screen(app)[0] == 1


async def test_rows_missing_after_a_failure_come_with_the_next_move() -> None:
    async with shown(one_program(5000)) as (app, pilot):
        app.source.error = OSError("borta")
        await pilot.press("end")
        await settled(pilot)
        assert rows_on_screen(app) == []
        app.source.error = None
        await pilot.press("up")
        await settled(pilot)
        assert app.paged.row == app.source.all()[-2]
        assert rows_on_screen(app) == list(range(4982, 5000))
