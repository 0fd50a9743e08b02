"""The command line's door: the verbs, and the one place where an error becomes a line and an exit status.

Status 0: done. 1: a check of severity error does not hold. 2: bad input or a machine that failed, in one line. 130: interrupted.
141: the reader of the output went away before all was said (as the shell reports it of any program).
"""

import os
import sys

import typer

from fairweather.cli.audit import audit
from fairweather.cli.compare import compare
from fairweather.cli.data import data
from fairweather.cli.datasets import datasets
from fairweather.cli.demo import demo
from fairweather.cli.doctor import doctor
from fairweather.cli.generate import generate
from fairweather.cli.init import init
from fairweather.cli.models import models
from fairweather.cli.plan import plan
from fairweather.cli.report import report
from fairweather.cli.run import run
from fairweather.cli.show import show
from fairweather.cli.strategies import strategies
from fairweather.errors import FairweatherError

app = typer.Typer(
    help="Which data augmentation helps your segmentation model when the weather turns, and how sure you can be.",
    epilog="A first look, without any download: fairweather demo",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (demo, init, plan, run, compare, audit, report, generate, show, strategies, models, datasets, doctor):
    app.command()(verb)
app.add_typer(data, name="data")


# Typer carries a copy of Click since 0.26 and stands on Click itself before; this is the base of usage errors in both.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def main() -> None:
    """Run the command line and exit."""
    try:
        status = invoke(sys.argv[1:])
        sys.stdout.flush()
    except FairweatherError as error:
        status = _say(2, str(error))
    except OSError as error:  # a name that is too long, a disk that fails: the machine's own words
        if isinstance(error, BrokenPipeError):
            status = _gone()
        else:
            status = _say(2, f"{error.filename or 'the machine'}: {error.strerror or error}")
    except UsageError as error:
        status = _say(2, _usage(error))
    except KeyboardInterrupt:
        status = _say(130, "interrupted; what was finished is kept, the same command goes on")
    except SystemExit:  # Rich says so when the reader of a pipe, such as head, went away
        status = _gone()
    sys.exit(status)


def invoke(words: list[str]) -> int:
    """Run one command and return its exit status; errors and interrupts come as they are.

    Typer's own `app()` would turn an interrupt and a closed pipe into exit statuses, and usage errors into several lines.
    """
    command = typer.main.get_command(app)
    try:
        with command.make_context("fairweather", words or ["--help"]) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    return 0


def _usage(error: Exception) -> str:
    """What is wrong with the words of a command, and where to read what is right."""
    message = " ".join(error.format_message().split())  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    return f"{message} (see {context.command_path} --help)" if context else message


def _gone() -> int:
    """The reader of the output went away."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the flush at exit would complain
    return 141


def _say(status: int, message: str) -> int:
    print(f"fairweather: {message}", file=sys.stderr)  # noqa: T201 - the door speaks
    return status


if __name__ == "__main__":
    main()
