"""Working days in Sweden: Monday to Friday, but red days and the eves that the agreements count with them."""

from datetime import date, timedelta
from functools import lru_cache


def is_working_day(day: date) -> bool:
    """Whether care units answer on the day."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the first working day from a day on."""
    while not is_working_day(day):
        day += timedelta(1)
    return day


def working_days_between(first: date, last: date) -> int:
    """Return how many working days follow the first day, up to and with the last; 0 where none does."""
    days = (first + timedelta(step) for step in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))


def day_before_working_days(day: date, number: int) -> date:
    """Return the latest day from which `day` is more than `number` working days away."""
    earlier = day
    while working_days_between(earlier, day) <= number:
        earlier -= timedelta(1)
    return earlier


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    """The red days, and midsummer's, Christmas and New Year's eve, which count as such."""
    import holidays  # a kept calendar, but slow to import

    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))
