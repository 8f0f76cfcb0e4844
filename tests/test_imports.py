"""The laws of the house that a machine can keep."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hotspots"
# Imports run one way: a part may import what stands before it, and itself.
ORDER = (
    "words",
    "tables",
    "sources",
    "library",
    "analysis",
    "study",
    "action",
    "publish",
    "views",
    "app",
    "commands",
    "__main__",
)
WORDS = {"__init__", "settings", "errors", "periods", "links", "selection"}
NEVER = {("analysis", "sources"), ("analysis", "library")}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part(dotted: str) -> str:
    name = [*dotted.split("."), "__init__"][1]
    return "words" if name in WORDS else name


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module or ""}
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_run_one_way(path):
    here = part(dotted(path))
    for name in imported(path):
        if name == "hotspots" or not name.startswith("hotspots."):
            continue
        there = part(name)
        if there not in ORDER:
            there = "words"  # a name imported from the package itself
        assert ORDER.index(there) <= ORDER.index(here), f"{dotted(path)} imports {name}"
        assert (here, there) not in NEVER, f"{dotted(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_only_the_app_knows_streamlit(path):
    if part(dotted(path)) == "app":
        return
    assert not any(name.split(".")[0] == "streamlit" for name in imported(path))


@pytest.mark.parametrize("path", sorted((PACKAGE / "app" / "pages").glob("*.py")), ids=dotted)
def test_pages_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90
