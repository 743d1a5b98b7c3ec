"""Units, staff and residents."""
