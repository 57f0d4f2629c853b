"""What a probe is: a named function that acts on a scene."""

from collections.abc import Callable
from dataclasses import dataclass

from uma_conformance.probes.scene import Scene


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe, named `<module>.<function>`; `summary` is the first line of its docstring.

    The name of a pack's probe begins with that pack, as in `security/races.redeemed`.
    """

    name: str
    summary: str
    act: Callable[[Scene], None]


def probe(act: Callable[[Scene], None]) -> Probe:
    """Make a probe of a function."""
    folder, _, module = act.__module__.rpartition(".")
    parent = folder.rpartition(".")[2]
    pack = "" if parent in {"probes", ""} else f"{parent.replace('_', '-')}/"
    function = act.__name__
    summary = (act.__doc__ or "").strip().splitlines()
    if not summary:
        raise TypeError(f"probe {module}.{function} needs a docstring that says what it does")
    return Probe(f"{pack}{module}.{function}", summary[0], act)
