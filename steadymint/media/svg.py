"""The rendering of SVG to pixels. An SVG may contain a program, so none is stored or served; only its picture is.

First expat reads the text and refuses an SVG that is expensive or refers to something outside it. Expat is a streaming
parser whose state does not grow with the input. Then resvg renders it. resvg has no scripts, events, `foreignObject`,
animation or network, but it reads local files that an `<image>` names, so those are refused here.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

import resvg_py

from steadymint.domain.errors import MediaRefusedError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 256
"""Levels of elements. The renderer recurses, and 50,000 levels overflow its stack."""
MAX_ELEMENTS: Final = 100_000
MAX_NESTED: Final = 2
"""Levels of SVG pictures within SVG pictures, as `data:` URIs. On-chain art has one."""
MAX_SIDE: Final = 2048
"""Pixels of the longer side. An SVG has no resolution, and this is enough for a screen."""

_LOADS: Final = frozenset({"image", "feImage", "use"})
"""Elements whose `href` the renderer follows. It does not follow links (`a`)."""
_LENGTH: Final = re.compile(r"\s*((?:[0-9]*\.)?[0-9]+(?:e[+-]?[0-9]+)?)\s*(?:px\s*)?", re.IGNORECASE)
"""There is one way to read each text, so a megabyte of digits that is not a length is refused in linear time."""
_DATA: Final = re.compile(r"data:image/(png|jpeg|jpg|gif|webp|svg\+xml)((?:;[^,;]*)*),(.*)", re.DOTALL | re.IGNORECASE)
"""Other types, such as `text/plain`, are refused, because the renderer would check by itself whether they are SVG."""


def rasterise(source: bytes) -> bytes:
    """A PNG of the SVG, with a longer side of 2048 pixels.

    Raises:
        MediaRefusedError: it is not an SVG, is too large or too deep, has a DTD, or refers to something outside it.
    """
    width, height = _Reader().read(source)
    text = source.decode("utf-8-sig")
    try:
        if width >= height:
            return resvg_py.svg_to_bytes(svg_string=text, width=MAX_SIDE)
        return resvg_py.svg_to_bytes(svg_string=text, height=MAX_SIDE)
    except ValueError as error:
        raise MediaRefusedError("The SVG cannot be drawn") from error


class _Reader:
    """Checks the document in one pass. Raises at the first part that is not accepted."""

    def __init__(self, nested: int = 0) -> None:
        self._nested = nested
        self._depth = 0
        self._elements = 0
        self._size = (1.0, 1.0)

    def read(self, source: bytes) -> tuple[float, float]:
        """Width and height of the root, for their proportion."""
        if len(source) > MAX_BYTES:
            raise MediaRefusedError(f"An SVG may have {MAX_BYTES} bytes")
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            source.decode("utf-8-sig")
            parser.Parse(source, True)
        except (expat.ExpatError, UnicodeDecodeError) as error:
            raise MediaRefusedError("The SVG is not well-formed XML in UTF-8") from error
        return self._size

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise MediaRefusedError(f"The SVG's elements are nested more than {MAX_DEPTH} deep")
        if self._elements > MAX_ELEMENTS:
            raise MediaRefusedError(f"The SVG has more than {MAX_ELEMENTS} elements")
        local = name.rsplit(" ", 1)[-1]
        if self._elements == 1:
            if local != "svg":
                raise MediaRefusedError("The XML document is not an SVG")
            self._size = _proportion(attributes)
        if local in _LOADS:
            for attribute, value in attributes.items():
                if attribute.rsplit(" ", 1)[-1] == "href":
                    self._check_reference(value.strip())

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _check_reference(self, address: str) -> None:
        if not address or address.startswith("#"):
            return
        data = _DATA.fullmatch(address)
        if data is None:
            raise MediaRefusedError("The SVG shows a file outside of it; put the picture into it as a data: address")
        if "#" in data[3]:
            # It is content to us, and the end of the content to the renderer, which would leave out the picture.
            raise MediaRefusedError("A data: address in the SVG holds a #; write it as %23")
        if data[1].lower() != "svg+xml":
            return
        if self._nested == MAX_NESTED:
            raise MediaRefusedError(f"The SVG has SVG pictures nested more than {MAX_NESTED} deep")
        _Reader(self._nested + 1).read(_decoded(data[3], data[2]))


def _decoded(content: str, parameters: str) -> bytes:
    raw = unquote_to_bytes(content)
    if not parameters.lower().replace(" ", "").endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw, validate=False)
    except binascii.Error as error:
        raise MediaRefusedError("A picture in the SVG is not valid base64") from error


def _refuse_doctype(*_declaration: object) -> None:
    raise MediaRefusedError("The SVG has a document type declaration; save it without one")


def _proportion(attributes: dict[str, str]) -> tuple[float, float]:
    width, height = (_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height"))
    if width and height:
        return float(width[1]), float(height[1])
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    try:
        return float(box[2]), float(box[3])
    except (IndexError, ValueError):
        return 1.0, 1.0
