"""The example hook server drives the reference as well as the built-in driver does."""

import ast
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner

from uma_conformance.cli import application

pytestmark = pytest.mark.usefixtures("unmeasured")

_EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "hook_server.py"


class Reference(Protocol):
    def target_file(self, driver: str, more: str = "") -> Path: ...
    def hook_server(self) -> AbstractContextManager[str]: ...


def hook(url: str) -> str:
    return f'kind = "hook"\nurl = "{url}"\nsecret_env = "UMA2_HOOK_SECRET"'


def test_every_row_ends_as_with_the_built_in_driver(
    reference: Reference,
    certified: Callable[[Path], dict[str, str]],
    own_outcomes: dict[str, str],
) -> None:
    with reference.hook_server() as url:
        found = certified(reference.target_file(hook(url)))
    assert found == own_outcomes
    assert "passed" in found.values()


def test_the_doctor_finds_every_hook_of_the_example_in_order(reference: Reference) -> None:
    with reference.hook_server() as url:
        path = reference.target_file(hook(url))
        result = CliRunner().invoke(application(), ["doctor", str(path)])
    assert result.exit_code == 0, result.output
    for name in ("set_policy", "short_lived_tickets", "redirects, act_as", "settle"):
        assert f"ok {name}" in result.output


def test_the_example_is_short_and_needs_the_standard_library_alone() -> None:
    text = _EXAMPLE.read_text("utf-8")
    assert len(text.splitlines()) < 100
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert {name.name.partition(".")[0] for name in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert str(node.module).partition(".")[0] in sys.stdlib_module_names
