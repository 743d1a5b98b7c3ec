"""A text of several lines breaks its lines for the width it has, however it came to have it."""

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.dialogs.controls import TextArea
from screens.safe_app import SafeApp
from tests.screens.painted import text

WORDS = "Ring invånaren samma dag och fråga om självmordstankar."


class Form(SafeApp[None]):
    def compose(self) -> ComposeResult:
        with Vertical(id="form"):
            yield TextArea(id="words")

    def on_mount(self) -> None:
        self.query_one("#form").display = False


async def test_a_text_loaded_while_hidden_is_shown_whole() -> None:
    app = Form()
    async with app.run_test(size=(40, 10)) as pilot:
        writing = app.query_one(TextArea)
        writing.load_text(WORDS)
        await pilot.pause()
        app.query_one("#form").display = True
        app.screen._compositor._full_map_invalidated = True
        assert writing.region.width == 40  # asked for before the layout is made
        await pilot.pause()
        text(app)  # painted once, it asks for its lines to be broken
        await pilot.pause()
        assert " ".join(text(app).replace("▌", " ").split()) == WORDS
