"""The day on which each resident came into the register, by which unit, and purges of residents without any moment."""

import sqlalchemy as sa
from alembic import context, op

from store.foundation.clock import Instant, local_day, wall_clock
from store.foundation.keys import StoreKeys, number_code

revision = "0037"
down_revision = "0036"

_FIRST_ROW = (
    "SELECT at, CASE WHEN operation = 'import_residents' THEN unit_id END FROM log WHERE {} ORDER BY at, id LIMIT 1"
)
_BY_NUMBER = sa.text(_FIRST_ROW.format("personnummer = :value"))
_BY_CODE = sa.text(_FIRST_ROW.format("number_hmac = :value AND number_hmac <> ''"))


def upgrade() -> None:
    """Bring a store to this revision; who is there already came with the earliest trace there is, else today."""
    op.add_column("resident", sa.Column("registered_on", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column(
        "resident", sa.Column("registered_unit_id", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.create_table(
        "purgedresident",
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("in_ledger", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("purge_id", "resident_id"),
        sqlite_with_rowid=False,
    )
    _fill()


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("purgedresident")
    op.drop_column("resident", "registered_unit_id")
    op.drop_column("resident", "registered_on")


def _fill() -> None:
    """Write the day of each resident: of the log's first row about them, or of an earlier first moment."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.execute("SELECT set_config('sob.way', 'on', true)")  # residents and the log stand behind the fence
    keys: StoreKeys | None = context.config.attributes.get("keys")
    there = bind.execute(
        sa.text(
            "SELECT r.id, r.personnummer, (SELECT min(m.started_at) FROM moment m WHERE m.resident_id = r.id)"
            " FROM resident r"
        )
    ).all()
    entries = []
    for resident, number, started in there:
        at, unit = _first_row(bind, number, keys)
        known = [one for one in (at, started) if one is not None]
        entries.append({"id": resident, "day": _day(min(known, default=None)), "unit": unit})
    if entries:
        bind.execute(
            sa.text("UPDATE resident SET registered_on = :day, registered_unit_id = :unit WHERE id = :id"), entries
        )


def _first_row(bind: sa.Connection, number: str, keys: StoreKeys | None) -> tuple[int | None, int]:
    """Return when the log first says something of a number, and the unit where that is its import; None without."""
    found = [bind.execute(_BY_NUMBER, {"value": number}).first()]
    if keys is not None:
        found.append(bind.execute(_BY_CODE, {"value": number_code(keys.of_log, number)}).first())
    first = min((row for row in found if row is not None), key=lambda row: row[0], default=None)
    return (None, 0) if first is None else (first[0], first[1] or 0)


def _day(at: int | None) -> str:
    return local_day(wall_clock() if at is None else Instant(at)).isoformat()
