"""A säkerhetsplan as the page draws it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from screens.widgets.painted import TONES
from screens.widgets.wrapped_list import fold
from store.care.safety_plan_text import NOTHING_WRITTEN, PARTS, URGENT, SafetyTexts
from store.care.safety_plans import Beside, SafetyVersion
from store.views.safety_plan import SafetyPage, said_of

NO_PLAN = "Ingen säkerhetsplan är skriven än."
WHY_BESIDE = {
    Beside.CONCURRENT: "En ändring krockade med planen och är inte med i den. Skrevs av",
    Beside.HANDED_OVER: "Den här planen kom med vid en överlämning och är inte med i planen. Skrevs av",
}


def draw_plan(page: SafetyPage, shown: SafetyVersion | None, width: int) -> list[Content]:
    """Return the lines of a version with the crisis numbers under it, and of the newest with what stands beside it."""
    return list(_lines(page, shown, width))


def _lines(page: SafetyPage, shown: SafetyVersion | None, width: int) -> Iterator[Content]:
    if shown is None:
        yield from _wrapped(NO_PLAN, width, "muted")
    else:
        is_older = shown is not page.newest
        words = f"Version {shown.version}, {said_of(shown)}" + (". Det finns en nyare." if is_older else "")
        yield from _wrapped(words, width, "waiting" if is_older else "muted")
    yield from _parts(shown.texts if shown else SafetyTexts(), width)
    yield Content("")
    yield Content.styled(URGENT, "bold")
    for line in page.numbers:
        yield from _wrapped(line, width)
    yield from _wrapped(page.numbers_note, width, "muted" if page.numbers_confirmed else "waiting")
    if shown is page.newest:
        for one in page.beside:
            yield Content("")
            yield from _wrapped(f"! {WHY_BESIDE[Beside(one.beside)]} {one.saved_by}.", width, "waiting")
            yield from _parts(one.texts, width, only_written=True)


def _parts(texts: SafetyTexts, width: int, *, only_written: bool = False) -> Iterator[Content]:
    for part in PARTS:
        if texts[part] or not only_written:
            yield Content("")
            yield Content.styled(part.heading, "bold")
            yield from _wrapped(texts[part] or NOTHING_WRITTEN, width, "" if texts[part] else "muted")


def _wrapped(text: str, width: int, tone: str = "") -> Iterator[Content]:
    for paragraph in text.split("\n"):
        yield from (Content.styled(line, TONES[tone]) for line in fold(paragraph, max(1, width)))  # type: ignore[index]
