"""What the target file itself gives of a driver, for targets that no driver of ours knows."""

from uma_conformance.drivers.declared.driver import DeclaredDriver
from uma_conformance.drivers.declared.settings import Declared, Settings

__all__ = ["Declared", "DeclaredDriver", "Settings"]
