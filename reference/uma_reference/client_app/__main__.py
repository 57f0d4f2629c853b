"""The client application as a program."""

import sys

from uma_reference.client_app.serving import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], sys.stdin, sys.stdout, sys.stderr))
