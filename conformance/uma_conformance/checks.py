"""What a check is: a pytest test that judges requirement ids by recorded exchanges.

A check takes a `Judge` and nothing else, and sends nothing. `check` attaches the ids it judges and
the probes whose recordings it reads.
"""

from collections.abc import Callable
from dataclasses import dataclass

from uma_conformance.judge import Judge
from uma_conformance.probes.probe import Probe

ATTRIBUTE = "uma_check"
# Folders of the suite that hold checks of UMA itself; every other one is a pack.
_ROLES = frozenset({"authorization_server", "resource_server", "client"})


@dataclass(frozen=True, slots=True)
class Check:
    """The ids a check judges, the probes it reads, and its name for reports."""

    name: str
    rows: tuple[str, ...]
    probes: tuple[Probe, ...]
    function: Callable[[Judge], None]
    whole_trace: bool

    @property
    def pack(self) -> str:
        """The pack that it belongs to; empty for a check of UMA itself."""
        package, _, folder = self.name.partition("::")[0].rpartition(".")[0].partition(".")
        if package != "suite" or not folder or folder in _ROLES:
            return ""
        return folder.replace("_", "-")


def check(
    *rows: str, probe: Probe | tuple[Probe, ...] = (), whole_trace: bool = False
) -> Callable[[Callable[[Judge], None]], Callable[[Judge], None]]:
    """Mark a test function as a check.

    Args:
        rows: the requirement ids it judges; it has to reach an outcome for each.
        probe: the probe (or probes) it reads; the first one is where labels are looked up.
        whole_trace: it looks at all exchanges of the run, so all probes have to be run first.

    """
    if not rows or len(set(rows)) != len(rows):
        raise TypeError("a check judges at least one row, and names each once")
    probes = probe if isinstance(probe, tuple) else (probe,)

    def mark(function: Callable[[Judge], None]) -> Callable[[Judge], None]:
        module = function.__module__.removeprefix("uma_conformance.")
        name = f"{module}::{function.__name__}"
        setattr(function, ATTRIBUTE, Check(name, rows, probes, function, whole_trace))
        return function

    return mark


def check_of(function: object) -> Check | None:
    """Return what `check` attached to a function, or `None`."""
    found = getattr(function, ATTRIBUTE, None)
    return found if isinstance(found, Check) else None
