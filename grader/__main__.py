"""`python -m grader`. This file and the package's own are all that a Python below 3.11 sees: they must parse there."""

import sys


def run() -> int:
    """Return the exit code of the command line, or say what is missing to reach it."""
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write(f"The grader needs Python 3.11 or later, and this is {found}. Try: python3.13 -m grader\n")
        return 3
    try:
        from grader.cli import main
    except ImportError as error:
        if (error.name or "grader").split(".")[0] == "grader":
            raise
        need = "Install what the grader needs: python -m pip install -r requirements.lock"
        sys.stderr.write(f"The package {error.name} is not installed. {need}\n")
        return 3
    return main()


if __name__ == "__main__":
    try:
        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit(130)
