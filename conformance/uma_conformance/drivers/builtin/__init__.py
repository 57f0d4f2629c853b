"""The built-in target: the reference authorization server and the driver that sets it up."""

from uma_conformance.drivers.builtin.deployment import Deployment
from uma_conformance.drivers.builtin.driver import BuiltinDriver, fresh_deployment

__all__ = ["BuiltinDriver", "Deployment", "fresh_deployment"]
