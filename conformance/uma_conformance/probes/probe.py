"""What a probe is: a named function that acts on a scene."""

from collections.abc import Callable
from dataclasses import dataclass

from uma_conformance.probes.scene import Scene


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe, named `<module>.<function>`; `summary` is the first line of its docstring."""

    name: str
    summary: str
    act: Callable[[Scene], None]


def probe(act: Callable[[Scene], None]) -> Probe:
    """Make a probe of a function."""
    module = act.__module__.rpartition(".")[2]
    function = act.__name__
    summary = (act.__doc__ or "").strip().splitlines()
    if not summary:
        raise TypeError(f"probe {module}.{function} needs a docstring that says what it does")
    return Probe(f"{module}.{function}", summary[0], act)
