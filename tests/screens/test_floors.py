"""A module named in a string, to be loaded later, stands no higher than who names it: import-linter doesn't see it."""

import re
import tomllib
from pathlib import Path

import screens

ROOT = Path(screens.__file__).parent
NAMED = re.compile(r'"screens\.([a-z_]+)[a-z_.:A-Z]*"')


def floors() -> dict[str, int]:
    """The floor of each module or package of the screens, counted from the top."""
    pyproject = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one.get("containers") == ["screens"])
    return {name.strip(): floor for floor, names in enumerate(layers) for name in names.split("|")}


def test_what_is_loaded_later_stands_no_higher() -> None:
    floor, named = floors(), 0
    for path in ROOT.rglob("*.py"):
        own = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for target in NAMED.findall(path.read_text(encoding="utf-8")):
            named += 1
            assert target == own or floor[target] > floor[own], f"{path} names screens.{target}"
    assert named > 5
