"""The certificate of a purge: a text that people read, and the same facts in a signed line at its end.

The line is one of `store.foundation.signed_lines`; the text is written from it, so a certificate whose text was changed
is seen as well. It holds nothing of any resident. Whoever has the public half of the key can check it, without a store.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from store.care.exports import EarlierExport
from store.care.purge_facts import PurgeFacts
from store.foundation.clock import Instant, days_after, iso_local, local_day
from store.foundation.errors import Refused
from store.foundation.signed_lines import LineBroken, read_line, signed_line
from store.purge.scan import Scan
from store.purge.traces import Cleaned

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = 1
KIND = "gallringsintyg"
_MARK = "--- Underskrift (ändra inget ovan eller nedan) ---"
NO_CERTIFICATE = "Filen är inget gallringsintyg."
CHANGED = "Intygets text stämmer inte med det som är underskrivet: den är ändrad."
BROKEN = "Intygets underskrift stämmer inte: intyget är ändrat, eller underskrivet med en annan nyckel."


def certificate_of(facts: PurgeFacts, cleaned: Cleaned, scan: Scan, at: int, *, has_keys: bool) -> dict[str, Any]:
    """Return a certificate's fields.

    Args:
        facts: what was purged.
        cleaned: how.
        scan: what was found afterwards.
        at: when the purge was finished (UTC milliseconds).
        has_keys: whether residents have keys: not in the practice environment.
    """
    purge = facts.purge
    return {
        "format": FORMAT,
        "kind": KIND,
        "store": purge.store,
        "purge": purge.id,
        "provider": [purge.provider_hsa_id, purge.provider_name],
        "unit": [purge.unit_hsa_id, purge.unit_name],
        "by": [purge.actor_hsa_id, purge.actor_name],
        "begun": iso_local(Instant(purge.begun_at)),
        "finished": iso_local(Instant(at)),
        "decision": [purge.decision, purge.reference, purge.decided_on],
        "moments": sum(one.moments for one in facts.programs),
        "left": facts.left,
        "residents": purge.residents,
        "unused": facts.unused,
        "keys": has_keys,
        "programs": [list(one) for one in facts.programs],
        "method": list(cleaned.method),
        "remains": list(cleaned.remains),
        "scan": list(scan),
        "exports": [
            [iso_local(Instant(one.finished_at)), *_who(one), one.recipient, one.purpose, one.file, one.moments]
            for one in facts.exports
        ],
        "backups": local_day(days_after(Instant(at), purge.backup_days)).isoformat() if purge.backup_days else "",
        "log": list(facts.log),
    }


def _who(export: EarlierExport) -> tuple[str, str]:
    return export.actor_hsa_id, export.actor_name


def write_certificate(fields: Mapping[str, Any], key: "Ed25519PrivateKey") -> str:
    """Return a certificate as its file holds it: the text, and the signed line."""
    said = {**fields, "public": b64encode(key.public_key().public_bytes_raw()).decode("ascii")}
    return f"{certificate_text(said)}\n{_MARK}\n{signed_line(said, key)}\n"


def read_certificate(content: str, public: bytes | None = None) -> dict[str, Any]:
    """Return the fields of a certificate that holds.

    Args:
        content: of its file.
        public: the public half of the key, 32 bytes; None to take the one that it says itself.

    Raises:
        Refused: it is none, its signature does not hold, or its text is another.
    """
    text, mark, line = content.replace("\r\n", "\n").partition(f"\n{_MARK}\n")
    if not mark:
        raise Refused(NO_CERTIFICATE, field="fil")
    try:
        found = read_line(line.strip(), _said(line) if public is None else public)
    except LineBroken:
        raise Refused(BROKEN, field="fil") from None
    try:
        if (found["format"], found["kind"]) != (FORMAT, KIND):
            raise Refused(NO_CERTIFICATE, field="fil")
        is_same = certificate_text(found) == text
    except (KeyError, TypeError, ValueError, IndexError):
        raise Refused(NO_CERTIFICATE, field="fil") from None
    if not is_same:
        raise Refused(CHANGED, field="fil")
    return found


def _said(line: str) -> bytes:
    """Return the public half that a line says itself."""
    import json

    try:
        found = b64decode(json.loads(line)["public"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise LineBroken from None
    if len(found) != 32:
        raise LineBroken
    return found


def fingerprint(fields: Mapping[str, Any]) -> str:
    """Return the fingerprint of the key that signed a certificate, in groups of eight digits."""
    digits = sha256(b64decode(fields["public"])).hexdigest()
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def certificate_text(fields: Mapping[str, Any]) -> str:
    """Return what a certificate says, in Swedish, from its fields."""
    return "\n".join(_lines(fields))


def _lines(fields: Mapping[str, Any]) -> Iterator[str]:
    decision, reference, decided_on = fields["decision"]
    yield f"GALLRINGSINTYG {fields['purge']}"
    yield ""
    for name, (hsa_id, called) in (("Vårdgivare", fields["provider"]), ("Enhet", fields["unit"])):
        yield f"{name + ':':<20}{called} ({hsa_id})"
    yield f"{'Gallrad av:':<20}{fields['by'][1]} ({fields['by'][0]}), dataadministratör"
    yield f"{'Påbörjad:':<20}{fields['begun']}"
    yield f"{'Klar:':<20}{fields['finished']}"
    yield f"{'Gallringsbeslut:':<20}{', '.join(one for one in (reference, decided_on) if one) or 'utan referens'}"
    yield from (f"{'':<20}{line}" for line in decision.split("\n"))
    yield f"{'Gallrade moment:':<20}{fields['moments']}"
    for program, number, first, last in fields["programs"]:
        period = first if first == last else f"{first} till {last}"
        yield f"{'':<20}{program}: {number}, startade {period}"
    keys = ", med sina nycklar" if fields.get("keys", True) else ""  # older certificates have neither this nor the next
    yield f"{'Ur registret:':<20}{fields['residents']} invånare{keys}"
    if unused := fields.get("unused", 0):
        yield f"{'':<20}{unused} av dem utan något moment på 12 månader"
    if fields["left"]:
        other = ", eller ett moment har startats" if "unused" in fields else ""
        yield f"{'Valda men kvar:':<20}{fields['left']} (gallringsstopp, eller inte längre enhetens{other})"
    yield ""
    yield "Hur det är gjort"
    yield from (f"- {line}" for line in fields["method"])
    yield ""
    yield "Kontroll efteråt"
    yield from (f"- {line}" for line in _scanned(fields["scan"]))
    yield ""
    yield "Finns kvar"
    yield "- Loggen, som sparas längre än uppgifterna (HSLF-FS 2016:40)."
    yield from (f"- {line}" for line in fields["remains"])
    yield f"- {_backups(fields['backups'])}"
    yield ""
    yield "Ska underrättas (dataskyddsförordningen artikel 19): tidigare exporter av de gallrade momenten"
    for at, hsa_id, name, recipient, purpose, file, number in fields["exports"]:
        yield f"- {recipient}: {number} moment i {file}, exporterade {at} av {name} ({hsa_id}). Ändamål: {purpose}"
    if not fields["exports"]:
        yield "- Inga."
    yield ""
    chain, number, mac = fields["log"]
    yield f"Plats i loggen: rad {number} i kedjan {chain}, kod {mac[:16]}. Databas {fields['store']}."


def _scanned(scan: list[int]) -> Iterator[str]:
    pages, numbers, found, rows = scan
    yield f"Rader om moment som inte finns kvar: {rows}."
    if pages:
        yield f"Databasens {pages} sidor är genomsökta efter {numbers} personnummer: {found} finns kvar."


def _backups(until: str) -> str:
    if until:
        return f"Säkerhetskopior som gjordes före gallringen kan ha uppgifterna till och med {until}."
    return "Säkerhetskopior som gjordes före gallringen. Vårdgivaren har inte bestämt hur länge de sparas."
