"""Looking at the fence when a store is opened: what has been pulled down is said, and nothing is opened."""

from typing import NamedTuple

from store.fence.raising import fingerprint
from store.fence.rules import Roles, policies
from store.fence.tables import BEHIND
from store.foundation.connection import Connection
from store.foundation.errors import FenceBroken

MEND = "Driften sätter upp stängslet igen med sob uppgradera och ägarrollens adress."


NOT_SET = (
    "Enheten går inte att sätta i en transaktion, så stängslet mellan enheterna vet inte var någon arbetar. Ligger "
    "något mellan programmet och servern (en pool) ska det ge varje transaktion en egen anslutning."
)


class Standing(NamedTuple):
    """As which role a store is opened."""

    is_super: bool
    """Whether the role passes every fence."""
    is_owner: bool
    """Whether it is the owner's, or may become that."""
    is_runtime: bool
    is_operator: bool


def check_fence(db: Connection, runtime: str, operator: str) -> Standing:
    """Return as whom the store is opened, once all of the fence is there.

    Raises:
        FenceBroken: it is not, or the role passes it.
    """
    if not runtime:
        raise FenceBroken(
            "Databasen har riktiga invånare, men inget stängsel mellan enheterna. Driften sätter upp det med sob "
            "uppgradera och ägarrollens adress."
        )
    standing = standing_of(db, runtime, operator)
    if standing.is_super or standing.is_owner:
        raise FenceBroken(
            "Adressen är för den roll som äger databasens tabeller, eller för en superanvändare: stängslet mellan "
            f"enheterna stoppar dem inte. Den är bara för sob init och sob uppgradera. Ange adressen för {runtime}, "
            f"eller för driften {operator}."
        )
    if not (standing.is_runtime or standing.is_operator):
        raise FenceBroken(f"Adressens roll är varken {runtime} eller driftens {operator}. Ange någon av dem.")
    _check_tables(db)
    _check_policies(db, runtime, operator)
    _check_views(db)
    _check_setting(db)
    if db.value("SELECT fence FROM store_info") != fingerprint(db):
        raise FenceBroken(f"Reglerna eller funktionerna i databasens stängsel är inte som de sattes upp. {MEND}")
    return standing


def standing_of(db: Connection, runtime: str, operator: str) -> Standing:
    """Return as whom a connection works."""
    return db.single(
        Standing,
        "SELECT r.rolsuper OR r.rolbypassrls AS is_super,"
        " pg_has_role(current_user, c.relowner, 'MEMBER') AS is_owner,"
        " coalesce(pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = :runtime), 'USAGE'), false)"
        " AS is_runtime,"
        " coalesce(pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = :operator), 'USAGE'), false)"
        " AS is_operator"
        " FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = to_regclass('store_info')",
        runtime=runtime,
        operator=operator,
    )


def _check_tables(db: Connection) -> None:
    open_ = db.values(
        "SELECT relname FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace"
        " WHERE nspname = current_schema()) AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
    )
    if lacking := [table for table in BEHIND if table not in open_]:
        raise FenceBroken(
            f"Stängslet mellan enheterna är borttaget från tabellen {lacking[0]}: den saknar FORCE ROW LEVEL SECURITY. "
            f"{MEND}"
        )


def _check_policies(db: Connection, runtime: str, operator: str) -> None:
    owner = str(db.value("SELECT tableowner FROM pg_tables WHERE tablename = 'store_info'"))
    wanted = {(one.table, one.name) for one in policies(Roles(owner, runtime, operator))}
    found = set(db.pairs("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()"))
    if more := sorted(found - wanted):
        table, name = more[0]
        raise FenceBroken(f"Någon har lagt till regeln {name} på tabellen {table}: den kan öppna stängslet. {MEND}")
    if less := sorted(wanted - found):
        raise FenceBroken(f"Regeln {less[0][1]} på tabellen {less[0][0]} saknas i databasens stängsel. {MEND}")


def _check_views(db: Connection) -> None:
    found = db.value(_VIEWS)
    if found is not None:
        raise FenceBroken(
            f"Vyn {found} saknar security_invoker: den läser med sin ägares rätt, förbi stängslet mellan enheterna. Ta "
            "bort den, eller kör ALTER VIEW … SET (security_invoker = true)."
        )


_VIEWS = """
    WITH RECURSIVE over AS (
        SELECT oid FROM pg_class WHERE relrowsecurity AND relnamespace =
            (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
        UNION
        SELECT w.ev_class FROM over
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = over.oid
            AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite w ON w.oid = d.objid
    )
    SELECT v.relname FROM over JOIN pg_class v ON v.oid = over.oid WHERE v.relkind = 'm' OR v.relkind = 'v' AND NOT
        coalesce(v.reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)
    ORDER BY v.relname LIMIT 1
"""
"""The first view over tables behind the fence, or over such a view, that reads with its owner's right."""


def _check_setting(db: Connection) -> None:
    """Raise `FenceBroken` where setting a unit in a transaction has no effect, or lasts beyond it."""
    if db.value("SELECT coalesce(current_setting('sob.unit', true), '')"):
        raise FenceBroken(
            "Inställningen sob.unit är satt i förväg för rollen eller databasen, så att en enhet syns utan att någon "
            "arbetar där. Ta bort den med ALTER ROLE … RESET sob.unit."
        )
