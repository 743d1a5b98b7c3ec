"""Programs in the store: each version as it was installed; a moment keeps the version that it started with."""

from functools import lru_cache

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.care.program_files import Program, program_from_json, program_to_json
from store.foundation.access import Action, Role, Standing
from store.foundation.connection import Connection
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.tables import BYTEWISE
from store.foundation.text import fold
from store.foundation.work import Work


class ProgramVersion(SQLModel, table=True):
    """A version of a program."""

    __table_args__ = (UniqueConstraint("program", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    """The folder's name."""
    version: str
    title: str
    sort_title: str = Field(sa_type=BYTEWISE)
    recommended_days: int
    content: str
    """The whole program as one JSON document."""
    installed_at: int = Field(sa_type=BigInteger)


@operation(
    "Installera en programversion",
    may={Standing.OPERATOR, Role.PROVIDER_ADMIN},
    action=Action.CHANGED,
)
def install_program(work: Work, program: Program) -> int:
    """Add a version to the store; returns its id. The same version again changes nothing.

    Raises:
        Refused: the version is there already with another content.
    """
    content = program_to_json(program)
    work.log(Action.CHANGED, details=f"{program.id} {program.version}")
    there = work.db.pair(
        "SELECT id, content FROM programversion WHERE program = :program AND version = :version",
        program=program.id,
        version=program.version,
    )
    if there is None:
        return work.add(
            ProgramVersion(
                program=program.id,
                version=program.version,
                title=program.title,
                sort_title=fold(program.title),
                recommended_days=program.recommended_days,
                content=content,
                installed_at=work.now,
            )
        )
    version_id, known = there
    if _parsed(known) != program:  # as text it lacks the keys that came later
        raise Refused(
            f"Version {program.version} av {program.title} är redan installerad med annat innehåll. "
            "Höj version i program.toml och installera igen.",
            field="version",
        )
    return int(version_id)


def latest_version(db: Connection, program: str) -> tuple[int, str] | None:
    """Return id and title of the version that a new moment starts with, or None."""
    return db.pair(
        "SELECT id, title FROM programversion WHERE program = :program ORDER BY id DESC LIMIT 1", program=program
    )


def program_of(db: Connection, version_id: int) -> Program:
    """Return an installed version's content."""
    return _parsed(db.value("SELECT content FROM programversion WHERE id = :id", id=version_id))


@lru_cache(maxsize=64)
def _parsed(content: str) -> Program:
    """Parse once; installed content never changes."""
    return program_from_json(content)
