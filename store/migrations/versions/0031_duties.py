"""Uppgifter: what a unit must do again and again, and when it was done."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Bring a store to this revision; restore drills that the log knows of are taken along."""
    op.create_table(
        "duty",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_on", sa.String(), nullable=False),
        sa.Column("begins_on", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["delegate_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("unit_id", "kind"),
    )
    op.create_table(
        "dutydone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("done_on", sa.String(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("hsa_id", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dutydone_unit_id", "dutydone", ["unit_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute("SELECT set_config('sob.way', 'on', true)")  # the log stands behind the fence
    day = "date(at / 1000, 'unixepoch')" if is_sqlite else "to_char(to_timestamp(at / 1000), 'YYYY-MM-DD')"
    op.execute(
        "INSERT INTO dutydone (unit_id, kind, done_on, done_by, hsa_id, note) SELECT NULL, 'aterstallningsprov',"
        f" {day}, actor_name, '', '' FROM log WHERE operation = 'note_drill' AND outcome = 'gjort' ORDER BY id"
    )


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("dutydone")
    op.drop_table("duty")
