"""The driver for targets on which everything was set up by hand beforehand."""

from uma_conformance.drivers.table.driver import TableDriver

__all__ = ["TableDriver"]
