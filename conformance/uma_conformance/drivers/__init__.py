"""Drivers: they bring an implementation under test into a needed state."""
