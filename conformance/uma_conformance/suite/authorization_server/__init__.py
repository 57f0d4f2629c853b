"""Checks for an authorization server under test."""
