"""How a form's answers become a figure, and what the figure means: data, with its source (domain.md §6)."""

from dataclasses import dataclass
from typing import Any

OWN_LEVEL = "egen nivå"
"""What stands before the name of a band that no published instrument has."""


def shown_level(band: str, *, published: bool) -> str:
    """Return a band as it is shown: `medelsvåra besvär` of an instrument, `egen nivå: mycket` of our own."""
    return band if published or not band else f"{OWN_LEVEL}: {band}"


@dataclass(frozen=True)
class Band:
    """From this value up to the next band's, the figure is called this."""

    at_least: float
    text: str


@dataclass(frozen=True)
class RiskItem:
    """A question whose answer is a risk from this weight on."""

    link_id: str
    at_least: float


@dataclass(frozen=True)
class Scale:
    """A score: a named list of items, never "all", with the maximum that it is checked against.

    `factor` is what the sum is multiplied by (WHO-5: 4); `maximum`, `bands` and `reliable_change` are in the figure's
    own units, after it. `reliable_change` is the smallest change that is told of, None for none; it is reliable
    (Jacobson–Truax) only where `change_source` names who has shown that. `source` says where bands and threshold come
    from.
    """

    title: str
    items: tuple[str, ...]
    """linkIds."""
    maximum: float
    bands: tuple[Band, ...] = ()
    reliable_change: float | None = None
    higher_is_worse: bool = True
    source: str = ""
    risks: tuple[RiskItem, ...] = ()
    factor: float = 1
    threshold: float | None = None
    """From this figure on (up to it, where higher is better) the source advises to look closer."""
    change_source: str = ""
    """The scale's own source for `reliable_change`; empty where nobody has tried the limit."""
    published: bool = False
    """Whether the bands are a published instrument's; our own don't look like those."""

    def level(self, band: str) -> str:
        """Return one of its bands as it is shown."""
        return shown_level(band, published=self.published)


def scale_of(data: dict[str, Any]) -> Scale:
    """The scale that `dataclasses.asdict` took apart, JSON between."""
    values = {
        **data,
        "items": tuple(data["items"]),
        "bands": tuple(Band(**band) for band in data["bands"]),
        "risks": tuple(RiskItem(**risk) for risk in data.get("risks", ())),
    }
    return Scale(**values)
