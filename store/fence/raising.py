"""Raising the fence: what the owner's role does when a store is made or upgraded, in the same transaction."""

from hashlib import sha256

from store.fence.rules import WAYS, Policy, Roles, functions, policies
from store.fence.tables import BEHIND, NOT_THE_OPERATORS, TABLES
from store.foundation.connection import Connection

PASS = "SELECT set_config('sob.way', 'on', true)"
"""Lets the owner's role past the fence for the rest of the transaction, and nobody else."""


def raise_fence(db: Connection, roles: Roles) -> None:
    """Put all tables behind the fence, as this version of the program knows it; what was there before is taken away."""
    schema = str(db.value("SELECT quote_ident(current_schema())"))
    for statement in functions(schema):
        db.run(statement)
    for table, name in db.pairs("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()"):
        db.run(f"DROP POLICY {quoted(name)} ON {quoted(table)}")
    for table in BEHIND:
        db.run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        db.run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for policy in policies(roles):
        db.run(_make(policy))
    _grant(db, schema, roles)
    db.run(
        "UPDATE store_info SET runtime_role = :runtime, operator_role = :operator, fence = :fence",
        runtime=roles.runtime,
        operator=roles.operator,
        fence=fingerprint(db),
    )


def _make(policy: Policy) -> str:
    seen = f" USING ({policy.seen})" if policy.seen else ""
    added = f" WITH CHECK ({policy.added})" if policy.added else ""
    return f"CREATE POLICY {policy.name} ON {policy.table} FOR {policy.command} TO {quoted(policy.role)}{seen}{added}"


def _grant(db: Connection, schema: str, roles: Roles) -> None:
    runtime, operator = quoted(roles.runtime), quoted(roles.operator)
    for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        db.run(f"REVOKE ALL ON ALL {what} IN SCHEMA {schema} FROM PUBLIC, {runtime}, {operator}")
    db.run(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {runtime}, {operator}")
    db.run(f"GRANT USAGE ON SCHEMA {schema} TO {runtime}, {operator}")
    for name, table in TABLES.items():
        db.run(f"GRANT {table.may} ON {name} TO {runtime}")
        db.run(f"GRANT {NOT_THE_OPERATORS.get(name, 'SELECT, INSERT, UPDATE, DELETE')} ON {name} TO {operator}")
    db.run(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {runtime}, {operator}")
    db.run(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {runtime}, {operator}")


_RULES = (
    "SELECT concat_ws(E'\\t', tablename, policyname, permissive, roles::text, cmd, qual, with_check)"
    " FROM pg_policies WHERE schemaname = current_schema() ORDER BY 1"
)
_FUNCTIONS = (
    "SELECT concat_ws(E'\\t', p.proname, p.prosecdef, p.proconfig::text, p.prosrc, pg_get_userbyid(p.proowner))"
    " FROM pg_proc p WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
    " AND (p.proname LIKE 'sob\\_%' OR p.prosecdef) ORDER BY 1"
)


def fingerprint(db: Connection) -> str:
    """Return a short text that another set of policies, or of functions, would not give."""
    found = [*db.values(_RULES), *db.values(_FUNCTIONS)]
    return sha256("\n".join(sorted(map(str, found))).encode()).hexdigest()[:32]


def quoted(name: str) -> str:
    """Return a name as SQL takes any."""
    return '"' + name.replace('"', '""') + '"'


NAMES_OF_WAYS = tuple(way.name for way in WAYS)
