"""The command line. Each command imports what it needs when it runs: production installs no embedded parts."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from steadymint.cli.local_stack import join_local_stack
from steadymint.stack.home import HOME

LAZY = {"demo": "steadymint.cli.demo", "intent": "steadymint.cli.intents", "chain": "steadymint.cli.chains"}
"""Command -> module whose `app` (a Typer) is that command or group of commands."""


class LazyGroup(TyperGroup):
    """Imports the modules of `LAZY` when their command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *LAZY]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in LAZY:
            return super().get_command(ctx, cmd_name)
        command: Any = typer.main.get_command(importlib.import_module(LAZY[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def main(context: typer.Context) -> None:
    """Steadymint: every flow of an NFT marketplace as a durable workflow.

    Settings come from the environment (see .env.example). Beside a running local stack, the commands that need a
    stack use it unless the environment says otherwise.
    """
    if context.invoked_subcommand not in {"up", "down", "demo"}:
        join_local_stack(HOME)


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once everything answers.")] = False,
    block_time: Annotated[float, typer.Option(min=0.1, help="Seconds between blocks of the local chain.")] = 2.0,
) -> None:
    """Run the whole stack on embedded parts, until Ctrl-C.

    Data, logs, ports and secrets stay below .steadymint (or STEADYMINT_HOME); a restart continues with them.
    """
    from steadymint.cli import up as command

    raise typer.Exit(command.detached(HOME, block_time) if detach else command.foreground(HOME, block_time))


@app.command()
def down() -> None:
    """Stop the stack that `up` started."""
    from steadymint.cli import up as command

    raise typer.Exit(command.stop(HOME))


@app.command()
def migrate(
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL of all migrations instead of running it.")] = False,
) -> None:
    """Bring Postgres, Mongo and Temporal to the shape this version expects. Safe to repeat, and at the same time."""
    from steadymint.cli import services

    if sql:
        services.print_migrations()
    else:
        asyncio.run(services.migrate())


@app.command()
def api() -> None:
    """Serve HTTP."""
    from steadymint.cli import services

    services.api()


@app.command()
def worker() -> None:
    """Run workflows and activities."""
    from steadymint.cli import services

    services.worker()


@app.command("codec-server")
def codec_server() -> None:
    """Let the Temporal UI read sealed payloads."""
    from steadymint.cli import services

    services.codec_server()


@app.command()
def doctor() -> None:
    """Ask each dependency by name whether it is fit; exits 1 if one is not."""
    from steadymint.cli.doctor import examine

    raise typer.Exit(asyncio.run(examine()))


@app.command()
def logs(part: Annotated[str, typer.Argument(help="api, worker, temporal, postgres, ...")], lines: int = 50) -> None:
    """Show the end of a part's log."""
    file = Path(HOME / "logs" / f"{part}.log")
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in file.parent.glob("*.log")))
        raise typer.BadParameter(f"there is no log of {part!r}; there are: {known or 'none'}")
    typer.echo("\n".join(file.read_text(errors="replace").splitlines()[-lines:]))


if __name__ == "__main__":
    app()
