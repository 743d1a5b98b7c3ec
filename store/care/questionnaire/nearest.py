"""What was probably meant by a name that nothing has."""

import difflib
from collections.abc import Sequence

_MOST_KNOWN = 500
"""Among more than so many names none is looked for: each name is compared with each."""
_LONGEST = 100


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the known name that is nearest, empty where none is near."""
    if len(known) > _MOST_KNOWN or len(name) > _LONGEST:
        return ""
    found = difflib.get_close_matches(name, [one for one in known if len(one) <= _LONGEST], n=1)
    return found[0] if found else ""
