"""Accounts, backup codes, invitations, sessions, failed sign-ins, what staff are told; and how long a unit's last."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

MINUTES = {"lock_minutes": 15, "idle_minutes": 60}


def upgrade() -> None:
    """Bring a store to this revision."""
    op.create_table(
        "account",
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("passphrase", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "backupcode",
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("code_hash", sa.String(), primary_key=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.String(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("is_used", sa.Integer(), nullable=False),
    )
    op.create_index("ix_invitation_staff_id", "invitation", ["staff_id"])
    op.create_table(
        "staffsession",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.String(), nullable=False, server_default=sa.text("''")),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_staffsession_staff_id", "staffsession", ["staff_id"])
    op.create_table(
        "signinattempts",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "staffnews",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_staffnews_staff_id", "staffnews", ["staff_id"])
    for name, minutes in MINUTES.items():
        op.add_column("unit", sa.Column(name, sa.Integer(), nullable=False, server_default=str(minutes)))


def downgrade() -> None:
    """Undo the revision: a store is as it was before it."""
    for name in reversed(MINUTES):
        op.drop_column("unit", name)
    for table in ("staffnews", "signinattempts", "staffsession", "invitation", "backupcode", "account"):
        op.drop_table(table)
