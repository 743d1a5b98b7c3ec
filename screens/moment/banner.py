"""A line over the page's tab: what is wrong, or what others have done."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static


class Banner(Static):
    """A warning or a piece of news over the open tab."""

    DEFAULT_CSS = """
    Banner { height: auto; padding: 0 1; color: $text-warning; text-style: bold; }
    Banner.-trouble { color: $text-error; }
    """

    def __init__(self) -> None:
        """Stand empty."""
        super().__init__(id="banner", markup=False)


def say_under(page: Widget, above: Widget, said: str, *, is_trouble: bool) -> None:
    """Say something on a page under one of its widgets, or nothing more.

    The line is made when there is something to say for the first time.
    """
    banner = next(iter(page.query(Banner)), None)
    if banner is None:
        if not said:
            return
        banner = Banner()
        page.mount(banner, after=above)
    banner.update(Content(said and f"! {said}"))
    banner.display = bool(said)
    banner.set_class(is_trouble, "-trouble")
