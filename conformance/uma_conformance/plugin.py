"""The pytest plugin: `pytest --pyargs uma_conformance.suite --uma-target my.toml`.

Each check is an item, and with `uma_scenarios` each step of a scenario. All probes that the
selected checks read are run once, before the first item, and then the scenarios are played as far
as steps are selected; every check judges the recording, and every step tells how it ended. Without
such items it does nothing.
"""

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.checks import Check, check_of
from uma_conformance.pytest_exploring import add_options, plan_of


class _Run(Protocol):
    """What the plugin needs of a run; the run itself is imported only when it has to do."""

    def judge(self, check: Check) -> None: ...

    def show(self, scenario: str, step: str) -> None: ...


class _Node(Protocol):
    """What pytest-xdist tells of a worker that has ended."""

    workeroutput: Mapping[str, Sequence[str]]


RUN = pytest.StashKey[_Run]()
PROBLEMS = pytest.StashKey[Sequence[str]]()
EXPLORED = pytest.StashKey[Sequence[str]]()
BROKEN = pytest.StashKey[Sequence[str]]()
NOT_RUN = pytest.StashKey[str]()
SETUPS = pytest.StashKey[Sequence[str]]()
# By these names a worker tells of the same.
_HEARD = {
    "uma_problems": PROBLEMS,
    "uma_explored": EXPLORED,
    "uma_broken": BROKEN,
    "uma_setups": SETUPS,
}
_NOT_RUN = "uma_not_run"


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
    group.addoption(
        "--uma-scenario",
        metavar="NAME",
        action="append",
        default=[],
        help="play this scenario, one that is shipped or the path of one, instead of all that "
        "`uma_scenarios` has (repeat it for others)",
    )
    add_options(group)


def pytest_configure(config: pytest.Config) -> None:
    """Collect the scenarios that are named, whatever else is collected."""
    if not config.option.uma_scenario:
        return
    from uma_conformance.scenario_items import library_path  # noqa: PLC0415 - as below

    library = str(library_path())
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args[:] = [library]
    elif library not in config.args:
        config.args.append(library)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the scenarios of `uma_scenarios`, which are no Python files."""
    if (path.parent.name, path.name) != ("uma_scenarios", "library"):
        return None
    from uma_conformance.scenario_items import library  # noqa: PLC0415 - as below

    return library(path, parent)


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
    played = any(hasattr(item, "scenario_name") for item in session.items)
    plan = plan_of(session.config)
    if not (checks or played) or session.config.option.collectonly:
        result = yield
        # Where workers run the checks, the one that drove the target has told of them by now.
        session.testsfailed += _failures(session.config)
        return result
    # Imported late: a project that only has the plugin installed does not pay for it.
    from uma_conformance.pytest_run import opened  # noqa: PLC0415 - see above

    if played:
        from uma_conformance.scenario_items import wanted_of  # noqa: PLC0415 - see above

        scenarios = wanted_of(session.items)
    else:
        scenarios = ()
    with opened(session.config, checks, plan, scenarios) as run:
        session.config.stash[RUN] = run
        try:
            return (yield)
        finally:
            ending = run.finish()
            told = {
                "uma_problems": ending.problems,
                "uma_explored": ending.explored,
                "uma_broken": ending.broken,
                "uma_setups": ending.setups,
            }
            for name, key in _HEARD.items():
                session.config.stash[key] = told[name]
            session.testsfailed += _failures(session.config)
            _tell(session.config, {**told, _NOT_RUN: run.why_not_run})


def _failures(config: pytest.Config) -> int:
    """Return how many failures there are beside those of items."""
    return len(config.stash.get(PROBLEMS, ())) + len(config.stash.get(BROKEN, ()))


def _tell(config: pytest.Config, told: Mapping[str, Sequence[str]]) -> None:
    """Tell of something the process that started this one, if there is one."""
    output: dict[str, Sequence[str]] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output.update(told)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: "_Node") -> None:
    """Hear what a worker of pytest-xdist had to tell."""
    config: pytest.Config = getattr(node, "config")  # noqa: B009 - xdist has no types
    told = getattr(node, "workeroutput", {})
    for name, key in _HEARD.items():
        if told.get(name):
            config.stash[key] = told[name]
    if told.get(_NOT_RUN):
        config.stash[NOT_RUN] = told[_NOT_RUN]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with a usage error where no worker could run anything."""
    if NOT_RUN in session.config.stash:
        session.exitstatus = pytest.ExitCode.USAGE_ERROR


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was played as set-up, what of the baseline fails the session, what was found."""
    reason = terminalreporter.config.stash.get(NOT_RUN, "")
    if reason:
        terminalreporter.line(f"ERROR: {reason}", red=True)
    setups = terminalreporter.config.stash.get(SETUPS, ())
    if setups:
        terminalreporter.section("UMA scenarios")
    for told in setups:
        terminalreporter.line(told)
    problems = terminalreporter.config.stash.get(PROBLEMS, ())
    if problems:
        terminalreporter.section("UMA baseline")
    for problem in problems:
        terminalreporter.line(problem, red=True)
    explored = terminalreporter.config.stash.get(EXPLORED, ())
    if explored:
        terminalreporter.section("UMA exploring")
    for broken in terminalreporter.config.stash.get(BROKEN, ()):
        terminalreporter.line(broken, red=True)
    for line in explored:
        terminalreporter.line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Judge with a check instead of calling it, and turn its findings into pytest's outcome."""
    found = check_of(pyfuncitem.obj)
    if found is None:
        return None
    pyfuncitem.config.stash[RUN].judge(found)
    return True
