"""Finding the checks of a role, the same ones that pytest collects."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from uma_conformance.checks import Check, check_of

PACKAGES = {"as": "uma_conformance.suite.authorization_server"}


def checks_for(role: str) -> tuple[Check, ...]:
    """Return every check for targets of a role, by module and by place in it."""
    return tuple(_checks(PACKAGES[role])) if role in PACKAGES else ()


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
