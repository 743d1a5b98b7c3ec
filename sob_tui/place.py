"""From where somebody signs in, as waits after failed sign-ins count it."""

import os
from platform import node


def system_user() -> str:
    """Return the name of the system's user, or the number of one that has no name, as in a container."""
    from getpass import getuser  # nobody is asked for before the first frame

    try:
        return getuser()
    except (ImportError, KeyError, OSError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else ""


def place() -> str:
    """Return the system's user and machine, and the machine that the line comes from."""
    return f"{system_user()}@{node()} {os.environ.get('SSH_CONNECTION', '').partition(' ')[0]}"
