"""Visits to pages of the target in a real browser, for any driver that a target file describes."""

from uma_conformance.drivers.browser.visits import BrowserVisits

__all__ = ["BrowserVisits"]
