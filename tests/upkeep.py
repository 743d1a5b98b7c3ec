"""The order of the source: linters, locks and the list of dependencies current, no package registry's address.

Run by `start.py check` and `start.py lock`, in `.venv`.
"""

import hashlib
import json
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from tests import sbom

ROOT = Path(__file__).resolve().parent.parent

ENGLISH = [
    "sob_tui",
    "screens",
    "store",
    "tests",
    "start.py",
    "pyproject.toml",
    "Makefile",
    ".ci/run",
    "README.md",
    "CHANGELOG.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
]

LINTERS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
    "codespell": ["codespell", *ENGLISH],
}

# Each lock with what uv is told about it. The larger one is held to the versions of the smaller, so that one .venv can
# hold both.
LOCKS = {
    "requirements.lock": ["--group", "install"],
    "requirements-dev.lock": ["--group", "dev", "--constraints", "requirements.lock"],
}

# One file for every system and every Python from the oldest on, and no address in it.
LOCK_STYLE = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate"]

# Spelled in parts, so that this file passes its own check.
REGISTRY = re.compile(
    "|".join(
        (
            r"\b(py" + r"pi|python" + r"hosted|npm" + r"js|crates|debian)\.(org|io|com)\b",
            r"\b(index-" + r"url|find-" + r"links)\b['\"]?[\s=:]+['\"]?(https?|file):",
            r"https?:" + r"//\S+/simple\b",
        )
    )
)

# Locks of these kinds carry the addresses that they were fetched from.
FOREIGN_LOCK = re.compile(r"uv\.lock|pylock.*\.toml")


def lock_heading(root: Path) -> str:
    """First line of a lock made from pyproject.toml as it stands: a digest of its dependency tables."""
    tables = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    parts = [tables["project"]["requires-python"], tables["project"]["dependencies"], tables["dependency-groups"]]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return f"# dependencies in pyproject.toml: sha256:{digest}\n"


def stale_locks(root: Path) -> list[str]:
    """A line for each lock that was not made from the dependencies in pyproject.toml."""
    heading = lock_heading(root)
    paths = [root / name for name in LOCKS]
    return [
        f"{path.name}: stämmer inte med pyproject.toml; kör python3 start.py lock"
        for path in paths
        if not (path.exists() and path.read_text("utf-8").startswith(heading))
    ]


def project_files(root: Path) -> list[str]:
    """Names of the files that git tracks, or would if asked."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if (root / name).is_file()]


def registry_addresses(root: Path) -> list[str]:
    """A line for each place that names a package registry, and for each lock of a kind that always does."""
    faults = []
    for name in project_files(root):
        if FOREIGN_LOCK.fullmatch(Path(name).name):
            faults.append(f"{name}: en sådan låsfil bär registeradresser")
        for number, line in enumerate((root / name).read_text("utf-8", "replace").splitlines(), 1):
            if REGISTRY.search(line):
                faults.append(f"{name}:{number}: adress till ett paketregister")
    return faults


def program(name: str) -> str:
    """Path of a program in the environment that this one runs in."""
    return str(Path(sysconfig.get_path("scripts")) / name)


def passes(linter: list[str]) -> bool:
    """Run a linter on the checkout."""
    return subprocess.call([program(linter[0]), *linter[1:]], cwd=ROOT) == 0


def told(faults: list[str]) -> bool:
    """Print what a check of our own found; whether that was nothing."""
    for fault in faults:
        print(fault, flush=True)
    return not faults


def check() -> int:
    """Run every check, also after one that failed, and sum up."""
    passed = {name: passes(linter) for name, linter in LINTERS.items()}
    passed["låsfiler"] = told(stale_locks(ROOT))
    passed["beroendelista"] = told(sbom.stale(ROOT))
    passed["registeradresser"] = told(registry_addresses(ROOT))
    for name, ok in passed.items():
        print("ok " if ok else "FEL", name)
    return 0 if all(passed.values()) else 1


def lock(options: list[str]) -> int:
    """Write both locks anew, keeping the versions that still fit, and the list of dependencies; options go on to uv."""
    command = [program("uv"), "pip", "compile", "pyproject.toml", "--quiet", *LOCK_STYLE]
    for name, sources in LOCKS.items():
        code = subprocess.call([*command, *sources, "--output-file", name, *options], cwd=ROOT)
        if code:
            return code
        path = ROOT / name
        path.write_text(lock_heading(ROOT) + path.read_text("utf-8"), "utf-8")
    sbom.write(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(lock(sys.argv[2:]) if sys.argv[1] == "lock" else check())
