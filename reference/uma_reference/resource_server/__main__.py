"""The resource server as a program."""

import sys

from uma_reference.resource_server.serving import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], sys.stdin, sys.stdout, sys.stderr))
