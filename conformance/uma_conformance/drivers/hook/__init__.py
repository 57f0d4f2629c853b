"""The driver for targets whose vendor implements the control protocol `uma2-hook/1`."""

from uma_conformance.drivers.hook.driver import HookDriver

__all__ = ["HookDriver"]
