"""Roles as the command line is given them: by their words, with or without å ä ö."""

from sob_tui.options import plain
from store.foundation.access import Role
from store.foundation.errors import Refused
from store.foundation.text import shortened

ROLES = tuple(role.value for role in Role if role is not Role.PROVIDER_ADMIN)
"""The words of the roles that somebody can have on a unit."""


def known_role(word: str) -> Role | None:
    """Return the role by its word, with or without å ä ö."""
    return next((role for role in Role if plain(role.value) == plain(word.strip().lower())), None)


def role_of(word: str, *, field: str = "roll") -> Role:
    """Return the role by its word; raises `Refused` where there is none."""
    role = known_role(word)
    if role is None:
        raise Refused(f"Det finns ingen roll {shortened(word)}. Rollerna är {', '.join(ROLES)}.", field=field)
    return role
