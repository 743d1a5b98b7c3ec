"""What a purge's certificate is made of, and the certificate as it was kept; nothing of any resident."""

from typing import NamedTuple

from store.care.exports import EarlierExport
from store.foundation.access import Role
from store.foundation.errors import NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction


class Facts(NamedTuple):
    """What a purge's certificate says of it; nothing of any resident. Instants are UTC milliseconds."""

    id: int
    actor_hsa_id: str
    actor_name: str
    begun_at: int
    decision: str
    reference: str
    decided_on: str
    chosen: int
    residents: int
    unit_hsa_id: str
    unit_name: str
    provider_hsa_id: str
    provider_name: str
    backup_days: int
    store: str


class OfProgram(NamedTuple):
    """How many moments of a program were purged, and the months of the first and the last start."""

    program: str
    moments: int
    first: str
    last: str


class LogPlace(NamedTuple):
    """A row of the log: its chain, its number there, and its code."""

    chain: str
    chain_number: int
    mac: str


class PurgeFacts(NamedTuple):
    """All that a certificate is made of, but for how the bytes went."""

    purge: Facts
    programs: list[OfProgram]
    unused: int
    """Residents without any moment who were purged."""
    left: int
    """Moments, and residents without any, that were chosen and stayed."""
    exports: list[EarlierExport]
    log: LogPlace
    """The newest row of the log on the unit."""


@operation("Se en gallring", may={Role.DATA_ADMIN}, action=None)
def purge_facts(work: ReadTransaction, purge: int) -> PurgeFacts:
    """Return what a certificate says of a purge; concerns no resident.

    Raises:
        NotPermitted: the unit has no such purge.
    """
    found = work.db.one(
        Facts,
        "SELECT p.id, p.actor_hsa_id, p.actor_name, p.begun_at, p.decision, p.reference, p.decided_on, p.chosen,"
        " p.residents, u.hsa_id AS unit_hsa_id, u.name AS unit_name, c.hsa_id AS provider_hsa_id,"
        " c.name AS provider_name, c.backup_days, i.uuid AS store"
        " FROM purge p JOIN unit u ON u.id = p.unit_id JOIN careprovider c ON c.id = u.provider_id"
        " CROSS JOIN store_info i WHERE p.id = :id AND p.unit_id = :unit",
        id=purge,
        unit=work.actor.unit_id,
    )
    if found is None:
        raise NotPermitted
    programs = work.db.all(
        OfProgram,
        "SELECT program, count(*) AS moments, min(started_in) AS first, max(started_in) AS last FROM purgedmoment"
        " WHERE purge_id = :id AND state = 'gallrad' GROUP BY program ORDER BY program",
        id=purge,
    )
    unused = work.db.value("SELECT count(*) FROM purgedresident WHERE purge_id = :id AND state = 'gallrad'", id=purge)
    left = sum(
        work.db.value(f"SELECT count(*) FROM {table} WHERE purge_id = :id AND state = 'kvar'", id=purge)
        for table in ("purgedmoment", "purgedresident")
    )
    exports = work.db.all(
        EarlierExport,
        "SELECT d.id, d.finished_at, d.actor_hsa_id, d.actor_name, d.recipient, d.purpose, d.program, d.file, e.moments"
        " FROM purgedexport e JOIN dataexport d ON d.id = e.export_id WHERE e.purge_id = :id ORDER BY d.id",
        id=purge,
    )
    log = work.db.single(
        LogPlace,
        "SELECT chain, chain_number, mac FROM log WHERE unit_id = :unit ORDER BY id DESC LIMIT 1",
        unit=work.actor.unit_id,
    )
    return PurgeFacts(found, programs, unused, left, exports, log)


@operation("Hämta ett gallringsintyg", may={Role.DATA_ADMIN}, action=None)
def purge_certificate(work: ReadTransaction, purge: int | None = None) -> str:
    """Return the certificate of a purge that is finished, of the unit's newest where none is named; about nobody.

    Raises:
        Refused: there is none.
    """
    found = work.db.value(
        "SELECT certificate FROM purge WHERE unit_id = :unit AND finished_at IS NOT NULL"
        " AND (id = :id OR :id = 0) ORDER BY id DESC LIMIT 1",
        unit=work.actor.unit_id,
        id=purge or 0,
    )
    if found is None:
        raise Refused("Enheten har ingen sådan gallring som är klar.", field="gallring")
    return str(found)
