"""`uma2 hash-password`: what a configuration keeps instead of a password."""

import sys
from getpass import getpass

import typer

from uma_conformance.cli.exits import fail
from uma_reference.passwords import hash_password as hashed


def hash_password() -> None:
    """Read a password and print its hash, for `password_hash` in a configuration.

    It is asked for at a terminal, without showing it, or read as a line of the standard input.
    """
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if password != getpass("Once more: "):
            fail("the two are not the same; try again")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail("there is no password; type one, or pipe one in")
    typer.echo(hashed(password))
