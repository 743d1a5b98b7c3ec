"""Texts that try to be more than text."""

import pytest

MARKUP = "[/x] [b]fet[/b] [@click=app.quit]klick[/] [link=http://x]y[/link] $name"
ESCAPES = "Åsa\x1b]52;c;c3Rvcg==\x07\x1b[31m\x1b[2J\x9b5n\x90q\x9c\r\n\x08\x7f"
BIDI = "abc\u202egnp\u202c\u2066x\u2069\u200f\u061c\u2028\u2029\ufeff\u200b\xad\U000e0041"
LONG = "Å" * 10_000
WIDE = "漢字 👩‍👩‍👧 e\u0301"

TEXTS = {"markup": MARKUP, "escapes": ESCAPES, "bidi": BIDI, "long": LONG, "wide": WIDE}

every = pytest.mark.parametrize("hostile", TEXTS.values(), ids=TEXTS)
"""For a part, which shows a text in one way."""

together = pytest.mark.parametrize("hostile", [MARKUP + WIDE + BIDI + ESCAPES, LONG], ids=["together", "long"])
"""For a whole page: the parts have been tried with each of them."""


def is_clean(text: str) -> bool:
    """Whether nothing is left in a painted text that a terminal would obey."""
    return text.translate({ord(sign): None for sign in "\u200c\u200d"}).isprintable()
