r"""Text from outside: cleaned where it enters the store, folded where it is sorted and searched.

The cleaning is the first of two fences against escape sequences (ARCHITECTURE.md §Fences). Markup such as `[/x]` or
`<b>` is left as it is: showing it literally is the screen's business. The folding is here because neither database
knows Swedish order or that Å is å (ARCHITECTURE.md §Databases); what is stored and what is searched for are folded by
the same function.
"""

import re
import unicodedata
from functools import lru_cache

from store.foundation.errors import Refused

MOST_NAME_CHARACTERS = 100

# The patterns are compiled when they are first used: nearly every text is plain, and a start would wait for them.

_LINE_BREAKS = "\r\n|[\r\x0b\x0c\x85\u2028\u2029]"

# A control string (OSC, DCS, SOS, PM, APC) ends with BEL or ST. One without an end takes the rest of its line and no
# more, so that a stray ESC never swallows a whole message. The next one's beginning ends it too: else each of many
# without an end would look through all the rest.
_SEQUENCES = (
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])"
    r"(?:[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|[^\x07\x1b\x9c\n]*)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)

_UNWANTED = (
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # direction, and invisible operators
    "\xad\u034f\u200b\ufeff"  # zero width
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # letters and marks that show as nothing
    "\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # annotation and other format characters
    "\U000e0000-\U000e0fff"  # tags, and the variation selectors that hide text behind an emoji
    "\ud800-\udfff"  # half a surrogate pair can be written neither as UTF-8 nor to a database
    "]"
)

# Joiners hold emoji together and are part of Persian and Indic spelling; between other letters they only hide.
_JOINED_SCRIPTS = "[^\x00-\u05ff\u2000-\u218f]"
_STRAY_JOINERS = f"[\u200c\u200d](?!{_JOINED_SCRIPTS})|(?<!{_JOINED_SCRIPTS})[\u200c\u200d]"

_NAME_LABELS = {"efternamn": "Efternamnet", "fornamn": "Förnamnet"}

# Putting many marks on one letter in order takes the square of their number; no writing has so many.
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f]"
)
_HEAPED_MARKS = f"({_MARK}{{30}}){_MARK}+"

# Letters that Unicode does not take apart by itself.
_LOOKALIKES = str.maketrans(
    {"æ": "ä", "ø": "ö", "œ": "oe", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"}
)
_SWEDISH = {"a\u030a": "å", "a\u0308": "ä", "o\u0308": "ö"}
_SWEDISH_PAIRS = "|".join(_SWEDISH)
_MARKS = "[\u0300-\u036f]"

# After z in bytes, in the alphabet's order; a folded word has none of these itself.
_LAST_LETTERS = str.maketrans("åäö", "{|}")
_PLAIN_LETTERS = str.maketrans("åäö", "aao")

_APOSTROPHES = "['’‘ʼ`´]"
_WORDS = r"[^\W_]+"
_NUMBER = "[0-9][0-9+-]*"


# Hyphens of all kinds, dashes, minus: what word processors and web pages have for the one of a keyboard.
DASHES = "\xad\u02d7\u058a\u2010-\u2015\u2027\u2043\u207b\u208b\u2212\u2796\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d"
_DASH = f"[{DASHES}]"
_PLUSES = "[\u02d6\u207a\u208a\u2795\ufb29\ufe62\uff0b]"


NOT_UTF8 = "Filen är inte UTF-8. Spara om den i textredigeraren med kodningen UTF-8."


def utf8(content: bytes) -> str:
    """Return a file's text; a byte order mark is left out.

    Raises:
        UnicodeDecodeError: it is not UTF-8. UTF-16 of plain letters would pass for it, but for its zeros.
    """
    if (zero := content.find(b"\0")) >= 0:
        raise UnicodeDecodeError("utf-8", content, zero, zero + 1, "a zero byte stands in no text")
    return content.decode("utf-8-sig")


def plain_dashes(text: str) -> str:
    """Return the text with all that looks like a hyphen or a plus as that: the separator of numbers, ids and days."""
    return text if text.isascii() else re.sub(_PLUSES, "+", re.sub(_DASH, "-", text))


def clean(text: str, *, multiline: bool, limit: int | None = None, field: str | None = None) -> str:
    """Return the text in NFC without escape sequences, control, direction and invisible characters.

    Every kind of line break becomes a newline, or a space where `multiline` is false; a tab becomes a space. Cleaning
    twice changes nothing.

    Raises:
        Refused: over `limit` characters, counted after the cleaning.
    """
    if not _is_plain(text):
        text = _cleaned(text, multiline=multiline)
    if limit is not None and len(text) > limit:
        raise Refused(f"Texten är för lång: högst {limit} tecken, nu {len(text)}.", field=field)
    return text


def _is_plain(text: str) -> bool:
    """Whether it is one line of Latin letters and the like, in which nothing can hide: most of what is ever cleaned."""
    return text.isprintable() and max(text, default="") < "\u0250"


def _cleaned(text: str, *, multiline: bool) -> str:
    text = re.sub(_LINE_BREAKS, "\n", text)
    text = re.sub(_UNWANTED, "", re.sub(_SEQUENCES, "", text)).replace("\t", " ")
    text = re.sub(_STRAY_JOINERS, "", unicodedata.normalize("NFC", re.sub(_HEAPED_MARKS, r"\1", text)))
    # A joiner that went may have held a letter and its accent apart.
    text = unicodedata.normalize("NFC", re.sub(_HEAPED_MARKS, r"\1", text))
    return text if multiline else text.replace("\n", " ")


def shortened(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line, for a sentence that names it."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 2].rstrip()} …"


def became(value: object) -> str:
    """Return what has become of a setting, for a sentence that warns of another's change."""
    return f"ändrats till ”{shortened(str(value))}”" if value != "" else "tagits bort"


def clean_name(text: str, field: str) -> str:
    """Return one part of a person's name on one line, runs of space made one.

    Raises:
        Refused: empty, without a letter, or over 100 characters.
    """
    name = " ".join(clean(text, multiline=False).split())
    label = _NAME_LABELS.get(field, "Namnet")
    if not name:
        raise Refused(f"{label} saknas.", field=field)
    if not any(character.isalpha() for character in name):
        raise Refused(f"{label} måste innehålla minst en bokstav.", field=field)
    if len(name) > MOST_NAME_CHARACTERS:
        raise Refused(f"{label} är för långt: högst {MOST_NAME_CHARACTERS} tecken, nu {len(name)}.", field=field)
    return name


def fold(text: str) -> str:
    """Return the text in lower case without accents; å ä ö stay letters of their own, æ and ø count as ä and ö.

    Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold()).translate(_LOOKALIKES)
    text = unicodedata.normalize("NFD", text)
    text = re.sub(_SWEDISH_PAIRS, lambda pair: _SWEDISH[pair[0]], text)
    return unicodedata.normalize("NFC", re.sub(_MARKS, "", text))


def sort_name(family: str, given: str) -> str:
    """Return what a name is sorted by: plain byte order (PostgreSQL's C, SQLite's BINARY) then is Swedish order.

    a–z, then å ä ö. Word by word, hyphen as space, apostrophes not counted: *Berg, Åsa* comes before *Berg Lund, Anna*,
    since the two spaces between family and given name sort before one space and a letter.
    """
    return "  ".join(" ".join(_words(part)) for part in (family, given)).translate(_LAST_LETTERS)


def without_rings(folded: str) -> str:
    """Return a folded text with å and ä as a, ö as o, letter for letter: as one types it whose keyboard lacks them."""
    return folded.translate(_PLAIN_LETTERS)


def search_parts(family: str, given: str) -> tuple[str, ...]:
    """Return what a search word may be a prefix of (domain.md §5): every part of a name, folded, each once.

    A part with å ä ö is there without its rings and dots, too: *asa* finds *Åsa*, while *åsa* never finds *Asa*.
    """
    parts = _words(family) + _words(given)
    return tuple(dict.fromkeys((*parts, *map(without_rings, parts))))


def search_words(query: str) -> tuple[str, ...]:
    """Return the words of a search: names folded and split as `search_parts` does, numbers as digits alone.

    *Öberg, Anna-Lena 19800102-23* gives `("öberg", "anna", "lena", "1980010223")`.
    """
    words: list[str] = []
    for word in plain_dashes(query).split():
        if re.fullmatch(_NUMBER, word):
            words.append(word.replace("-", "").replace("+", ""))
        else:
            words.extend(_words(word))
    return tuple(words)


@lru_cache(maxsize=4096)  # names are sorted and searched by the same words, and most of them are common
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(_WORDS, re.sub(_APOSTROPHES, "", fold(text))))
