"""What all tests of screens share."""

from tests.screens.painted import (
    painted_when_looked_at,
    previews_by_hand,
    styles_found_once,
    styles_read_once,
    styles_set_once,
)

__all__ = ["painted_when_looked_at", "previews_by_hand", "styles_found_once", "styles_read_once", "styles_set_once"]
