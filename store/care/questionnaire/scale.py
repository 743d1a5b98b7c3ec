"""How a form's answers become a figure, and what the figure means: data, with its source (domain.md §6)."""

from dataclasses import dataclass
from typing import Any


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
    own units, after it. `reliable_change` is the smallest change that is reliable (Jacobson–Truax), None where no
    source gives one. `source` says where bands and threshold come from.
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


def scale_of(data: dict[str, Any]) -> Scale:
    """The scale that `dataclasses.asdict` took apart, JSON between."""
    values = {
        **data,
        "items": tuple(data["items"]),
        "bands": tuple(Band(**band) for band in data["bands"]),
        "risks": tuple(RiskItem(**risk) for risk in data.get("risks", ())),
    }
    return Scale(**values)
