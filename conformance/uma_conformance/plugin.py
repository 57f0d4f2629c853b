"""The pytest plugin: `pytest --pyargs uma_conformance.suite --uma-target my.toml`.

Each check is an item. All probes that the selected checks read are run once, before the first
check; then every check judges the recording. Without checks among the items it does nothing.
"""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.checks import Check, check_of


class _Run(Protocol):
    """What the plugin needs of a run; the run itself is imported only when there are checks."""

    def judge(self, check: Check) -> None: ...


RUN = pytest.StashKey[_Run]()
PROBLEMS = pytest.StashKey[Sequence[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that name the target and the output folder."""
    group = parser.getgroup("uma", "UMA 2.0 conformance")
    group.addoption(
        "--uma-target",
        metavar="FILE",
        type=Path,
        help="target file of the implementation under test (default: the built-in reference)",
    )
    group.addoption(
        "--uma-out", metavar="DIR", type=Path, help="write run.json and the reports to this folder"
    )
    group.addoption(
        "--uma-baseline",
        metavar="FILE",
        type=Path,
        help="known failures: the checks that see them are expected to fail",
    )
    group.addoption(
        "--uma-pack",
        metavar="NAME",
        action="append",
        default=[],
        choices=PACKS,
        help="judge a pack of rows beyond UMA 2.0, too (repeat it for others)",
    )


@pytest.fixture
def judge() -> None:
    """Stand for the judge in the signature of a check; the plugin calls checks itself."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the checks of packs that were not asked for."""
    wanted = {"", *config.option.uma_pack}
    found = [(item, check_of(getattr(item, "obj", None))) for item in items]
    left_out = [item for item, check in found if check is not None and check.pack not in wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item, check in found if check is None or check.pack in wanted]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Drive the target before the first check, and write the reports after the last one."""
    items = [item for item in session.items if isinstance(item, pytest.Function)]
    checks = [found for item in items if (found := check_of(item.obj)) is not None]
    if not checks or session.config.option.collectonly:
        return (yield)
    # Imported late: a project that only has the plugin installed does not pay for it.
    from uma_conformance.pytest_run import PytestRun  # noqa: PLC0415 - see above

    with PytestRun.open(session.config, checks) as run:
        session.config.stash[RUN] = run
        try:
            return (yield)
        finally:
            problems = run.finish()
            session.config.stash[PROBLEMS] = problems
            session.testsfailed += len(problems)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the entries of the baseline that fail the session."""
    problems = terminalreporter.config.stash.get(PROBLEMS, ())
    if problems:
        terminalreporter.section("UMA baseline")
    for problem in problems:
        terminalreporter.line(problem, red=True)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Judge with a check instead of calling it, and turn its findings into pytest's outcome."""
    found = check_of(pyfuncitem.obj)
    if found is None:
        return None
    pyfuncitem.config.stash[RUN].judge(found)
    return True
