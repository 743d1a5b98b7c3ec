"""What a resident's page is painted from, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from store.care.time_spent import WeekTime, week_name
from store.foundation.read_transaction import ReadTransaction
from store.views.flags import FlagsPage, flags_page
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


def open_page(work: ReadTransaction, moment: int) -> PageState:
    """Read a moment's page; opening it is logged."""
    return _state(work, moment, open_moment(work, moment))


def refresh_page(work: ReadTransaction, moment: int) -> PageState:
    """Read a moment's page again; that is not logged."""
    return _state(work, moment, refresh_moment(work, moment))


def _state(work: ReadTransaction, moment: int, page: MomentPage) -> PageState:
    weeks, name = time_again(work, moment), week_name(work.today)
    this = next((one for one in weeks if one.week == name), WeekTime(name, 0, 0))
    flags = flags_page(work, moment) if page.open_flags else FlagsPage((), "")
    return PageState(page, flags, weeks, this)
