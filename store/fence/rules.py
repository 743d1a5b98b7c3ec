"""The fence in SQL: what a transaction says of itself, which rows it sees for that, and the ways past it.

A transaction says `sob.unit`, the unit on which somebody is at work, or `sob.resident`, whose side it is; where it says
neither, rows behind the fence are an error. A way past the fence is a function of the owner's (`SECURITY DEFINER`, with
a search path of its own): it looks where the one who calls may not, and gives an answer, or lets the rest of the
transaction see one resident more.
"""

from collections.abc import Iterator
from typing import NamedTuple

from store.fence.erasing import erasing, forgetting, needed, unused
from store.fence.tables import BEHIND, TABLES, Kind

_SETTINGS = """
CREATE OR REPLACE FUNCTION sob_unit() RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN
    IF current_setting('sob.unit', true) <> '' THEN RETURN current_setting('sob.unit')::integer; END IF;
    IF current_setting('sob.resident', true) <> '' THEN RETURN 0; END IF;
    RAISE EXCEPTION 'sob: no unit is set' USING ERRCODE = '42501';
END $$;
CREATE OR REPLACE FUNCTION sob_resident() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('sob.resident', true), '')::integer $$;
CREATE OR REPLACE FUNCTION sob_given() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('sob.given', true), '')::integer $$;
CREATE OR REPLACE FUNCTION sob_persons() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('sob.persons', true), ''), '{}')::integer[] $$;
CREATE OR REPLACE FUNCTION sob_see_person(person integer) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('sob.persons', array_append(sob_persons(), person)::text, true) $$;
CREATE OR REPLACE FUNCTION sob_newcomer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM sob_see_person(NEW.id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sob_newcomer BEFORE INSERT ON resident FOR EACH ROW EXECUTE FUNCTION sob_newcomer();
"""


class Way(NamedTuple):
    """A way past the fence."""

    name: str
    takes: str
    gives: str
    body: str
    """In PL/pgSQL."""
    about: str
    """What it is for, as docs/operation.md says it."""


RUNNING_IN_UNITS = (
    "SELECT m.unit_id, m.version_id, count(*) AS moments FROM unit u CROSS JOIN momentcount c CROSS JOIN moment m"
    " WHERE u.provider_id = {provider} AND c.unit_id = u.id AND c.status IN ({running}, {maintained}) AND c.number > 0"
    " AND m.unit_id = c.unit_id AND m.responsible_id = c.responsible_id AND m.program = c.program"
    " AND m.status = c.status GROUP BY m.unit_id, m.version_id"
)
"""How many moments a provider's units have in each version.

The kept counts tell whose moments run, and each is a range of the index `moment_mine`: none that has ended is read.
"""

WAYS = (
    Way(
        "sob_look_up",
        "numbers text[]",
        "void",
        """
        PERFORM sob_unit();
        PERFORM sob_see_person(r.id) FROM resident r WHERE r.personnummer = ANY(numbers);
        """,
        "look-up by number: the residents who have the numbers that were typed, in the register alone",
    ),
    Way(
        "sob_others",
        "people integer[]",
        "SETOF integer",
        """
        RETURN QUERY SELECT m.resident_id FROM moment m WHERE m.resident_id = ANY(people) GROUP BY m.resident_id
            HAVING sum(CASE WHEN m.unit_id = sob_unit() AND m.status <> 'avslutat' THEN 1 ELSE 0 END) = 0;
        """,
        "the register: which of some residents only other units may mend",
    ),
    Way(
        "sob_register",
        "person integer",
        "void",
        """
        IF NOT EXISTS (SELECT 1 FROM sob_others(ARRAY[person])) THEN
            PERFORM set_config('sob.resident', person::text, true), sob_see_person(person);
        END IF;
        """,
        "the register: a resident whom the unit may mend, with the events that it leaves on moments of other units",
    ),
    Way(
        "sob_answering",
        "offered integer",
        "void",
        """
        PERFORM set_config('sob.resident', m.resident_id::text, true) FROM moment m
            WHERE m.id = offered AND m.offered_to = sob_unit();
        """,
        "handover: the resident whose moment is offered to the unit, while it is answered",
    ),
    Way(
        "sob_given_away",
        "given integer",
        "void",
        """
        PERFORM set_config('sob.given', given::text, true) FROM handover h
            WHERE h.moment_id = given AND h.from_unit_id = sob_unit() AND h.state = 'mottagen';
        """,
        "handover: that a moment was the unit's, once it is another's; its row and whose it is, none of its content",
    ),
    Way(
        "sob_running",
        "provider integer, running text, maintained text",
        "TABLE (unit_id integer, version_id integer, moments bigint)",
        f"""
        RETURN QUERY {RUNNING_IN_UNITS.format(provider="provider", running="running", maintained="maintained")};
        """,
        "the level above the units: how many moments each runs in each version, and nobody's",
    ),
    Way(
        "sob_purge",
        "purged integer",
        "void",
        f"""
        DECLARE whose integer;
        BEGIN
            SELECT m.resident_id INTO whose FROM moment m
                WHERE m.id = purged AND m.unit_id = sob_unit() AND m.status = 'avslutat';
            IF whose IS NULL THEN RAISE EXCEPTION 'sob: no ended moment of the unit' USING ERRCODE = '42501'; END IF;
            {"; ".join(erasing("purged", "whose"))};
        END;
        """,
        "purge: an ended moment of the unit, with all that is of it but the log, is erased",
    ),
    Way(
        "sob_forget",
        "person integer",
        "SETOF integer",
        f"""
        DECLARE guardians integer[]; one integer;
        BEGIN
            IF EXISTS ({needed("person")}) THEN RETURN; END IF;
            guardians := ARRAY(SELECT g.guardian_id FROM guardian g WHERE g.child_id = person);
            {"; ".join(forgetting("person"))};
            RETURN NEXT person;
            FOREACH one IN ARRAY guardians LOOP RETURN QUERY SELECT * FROM sob_forget(one); END LOOP;
        END;
        """,
        "purge: a resident of whom no unit has a moment, and who is nobody's guardian, leaves the register",
    ),
    Way(
        "sob_unused",
        "last text, people integer[], shown integer",
        "SETOF integer",
        f"""
        DECLARE found integer[];
        BEGIN
            found := ARRAY(SELECT r.id FROM resident r WHERE {unused("last", "sob_unit()")}
                AND (people IS NULL OR r.id = ANY(people)) ORDER BY r.registered_on, r.id);
            PERFORM set_config('sob.persons', (sob_persons() || found[1 : shown])::text, true);
            RETURN QUERY SELECT unnest(found);
        END;
        """,
        "purge: residents without any moment, whom the unit or no unit entered by a day; the first are shown",
    ),
)
"""All ways past the fence. A handover that is accepted moves the rows along by another (`moment_moves`)."""

_UNIT, _RESIDENT = "(SELECT sob_unit())", "(SELECT sob_resident())"
_PERSONS = "ANY((SELECT sob_persons())::integer[])"
_OFFERED = f"(SELECT o.id FROM moment o WHERE o.offered_to = {_UNIT})"
_CARE = f"unit_id = {_UNIT} OR resident_id = {_RESIDENT}"

SEEN = {
    Kind.MOMENT: f"{_CARE} OR offered_to = {_UNIT} OR id = (SELECT sob_given())",
    Kind.CARE: _CARE,
    Kind.FLAG: f"{_CARE} OR moment_id IN {_OFFERED}",
    Kind.OF_A_MOMENT: "EXISTS (SELECT 1 FROM moment m WHERE m.id = moment_id)",
    Kind.OF_A_FLAG: "EXISTS (SELECT 1 FROM flag f WHERE f.id = flag_id)",
    Kind.HANDOVER: f"from_unit_id = {_UNIT} OR to_unit_id = {_UNIT} OR resident_id = {_RESIDENT}",
    Kind.RESIDENT: f"id = {_PERSONS} OR id = {_RESIDENT} OR EXISTS (SELECT 1 FROM moment m WHERE m.resident_id ="
    " resident.id) OR EXISTS (SELECT 1 FROM guardian g WHERE g.guardian_id = resident.id)",
    Kind.OF_A_RESIDENT: "EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)",
    Kind.GUARDIAN: f"child_id = {_PERSONS} OR child_id = {_RESIDENT} OR EXISTS (SELECT 1 FROM moment m"
    " WHERE m.resident_id = child_id)",
    Kind.LOG: f"unit_id = {_UNIT}",
}
"""Which rows a transaction of the runtime role sees, by what its table has."""

RUNTIME, WRITES, OPERATOR, OWNER = "sob_runtime", "sob_writes", "sob_operator", "sob_owner"
"""The policies' names."""


class Policy(NamedTuple):
    """A policy as it has to be."""

    table: str
    name: str
    command: str
    role: str
    seen: str
    """Which rows are seen and changed; nothing where it only says which may be added."""
    added: str = ""
    """Which rows may be added, where that is another condition."""


class Roles(NamedTuple):
    """The roles of a store on a server."""

    owner: str
    """Owns the tables, and is used for making and upgrading alone."""
    runtime: str
    """People work through it: it owns nothing."""
    operator: str
    """The day's run, the notices, backups, `kontrollera`."""


def policies(roles: Roles) -> Iterator[Policy]:
    """Yield all policies."""
    for table in BEHIND:
        kind = TABLES[table].kind
        if kind is Kind.LOG:
            yield Policy(table, RUNTIME, "SELECT", roles.runtime, SEEN[kind])
            yield Policy(table, WRITES, "INSERT", roles.runtime, "", "true")
        else:
            yield Policy(table, RUNTIME, "ALL", roles.runtime, SEEN[kind], "true" if kind is Kind.RESIDENT else "")
        yield Policy(table, OPERATOR, "ALL", roles.operator, "true")
        yield Policy(table, OWNER, "ALL", roles.owner, "current_setting('sob.way', true) = 'on'")


OWNERS_WAY = "PERFORM set_config('sob.way', 'on', true);"
"""Lets the owner see what is behind the fence. To everybody else it says nothing."""


def functions(schema: str) -> Iterator[str]:
    """Yield what makes the functions, in a schema whose name is quoted already."""
    yield from _statements(_SETTINGS)
    fixed = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
    for way in WAYS:
        yield (
            f"CREATE OR REPLACE FUNCTION {way.name}({way.takes}) RETURNS {way.gives} LANGUAGE plpgsql {fixed}"
            f" AS $$ BEGIN {OWNERS_WAY} {way.body} END $$"
        )
    yield f"ALTER FUNCTION moment_moves() {fixed}"


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a text; each begins its own line."""
    yield from (f"CREATE{one}".rstrip().rstrip(";") for one in text.split("\nCREATE")[1:])
