"""Makes the package's generated files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import unasync

from generator import operations, schemas

PACKAGE: Final = Path(__file__).parents[1] / "src" / "steadymint_client"
SETTINGS: Final = Path(__file__).parents[3] / "pyproject.toml"
MADE: Final = "Made by scripts/generate_clients.py of the API's document. Do not edit."
SYNC: Final = {
    "AsyncSteadymint": "Steadymint",
    "AsyncOperations": "Operations",
    "AsyncHttp": "Http",
    "AsyncListing": "Listing",
    "AsyncFlow": "Flow",
    "AsyncEvents": "Events",
    "AsyncWallet": "Wallet",
    "AsyncLock": "Lock",
    "AsyncClient": "Client",
    "AsyncBaseTransport": "BaseTransport",
    "_async": "_sync",
    "async_sleep": "sleep",
    "asynccontextmanager": "contextmanager",
    "aclose": "close",
    "aclosing": "closing",
    "aread": "read",
    "aiter_bytes": "iter_bytes",
}
"""Names of the async modules, and what they are in the sync ones."""


def made(document: dict[str, Any], target: Path) -> None:
    """Write the generated files below `target`, a folder like `PACKAGE`."""
    (target / "_async").mkdir(parents=True, exist_ok=True)
    codes = schemas.enumerations(document)
    (target / "codes.py").write_text(_codes(codes))
    (target / "models.py").write_text(_models(document, codes))
    (target / "_async" / "operations.py").write_text(operations.written(document))
    for source in (PACKAGE / "_async").glob("*.py"):
        if source.name != "operations.py" and target != PACKAGE:
            (target / "_async" / source.name).write_text(source.read_text())
    _in_form(target / "models.py", target / "codes.py", target / "_async" / "operations.py")
    _made_sync(target)


def _models(document: dict[str, Any], codes: dict[str, list[Any]]) -> str:
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "schemas.json"), Path(folder, "models.py")
        source.write_text(json.dumps(schemas.simplified(document)))
        options = (
            "--input-file-type=openapi", "--output-model-type=pydantic_v2.BaseModel", "--target-python-version=3.11",
            "--snake-case-field", "--no-alias", "--base-class=steadymint_client.base.Model",
            "--enum-field-as-literal=all", "--use-union-operator", "--use-standard-collections",
            "--use-schema-description", "--use-field-description", "--output-datetime-class=AwareDatetime",
            "--disable-timestamp", "--use-annotated", "--collapse-root-models", "--formatters=builtin",
        )  # fmt: skip
        command = [sys.executable, "-m", "datamodel_code_generator", f"--input={source}", f"--output={target}"]
        subprocess.run([*command, *options], check=True)
        text = target.read_text()
    names = {tuple(values): name for name, values in codes.items()}

    def opened(literal: re.Match[str]) -> str:
        """The generator repeats the values wherever a schema names an enumeration."""
        name = names.get(ast.literal_eval(f"({literal[1]},)"))
        return f"Open[codes.{name}]" if name else f"Open[{literal[0]}]"

    text = re.sub(r"\bLiteral\[(.*?),?\s*\]", opened, text, flags=re.DOTALL)
    text = _with_omitted(text, document)
    imports = "from steadymint_client import codes\nfrom steadymint_client.base import Model, Omitted, Open"
    text = text.replace("from steadymint_client.base import Model", imports)
    return f'"""The schemas of the API. {MADE}"""\n\n' + text


def _with_omitted(text: str, document: dict[str, Any]) -> str:
    """The models with the type of what a request may leave out, and may not give as null."""
    head, *blocks = re.split(r"^(?=class )", text, flags=re.MULTILINE)
    by_name = {block[len("class ") : block.index("(")]: block for block in blocks}
    for schema, member in schemas.omitted(document):
        name = re.escape(operations.snake(member))
        field = rf"^    {name}: (?:\(\s*)?([^=]*?) \| None(?:\s*\))? = (?:\(\s*)?None(?:\s*\))?$"
        by_name[schema] = re.sub(field, rf"    {name}: Omitted[\1] = None", by_name[schema], flags=re.MULTILINE)
    return head + "".join(by_name.values())


def _codes(codes: dict[str, list[Any]]) -> str:
    lines = [f"{name} = Literal[{', '.join(map(repr, values))}]" for name, values in codes.items()]
    return f'"""Codes and names of the API. {MADE}"""\n\nfrom typing import Literal\n\n' + "\n".join(lines) + "\n"


def _made_sync(target: Path) -> None:
    """The sync client is the async one without its words."""
    (target / "_sync").mkdir(exist_ok=True)
    rule = unasync.Rule(str(target / "_async"), str(target / "_sync"), SYNC)
    sources = sorted((target / "_async").glob("*.py"))
    unasync.unasync_files([str(path) for path in sources], [rule])
    written = [target / "_sync" / path.name for path in sources]
    for path in written:
        text = path.read_text().replace("The client of asyncio, of which the sync one is made.", "The sync client.")
        path.write_text(f"# {MADE.replace('the API', 'the async client and the API')}\n{text}")
    _in_form(*written)


def _in_form(*paths: Path) -> None:
    for command in (["check", "--fix", "--quiet", "--select=I,F401"], ["format", "--quiet"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(SETTINGS)]
        subprocess.run([*ruff, *map(str, paths)], check=True)
