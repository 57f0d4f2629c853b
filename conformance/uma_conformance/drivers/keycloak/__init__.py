"""Keycloak as a target: its driver, and a program that fetches and starts one for a run."""

from uma_conformance.drivers.keycloak.driver import KeycloakDriver

__all__ = ["KeycloakDriver"]
