"""How a row of the access log is sealed: whom it is about, and its details, under the log's key (domain.md §8).

Bound to the row's own clear columns, so that no other row's seal opens there. What finds it is a code of the number.
"""

import json
from typing import Any

from store.foundation.keys import LogKeys, number_code

RESIDENTS_OWN = frozenset({"invånare", "ombud"})
"""Kinds of actors that are in the register themselves: their names are sealed, too."""

_written = json.JSONEncoder(ensure_ascii=False).encode


def seal_row(values: dict[str, Any], keys: LogKeys) -> None:
    """Seal a row, by column, that says in clear who the resident is."""
    number = values["personnummer"]
    said = [number, values["resident_name"], values["details"]]
    if values["actor_kind"] in RESIDENTS_OWN:
        said.append(values["actor_name"])
        values["actor_name"] = ""
    about = sealed_about(values["at"], values["wall_at"], values["operation"], values["session"])
    values |= {
        "personnummer": None,
        "resident_name": None,
        "details": "",
        "key_id": keys.id,
        "number_hmac": "" if number is None else number_code(keys, number),
        "sealed": keys.seal(_written(said).encode(), about),
    }


def sealed_about(at: int, wall_at: int, operation: str, session: str) -> str:
    """Return what the seal of a row is bound to."""
    return f"log {at} {wall_at} {operation} {session}"
