"""Each row of care says whose unit it is: that of its moment, kept by the database itself when the moment moves."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

KEYS = {
    "activitymark": ("resident_id", "moment_id", "activity_id", "day"),
    "event": ("resident_id", "moment_id", "at", "seq"),
    "formrequest": ("resident_id", "moment_id", "form", "requested_at"),
    "hiddenpart": ("resident_id", "moment_id", "part"),
    "momentmodule": ("resident_id", "moment_id", "module"),
    "setaside": ("resident_id", "moment_id", "matter"),
    "stepread": ("resident_id", "moment_id", "step"),
    "timespent": ("resident_id", "moment_id", "staff_id", "week"),
    "activityplan": ("id",),
    "activity": ("id",),
    "conversation": ("id",),
    "message": ("id",),
    "draft": ("id",),
    "formanswer": ("id",),
    "refusedanswer": ("id",),
    "flagattempt": ("id",),
    "flagseen": ("flag_id", "staff_id"),
}
"""The tables that get the column, each with its primary key."""
OF_A_FLAG = "SELECT unit_id FROM flag WHERE flag.id = {}flag_id"
OF_A_MOMENT = "SELECT unit_id FROM moment WHERE moment.id = {}moment_id"


def upgrade() -> None:
    """Bring a store to this revision; a draft that stayed behind when its moment was handed over is that unit's."""
    for table in KEYS:
        op.add_column(table, sa.Column("unit_id", sa.Integer(), nullable=False, server_default=sa.text("0")))
        op.execute(f"UPDATE {table} SET unit_id = ({_unit(table, f'{table}.')})")
    op.execute(
        "UPDATE draft SET unit_id = (SELECT from_unit_id FROM handover h WHERE h.moment_id = draft.moment_id"
        " AND h.answered_at = draft.left_at) WHERE EXISTS (SELECT 1 FROM handover h"
        " WHERE h.moment_id = draft.moment_id AND h.answered_at = draft.left_at)"
    )
    if op.get_bind().dialect.name == "sqlite":
        _in_a_file()
    else:
        _on_a_server()


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER moment_moves{'' if is_sqlite else ' ON moment'}")
    for table in reversed(KEYS):
        op.execute(f"DROP TRIGGER {table}_unit{'' if is_sqlite else f' ON {table}'}")
        op.drop_column(table, "unit_id")
    if not is_sqlite:
        for name in ("moment_moves", "unit_of_moment", "unit_of_flag"):
            op.execute(f"DROP FUNCTION {name}()")


def _unit(table: str, row: str) -> str:
    return (OF_A_FLAG if table == "flagseen" else OF_A_MOMENT).format(row)


def _moves(unit: str, moment: str, resident: str) -> Iterator[str]:
    """Yield what lets the rows follow their moment. Drafts stay behind."""
    for table in (*KEYS, "claim"):
        if table == "flagseen":
            yield f"UPDATE flagseen SET unit_id = {unit} WHERE flag_id IN (SELECT id FROM flag WHERE {moment});"
        elif table == "claim":
            yield f"UPDATE claim SET unit_id = {unit} WHERE {moment};"
        elif table != "draft":
            yield f"UPDATE {table} SET unit_id = {unit} WHERE {resident} AND {moment};"


def _in_a_file() -> None:
    for table, key in KEYS.items():
        here = " AND ".join(f"{name} = NEW.{name}" for name in key)
        op.execute(
            f"CREATE TRIGGER {table}_unit AFTER INSERT ON {table} WHEN NEW.unit_id = 0 BEGIN"
            f" UPDATE {table} SET unit_id = ({_unit(table, 'NEW.')}) WHERE {here}; END"
        )
    moves = " ".join(_moves("NEW.unit_id", "moment_id = NEW.id", "resident_id = NEW.resident_id"))
    op.execute(
        "CREATE TRIGGER moment_moves AFTER UPDATE OF unit_id ON moment WHEN NEW.unit_id <> OLD.unit_id"
        f" BEGIN {moves} END"
    )


def _on_a_server() -> None:
    for name, found in (("unit_of_moment", OF_A_MOMENT), ("unit_of_flag", OF_A_FLAG)):
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" NEW.unit_id = ({found.format('NEW.')}); RETURN NEW; END $$"
        )
    for table in KEYS:
        found = "unit_of_flag" if table == "flagseen" else "unit_of_moment"
        op.execute(
            f"CREATE TRIGGER {table}_unit BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.unit_id = 0)"
            f" EXECUTE FUNCTION {found}()"
        )
    moves = " ".join(_moves("NEW.unit_id", "moment_id = NEW.id", "resident_id = NEW.resident_id"))
    # What it sets is what a fence would ask its owner for (`store.fence`).
    op.execute(
        "CREATE OR REPLACE FUNCTION moment_moves() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN PERFORM set_config('sob.way', 'on', true); {moves} RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER moment_moves AFTER UPDATE OF unit_id ON moment FOR EACH ROW"
        " WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION moment_moves()"
    )
