"""Contrast by WCAG 2: 4.5:1 for text, 3:1 for marks and frames; 7:1 for text in the high contrast theme."""

from collections.abc import Awaitable, Callable

import pytest
from rich.color import Color as RichColor
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import Theme

from screens.safe_app import SafeApp
from screens.themes import CONTRAST, DARK, LABELS, THEMES
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen, PageScreen

GROUNDS = ("background", "surface", "panel")
TEXTS = (
    *("foreground", "text", "text-muted", "dim", "key", "risk", "wait", "done"),
    *("text-primary", "text-accent", "text-error", "text-warning", "text-success", "link-color"),
)
PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *(("button-color-foreground", name) for name in ("primary", "success", "warning", "error")),
    *(("button-color-foreground", f"{name}-darken-2") for name in ("primary", "success", "warning", "error")),
    ("row-cursor-text", "row-cursor"),
    ("row-cursor-text", "primary-muted"),
    ("practice-text", "practice"),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("input-selection-foreground", "input-selection-background"),
    ("screen-selection-foreground", "screen-selection-background"),
    ("footer-key-foreground", "footer-background"),
    ("link-color-hover", "link-background-hover"),
]
MARKS = [
    *((mark, "background") for mark in ("rule", "border", "border-blurred", "scrollbar", "practice", "text-disabled")),
    *((mark, "surface") for mark in ("border", "border-blurred", "foreground-disabled")),
]
FRAME_CHARACTERS = frozenset(" ▌▐▊▎▔▁▄▅▆▇▂▃─│╭╮╰╯┃╸╺")


def luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ratio(one: Color, other: Color) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def variables(theme: Theme) -> dict[str, Color]:
    app: SafeApp[None] = SafeApp(theme=theme.name)
    return {
        name: Color.parse(value)
        for name, value in app.get_css_variables().items()
        if value.startswith("#") and len(value) == 7
    }


def test_the_ratio_is_wcags() -> None:
    assert ratio(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert ratio(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_can_be_read(theme: Theme) -> None:
    colours, least = variables(theme), 7.0 if theme is CONTRAST else 4.5
    weak = {pair: found for pair in PAIRS if (found := ratio(colours[pair[0]], colours[pair[1]])) < least}
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_marks_and_frames_can_be_seen(theme: Theme) -> None:
    colours = variables(theme)
    weak = {pair: found for pair in MARKS if (found := ratio(colours[pair[0]], colours[pair[1]])) < 3}
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_risk_waiting_done_and_focus_are_told_apart(theme: Theme) -> None:
    colours = variables(theme)
    assert len({colours[name].hex for name in ("risk", "wait", "done", "key", "practice", "dim")}) == 6


async def nothing(pilot: Pilot[None]) -> None: ...


async def move_through(pilot: Pilot[None]) -> None:
    await pilot.press("tab", "tab")


async def open_help(pilot: Pilot[None]) -> None:
    await pilot.press("f1")


async def open_palette(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+p")
    await pilot.app.workers.wait_for_complete()


async def hover_over_a_button(pilot: Pilot[None]) -> None:
    await pilot.hover("Button.-error")


async def notify(pilot: Pilot[None]) -> None:
    pilot.app.notify("Moment startat", severity="error", title="Hej")


WAYS = [nothing, move_through, open_help, open_palette, hover_over_a_button, notify]


def weak_pairs(app: SafeApp[None], least: float) -> set[tuple[str, str, str]]:
    """Words and frames on screen whose colours are too near each other."""
    weak = set()
    for segment in painted.segments(app):
        style, words = segment.style, segment.text.strip()
        if not words or style is None or style.color is None or style.bgcolor is None:
            continue
        one, other = (Color.from_rich_color(each) for each in (style.color, style.bgcolor))
        if not FRAME_CHARACTERS.issuperset(words) and ratio(one, other) < least:
            weak.add((words, one.hex, other.hex))
    return weak


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_word_painted_can_be_read(theme: Theme, way: Callable[[Pilot[None]], Awaitable[None]]) -> None:
    app = Frame(theme=theme.name)
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await pilot.pause()
        await way(pilot)
        await pilot.pause()
        covered = app.screen if app.screen.is_modal else None
        if covered is not None:  # what lies dimmed beneath is not meant to be read
            app.screen.styles.background = Color.parse(app.theme_variables["background"])
            await pilot.pause()
        assert weak_pairs(app, 4.5) == set()


async def test_only_our_themes_are_offered_and_the_first_frame_has_them() -> None:
    app = Frame()
    assert set(app.available_themes) == set(LABELS) == {theme.name for theme in THEMES}
    async with app.run_test():
        assert app.theme == DARK.name
        assert app.screen.styles.background == Color.parse(app.theme_variables["background"])
        assert app.screen.styles.background != Color.parse("#121212"), "Textual's own ground"


async def test_another_theme_can_be_had_from_the_start() -> None:
    async with Frame(theme=CONTRAST.name).run_test() as pilot:
        assert pilot.app.screen.styles.background.hex == "#000000"
        assert pilot.app.screen.styles.color.hex == "#FFFFFF"


async def test_an_unknown_theme_in_the_settings_is_passed_over() -> None:
    async with Frame(theme="textual-dark").run_test() as pilot:
        assert pilot.app.theme == DARK.name


async def test_the_theme_changes_while_it_runs() -> None:
    app = Frame(PageScreen)
    async with app.run_test() as pilot:
        app.theme = CONTRAST.name
        await pilot.pause()
        assert app.screen.styles.background.hex == "#000000"


async def test_no_color_paints_without_any_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Frame(ListScreen)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        colours = {style.color for segment in painted.segments(app) if (style := segment.style) is not None}
        grounds = {style.bgcolor for segment in painted.segments(app) if (style := segment.style) is not None}
        assert colours | grounds <= {None, RichColor.default()}
        assert "▌ÖVNINGSMILJÖ▐" in painted.text(app)
        assert "[2 Mina 14]" in painted.text(app)
