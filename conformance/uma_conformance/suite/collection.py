"""Finding the checks of a role, the same ones that pytest collects."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator

from uma_conformance.checks import Check, check_of

PACKAGES = {"as": "uma_conformance.suite.authorization_server"}


def checks_for(role: str, packs: Iterable[str] = ()) -> tuple[Check, ...]:
    """Return every check for targets of a role, by module and by place in it.

    Those of packs come after all others. Packs are for authorization servers only.
    """
    if role not in PACKAGES:
        return ()
    return (*_checks(PACKAGES[role]), *pack_checks(packs))


def pack_checks(packs: Iterable[str]) -> tuple[Check, ...]:
    """Return every check of these packs."""
    folders = (f"uma_conformance.suite.{pack.replace('-', '_')}" for pack in packs)
    return tuple(check for folder in folders for check in _checks(folder))


def _checks(package_name: str) -> Iterator[Check]:
    package = importlib.import_module(package_name)
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if not module_info.name.startswith("test_"):
            continue
        module = importlib.import_module(f"{package_name}.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            found = check_of(function)
            # A check imported from another module is collected where it is defined.
            own = function.__module__ == module.__name__
            if found is not None and own and name.startswith("test_"):
                yield found
