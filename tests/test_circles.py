"""No module imports, by however many steps, one that imports it: late and types-only imports count too."""

import ast
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("screens", "store", "sob_tui")


def modules(root: Path, package: str) -> dict[str, Path]:
    """The package's modules by dotted name; a folder's `__init__` has the folder's."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (root / package).rglob("*.py")
    }


def imported(path: Path, known: Container[str]) -> Iterator[str]:
    """Yield the known modules that a module imports, wherever in it that stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by place and not by name"
            named = [f"{node.module}.{one.name}" for one in node.names]
            yield from (one for one in named if one in known)
            if node.module in known and not all(one in known for one in named):
                yield str(node.module)


def circle(root: Path, package: str) -> list[str]:
    """A circle among the package's modules, empty where there is none."""
    known = modules(root, package)
    graph = {name: set(imported(path, known)) for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_among_the_modules_of_a_package(package: str) -> None:
    assert circle(ROOT, package) == []


@pytest.mark.parametrize(
    "back",
    [
        "from pack import first\n",
        "def late():\n    from pack.first import something\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pack.first\n",
    ],
)
def test_a_circle_is_found_whichever_import_closes_it(tmp_path: Path, back: str) -> None:
    (tmp_path / "pack").mkdir()
    for name, text in {
        "__init__": "",
        "first": "import pack.second\n",
        "second": "import pack.third\n",
        "third": back,
    }.items():
        (tmp_path / "pack" / f"{name}.py").write_text(text, encoding="utf-8")
    assert set(circle(tmp_path, "pack")) == {"pack.first", "pack.second", "pack.third"}
