"""The list of dependencies, `sbom.json` (CycloneDX 1.5): what an installation brings, with versions and licences.

Made by `start.py lock` out of `requirements.lock` and checked by `start.py check`. Licences are what the installed
packages say of themselves; those of another system's packages, which are not installed here, are left as they stood.
"""

import importlib.metadata
import json
import re
import tomllib
import uuid
from pathlib import Path
from typing import Any

FILE = "sbom.json"
LOCK = "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))?(?: \\)?$", re.MULTILINE)
_SPACE = uuid.UUID("b0f2a4c6-7f3e-4b57-9a53-0c1d4f6f5b1e")
_SILENT = {"sqlcipher3": "Zlib"}
"""Of packages whose metadata name no licence, what their licence file says."""
_LONGEST = 60
"""Of a licence's name; what is longer is its text."""


def stale(root: Path) -> list[str]:
    """A line where the list was not made from the lock as it stands."""
    try:
        written = json.loads((root / FILE).read_text("utf-8"))
        is_current = _bare(written) == _bare(made(root, {}))
    except (OSError, ValueError, KeyError, TypeError):
        is_current = False
    return [] if is_current else [f"{FILE}: stämmer inte med {LOCK}; kör python3 start.py lock"]


def write(root: Path) -> None:
    """Make the list anew; what is known of a licence already stays where the package is not installed."""
    known: dict[str, Any] = {}
    if (root / FILE).exists():
        known = {one["name"]: one["licenses"] for one in _components(root) if "licenses" in one}
    found = json.dumps(made(root, known), indent=1, ensure_ascii=False)
    (root / FILE).write_text(f"{found}\n", "utf-8")


def _components(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((root / FILE).read_text("utf-8"))["components"]
    return found


def made(root: Path, known: dict[str, Any]) -> dict[str, Any]:
    """Return the list; `known` are licences by the package's name, for what is not installed."""
    lock = (root / LOCK).read_text("utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project["name"],
                "description": project["description"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [_component(name, version, marker, known) for name, version, marker in _PINNED.findall(lock)],
    }


def _component(name: str, version: str, marker: str, known: dict[str, Any]) -> dict[str, Any]:
    place = f"pkg:pypi/{name}@{version}"
    found: dict[str, Any] = {"type": "library", "bom-ref": place, "name": name, "version": version, "purl": place}
    if marker:
        found |= {"scope": "optional", "properties": [{"name": "python:marker", "value": marker}]}
    licences = _licences(name) or known.get(name)
    return found | ({"licenses": licences} if licences else {})


def _licences(name: str) -> list[dict[str, Any]]:
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    if "License-Expression" in about:
        return [{"expression": about["License-Expression"]}]
    if name in _SILENT:
        return [{"expression": _SILENT[name]}]
    return [{"license": {"name": one}} for one in _named(about)]


def _named(about: importlib.metadata.PackageMetadata) -> list[str]:
    approved = "License :: OSI Approved :: "
    found = [one.removeprefix(approved) for one in about.get_all("Classifier") or [] if one.startswith(approved)]
    short = [one for one in about.get_all("License") or [] if one and "\n" not in one and len(one) <= _LONGEST]
    return list(dict.fromkeys(found or short))


def _bare(bom: dict[str, Any]) -> dict[str, Any]:
    """The list without licences, which only an installed package tells."""
    return bom | {"components": [{**one, "licenses": None} for one in bom["components"]]}
