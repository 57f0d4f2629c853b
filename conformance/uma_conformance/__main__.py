"""`python -m uma_conformance` is `uma2`."""

from uma_conformance.cli import main

if __name__ == "__main__":
    main()
