"""Which driver a target file names; each is imported only when it is needed."""

from uma_conformance.drivers.browser import BrowserVisits
from uma_conformance.drivers.declared import DeclaredDriver
from uma_conformance.drivers.protocol import Driver, DriverError
from uma_conformance.target import BUILTIN, Target

CHOICES = ("hook", "table", "manual", "keycloak")
KINDS = (BUILTIN, *CHOICES)


def driver_of(target: Target) -> Driver:
    """Return the driver of a target that runs already; raise `DriverError` naming a wrong key."""
    driver = _driver_of(target)
    if not target.browser:
        return driver
    if not isinstance(driver, DeclaredDriver):
        raise DriverError(f"browser: the driver {target.driver} makes no visits; leave this out")
    driver.visitor = BrowserVisits.from_target(target, driver.returns)
    return driver


def _driver_of(target: Target) -> Driver:
    match target.driver:
        case "hook":
            from uma_conformance.drivers.hook import HookDriver  # noqa: PLC0415 - only then

            return HookDriver.from_target(target)
        case "table":
            from uma_conformance.drivers.table import TableDriver  # noqa: PLC0415 - only then

            return TableDriver.from_target(target)
        case "manual":
            from uma_conformance.drivers.manual import ManualDriver  # noqa: PLC0415 - only then

            return ManualDriver.from_target(target)
        case "keycloak":
            from uma_conformance.drivers.keycloak import KeycloakDriver  # noqa: PLC0415 - only then

            return KeycloakDriver.from_target(target)
        case unknown:
            raise DriverError(
                f"driver.kind: there is no driver {unknown!r}; use one of {', '.join(KINDS)}"
            )
