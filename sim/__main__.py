"""`python -m sim`: calls the command line."""

import sys


def main() -> int:
    """Run the command line and give its exit status."""
    from sim.cli import run_cli

    return run_cli()


if __name__ == "__main__":
    sys.exit(main())
