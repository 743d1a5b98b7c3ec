"""Known instruments: how they are scored, by LOINC code, without their wording (domain.md §6)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from store.care.questionnaire.scale import Scale, scale_of
from store.care.questionnaire.scoring import check_scale
from store.care.questionnaire.shape import Questionnaire
from store.data import data_folder


@dataclass(frozen=True)
class Instrument:
    """An instrument. `codes` are the scored items' LOINC codes in order, empty where none has been verified."""

    id: str
    codes: tuple[str, ...]
    scale: Scale
    """As it is scored; items and risks are numbers, `1` for the first."""


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return all that are known."""
    text = (data_folder() / "instruments.toml").read_text("utf-8")
    return tuple(_instrument(**entry) for entry in tomllib.loads(text)["instrument"])


def recognised(form: Questionnaire) -> tuple[Instrument, ...]:
    """Return the instruments of whose items more than half stand in the form, told by their codes."""
    own = {code for item in form.items for _, code in item.codes}
    return tuple(one for one in instruments() if sum(code in own for code in one.codes if code) * 2 > len(one.codes))


def scale_for(form: Questionnaire, instrument: Instrument, mapping: Mapping[str, str]) -> tuple[Scale, tuple[str, ...]]:
    """Return the instrument's scale on the form's linkIds, and what hinders that, a Swedish sentence each.

    Args:
        form: the unit's own file.
        instrument: what it is.
        mapping: linkId to an item's LOINC code or number, for items whose code the file does not give.
    """
    links = _links(form, instrument, mapping)
    faults = [*_unknown(form, instrument, mapping), *_unsettled(instrument, links)]
    if faults:
        return instrument.scale, tuple(faults)
    only = {number: found[0] for number, found in links.items()}
    scale = replace(
        instrument.scale,
        items=tuple(only[number] for number in instrument.scale.items),
        risks=tuple(replace(risk, link_id=only[risk.link_id]) for risk in instrument.scale.risks),
    )
    return scale, check_scale(form, scale)


def _instrument(id: str, items: list[str], risks: list[dict[str, float]] | None = None, **facts: object) -> Instrument:
    numbers = [str(number) for number in range(1, len(items) + 1)]
    named = [{"link_id": f"{risk['item']}", "at_least": risk["at_least"]} for risk in risks or ()]
    return Instrument(id, tuple(items), scale_of({**facts, "items": numbers, "risks": named, "published": True}))


def _links(form: Questionnaire, instrument: Instrument, mapping: Mapping[str, str]) -> dict[str, list[str]]:
    """Return by number the linkIds that are said to be the item: by the unit, else by a code in the file."""
    found: dict[str, list[str]] = {}
    for number, code in zip(instrument.scale.items, instrument.codes, strict=True):
        mapped = [link for link, target in mapping.items() if target in (number, code) and target]
        coded = [item.link_id for item in form.items if code and code in {own for _, own in item.codes}]
        found[number] = mapped or coded
    return found


def _unknown(form: Questionnaire, instrument: Instrument, mapping: Mapping[str, str]) -> Iterator[str]:
    known = {*instrument.scale.items, *instrument.codes} - {""}
    for link, target in mapping.items():
        if form.item(link) is None:
            yield f"Frågan {link} finns inte i filen."
        if target not in known:
            most = len(instrument.codes)
            yield f"{target} är ingen fråga i {instrument.scale.title}. Ange ett nummer från 1 till {most}."


def _unsettled(instrument: Instrument, links: Mapping[str, list[str]]) -> Iterator[str]:
    title = instrument.scale.title
    for (number, found), code in zip(links.items(), instrument.codes, strict=True):
        said = f"fråga {number} i {title}{f' (LOINC {code})' if code else ''}"
        if not found:
            yield f"Ingen fråga i filen är märkt som {said}. Koppla den: --koppla LINKID={number}."
        elif len(found) > 1:
            yield f"Flera frågor är märkta som {said}: {', '.join(found)}. Koppla den rätta: --koppla LINKID={number}."
