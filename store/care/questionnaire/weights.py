"""What a choice counts: a weight may stand in many places in a file (domain.md §6)."""

import re

from store.care.questionnaire.shape import Item
from store.care.questionnaire.source import Node, Source, as_number, extension_values

LOINC = "http://loinc.org"
LL358_3 = {"LA6568-5": 0.0, "LA6569-3": 1.0, "LA6570-1": 2.0, "LA6571-9": 3.0}
"""LOINC's answer list of frequency over two weeks, which always counts so."""

WEIGHT_PLACES = ("ordinalValue", "itemWeight")
_LIST = re.compile(r"(?<![a-z0-9])ll358-3(?![0-9])", re.IGNORECASE)


def weights_of(item: Item) -> tuple[float, ...] | None:
    """Return the weights in the order of the choices; None unless each choice has one."""
    weights = tuple(choice.weight for choice in item.choices if choice.weight is not None)
    return weights if weights and len(weights) == len(item.choices) else None


def weight_in(source: Source, where: str, *nodes: object) -> float | None:
    """Return the weight that stands on any of the nodes; None where none does, or where they disagree."""
    found: list[float] = []
    for node in nodes:
        for value in extension_values(node, *WEIGHT_PLACES) if isinstance(node, dict) else ():
            number = as_number(value)
            if number is None:
                source.fault(where, f"Vikten {value!r:.40} är inget tal. Skriv den som valueDecimal.")
            else:
                if isinstance(value, str):
                    source.fault(where, f"Vikten {value} står inom citattecken. Skriv den som valueDecimal.")
                found.append(number)
    if len(set(found)) > 1:
        said = " och ".join(f"{weight:g}" for weight in dict.fromkeys(found))
        source.fault(where, f"Svarsalternativet har flera vikter, {said}. Låt en stå; nu räknas ingen.")
        return None
    return found[0] if found else None


def property_weights(concept: Node) -> list[Node]:
    """Return a code system's weight properties in the shape of extensions, to be read as such."""
    properties = concept.get("property")
    return [
        {"extension": [{**one, "url": one["code"]}]}
        for one in (properties if isinstance(properties, list) else ())
        if isinstance(one, dict) and isinstance(one.get("code"), str)
    ]


def names_ll358_3(address: str) -> bool:
    """Whether a value set's address names the list: LOINC's own, in whatever version, or another's copy of it."""
    return _LIST.search(address) is not None
