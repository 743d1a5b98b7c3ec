"""A day that must not have been: the rule of whatever begins or ends on a day to come."""

from datetime import date

from store.foundation.errors import Refused


def check_coming_day(day: date, today: date, *, field: str) -> None:
    """Raise `Refused` at a field for a day that has passed; today will do."""
    if day < today:
        raise Refused("Dagen har redan varit. Ange i dag eller en senare dag.", field=field)
