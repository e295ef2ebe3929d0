"""The decoder of untrusted files. It works in processes that are killed when a file costs too much.

A decoder process is a separate program (`decoder_process`) and not a fork. It shares neither memory nor environment
with a process that holds keys, and imports only decoders. It decodes one file after another. If it dies (by a crash, or
by its memory or time limit), that is the answer about its file, and the next file gets a new process.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import structlog

from steadymint.domain.errors import MediaRefusedError, SteadymintError, UnsupportedMediaError, UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream
from steadymint.media.sniffing import MIME
from steadymint.media.tasks import Cleaned, PictureLimits, VariantFile
from steadymint.settings import MediaSettings

log = structlog.get_logger(__name__)

START_SECONDS: Final = 60.0
"""Seconds for a process to import its libraries on a busy machine."""
PATIENCE: Final = 30.0
"""Seconds of wall-clock time for one file, added to twice its CPU time limit. A longer time means that the machine is
too busy, which says nothing about the file."""
TASKS: Final = 500
"""Files that one process decodes before a new process replaces it, so that memory leaks of libraries do not add up."""

_FROM_OUTSIDE: Final = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})
"""The exit status of a decoder that was killed from outside, because memory ran out or the service stops."""

_COMMAND: Final = ("-s", "-P", "-m", "steadymint.media.decoder_process")
_ROOT: Final = Path(__file__).parents[2]
_ENVIRONMENT: Final = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",  # an arena for each thread would count 64 MB of address space each
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class RenderedVariant:
    """A variant that is not stored yet."""

    width: int
    height: int
    mime: str
    data: bytes


class DecoderDiedError(Exception):
    """A decoder process ended during a task. `status` is its exit status, negative for a signal."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


class Decoder:
    """A pool of decoder processes, which start when they are needed. Use it as an async context, or call `close`."""

    def __init__(self, settings: MediaSettings) -> None:
        self._limits = asdict(
            PictureLimits(settings.max_pixels, settings.max_animation_pixels, settings.max_animation_frames)
        )
        self._seconds = settings.decode_seconds
        self._memory = settings.decode_memory
        self._slots = asyncio.Semaphore(settings.decoders)
        self._idle: list[_Child] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the idle processes. A busy process ends when its task is cancelled, or with this process."""
        while self._idle:
            await self._idle.pop().end()

    async def clean(self, source: Path, target: Path) -> Cleaned:
        """Write the pixels of the picture in `source` to `target`, encoded again and without metadata.

        Raises:
            UnsupportedMediaError: it is not a picture of an accepted format.
            MediaRefusedError: it is damaged, or costs more than a file may.
            UpstreamUnavailableError: no decoder could start, or it did not get enough time; try again.
        """
        made = Cleaned(**await self._made({"do": "clean", "source": str(source), "target": str(target)}))
        if made.mime not in MIME.values():
            raise MediaRefusedError("The file cannot be decoded")
        return made

    async def render_variants(
        self, source: Path | bytes, widths: Sequence[int], *, animated: bool = False
    ) -> list[RenderedVariant]:
        """WebP renderings, narrowest first, none wider than the original. An animation stays an animation.

        A long animation lacks the wider ones; the narrowest is always made. Pass `animated` if it may be an animation:
        each width then gets the full time limit of a file. Raises like `clean`.
        """
        with tempfile.TemporaryDirectory(prefix="steadymint-variants-") as made:
            folder = Path(made)
            if isinstance(source, bytes):
                original = folder / "original"
                await asyncio.to_thread(original.write_bytes, source)
            else:
                original = source
            task = {"do": "render", "source": str(original), "target": made, "required": True}
            if animated:
                rendered = await self._one_by_one(task, sorted(widths))
            else:
                rendered = [VariantFile(**one) for one in await self._made(task | {"widths": list(widths)})]
            return [await asyncio.to_thread(_read, folder, one) for one in rendered]

    async def _one_by_one(self, task: dict[str, Any], widths: Sequence[int]) -> list[VariantFile]:
        rendered: list[VariantFile] = []
        for width in widths:
            made = await self._made(task | {"widths": [width], "required": not rendered})
            rendered += [VariantFile(**one) for one in made]
            if not made or rendered[-1].width < width:  # over its budget, or as wide as the original
                break
        return rendered

    async def _made(self, task: dict[str, Any]) -> Any:
        answer = await self._asked(task | {"limits": self._limits, "seconds": self._seconds})
        if "made" in answer:
            return answer["made"]
        if "kind" in answer:
            log.warning("a decoder failed", kind=answer["kind"])
        refusal = _REFUSALS.get(answer["refused"], MediaRefusedError)
        if issubclass(refusal, UpstreamUnavailableError):
            raise refusal(answer["detail"], upstream=Upstream.DECODER)
        raise refusal(answer["detail"])

    async def _asked(self, task: dict[str, Any]) -> dict[str, Any]:
        async with self._slots:
            child = self._idle.pop() if self._idle else await _Child.started(self._memory)
            try:
                async with asyncio.timeout(2 * self._seconds + PATIENCE):
                    answer = await child.ask(task)
            except TimeoutError as error:
                raise UpstreamUnavailableError(
                    "The file could not be decoded in time; try again", upstream=Upstream.DECODER
                ) from error
            except DecoderDiedError as error:
                raise _meaning(error) from error
            else:
                if child.asked < TASKS:
                    self._idle.append(child)
                    child = None
                return answer
            finally:
                if child is not None:
                    await child.end()


_REFUSALS: Final[dict[str, type[SteadymintError]]] = {
    kind.code: kind for kind in (MediaRefusedError, UnsupportedMediaError, UpstreamUnavailableError)
}


def _read(folder: Path, rendered: VariantFile) -> RenderedVariant:
    return RenderedVariant(rendered.width, rendered.height, "image/webp", (folder / rendered.file).read_bytes())


def _meaning(death: DecoderDiedError) -> SteadymintError:
    """The error for a file whose decoder process ended."""
    log.warning("a decoder died", status=death.status)
    if death.status == -signal.SIGXCPU:
        return MediaRefusedError("The file takes more time to decode than one may")
    if death.status in _FROM_OUTSIDE:
        return UpstreamUnavailableError("The file could not be decoded now; try again", upstream=Upstream.DECODER)
    return MediaRefusedError("The file cannot be decoded within the memory that one may take")


class _Answers:
    """The output of a decoder process, which ends when we close it."""

    def __init__(self, reader: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        self._reader = reader
        self._pipe = pipe

    @classmethod
    async def opened(cls) -> tuple[_Answers, int]:
        """The answers, and the descriptor that the process writes them to."""
        reading, writing = os.pipe()
        reader = asyncio.StreamReader()
        try:
            pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", buffering=0)
            )
        except BaseException:  # cancelled meanwhile
            os.close(writing)
            raise
        return cls(reader, pipe), writing

    async def line(self) -> bytes:
        """The next line; without its end if the output has ended. Raises ValueError if it is too long."""
        return await self._reader.readline()

    def close(self) -> None:
        self._pipe.close()


class _Child:
    """One decoder process.

    Its output is a pipe of ours and not asyncio's. Python 3.11's `Process.wait` waits for the end of asyncio's pipes
    too. A process that a file has taken over can prevent that: by more output than is read ahead, or by a process of
    its own that keeps the pipe open.
    """

    def __init__(self, process: Process, answers: _Answers) -> None:
        self._process = process
        self._answers = answers
        self.asked = 0

    @classmethod
    async def started(cls, memory: int) -> _Child:
        answers, output = await _Answers.opened()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *_COMMAND,
                str(memory),
                stdin=PIPE,
                stdout=output,
                stderr=DEVNULL,  # libraries write a file's bytes there
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for this process; the child ends when its input ends
            )
        except BaseException:
            answers.close()
            raise
        finally:
            os.close(output)
        child = cls(process, answers)
        try:
            async with asyncio.timeout(START_SECONDS):
                await child._answer()
        except (TimeoutError, DecoderDiedError) as error:
            await child.end()
            raise UpstreamUnavailableError(
                "No decoder could be started; try again", upstream=Upstream.DECODER
            ) from error
        except BaseException:
            await child.end()
            raise
        return child

    async def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        """The answer to a task. Raises DecoderDiedError."""
        self.asked += 1
        assert self._process.stdin
        with suppress(ConnectionError):  # it has died; reading the answer raises that
            self._process.stdin.write(json.dumps(task).encode() + b"\n")
            await self._process.stdin.drain()
        return await self._answer()

    async def end(self) -> None:
        """Kill the process and wait for its end."""
        assert self._process.stdin
        with suppress(ProcessLookupError):
            self._process.kill()
        if not self._process.stdin.is_closing():
            self._process.stdin.transport.abort()
        self._answers.close()
        await self._process.wait()

    async def _answer(self) -> dict[str, Any]:
        try:
            line = await self._answers.line()
            if line.endswith(b"\n"):
                return json.loads(line)
        except ValueError as error:  # too long, or not JSON: a file has taken over the process
            raise DecoderDiedError(None) from error
        raise DecoderDiedError(await self._process.wait())
