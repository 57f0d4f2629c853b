"""The driver for targets that somebody sets up by hand while the suite runs."""

from uma_conformance.drivers.manual.driver import ManualDriver

__all__ = ["ManualDriver"]
