"""The tests; they mirror the three packages."""

import os

# Programs are started by the hundred here: without cached bytecode each of them compiles everything anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
