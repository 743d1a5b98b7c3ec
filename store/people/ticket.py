"""Ärendeunderlag: a text ready for the support, of any refusal or fault (domain.md §10). Nothing of a resident."""

import re
from dataclasses import dataclass

from store.foundation.access import Role
from store.foundation.clock import Instant, local
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import DASHES
from store.people.sign_in import as_staff
from store.people.units import SUPPORT, own_support, super_users_of


@dataclass(frozen=True)
class Where:
    """Who has the question, on which unit, and whom that unit turns to; what is not known is empty."""

    hsa_id: str = ""
    unit_hsa_id: str = ""
    unit_name: str = ""
    support: str = SUPPORT
    super_users: str = ""
    """Whom colleagues ask first."""


@operation("Se vart enheten vänder sig med frågor", may=frozenset(Role), action=None)
def support_of(work: ReadTransaction) -> Where:
    """Return who asks, and whom the unit turns to. Concerns no resident."""
    actor = as_staff(work.actor)
    support = own_support(work.db, actor.unit_id) or SUPPORT
    named = super_users_of(work.db, actor.unit_id)
    return Where(actor.hsa_id or "", actor.unit_hsa_id or "", actor.unit_name, support, named)


def ticket(where: Where, version: str, sentence: str, at: Instant) -> str:
    """Return the text, ready to be copied, with the exact sentence.

    What may be a resident's is left out of it: identity numbers, and what it quotes, as an answer that was refused.
    """
    lines = [
        "Ärende: Stöd och behandling i terminalen",
        f"HSA-id: {where.hsa_id or 'inte inloggad'}",
        f"Enhet: {_unit(where)}",
        f"Version: {version}",
        f"Tid: {local(at):%Y-%m-%d %H:%M}",
        "Meddelande: " + _QUOTED.sub('"…"', sentence),
    ]
    told = _NUMBER.sub("[personnummer]", "\n".join(lines))
    return f"{told}\n\nSkickas till: {where.support}\n"


_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(?:[0-9]{{2}})?[0-9]{{6}}[-+ \xa0{DASHES}]?[0-9A-Za-z]{{2}}[0-9]{{2}}(?![0-9A-Za-z])"
)
"""What looks like an identity number; an HSA-id doesn't."""


_QUOTED = re.compile(r'"[^"]*"|”[^”]*”')


def _unit(where: Where) -> str:
    if where.unit_name and where.unit_hsa_id:
        return f"{where.unit_name} ({where.unit_hsa_id})"
    return where.unit_name or where.unit_hsa_id or "ingen"
