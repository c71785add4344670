"""The command line: one file per command, each thin, loaded only when it is called."""

import contextlib
import difflib
import functools
import importlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from gp_fft.cli import stopping
from gp_fft.ground.errors import GpFftError, UsageError
from gp_fft.ground.version import __version__

COMMANDS = {
    "evolve": "Evolve programs for a transform, from random ones to exact and cheap ones.",
    "discover": "Discover the algorithm: one recursive program for every n of a family.",
    "resume": "Go on with a run that was stopped or has used its budget.",
    "runs": "List the runs in a folder.",
    "show": "Show the front of a run, or one program, beside the reference counts.",
    "report": "Write a page with graphs and charts of a run, a program or the records.",
    "watch": "Follow a run that is going on, from another terminal.",
    "graph": "Draw a program as a dataflow diagram, or write it for graph tools.",
    "export": "Write a program as code in another language.",
    "bench": "Compare the best evolved counts with the published ones.",
    "hunt": "Hunt for better records, unattended.",
    "prove": "Prove that programs are exact, and keep their certificates.",
    "verify": "Check a program file from the file alone.",
    "transforms": "List the transforms that can be asked for.",
    "primitives": "List the primitive sets and cost models.",
}


class Group(click.Group):
    """A group whose commands are imported when called, and whose errors are one sentence on stderr."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of daily work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command `name`: the object `command` of the module of that name."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"gp_fft.cli.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Look up the command that is called; UsageError with the nearest name if there is none."""
        if args and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(COMMANDS)}"
            raise UsageError(f"command {args[0][:40]!r} is unknown; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands for --help without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **options: Any) -> Any:
        """Run the command line; in standalone mode leave with 0, 1 (data), 2 (usage), 130 (Ctrl-C) or 143 (SIGTERM)."""
        words = list(sys.argv[1:] if args is None else args) or ["--help"]
        run: Callable[[], Any] = functools.partial(super().main, words, *rest, standalone_mode=False, **options)
        if not standalone_mode:
            return run()
        try:
            with stopping.sigterm_raises(), _warnings_are_sentences():
                result = run()
        except click.ClickException as error:
            _fail(error.format_message(), error.exit_code)
        except GpFftError as error:
            _fail(str(error), error.exit_code)
        except BrokenPipeError:  # the reader, `head` say, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            _fail(f"{name}{error.strerror or error}", 1)
        except (KeyboardInterrupt, click.Abort) as stop:  # click makes an Abort of a KeyboardInterrupt
            if isinstance(stop.__cause__, stopping.Terminated):
                _fail(stopping.SIGTERM, stopping.TERMINATED)
            _fail("interrupted", stopping.INTERRUPTED)
        sys.exit(result if isinstance(result, int) else 0)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gp-fft")
def cli() -> None:
    """Evolve exact, cheap programs for small linear transforms.

    \b
    Example:
      gp-fft evolve dft 8 --seconds 20
    """


def main() -> None:
    """The console script `gp-fft`."""
    cli(prog_name="gp-fft")


def _fail(message: str, code: int) -> None:
    """Print one sentence on stderr and leave."""
    _say("Error", message)
    sys.exit(code)


@contextlib.contextmanager
def _warnings_are_sentences() -> Iterator[None]:
    """While this lasts a warning that is meant for users is one sentence on stderr, without the line of our code."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, UserWarning):
                _say("Warning", str(message))
            else:
                usual(message, category, *place, **more)

        warnings.showwarning = show
        yield


def _say(kind: str, message: str) -> None:
    click.echo(f"{kind}: {' '.join(message.split())}", err=True)
