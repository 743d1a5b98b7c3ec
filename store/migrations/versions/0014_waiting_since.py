"""When what a flag waits for began; and of which scales' changes a source says that they are reliable."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

from store.foundation.clock import start_of

revision = "0014"
down_revision = "0013"

SOURCES = {"PHQ-9": "NHS Talking Therapies Manual", "GAD-7": "NHS Talking Therapies Manual"}
"""Whose limit of reliable change has a source of its own; what is installed so far is of instruments alone."""
RELIABLE, UNTRIED = "(pålitlig försämring)", "(förändring, gränsen är inte prövad)"


def upgrade() -> None:
    """Bring a store to this revision."""
    op.add_column("flag", sa.Column("waiting_since", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    _run("UPDATE flag SET waiting_since = raised_at")
    _run(
        "UPDATE flag SET waiting_since = (SELECT coalesce(m.last_active_at, flag.raised_at) FROM moment m"
        " WHERE m.id = flag.moment_id) WHERE kind = 'tyst' AND handled_at IS NULL"
    )
    _run(
        "UPDATE flag SET waiting_since = (SELECT m.started_at FROM moment m WHERE m.id = flag.moment_id)"
        " WHERE kind = 'aldrig'"
    )
    _days()
    _scales()
    _reasons()


def _days() -> None:
    """Take the day that stands in what raised a flag, or that one by hand was given."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT id, kind, cause, severity, due_on, raised_at FROM flag"
            " WHERE handled_at IS NULL AND (kind IN ('saknas', 'uppfoljning') OR due_on <> '')"
        )
    )
    for row in rows.all():
        day = row.due_on if row.kind == "egen" else row.cause.rpartition(":")[2]
        if row.kind == "egen" and row.severity == "prioriterad":
            continue
        since = start_of(date.fromisoformat(day))
        _run("UPDATE flag SET waiting_since = :since WHERE id = :id", id=row.id, since=_later(row, since))


def _later(row: "sa.Row[tuple[object, ...]]", since: int) -> int:
    return max(int(row.raised_at), since) if row.kind == "egen" else since


def _scales() -> None:
    """Say of the units' own forms that their scales are a published instrument's: no others could be installed."""
    for row in op.get_bind().execute(sa.text("SELECT id, scales FROM installedform")).all():
        scales = [
            {**scale, "published": True, "change_source": SOURCES.get(scale["title"], "")}
            for scale in json.loads(row.scales)
        ]
        text = json.dumps(scales, ensure_ascii=False)
        _run("UPDATE installedform SET scales = :scales WHERE id = :id", id=row.id, scales=text)


def _reasons() -> None:
    """Call no worsening reliable by a limit that is a program's own, which nobody has tried."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT f.id, f.resident_id, f.moment_id, f.reason FROM flag f JOIN formanswer a"
            " ON a.resident_id = f.resident_id AND a.moment_id = f.moment_id AND a.installed_id IS NULL"
            " AND f.about = CAST(a.id AS varchar) WHERE f.kind = 'forsamring'"
        )
    )
    for row in rows.all():
        told = row.reason.replace(RELIABLE, UNTRIED)
        _run("UPDATE flag SET reason = :told WHERE id = :id", id=row.id, told=told)
        _run(
            "UPDATE event SET facts = replace(facts, :was, :told) WHERE resident_id = :resident AND moment_id = :moment"
            " AND kind = 'flagga-satt'",
            was=row.reason,
            told=told,
            resident=row.resident_id,
            moment=row.moment_id,
        )


def _run(sql: str, **values: object) -> None:
    op.get_bind().execute(sa.text(sql), values)
