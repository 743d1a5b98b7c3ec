"""Where a password may stand: nowhere that others on the machine, or other programs, can see it."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from store.foundation.errors import Refused

_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})
"""What libpq takes a secret from in an address."""


def is_open_to_others(mode: int) -> bool:
    """Whether others than its owner may read a file of that mode, as far as the system knows of such rights."""
    return os.name == "posix" and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))


def has_password(store: str) -> bool:
    """Whether a store's address holds a secret."""
    if "://" not in store:
        return False
    try:
        address = urlsplit(store)
    except ValueError:  # no address at all, as the store will say
        return "@" in store
    return bool(address.password) or any(_options(store).get(name) for name in _SECRETS)


def refuse_password_in(name: str, settings: Path) -> Refused:
    """Return the refusal of a password in an option or a variable, with the way out."""
    return Refused(
        f"Lösenordet får inte stå i {name}, där andra kan se det. Lägg det i en fil som passfile i adressen anger, "
        f'eller hela adressen som store = "…" i {settings}, med filens rättigheter satta till 600.',
        field="store",
    )


def see_to_libpq(store: str, settings: Callable[[], Path]) -> None:
    """Refuse what libpq itself would take a password from, or warn of in the middle of the screen.

    Raises:
        Refused: a password stands in its variable, or in a file of its that others can read.
    """
    if not store.startswith("postgresql"):
        return
    if os.environ.get("PGPASSWORD"):
        raise refuse_password_in("PGPASSWORD", settings())
    for path in _files_of_libpq(_options(store)):
        try:
            is_open = is_open_to_others(path.stat().st_mode)
        except OSError:  # libpq does without it
            continue
        if is_open:
            raise Refused(f"Filen {path} har ett lösenord och kan läsas av andra än ägaren. Kör: chmod 600 {path}")


def _files_of_libpq(options: dict[str, str]) -> Iterator[Path]:
    """Yield the file of passwords, and that of services where one is asked for and has a password."""
    home = Path.home()
    yield Path(options.get("passfile") or os.environ.get("PGPASSFILE") or home / ".pgpass")
    if options.get("service") or os.environ.get("PGSERVICE"):
        named = options.get("servicefile") or os.environ.get("PGSERVICEFILE")
        path = Path(named or home / ".pg_service.conf")
        if _has_secret(path):
            yield path


def _has_secret(path: Path) -> bool:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.partition("=")[0].strip() in _SECRETS for line in lines)


def _options(store: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(store).query))
    except ValueError:
        return {}
