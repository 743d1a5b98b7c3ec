"""Conversations with what waits in them, drafts, templates, notices on their way, and what staff wish to be told."""

import base64
import os

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring a store to this revision."""
    _conversations()
    _drafts_and_templates()
    _notices()
    op.add_column("unit", sa.Column("collect_hour", sa.Integer(), nullable=False, server_default="9"))
    op.add_column("staff", sa.Column("notify_email", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("staff", sa.Column("notify_mobile", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("store_info", sa.Column("draft_key", sa.String(), nullable=False, server_default=sa.text("''")))
    key = base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")
    op.execute(f"UPDATE store_info SET draft_key = '{key}'")


def _conversations() -> None:
    """Until now a conversation was one message of the clinician's."""
    op.add_column("conversation", sa.Column("latest_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("conversation", sa.Column("unread", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversation", sa.Column("unanswered_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE conversation SET latest_at = started_at")


def _drafts_and_templates() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("draft_moment", "draft", ["resident_id", "moment_id", "staff_id"], unique=False)
    op.create_table(
        "messagetemplate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("messagetemplate_unit", "messagetemplate", ["unit_id", "staff_id"], unique=False)


def _notices() -> None:
    op.add_column("notice", sa.Column("recipient_id", sa.Integer(), nullable=True))
    op.add_column("notice", sa.Column("staff_id", sa.Integer(), nullable=True))
    op.add_column("notice", sa.Column("channel", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("notice", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notice", sa.Column("fault", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("notice", sa.Column("done_at", sa.BigInteger(), nullable=True))
    op.create_index("notice_staff", "notice", ["staff_id", "done_at"], unique=False)
    op.execute("UPDATE notice SET recipient_id = resident_id")
