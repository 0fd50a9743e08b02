"""The command line's door: the verbs, and the one place where an error becomes a line and an exit status.

Status 0: done. 1: a check of severity error does not hold. 2: bad input or a machine that failed, in one line. 130: interrupted.
"""

import sys

import typer

from fairweather.cli.audit import audit
from fairweather.cli.datasets import datasets
from fairweather.cli.demo import demo
from fairweather.cli.doctor import doctor
from fairweather.cli.models import models
from fairweather.cli.plan import plan
from fairweather.cli.report import report
from fairweather.cli.run import run
from fairweather.cli.strategies import strategies
from fairweather.errors import FairweatherError

app = typer.Typer(
    help="Which data augmentation helps your segmentation model when the weather turns, and how sure you can be.",
    epilog="A first look, without any download: fairweather demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (demo, plan, run, report, audit, strategies, models, datasets, doctor):
    app.command()(verb)


def main() -> None:
    """Run the command line and exit."""
    try:
        app()
    except FairweatherError as error:
        print(f"fairweather: {error}", file=sys.stderr)  # noqa: T201 - the door speaks
        sys.exit(2)
    except KeyboardInterrupt:
        print("fairweather: interrupted; what was finished is kept, the same command goes on", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe, such as head, went away
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
