"""What an address has to say before anything goes over a network: TLS, and that the server is who it should be."""

from collections.abc import Mapping

from store.foundation.errors import Refused

REQUIRED = "verify-full"
_OWN = ("localhost", "::1")


def is_elsewhere(host: str) -> bool:
    """Whether the way to a host leaves the machine."""
    name = host.strip().strip("[]")
    return bool(name) and not (name.startswith(("/", "@", "127.")) or name.lower() in _OWN)


def require_tls(parameters: Mapping[str, str]) -> None:
    """Raise `Refused` where libpq's parameters lead over a network without TLS that checks the server's certificate.

    Args:
        parameters: as libpq names them; several hosts are divided by commas.
    """
    hosts = ",".join(parameters.get(name) or "" for name in ("host", "hostaddr")).split(",")
    elsewhere = [host for host in hosts if is_elsewhere(host)]
    if elsewhere and parameters.get("sslmode") != REQUIRED:
        raise Refused(
            f"Servern {elsewhere[0]} nås över nätet, och dit går ingenting utan TLS där servern visar vem den är. "
            f"Skriv sslmode={REQUIRED} i databasens adress, och sslrootcert=FIL om certifikatet har en egen utgivare.",
            field="store",
        )
