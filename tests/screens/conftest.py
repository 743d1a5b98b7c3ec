"""What all tests of screens share."""

from tests.screens.painted import (
    painted_when_looked_at,
    previews_by_hand,
    styles_found_once,
    styles_read_once,
    styles_set_once,
)
from tests.screens.soon import again_soon, late_rather_than_never

__all__ = [
    "again_soon",
    "late_rather_than_never",
    "painted_when_looked_at",
    "previews_by_hand",
    "styles_found_once",
    "styles_read_once",
    "styles_set_once",
]
