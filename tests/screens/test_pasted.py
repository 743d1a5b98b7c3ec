"""What is pasted comes as text of lines, whatever the terminal sends for it."""

import pytest
from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from screens.dialogs.controls import TextArea
from screens.pasted import END, START, PasteFilter, pasted_text
from screens.safe_app import SafeApp
from screens.type_ahead import BURST_KEYS, TypeAhead
from tests import waits

TWO = "rad ett\nrad två"


@pytest.mark.parametrize(
    "line_break",
    [
        *("\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"),
        *("\x1b[106;5u", "\x1b[13;1u", "\x1b[13u", "\x1b[13;2u", "\x1b[109;5u", "\x1b[10;5u", "\x1b[27;5;106~"),
        "\x1b[109;5u\x1b[106;5u",
        "\x1b[13;1:1u",
    ],
)
def test_every_line_break_is_one(line_break: str) -> None:
    assert pasted_text(f"rad ett{line_break}rad två") == TWO
    assert pasted_text(f"rad ett{line_break}{line_break}rad två") == "rad ett\n\nrad två"


def test_nothing_else_that_is_pasted_is_a_key() -> None:
    assert pasted_text("a\x1b[20~\x1b[A\x00\x08b\x1b[105;5uc") == "ab c"
    assert pasted_text("[106;5u är text") == "[106;5u är text"


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_a_paste_in_pieces_is_the_same_and_keys_around_it_are_left_alone(size: int) -> None:
    sent = f"\x1b[A\x1b{START}ett\x1b[106;5utvå\x1b[20~{END}\x1b[106;5u{START}{END}x\x1b"
    filter_ = PasteFilter()
    got = "".join(filter_.feed(piece) for piece in pieces(sent, size))
    assert got == f"\x1b[A\x1b{START}ett\ntvå{END}\x1b[106;5u{START}{END}x\x1b"


def test_what_is_no_paste_is_never_held_back() -> None:
    filter_ = PasteFilter()
    for sent in ("\x1b", "[", "2", "0", "0", "x", "\x1b[20"):
        assert filter_.feed(sent) == sent


class Host(TypeAhead, SafeApp[None]):
    """A field of several lines, and two of one."""

    changes = 0

    def compose(self) -> ComposeResult:
        yield TextArea(id="text")
        yield Input(id="line")
        yield Input(id="short", max_length=10)

    def on_text_area_changed(self) -> None:
        self.changes += 1

    @property
    def text(self) -> str:
        return self.query_one("#text", TextArea).text

    def send(self, text: str) -> None:
        """Send keys as the driver makes them of a burst."""
        names = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}
        for character in text:
            self.post_message(events.Key(names.get(character, character), character).set_sender(self))


@pytest.mark.parametrize("line_break", ["\r", "\n", "\r\n", "\x1b[106;5u", "\u2028"])
async def test_a_paste_keeps_its_lines_in_a_text_field(line_break: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.query_one("#text").focus()
        app.post_message(events.Paste(f"rad ett{line_break}rad två").set_sender(app))
        await waits.until(pilot, lambda: app.text == TWO, lambda: repr(app.text))


@pytest.mark.parametrize("line_break", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("lines", [1, 3, BURST_KEYS, 500])
async def test_a_burst_of_keys_keeps_its_lines_in_a_text_field(line_break: str, lines: int) -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.query_one("#text").focus()
        await pilot.pause()
        app.send(f"rad{line_break}" * lines + "slut")
        await waits.until(pilot, lambda: app.text.endswith("slut"), lambda: repr(app.text))
        assert app.text == "rad\n" * lines + "slut"


async def test_a_burst_stops_at_a_key_that_leads_on() -> None:
    app = Host()
    async with app.run_test() as pilot:
        app.query_one("#text").focus()
        await pilot.pause()
        app.send("x" * 100 + "\t" + "y" * 100 + "\t" + "1234567890" * 3)
        short = app.query_one("#short", Input)
        await waits.until(pilot, lambda: len(short.value) == 10, lambda: repr(short.value))
        assert (app.text, app.query_one("#line", Input).value, short.value) == ("x" * 100, "y" * 100, "1234567890")


async def test_a_long_burst_is_a_few_changes() -> None:
    """One at a time, 10,000 keys took over 5 s."""
    app = Host()
    async with app.run_test() as pilot:
        app.query_one("#text").focus()
        await pilot.pause()
        app.send("x" * 5000)
        await waits.until(pilot, lambda: len(app.text) == 5000, lambda: str(len(app.text)))
        await pilot.pause()
        assert 0 < app.changes < 500
