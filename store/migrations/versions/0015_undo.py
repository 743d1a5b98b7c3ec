"""A sent message is held for five seconds, and what somebody did last can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Bring a store to this revision; what was sent before is not held."""
    op.add_column("message", sa.Column("release_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("conversation", sa.Column("release_at", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("release_by", sa.Integer(), nullable=True))
    op.add_column("conversation", sa.Column("unanswered_then", sa.BigInteger(), nullable=True))
    op.add_column("notice", sa.Column("message_id", sa.Integer(), nullable=True))
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), sa.ForeignKey("resident.id"), nullable=False),
        sa.Column("moment_id", sa.Integer(), sa.ForeignKey("moment.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
    )
    op.create_index("act_staff", "act", ["staff_id", "moment_id", "id"])


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    op.drop_table("act")
    op.drop_column("notice", "message_id")
    for column in ("unanswered_then", "release_by", "release_at"):
        op.drop_column("conversation", column)
    op.drop_column("message", "release_at")
