"""A QR code as text: two rows of modules to a line, of half blocks."""

_QUIET = 2
"""Modules of quiet zone around it: the standard's four would not fit a terminal of 24 lines."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(text: str) -> list[str]:
    """Return the lines of a QR code, in which what is filled is light: to be painted white on black."""
    import segno  # who enrols alone needs it

    code = segno.make(text, error="l", boost_error=False, micro=False)
    rows = [[not dark for dark in row] for row in code.matrix_iter(border=_QUIET)]
    if len(rows) % 2:
        rows.append([True] * len(rows[0]))
    return [
        "".join(_BLOCKS[above, below] for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
