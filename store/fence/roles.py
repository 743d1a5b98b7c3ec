"""The roles of a store on a server: the owner's that makes it, and the two that it is used through."""

from typing import NamedTuple

from store.fence.raising import quoted
from store.fence.rules import Roles
from store.foundation.connection import Connection
from store.foundation.errors import FenceBroken, Refused

RUNTIME, OPERATOR = "sob_app", "sob_drift"
"""The names, where no others are wanted."""


def require_owner(db: Connection) -> None:
    """Raise `FenceBroken` where it is not with the address of the role that owns a store that it is to be upgraded."""
    owner = str(db.value("SELECT tableowner FROM pg_tables WHERE tablename = 'store_info'"))
    if db.value("SELECT current_user") != owner:
        raise FenceBroken(f"Databasen uppgraderas med ägarrollens adress. Rollen som äger den heter {owner}.")


class _Role(NamedTuple):
    rolsuper: bool
    rolbypassrls: bool
    rolcreaterole: bool


class _Other(NamedTuple):
    passes: bool
    """Whether it passes a fence by itself, or makes roles that do."""
    owns: bool
    is_owners: bool
    """Whether it may become the owner."""


def owner_of(db: Connection) -> str:
    """Return the role that a store is made with; raises `Refused` where no fence would stop it, or functions of its."""
    name = str(db.value("SELECT current_user"))
    role = db.single(_Role, f"{_ROLE} WHERE rolname = current_user")
    if role.rolsuper or role.rolbypassrls:
        raise Refused(
            f"{name} är superanvändare eller går förbi radskydd (BYPASSRLS), och ska inte äga databasen. Gör en egen "
            "ägare: CREATE ROLE sob_agare LOGIN CREATEROLE, och sedan CREATE DATABASE … OWNER sob_agare.",
            field="store",
        )
    return name


def make_roles(db: Connection, roles: Roles) -> None:
    """Make the roles that are not there; they get no password.

    Raises:
        Refused: two of the names are the same, a role that is there can do more than it should, or the owner may make
            none.
    """
    if len(set(roles)) < len(roles):
        raise Refused("Ägaren, den som man arbetar genom och driften ska vara tre olika roller.", field="roll")
    may_make = db.single(_Role, f"{_ROLE} WHERE rolname = current_user").rolcreaterole
    for name, field in ((roles.runtime, "roll"), (roles.operator, "driftroll")):
        there = db.one(_Other, _OTHER, name=name)
        if there is None and not may_make:
            raise Refused(
                f"{roles.owner} får inte göra roller. Serverns administratör kör: CREATE ROLE {quoted(name)} LOGIN",
                field=field,
            )
        if there is None:
            db.run(f"CREATE ROLE {quoted(name)} LOGIN")
        elif there.passes or there.owns or there.is_owners:
            raise Refused(
                f"Rollen {name} finns redan, och äger tabeller här, kan bli ägaren eller går förbi stängslet. Välj en "
                f"annan med --{field}.",
                field=field,
            )


_ROLE = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
_OTHER = (
    "SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole AS passes,"
    " EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid) AS owns,"
    " pg_has_role(r.oid, current_user, 'MEMBER') AS is_owners FROM pg_roles r WHERE r.rolname = :name"
)
