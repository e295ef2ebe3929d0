"""The command line. A command imports its modules when it runs, because production installs no embedded parts."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from steadymint.cli.local_stack import join_local_stack
from steadymint.stack.home import HOME

OURS: Final = frozenset(
    {"steadymint", "steadymint_client", "api", "workflows", "activities", "workers", "migrations", "contracts"}
)
"""The packages of the wheel, which no extra brings."""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def main(context: typer.Context) -> None:
    """Steadymint: every flow of an NFT marketplace as a durable workflow.

    Settings come from the environment (see .env.example). If a local stack runs, its settings are used for those that
    the environment does not set.
    """
    if context.invoked_subcommand not in {"up", "down", "demo"}:
        join_local_stack(HOME)


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once everything answers.")] = False,
    block_time: Annotated[float, typer.Option(min=0.1, help="Seconds between blocks of the local chain.")] = 2.0,
    with_gallery: Annotated[
        bool,
        typer.Option("--with-gallery", help="Fill it with collections, people and weeks of trade, if it is not yet."),
    ] = False,
    seed: Annotated[int, typer.Option(min=1, help="With --with-gallery: the number from which all is drawn.")] = 1,
) -> None:
    """Run the whole stack on embedded parts, until Ctrl-C.

    Data, logs, ports and secrets are kept in .steadymint (or STEADYMINT_HOME), and the next start uses them again.
    """
    command = _of_local_stack("steadymint.cli.up")
    start = command.detached if detach else command.foreground
    raise typer.Exit(start(HOME, block_time, seed if with_gallery else None))


@app.command()
def down() -> None:
    """Stop the stack that `up` started."""
    raise typer.Exit(_of_local_stack("steadymint.cli.up").stop(HOME))


@app.command()
def migrate(
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL of all migrations instead of running it.")] = False,
) -> None:
    """Bring Postgres, Mongo and Temporal to the schema of this version. It may be repeated, and run several times at
    once."""
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
    """Decrypt payloads for the Temporal UI."""
    from steadymint.cli import services

    services.codec_server()


@app.command()
def secrets() -> None:
    """Print new keys as environment lines, for the `.env` of a new deployment."""
    from steadymint.cli import services

    services.print_secrets()


@app.command()
def doctor(
    install: Annotated[bool, typer.Option("--install", help="Examine this machine if nothing starts.")] = False,
) -> None:
    """Check each dependency. Exits 1 if one is missing or unsuitable."""
    if install:
        from steadymint.cli import installation

        raise typer.Exit(installation.report())
    from steadymint.cli.doctor import examine

    raise typer.Exit(asyncio.run(examine()))


@app.command()
def ops() -> None:
    """Print links to the views of the Temporal UI: what needs attention, what waits for a wallet, what is behind."""
    from steadymint.cli.services import print_views

    print_views()


@app.command()
def logs(part: Annotated[str, typer.Argument(help="api, worker, temporal, postgres, ...")], lines: int = 50) -> None:
    """Print the last lines of a part's log."""
    file = Path(HOME / "logs" / f"{part}.log")
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in file.parent.glob("*.log")))
        raise typer.BadParameter(f"there is no log of {part!r}; there are: {known or 'none'}")
    typer.echo("\n".join(file.read_text(errors="replace").splitlines()[-lines:]))


def _of_local_stack(module: str) -> Any:
    """A module that needs the embedded parts. Where they are not installed, the command says how to."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OURS:
            raise
        typer.echo(f"{error.name} is missing. A local stack needs: pip install 'steadymint[embedded]'", err=True)
        raise typer.Exit(1) from None


def _delegate(name: str, module: str, text: str) -> None:
    """Register the command or group `name`; `module` holds it as `app` and is imported when it is called."""
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

    @app.command(name, help=text, context_settings=passed_on)
    def run(context: typer.Context) -> None:  # pyright: ignore[reportUnusedFunction]
        load = _of_local_stack if name == "demo" else importlib.import_module
        load(module).app(args=context.args, prog_name=f"steadymint {name}")


_delegate("demo", "steadymint.cli.demo", "Run the main job, or a gallery, on a stack of its own.")
_delegate("intent", "steadymint.cli.intents", "Intents: list, show, retry, extend, rebind, cancel.")
_delegate("collection", "steadymint.cli.collections", "Collections that others have deployed: import, imports.")
_delegate("chain", "steadymint.cli.chains", "The chains we serve: list, add.")
_delegate("flag", "steadymint.cli.flags", "Mark tokens as spam or nsfw, hide or verify collections.")
_delegate("user", "steadymint.cli.users", "Users: show, suspend, ban, restore.")
_delegate("webhook", "steadymint.cli.webhooks", "Webhooks of operators: create, list, show, pause, replay, test.")
_delegate("audit", "steadymint.cli.audit", "What security should know of: refused sign-ins, operators' deeds, limits.")
_delegate("setting", "steadymint.cli.operator_settings", "Settings: list, set, reset, history.")
_delegate("maintenance", "steadymint.cli.maintenance", "The database: backup, restore-check, diagnose, vacuum.")
