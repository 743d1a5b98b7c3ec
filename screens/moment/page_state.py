"""What a resident's page is painted from, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from store.care.time_spent import WeekTime, week_name
from store.foundation.read_transaction import ReadTransaction
from store.views.flags import FlagsPage, flags_page
from store.views.glance import Glance, open_glance, refresh_glance
from store.views.moment import MomentPage, open_moment, refresh_moment
from store.views.time import time_again


@dataclass(frozen=True)
class PageState:
    """The moment, its flags where one is open, and the weeks in which time was spent on it."""

    page: MomentPage
    flags: FlagsPage
    weeks: tuple[WeekTime, ...]
    week: WeekTime
    """This week."""
    glance: Glance | None = None
    """The resident at a glance; None where it is not shown, and was not read."""


def open_page(work: ReadTransaction, moment: int, *, with_glance: bool = False) -> PageState:
    """Read a moment's page, and the resident at a glance where that is wanted; opening both is logged."""
    page = open_moment(work, moment)
    return _state(work, moment, page, open_glance(work, moment) if with_glance else None)


def refresh_page(work: ReadTransaction, moment: int, *, with_glance: bool = False) -> PageState:
    """Read a moment's page again; of that only what was not opened before is logged."""
    page = refresh_moment(work, moment)
    return _state(work, moment, page, refresh_glance(work, moment) if with_glance else None)


def _state(work: ReadTransaction, moment: int, page: MomentPage, glance: Glance | None) -> PageState:
    weeks, name = time_again(work, moment), week_name(work.today)
    this = next((one for one in weeks if one.week == name), WeekTime(name, 0, 0))
    flags = flags_page(work, moment) if page.open_flags else FlagsPage((), "")
    return PageState(page, flags, weeks, this, glance)
