"""A säkerhetsplan's five parts, and the plan as text: as it is printed, and read again from text or TOML."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from store.foundation.errors import Refused
from store.foundation.text import clean, fold

PART_LIMIT = 4_000
"""Characters in a part."""
TITLE = "SÄKERHETSPLAN"


class Part(NamedTuple):
    """A part of the plan."""

    name: str
    """The column, and the field of `SafetyTexts`."""
    key: str
    """In TOML and JSON, and the field of refusals."""
    heading: str
    about: str
    """What is written there."""


PARTS = (
    Part("warning_signs", "varningstecken", "VARNINGSTECKEN", "Hur det märks att en kris är på väg."),
    Part("what_helps", "hjalper", "DET SOM HJÄLPER", "Vad invånaren själv kan göra för att det ska gå över."),
    Part("whom_to_call", "ringa", "VEM JAG KAN RINGA", "Personer som kan hjälpa, med telefonnummer."),
    Part("care_numbers", "varden", "VÅRDENS NUMMER", "Mottagningen, och dit man ringer när den är stängd."),
    Part("safe_means", "trygg", "EN SÄKRARE MILJÖ", "Hur läkemedel, vapen och annat farligt är undanlagt."),
)
"""In the order in which they are shown (Stanley and Brown's Safety Planning Intervention, in our words)."""


@dataclass(frozen=True)
class SafetyTexts:
    """What stands in a plan, part by part; empty where nothing is written."""

    warning_signs: str = ""
    what_helps: str = ""
    whom_to_call: str = ""
    care_numbers: str = ""
    safe_means: str = ""

    def __getitem__(self, part: Part) -> str:
        """Return what stands in a part."""
        return str(getattr(self, part.name))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written."""
        return not any(self[part].strip() for part in PARTS)


@dataclass(frozen=True)
class Handed:
    """A plan as it was handed in: parts that are None stay as they are; `version` is the one it was written on."""

    parts: Mapping[str, str]
    """By the part's name."""
    version: int | None = None

    def on(self, before: SafetyTexts) -> SafetyTexts:
        """Return the whole plan, where this changes another."""
        return replace(before, **self.parts)


def checked_texts(texts: SafetyTexts) -> SafetyTexts:
    """Return the plan as it is kept: cleaned, without empty lines around its parts.

    Raises:
        Refused: a part is too long.
    """
    return SafetyTexts(
        **{
            part.name: clean(texts[part], multiline=True, limit=PART_LIMIT, field=part.key).strip("\n ")
            for part in PARTS
        }
    )


def plan_text(texts: SafetyTexts, version: int, saved: str, urgent: Sequence[str] = ()) -> str:
    """Return the plan as it is printed, and as `read_plan` reads it.

    Args:
        texts: what stands in it.
        version: which version it is; 0 where there is none.
        saved: when and by whom, in words.
        urgent: the crisis numbers and what is said of them, a line each; they are no part of the plan.
    """
    under = ["", URGENT, *urgent] if urgent else []
    return "\n".join([TITLE, f"Version {version}{f', {saved}' if saved else ''}", *_parts(texts), *under])


def _parts(texts: SafetyTexts) -> Iterator[str]:
    for part in PARTS:
        yield ""
        yield part.heading
        yield texts[part] or NOTHING_WRITTEN


NOTHING_WRITTEN = "(inget skrivet)"
URGENT = "OM DET ÄR AKUT"
"""What the crisis numbers stand under. What stands there is read by nobody."""


def read_plan(text: str) -> Handed:
    """Read a plan from TOML or from text with its headings.

    TOML changes the parts that it names; text with headings too. `version` says on which version it was written.

    Raises:
        Refused: it can't be understood, or names no part.
    """
    handed = _from_toml(text) if _looks_like_toml(text) else _from_text(text)
    if not handed.parts:
        raise Refused(f"Texten har ingen av planens rubriker. De är: {_HEADINGS}.", field="plan")
    return handed


_HEADINGS = ", ".join(part.heading for part in PARTS)
_KEYS = ", ".join(part.key for part in PARTS)
_BY_KEY = {part.key: part for part in PARTS} | {part.name: part for part in PARTS}
_BY_HEADING = {fold(part.heading): part for part in PARTS}


def _looks_like_toml(text: str) -> bool:
    """Whether the first line that says something gives a key its value."""
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    name, equals, _ = first.partition("=")
    return bool(equals) and (name.strip().strip("\"'") in (*_BY_KEY, "version") or name.strip().isidentifier())


def _from_toml(text: str) -> Handed:
    try:
        found = tomllib.loads(text.lstrip("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"Planen går inte att läsa som TOML: {error}.", field="plan") from None
    version = found.pop("version", None)
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or version < 0):
        raise Refused("version är ett heltal, som sob sakerhetsplan visa skriver det.", field="plan")
    return Handed(dict(_toml_parts(found)), version)


def _toml_parts(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in found.items():
        if key not in _BY_KEY:
            raise Refused(f"Planen har ingen del som heter {key}. Delarna är: {_KEYS}.", field="plan")
        lines = value if isinstance(value, list) else [value]
        if not all(isinstance(line, str) for line in lines):
            raise Refused(f"{key} ska vara en text, eller en lista med texter.", field="plan")
        yield _BY_KEY[key].name, "\n".join(lines)


def _from_text(text: str) -> Handed:
    """Read what stands under each heading; a heading is a line of its own, with or without a colon, # or capitals."""
    parts: dict[str, list[str]] = {}
    version: int | None = None
    lines: list[str] | None = None
    for line in text.lstrip("\ufeff").splitlines():
        heading = fold(line.strip().strip("#:* "))
        if part := _BY_HEADING.get(heading):
            if part.name in parts:
                raise Refused(f"Rubriken {part.heading} står två gånger.", field="plan")
            lines = parts[part.name] = []
        elif heading == fold(URGENT):
            lines = []
        elif lines is not None:
            lines.append(line)
        elif heading.startswith("version ") and (number := heading.split()[1].strip(",.")).isdecimal():
            version = int(number[:9])
        elif heading and heading != fold(TITLE):
            raise Refused(
                f"Texten börjar inte med en av planens rubriker. De är: {_HEADINGS}. Skriv dem på egna rader.",
                field="plan",
            )
    return Handed({name: _written("\n".join(under)) for name, under in parts.items()}, version)


def _written(text: str) -> str:
    """Return what was written under a heading; what is printed where there is nothing is nothing."""
    return "" if text.strip() == NOTHING_WRITTEN else text.strip("\n")
