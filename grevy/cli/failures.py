"""How commands end: exit codes, and users' mistakes told without a traceback."""

import sys
from collections.abc import Callable

import click

from grevy.failure_text import tell_failure

OK, FINDINGS, BAD_INPUT, INTERNAL = 0, 1, 2, 3

EXIT_CODES = {
    OK: "done, nothing to report",
    FINDINGS: "what was checked has findings (`check-study`, `verify`; `report --final` writes nothing then)",
    BAD_INPUT: "wrong usage or unusable input; nothing was written",
    INTERNAL: "a mistake of Grevy itself; type and place of the failure are printed, nothing was written",
}


class BadInput(click.ClickException):
    """Input that cannot be used; the message says where, what was found, what is allowed, what to do."""

    exit_code = BAD_INPUT

    def show(self, file: object = None) -> None:
        """Print the message as it is: it may be a list of mistakes, one a line."""
        click.echo(self.format_message(), err=True)


class Findings(click.ClickException):
    """What a checking command found; printed, and told by the exit code."""

    exit_code = FINDINGS

    def show(self, file: object = None) -> None:
        """Print the findings to standard output: they are the result of the command."""
        click.echo(self.format_message())


def run_command(command: Callable[..., object], arguments: list[str] | None) -> int:
    """Run the command line and give its exit code."""
    try:
        outcome = command(args=arguments, standalone_mode=False)
        return outcome if isinstance(outcome, int) else OK
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return BAD_INPUT
    except click.ClickException as failure:
        failure.show()
        return failure.exit_code
    except Exception as failure:
        # Without the text of the error: these lines are sent to others, and it may repeat a patient's value.
        click.echo(tell_failure(failure), err=True)
        click.echo(
            "This is a mistake in Grevy, not in your input. Please report it with the lines above.", err=True
        )
        return INTERNAL
    finally:
        sys.stdout.flush()
