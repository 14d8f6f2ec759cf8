"""The single place where errors become words and exit codes. Everything below only raises."""

import sys
import traceback
from errno import ENOSPC
from typing import Any

import click

from bootstrap.cli.options import SCREEN, Screen, screen_of
from bootstrap.cli.pipes import PIPE_CLOSED, silence_stdout
from bootstrap.cli.signals import Received, as_interrupt
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import as_typed, program


def guarded(command: click.Command, arguments: list[str]) -> int:
    """Run a command and return its exit code; never raises, never prints a traceback unless asked by -v.

    Usage errors exit 2, a KbootError exits with its own code, Ctrl-C 130, SIGTERM 143, SIGHUP 129, a closed stdout 141,
    anything unexpected 1 (KB0001).
    """
    with as_interrupt() as received:
        try:
            code = _invoked(command, arguments, received)
            sys.stdout.flush()
        except (KeyboardInterrupt, click.Abort) as stopped:
            click.echo(as_typed(": ".join(("kboot: interrupted", *map(str, stopped.args)))), err=True)
            code = ExitCode.INTERRUPTED
        except BrokenPipeError:
            silence_stdout()
            code = PIPE_CLOSED
        except OSError as full:  # only a stream without a name comes as far as this
            silence_stdout()
            click.echo(f"kboot: the result could not be written: {full.strerror}", err=True)
            code = ExitCode.INTERNAL
        return received.exit_code(code)


def _invoked(command: click.Command, arguments: list[str], received: Received) -> int:
    context: click.Context | None = None
    try:
        with command.make_context(program(), list(arguments), obj=received) as context:
            return _as_code(command.invoke(context))
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        screen = _screen(context, command, arguments)
        if screen.output != "text":
            screen.print_document(_usage_document(error))
        error.show()
        return error.exit_code
    except KbootError as error:
        screen = _screen(context, command, arguments)
        if screen.verbose and error.__cause__:
            click.echo("".join(traceback.format_exception(error.__cause__)), err=True)
        return _told(error, screen)
    except (click.Abort, BrokenPipeError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == ENOSPC and error.filename is None:
            raise
        return _unexpected(error, _screen(context, command, arguments))


def _screen(context: click.Context | None, command: click.Command, arguments: list[str]) -> Screen:
    """How the command talks; what failed before its options were read talks as the words ask for."""
    if context is not None and SCREEN in context.meta:
        return screen_of(context)
    from bootstrap.cli.asked_output import asked_output  # noqa: PLC0415 - only when there is an error

    return Screen(output=asked_output(command, arguments))


def _usage_document(error: click.ClickException) -> dict[str, object]:
    """A mistake on the command line has no code of its own; --help of the command is the page about it."""
    from bootstrap.show import error_text  # noqa: PLC0415

    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else program()
    return error_text.usage_document(error.format_message(), f"{path} --help", error.exit_code)


def _as_code(returned: Any) -> int:
    return int(returned) if isinstance(returned, int) else ExitCode.OK


def _told(error: KbootError, screen: Screen) -> int:
    from bootstrap.show import error_text  # noqa: PLC0415 - only when there is an error

    if screen.output != "text":
        screen.print_document(error_text.error_document(error))
    click.echo(error_text.lines(error), err=True)
    return error.exit_code


def _unexpected(error: Exception, screen: Screen) -> int:
    from bootstrap.show import crash  # noqa: PLC0415

    trace = "".join(traceback.format_exception(error))
    if screen.verbose:
        click.echo(trace, err=True)
    return _told(crash.as_error(error, trace), screen)
