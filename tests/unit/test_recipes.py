"""The recipes of CONTRIBUTING name every file that takes part, and the code follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from steadymint.chain.nodes.chain import FACTORY
from steadymint.events import event
from steadymint.events.event import DomainEvent
from steadymint.indexing.subjects.subject import Subject
from steadymint.indexing.subjects.table import BY_ROLE, SUBJECTS
from tests.support.api_document import api_document

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "CONTRIBUTING.md").read_text().partition("\n## Recipes\n")[2]
CREATED = re.compile(r"^create table if not exists \w+\.(\w+)", re.MULTILINE)
FILES_ONLY = {"content"}
"""Subjects that answer with files and have no body of their own."""
SHARED_TESTS = dict.fromkeys(("accounts", "chains", "collections", "search", "tokens"), "catalog")
"""Subjects whose tests are in files of one name, since they are asked about together."""


def files_of(recipe: str) -> list[str]:
    """The files that the recipe's table names."""
    section = RECIPES.partition(f"\n### {recipe}\n")[2].partition("\n### ")[0]
    return re.findall(r"^\|(?: new \|| edited \|)? `([^`]+)` \|", section, re.MULTILINE)


def subjects() -> Iterator[tuple[str, str]]:
    """Every room and subject that has routes."""
    for file in sorted(ROOT.glob("api/*/routes/*.py")):
        if file.stem != "__init__":
            yield file.parts[-3], file.stem


def revisions() -> Iterator[Path]:
    """The revisions that create tables."""
    for file in sorted(ROOT.glob("migrations/versions/[0-9]*.py")):
        if CREATED.search(file.read_text()):
            yield file


def text_of(path: str) -> str:
    return (ROOT / path).read_text()


# -- a route ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("room", "subject"), list(subjects()))
def test_a_subject_of_the_api_has_the_files_of_its_recipe(room: str, subject: str) -> None:
    route, body, view, main, tested = files_of("A route")
    named = {"<room>": room, "<subject>": subject}

    def of(pattern: str) -> Path:
        return ROOT / re.sub("<room>|<subject>", lambda found: named[found[0]], pattern)

    assert of(route).exists()
    assert of(body).exists() or subject in FILES_ONLY
    if of(view).exists():
        assert of(body).exists(), "a view shows a body"
    assert main == "api/main.py"
    tests = of(tested).with_name(f"test_{SHARED_TESTS.get(subject, subject)}.py")
    assert tests.exists()


def test_every_route_is_served() -> None:
    served = api_document()["paths"]
    for room, subject in subjects():
        routes = import_module(f"api.{room}.routes.{subject}").router.routes
        shown = [route for route in routes if route.include_in_schema]
        assert shown, subject
        for route in shown:
            path = re.sub(r":\w+}", "}", route.path)  # OpenAPI knows no converters
            assert {method.lower() for method in route.methods} <= served[path].keys()


def test_a_route_takes_its_services_from_the_root_and_speaks_no_sql() -> None:
    for room, subject in subjects():
        text = text_of(f"api/{room}/routes/{subject}.py")
        assert "app.state" not in text, subject
        assert not re.search(r"\b(select|insert into|update|delete from) \w+_service\.", text, re.IGNORECASE), subject


# -- a subject of the indexer ------------------------------------------------------------------------------------------


def folders_of_the_indexer() -> Iterator[Path]:
    """The folder of each subject."""
    for file in sorted(ROOT.glob("steadymint/indexing/subjects/*/")):
        if file.name != "__pycache__":
            yield file


def name_of(subject: type[Subject]) -> str:
    return subject.__module__.split(".")[-2]


def test_a_subject_of_the_indexer_is_a_folder_and_an_entry_of_the_table() -> None:
    *modules, tested, table = files_of("A subject of the indexer")
    assert table == "steadymint/indexing/subjects/table.py"
    assert sorted(map(name_of, SUBJECTS)) == [folder.name for folder in folders_of_the_indexer()]
    for folder in folders_of_the_indexer():
        named = [ROOT / module.replace("<subject>", folder.name) for module in modules]
        assert {file.parent for file in named} == {folder}
        assert sum(file.exists() for file in named) >= 2, folder.name
        assert named[-1].exists(), "the class of the subject"
        tests = (ROOT / tested.replace("<subject>", folder.name)).parent
        assert list(tests.glob("test_*.py")), folder.name


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_a_subject_of_the_indexer_reads_undoes_and_tells_by_itself(subject: type[Subject]) -> None:
    folder = f"steadymint.indexing.subjects.{name_of(subject)}."
    handlers = [*subject.ours.values(), *subject.imported.values()]
    handlers += [handler for of_role in subject.roles.values() for handler in of_role.values()]
    assert handlers
    assert {handler.__module__ for handler in handlers if not handler.__module__.startswith(folder)} == set()
    assert "write" in vars(subject)
    assert "undo" in vars(subject), "what is written can be taken back"
    assert "executemany(" not in text_of("steadymint/indexing/projection.py"), "rows are written by subjects"


def test_a_role_of_a_contract_leads_to_one_subject() -> None:
    roles = [role for subject in SUBJECTS for role in subject.roles]
    assert sorted(roles) == sorted(BY_ROLE)
    assert FACTORY in BY_ROLE


# -- an event --------------------------------------------------------------------------------------------------------


def writers() -> Iterator[Path]:
    """The modules that write events."""
    for file in sorted(ROOT.glob("steadymint/**/*.py")):
        if file.parent.name == "events":
            continue
        text = file.read_text()
        if "INTO event_service.outbox" in text or "steadymint.events.outbox import append" in text:
            yield file


def test_streams_and_types_of_events_are_documented() -> None:
    names, written, page = files_of("An event")
    assert names == "steadymint/events/event.py"
    told = text_of(page).partition("## Domain events")[2]
    streams = {value for name, value in vars(event).items() if name.isupper() and isinstance(value, str)}
    assert len(streams) >= 6
    assert {stream for stream in streams if f"`{stream}`" not in told} == set()
    assert written == "steadymint/<service>/<module>.py"
    types = {found for file in types_in() for found in file}
    assert {"minted", "created", "upserted", "auth.user_logged_in", "wallet.linked", "wallet.unlinked"} <= types
    assert {kind for kind in types if f"`{kind}" not in told} == set()


def types_in() -> Iterator[set[str]]:
    """The beginnings of the types that modules give to their events."""
    for file in sorted(ROOT.glob("steadymint/**/*.py")):
        text = file.read_text()
        if "steadymint.events.event import" not in text:
            continue
        found = set(re.findall(r'"([a-z]+\.[a-z_]+)"', text)) if "event_id_of" in text else set[str]()
        yield found | set(re.findall(r'f"([a-z]+)\.\{chain\}', text))


def test_events_are_written_by_the_modules_that_make_the_change() -> None:
    found = [str(file.relative_to(ROOT)) for file in writers()]
    assert {
        "steadymint/identity/sessions/store.py",
        "steadymint/identity/wallets/rows.py",
        "steadymint/indexing/telling/publish.py",
    } <= {*found}
    outside = [
        str(file.relative_to(ROOT))
        for folder in ("api", "workers", "workflows", "activities")
        for file in ROOT.glob(f"{folder}/**/*.py")
        if "event_service" in file.read_text() or DomainEvent.__name__ in file.read_text()
    ]
    assert outside == []


def test_every_consumer_is_served() -> None:
    modules = [import_module(f"steadymint.events.{file.stem}") for file in ROOT.glob("steadymint/events/[a-z]*.py")]
    classes = [found for module in modules for found in vars(module).values() if isinstance(found, type)]
    consumers = {found.__name__ for found in classes if hasattr(found, "deliver") and hasattr(found, "name")} - {
        "Consumer"
    }
    assert "RedisStreams" in consumers
    served = text_of("workers/events.py")
    assert {name for name in consumers if f"{name}(" not in served} == set()


# -- a table ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", list(revisions()), ids=lambda file: file.stem)
def test_a_table_is_in_every_file_of_its_recipe(revision: Path) -> None:
    sql, model, rows, refusals, page = files_of("A table")
    number, _, name = revision.stem.partition("_")
    assert ROOT / sql.replace("<number>", number).replace("<name>", name) == revision
    modelled = text_of(model.replace("<name>", name))
    valid, invalid, told = text_of(rows), text_of(refusals), text_of(page).lower()
    created = revision.read_text()
    for table in CREATED.findall(created):
        assert f'"{table}"' in modelled, table
        assert f".{table}" in valid, table
        assert table in told, f"{table} is not in {page}"
        constrained = created.partition(f".{table} (")[2].partition(");")[0]
        if "constraint" in constrained:
            assert f".{table}" in invalid, table
