"""Rules of the house: what the suite promises about itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import uma_conformance
import uma_reference
import uma_reports
import uma_scenarios
import uma_schemas
from uma_conformance.catalogue import Role, Severity, load_catalogue
from uma_conformance.oracle import load_proofs
from uma_conformance.passive.collection import passive_checks
from uma_conformance.suite.collection import PACKAGES, checks_for

_PACKAGES = (uma_conformance, uma_reference, uma_reports, uma_scenarios, uma_schemas)
# Who may import whom: only downwards.
_MAY_IMPORT = {
    "uma_schemas": frozenset[str](),
    "uma_reports": frozenset({"uma_schemas"}),
    "uma_reference": frozenset({"uma_schemas"}),
    "uma_scenarios": frozenset({"uma_schemas"}),
    "uma_conformance": frozenset({"uma_schemas", "uma_reports", "uma_reference", "uma_scenarios"}),
}
# Within the suite, a layer may import those that stand before it.
_LAYERS = (
    ("content", "jsonvalue", "navigation", "near", "outcome"),
    ("trace",),
    ("legible",),
    ("judge", "patience", "redaction"),
    ("wire", "catalogue", "declaring"),
    ("target", "baseline"),
    ("drivers.protocol",),
    ("actors",),
    ("drivers",),
    ("probes", "assessment", "features"),
    ("checks",),
    ("suite", "session", "traffic"),
    ("passive", "exploring"),
    ("rows", "pack_rows", "mutants", "oracle", "played"),
    ("opening", "recording", "starting_point"),
    ("run", "doctor", "offline", "counterexamples", "repeating", "replay"),
    ("overheard", "sharing"),
    ("pytest_run", "kill_matrix", "pack_matrix", "exploring_matrix", "rehearsal"),
    ("proving",),
    ("pytest_exploring",),
    ("cli", "plugin", "scenario_items"),
    ("__main__",),
)


def sources(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names} | {node.module}
    return found


def folder_of(name: str) -> Path:
    package = next(item for item in _PACKAGES if item.__name__ == name)
    return Path(str(package.__file__)).parent


@pytest.mark.parametrize("package", _MAY_IMPORT)
def test_imports_go_downwards_between_packages(package: str) -> None:
    forbidden = _MAY_IMPORT.keys() - _MAY_IMPORT[package] - {package}
    for path, tree in sources(folder_of(package)):
        wrong = {name for name in imported(tree) if name.partition(".")[0] in forbidden}
        assert wrong == set(), path


def layer_of(module: str) -> int | None:
    found = [
        (len(name), number)
        for number, layer in enumerate(_LAYERS)
        for name in layer
        if f"{module}.".startswith(f"{name}.")
    ]
    return max(found)[1] if found else None


def test_imports_go_downwards_within_the_suite() -> None:
    root = folder_of("uma_conformance")
    for path, tree in sources(root):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        own = layer_of(module.removesuffix(".__init__"))
        if own is None:
            assert module == "__init__"
            continue
        for name in imported(tree):
            if name.startswith("uma_conformance."):
                other = layer_of(name.removeprefix("uma_conformance."))
                assert other is not None, name
                assert other <= own, f"{path} imports {name}"


def test_checks_see_neither_the_network_nor_the_reference() -> None:
    root = folder_of("uma_conformance")
    for path, tree in (*sources(root / "suite"), *sources(root / "passive")):
        names = {name.partition(".")[0] for name in imported(tree)}
        assert names & {"httpx", "uma_reference", "socket", "requests", "urllib3"} == set(), path


def test_every_judged_id_is_in_the_catalogue() -> None:
    catalogue = load_catalogue()
    for role in PACKAGES:
        for check in checks_for(role):
            for row in check.rows:
                assert row in catalogue, check.name
                assert catalogue[row].concerns(Role(role)), f"{check.name}: {row}"


def test_passive_checks_judge_observable_rows_of_the_catalogue() -> None:
    catalogue = load_catalogue()
    for passive in passive_checks():
        for row in passive.rows:
            assert row in passive.check.rows, passive.check.name
            assert catalogue[row].concerns(Role.AS), f"{passive.check.name}: {row}"
            assert catalogue[row].observable_for(Role.AS), f"{passive.check.name}: {row}"


def test_no_check_judges_what_cannot_be_seen() -> None:
    catalogue = load_catalogue()
    for check in checks_for("as"):
        for row in check.rows:
            assert catalogue[row].observable_for(Role.AS), f"{check.name}: {row}"


def test_every_observable_row_of_a_server_is_judged_and_proved() -> None:
    """Also the rows on other parties, where the server has a side of its own in them."""
    judged = {row for check in checks_for("as") for row in check.rows}
    proofs = load_proofs("as")
    assert proofs is not None
    seen = {
        row.id for row in load_catalogue() if row.concerns(Role.AS) and row.observable_for(Role.AS)
    }
    assert seen - judged == set()
    assert seen - proofs.of_row.keys() == set()


def test_every_row_of_a_server_that_is_not_judged_says_why() -> None:
    judged = {row for check in checks_for("as") for row in check.rows}
    reasons = {
        row.id: row.not_observable
        for row in load_catalogue()
        if row.concerns(Role.AS) and row.id not in judged
    }
    assert [row for row, reason in reasons.items() if len(reason.split()) < 8] == []


def test_grave_rows_that_are_not_judged_have_reasons_of_their_own() -> None:
    """A phrase that fits many rows is fine for permissions, and for nothing else."""
    catalogue = load_catalogue()
    reasons = [
        row.not_observable
        for row in catalogue
        if row.concerns(Role.AS)
        and not row.observable_for(Role.AS)
        and row.severity_for(Role.AS) is not Severity.OBSERVATION
    ]
    assert len(reasons) == len(set(reasons))


def test_every_check_says_what_it_looks_for() -> None:
    for check in checks_for("as"):
        assert (check.function.__doc__ or "").strip().endswith("."), check.name


def test_modules_keep_no_state() -> None:
    """What a module binds beside functions and classes is a constant; nothing rebinds it."""
    for package in _PACKAGES:
        for path, tree in sources(Path(str(package.__file__)).parent):
            assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), path
            for node in tree.body:
                targets = node.targets if isinstance(node, ast.Assign) else []
                for name in map(ast.unparse, targets):
                    kind = name.strip("_")
                    # An alias of a type is spelled like a class.
                    assert kind.isupper() or kind[:1].isupper() or kind == "all", f"{path}: {name}"
