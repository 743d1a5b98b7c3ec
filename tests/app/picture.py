"""`python -m tests.app.picture`: draw the README's picture, the queue of the practice environment, by Textual's export.

It is the same as one of the pictures that `test_pictures` compares; `test_picture_file` sees to that.
"""

import asyncio
import html
import re
import tempfile
from pathlib import Path

from store.care.day_run import run_day
from store.practice import make_practice
from tests.app.driver import NOW, OV01, Driver, running
from tests.app.test_pictures import SIZE, bare
from tests.documents import ROOT

FILE = ROOT / "docs/att-gora.svg"


async def drawn() -> str:
    """Return the picture, of a practice store made for it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ovning.sqlite")
        store = make_practice(path, clock=lambda: NOW)
        run_day(store)
        store.close()
        async with running(path, OV01, size=SIZE) as driver:
            await _shown(driver, "Andersson, Lena", "Att göra 12")
            await driver.press("1")
            return await _shown(driver, "▲ prioriterad", "väntat")


async def _shown(driver: Driver, *words: str) -> str:
    """Return the picture in which the words stand, once they do."""
    for _ in range(1_000):
        picture = bare(await driver.picture())
        text = html.unescape(re.sub(r"<[^>]+>", "", picture)).replace("\xa0", " ")
        if all(word in text for word in words):
            return picture
    raise TimeoutError(f"{words} did not show")


if __name__ == "__main__":
    FILE.write_text(asyncio.run(drawn()), "utf-8")
