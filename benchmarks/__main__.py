"""`python -m benchmarks [NAME...] [--json FILE]`: runs the benchmarks, prints a table, writes JSON."""

import argparse
import json
import platform
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.numerics.jit import cpu_name

BENCHMARKS = ("startup", "flood", "movement", "replication", "growth")


def main() -> None:
    """Run those asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--json", type=Path, help="also write the numbers here")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    console, results = Console(), {}
    for name in arguments.names or BENCHMARKS:
        results[name] = import_module(f"benchmarks.{name}").measure()
        table = Table(title=name, show_header=False)
        for key, value in results[name].items():
            table.add_row(key, f"{value:.4g}" if isinstance(value, float) else str(value))
        console.print(table)
    if arguments.json:
        machine = {"cpu": cpu_name(), "system": platform.platform(), "python": platform.python_version()}
        arguments.json.write_text(json.dumps({"machine": machine, **results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
