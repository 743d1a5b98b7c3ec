"""What is pasted, as text of lines, whatever the terminal makes of its line breaks."""

import re

START, END = "\x1b[200~", "\x1b[201~"
"""What a terminal sets around what is pasted."""

# tmux tells of control characters inside a paste by the keys that would type them: `CSI 106;5u` is ctrl+j, as kitty
# says it, `CSI 27;5;106~` the same as xterm does.
_KEY = "\x1b\\[(?:([0-9]+)(?::[0-9]*)*(?:;[0-9:]*)*u|27;[0-9]+;([0-9]+)~)"
_TYPED = {9: "\t", 10: "\n", 13: "\r", 105: "\t", 106: "\n", 109: "\r"}
"""What the keys Tab, Enter and ctrl with i, j and m type, by their code points."""


def pasted_text(text: str) -> str:
    """Return what was pasted without escape sequences and control characters, each line break as a newline."""
    from store.foundation.text import clean  # nothing is pasted before the first frame

    return clean(re.sub(_KEY, lambda key: _TYPED.get(int(key[1] or key[2]), ""), text), multiline=True)


class PasteFilter:
    """Cleans what is pasted before a parser looks for keys in it: an escape sequence there is nobody's key.

    It is given what a terminal sends as it comes, in pieces, and may hold back a paste until its end is there.
    """

    def __init__(self) -> None:
        self._passed = ""
        """The end of what was passed on, where a paste's beginning may have begun."""
        self._pasted: str | None = None
        """What has come of a paste so far; None outside one."""

    def feed(self, data: str) -> str:
        """Return what may be read now."""
        ready = ""
        while data:
            data, more = self._inside(data) if self._pasted is not None else self._outside(data)
            ready += more
        return ready

    def _outside(self, data: str) -> tuple[str, str]:
        """Return what is left to look at, and what may be read."""
        seen = self._passed + data
        at = seen.find(START)
        if at < 0:
            self._passed = seen[1 - len(START) :]
            return "", data
        self._passed, self._pasted = "", ""
        end = at + len(START) - (len(seen) - len(data))
        return data[end:], data[:end]

    def _inside(self, data: str) -> tuple[str, str]:
        seen = (self._pasted or "") + data
        at = seen.find(END, max(0, len(seen) - len(data) - len(END)))
        if at < 0:
            self._pasted = seen
            return "", ""
        self._pasted = None
        return seen[at + len(END) :], pasted_text(seen[:at]) + END
