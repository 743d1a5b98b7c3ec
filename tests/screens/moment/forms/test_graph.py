"""The graph as text."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.moment.forms.graph import draw
from screens.moment.forms.graph_levels import LevelAxis
from screens.moment.forms.graph_plot import BLOCKS, CHARACTERS, DOTS
from store.views.form_graph import FormGraph, Point, Series, TimeMark

DAY = 86_400_000
START = 1_772_440_000_000
BANDS = ((0.0, "lite"), (5.0, "en del"), (10.0, "mycket"))


def series(*values: float, title: str = "Mående", maximum: float = 27) -> Series:
    points = tuple(Point(number, START + number * 7 * DAY, value) for number, value in enumerate(values))
    return Series("m", title, maximum, BANDS, points, published=True)


def text(graph: FormGraph, width: int, selected: int | None = None) -> str:
    return "\n".join(line.plain for line in draw(graph, selected, width))


def test_a_panel_for_each_score_on_one_axis_and_the_marks_under_them() -> None:
    marks = (
        TimeMark(START, "modul", "A"),
        TimeMark(START + 21 * DAY, "meddelande", ""),
        TimeMark(START + 21 * DAY, "meddelande", ""),
    )
    graph = FormGraph(START, START + 42 * DAY, (series(3, 9, 12), series(1, 2, title="Oro", maximum=21)), marks)
    drawn = text(graph, 78, selected=1)
    assert "● Mående: 12 av 27, mycket" in drawn
    assert "▲ Oro: 2 av 21, lite" in drawn
    assert drawn.count("10 mycket┤▁") == drawn.count("5 en del┤▁") == 2
    assert "Moduler ▾" in drawn
    assert "Medd." in drawn
    assert " 2\n" in drawn  # two messages in one cell
    assert "Byten" not in drawn
    assert "▶ 2026-03-09  9 av 27   +6" in drawn
    axes = [line for line in drawn.split("\n") if line.lstrip().startswith("└┬")]
    assert len(axes) == 2
    assert axes[0] == axes[1]


def test_the_points_stand_where_their_values_are() -> None:
    graph = FormGraph(START, START + 14 * DAY, (series(0, 27),), ())
    lines = text(graph, 78).split("\n")
    assert "●" in lines[1].partition("┤")[2]
    (lowest,) = (line for line in lines if line.lstrip().startswith("0 lite"))
    assert "●" in lowest


def test_the_table_stands_beside_where_there_is_room() -> None:
    graph = FormGraph(START, START + 42 * DAY, (series(3, 9),), ())
    assert "Sedan förra" in text(graph, 138).split("\n")[0]
    assert "Sedan förra" not in text(graph, 78).split("\n")[0]


def test_no_label_of_a_band_is_cut_from_eighty_columns_on() -> None:
    bands = ((0.0, "inga eller minimala besvär"), (10.0, "medelsvåra besvär (egna gränser)"))
    one = series(3, 9)
    long = Series(one.form, one.title, one.maximum, bands, one.points)
    for width in (78, 100, 118, 138):
        drawn = text(FormGraph(START, START + 42 * DAY, (long,), ()), width)
        for at, words in bands:
            assert re.search(rf"(?m)^ *{at:g} {re.escape(words)}┤", drawn), width


def test_bands_of_our_own_have_no_borders_and_say_what_they_are() -> None:
    own = replace(series(3, 9), published=False)
    graph = FormGraph(START, START + 42 * DAY, (own,), ())
    drawn = text(graph, 138)
    assert "Mående: 9 av 27, egen nivå: en del" in drawn
    assert "Egen nivå" in drawn
    assert "▁" not in drawn
    assert "▁" in text(replace(graph, series=(series(3, 9),)), 138)


@given(
    st.sampled_from([9.0, 21.0, 27.0, 28.0, 63.0]),
    st.lists(st.integers(1, 62), unique=True, max_size=6),
    st.integers(0, 63),
)
def test_no_value_is_on_the_wrong_side_of_a_border(maximum: float, borders: list[int], value: int) -> None:
    """Eleven points are not drawn on or above the line of twelve, whatever the size of the panel."""
    value = min(value, int(maximum))
    bands = tuple((float(at), f"nivå {at}") for at in (0, *sorted(at for at in borders if at < maximum)))
    one = Series("m", "Besvär", maximum, bands, (Point(1, START, value),))
    axis = LevelAxis(one, 11)
    assert axis.band(axis.line(value)) == sum(at <= value for at, _ in bands) - 1
    assert axis.labels()[axis.line(bands[-1][0])].endswith(bands[-1][1])
    for steps in (2, 4):
        assert axis.step(value, steps) // steps == axis.line(value)
        assert axis.step(value, steps) <= axis.step(value + 1, steps)


def test_a_curve_has_parts_of_a_cell_and_no_gap() -> None:
    graph = FormGraph(START, START + 7 * DAY, (replace(series(0, 27), published=False),), ())
    braille = "".join(map(chr, range(0x2801, 0x2900)))
    for curve, signs in ((BLOCKS, "▘▝▖▗▚▞▙▟▛▜█▀▄▌▐"), (DOTS, braille), (CHARACTERS, "·")):
        lines = [re.split("[│┤]", line.plain)[1] for line in draw(graph, None, 78, curve=curve)[1:12]]
        columns = ["".join(column).strip() for column in zip(*lines, strict=True)]
        assert all(lines)
        assert all(columns)
        assert {*"".join(lines)} <= {" ", "●", *signs}


def test_a_part_of_the_time_holds_what_lies_in_it_on_an_axis_of_its_own() -> None:
    graph = FormGraph(
        START,
        START + 42 * DAY,
        (series(3, 9, 12, 15),),
        (TimeMark(START, "modul", "A"),),
        (replace(series(80), unit="%"),),
    )
    part = graph.between(START + 7 * DAY, START + 14 * DAY)
    assert [point.value for point in part.series[0].points] == [9, 12]
    drawn = text(part, 78)
    assert "9 mars" in drawn
    assert "2 mars" not in drawn
    assert "Moduler" not in drawn
    assert "80 %" in text(graph, 78)
    assert text(graph.between(START + 30 * DAY, START + 40 * DAY), 78).startswith("Inga poäng under den här tiden.")


def test_without_points_it_says_what_to_wait_for() -> None:
    for found in ((), (series(),)):
        assert text(FormGraph(START, START, found, ()), 60).startswith("Inga poäng att visa än.")


def test_nothing_of_a_terminals_comes_through() -> None:
    hostile = "\x1b]52;c;aGVq\x07[/x]" + "å" * 10_000
    found = Series("m", hostile, 27, ((0.0, hostile),), (Point(1, START, 3),))
    drawn = text(FormGraph(START, START + DAY, (found,), (TimeMark(START, "modul", hostile),)), 80)
    assert "\x1b" not in drawn
    assert "\x07" not in drawn
    assert "[/x]" in drawn


WORDS = st.text(st.characters(exclude_categories=["Cn", "Co"]), max_size=30)
NUMBER = st.floats(0, 100) | st.integers(0, 30)
SERIES = st.builds(
    Series,
    form=st.just("f"),
    title=WORDS,
    maximum=st.sampled_from([0.0, 1.0, 21.0, 27.0, 100.0]),
    bands=st.lists(st.tuples(st.floats(0, 100), WORDS), max_size=4).map(lambda found: tuple(sorted(found))),
    points=st.lists(st.tuples(st.integers(-10, 800), NUMBER), max_size=8).map(
        lambda found: tuple(Point(at, START + at * DAY, float(value)) for at, value in sorted(found))
    ),
)
MARK = st.builds(
    TimeMark,
    st.integers(START - DAY, START + 800 * DAY),
    st.sampled_from(["modul", "meddelande", "behandlare"]),
    WORDS,
)


@given(st.lists(SERIES, max_size=3), st.lists(MARK, max_size=5), st.integers(0, 700), st.integers(20, 200))
def test_any_graph_is_drawn_within_its_width(found: list[Series], marks: list[TimeMark], days: int, width: int) -> None:
    graph = FormGraph(START, START + days * DAY, tuple(found), tuple(marks))
    for line in draw(graph, 1, width):
        assert cell_len(line.plain) <= width
        assert line.plain.isprintable()
