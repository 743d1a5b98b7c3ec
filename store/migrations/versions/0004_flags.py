"""Flags and who saw them, what was set aside, activity plans, time spent, and when the day's rules ran."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring a store to this revision."""
    _flags()
    _plans()
    op.create_table(
        "setaside",
        *_place(),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "moment_id", "matter"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "timespent",
        *_place(),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "moment_id", "staff_id", "week"),
        sqlite_with_rowid=False,
    )
    op.create_index("timespent_staff", "timespent", ["staff_id", "week"], unique=False)
    op.create_table(
        "dayrun",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO dayrun (id, done, leased_until) VALUES (1, '', 0)")
    op.create_index("moment_watched", "moment", ["unit_id", "severity_rank"], unique=False)
    op.create_index("moment_version", "moment", ["unit_id", "version_id", "id"], unique=False)
    op.add_column("moment", sa.Column("forms_look_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE moment SET forms_look_at = started_at WHERE status = 'pagaende'")
    _unit_settings()


def _place() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("resident_id", sa.Integer(), nullable=False), sa.Column("moment_id", sa.Integer(), nullable=False)


def _flags() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        *_place(),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.Column("handled_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("moment_id", "cause"),
    )
    op.create_index("flag_moment", "flag", ["resident_id", "moment_id", "handled_at"], unique=False)
    op.create_index("flag_unit", "flag", ["unit_id", "severity", "handled_at"], unique=False)
    op.create_table(
        "flagseen",
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("flag_id", "staff_id"),
    )


def _plans() -> None:
    op.create_table(
        "activityplan",
        sa.Column("id", sa.Integer(), nullable=False),
        *_place(),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("follow_up_on", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activityplan_moment", "activityplan", ["resident_id", "moment_id"], unique=False)
    op.create_index("activityplan_follow_up", "activityplan", ["follow_up_on"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        *_place(),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("starts_on", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("repeats", sa.String(), nullable=False),
        sa.Column("removed_on", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["activityplan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activity_moment", "activity", ["resident_id", "moment_id", "plan_id"], unique=False)
    op.create_table(
        "activitymark",
        *_place(),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "moment_id", "activity_id", "day"),
        sqlite_with_rowid=False,
    )


def _unit_settings() -> None:
    op.add_column("unit", sa.Column("risk_instruction", sa.String(), nullable=False, server_default=sa.text("''")))
    for name, days in (("silent_days", 14), ("never_days", 7), ("missing_days", 3), ("unanswered_days", 2)):
        op.add_column("unit", sa.Column(name, sa.Integer(), nullable=False, server_default=str(days)))
