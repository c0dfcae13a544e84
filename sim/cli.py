"""The command line: one thin function a verb. Nothing heavy is imported before a verb needs it."""

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.version import VERSION

if TYPE_CHECKING:
    from sim.result import Result

FAULT_OF_OURS, INTERRUPTED, WRONG_USE = 1, 130, 2


def run_cli(arguments: list[str] | None = None) -> int:
    """Run a command line and give its exit status; a mistake of the user's ends in one line, never in a traceback."""
    from sim.errors import SimError

    try:
        main.main(args=arguments, prog_name="python -m sim", standalone_mode=False)
    except click.ClickException as error:
        click.echo(usage_line(error), err=True)
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt) as error:
        told = error.__cause__ if isinstance(error, click.Abort) else error  # click turns the one into the other
        click.echo(str(told or "") or "interrupted: nothing was written", err=True)
        return INTERRUPTED
    except SimError as error:
        click.echo(str(error), err=True)
        return error.exit_status
    except MemoryError:
        less = "fewer workers (--workers) or coarser cells (--set 'run.resolution=80 m') need less"
        click.echo(f"not enough memory: {less}", err=True)
        return WRONG_USE
    except OSError as error:
        click.echo(f"{error.filename or 'a file'}: cannot be used: {(error.strerror or str(error)).lower()}", err=True)
        return WRONG_USE
    except Exception:  # the last resort: keep the traceback for us, spare the user
        return report_fault()
    return 0


def usage_line(error: click.ClickException) -> str:
    """A wrong use in one line that starts with what is wrong: `--seed: 'x' is not a valid integer`."""
    context: click.Context | None = getattr(error, "ctx", None)
    if context is None or type(error).__name__ == "NoArgsIsHelpError":  # of newer clicks: the message is the help
        return error.message
    told = error.message[:1].lower() + error.message[1:].removesuffix(".")
    if isinstance(error, click.BadParameter) and error.param is not None:
        option = error.param.opts[0]
        name = option if option.startswith("-") else error.param.make_metavar(context)
        told = f"{name}: " + ("is missing" if isinstance(error, click.MissingParameter) else told)
    return f"{told}; see {context.command_path} --help"


def report_fault() -> int:
    """Write the traceback to a file and say where it is."""
    handle, name = tempfile.mkstemp(prefix="renxing-fault-", suffix=".txt", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exc(file=file)
    click.echo(f"a fault of ours: {sys.exception()!r}; the details are in {name}", err=True)
    return FAULT_OF_OURS


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(VERSION, prog_name="renxing")
def main() -> None:
    """Play a disaster over a community and measure how it holds, mends and learns (韧性)."""


SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
SETTINGS = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value, such as --set 'run.storm=48 h'."
)
OUTSIDE = click.option("--allow-outside", is_flag=True, help="Let the scenario name files outside its folder.")
LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the page.")


@main.command()
@SCENARIO
@click.option("--seed", type=int, help="All luck comes from it [default: the scenario's].")
@click.option("--replications", type=int, help="Outcomes drawn [default: the scenario's].")
@click.option("--workers", type=int, help="Processes [default: cores, at most 8].")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Result folder, new or empty [default: results/<scenario>/<time>-<seed>]."
)
@click.option("--resume", is_flag=True, help="Go on with the run that --out DIR holds: play only what is missing.")
@click.option("--only", type=int, metavar="R", help="Play replication R alone, in full detail.")
@SETTINGS
@OUTSIDE
@LANGUAGE
def run(
    scenario: Path, seed: int | None, replications: int | None, workers: int | None, out: Path | None, resume: bool,
    only: int | None, settings: tuple[str, ...], allow_outside: bool, lang: str,
) -> None:  # fmt: skip
    """Play SCENARIO and write a result folder with indices, ledgers, figures and a page."""
    from sim.scenario import load
    from sim.sweep.execute import default_workers
    from sim.sweep.execute import run as play

    if resume and out is None:
        raise click.UsageError("--resume: needs the folder of the run to go on with, --out DIR")
    loaded = load(scenario, settings, allow_outside)
    folder = out or default_folder(loaded.name, loaded.run.seed if seed is None else seed)
    workers = default_workers() if workers is None else workers
    with shown_progress() as progress:
        result = play(
            loaded, seed=seed, replications=replications, only=only, workers=workers, progress=progress, out=folder, resume=resume
        )
    page = write_pages(folder, lang)
    show_summary(result)
    click.echo(f"page: {page}")


def default_folder(name: str, seed: int) -> Path:
    """results/<scenario>/<UTC time>-<seed>, with -2 and so on where that is taken."""
    from datetime import UTC, datetime

    base = Path("results") / name / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{seed}"
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


class shown_progress:
    """A bar with an estimate on a terminal, plain lines otherwise; use as `with shown_progress() as tell`."""

    def __enter__(self) -> Any:
        """Start; the value is called with (done, total)."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self.bar, self.said = None, 0
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=console)
            self.bar.start()
            self.task = self.bar.add_task("replications", total=None)
        return self.tell

    def tell(self, done: int, total: int) -> None:
        """One more is done."""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total)
        elif done == total or 10 * done // total != 10 * self.said // total:
            self.said = done
            click.echo(f"replications: {done} of {total}", err=True)

    def __exit__(self, *exception: object) -> None:
        """Leave the terminal as it was."""
        if self.bar is not None:
            self.bar.stop()


def write_pages(folder: Path, lang: str) -> Path:
    """Figures and page of a result folder."""
    from sim.report.figures import write_figures
    from sim.report.page import write_page

    write_figures(folder, lang)
    return write_page(folder, lang)


def show_summary(result: "Result") -> None:
    """The indices on the terminal, with their intervals or why there is none."""
    from rich.console import Console
    from rich.table import Table

    indices = result.summary["indices"]
    title = "{scenario}, seed {seed}, {replications} replications".format(**result.summary)
    table = Table(title=title)
    for heading in ("index", "value", "95 % interval", "single outcomes (5-95 %)"):
        table.add_column(heading)
    for name, chinese in (("maintenance", "维持力"), ("recovery", "恢复力"), ("development", "发展力")):
        index = indices[name]
        if index is None:
            table.add_row(f"{name} {chinese}", "-", indices["why"][name], "")
        else:
            spans = (f"{index[low]:.1f} to {index[high]:.1f}" for low, high in (("lo", "hi"), ("p5", "p95")))
            table.add_row(f"{name} {chinese}", f"{index['value']:.1f}", *spans)
    Console().print(table)


@main.command()
@SCENARIO
@SETTINGS
@OUTSIDE
def check(scenario: Path, settings: tuple[str, ...], allow_outside: bool) -> None:
    """Read and resolve SCENARIO; print its parts, the columns they read and write, and an estimate of memory and time."""
    from sim.check import describe
    from sim.scenario import load

    for line in describe(load(scenario, settings, allow_outside)):
        click.echo(line)


@main.command()
@click.option("--all", "everything", is_flag=True, help="Write docs/reference.md: every key with its meaning.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write [default: standard output, or docs/reference.md].")
def schema(everything: bool, out: Path | None) -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from sim.schema import json_schema, reference_page

    if everything:
        out = out or Path("docs/reference.md")
    text = reference_page() if everything else json_schema()
    if out is None:
        click.echo(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
        click.echo(f"written: {out}", err=True)


@main.command()
@click.argument("result", type=click.Path(path_type=Path))
@LANGUAGE
def report(result: Path, lang: str) -> None:
    """Make figures and report.html again from a saved RESULT folder."""
    from sim.result import read

    read(result)
    click.echo(f"page: {write_pages(result, lang)}")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a commented scenario, its recipe and a sheet for its figures into DIR, to start from."""
    from sim.init import write_start

    for path in write_start(folder):
        click.echo(f"written: {path}")
    click.echo(f"next: python -m sim check {folder / 'scenario.yaml'}")


@main.command()
def warmup() -> None:
    """Compile and cache the kernels by playing a very small community."""
    from sim.check import warm_up

    click.echo(f"kernels compiled: {warm_up()}")
