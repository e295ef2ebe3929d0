"""Media as HTTP shows it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.http.pagination import PageQuery
from api.http.shown import EXACT, MEDIA_ID_EXAMPLE, TIME_EXAMPLE, NextCursor, Time
from steadymint.domain.media import MediaKind
from steadymint.media.states import MediaStatus

CID_EXAMPLE: Final = "bafkreie7q3iidccmpvszul7kudcvvuavuo7u6gzlbobczuk5nqk3b4akba"


MediaIdText = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{64}$",
        examples=[MEDIA_ID_EXAMPLE],
        description="SHA-256 of the stored bytes. The same picture has the same id for every user.",
    ),
]


CidText = Annotated[str, Field(examples=[CID_EXAMPLE], description="As `ipfs add --cid-version=1` computes it.")]


UrlText = Annotated[str, Field(examples=[f"/media/{MEDIA_ID_EXAMPLE}"])]


class VariantBody(TypedDict):
    """A smaller rendering."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    width: Annotated[int, Field(description="Pixels.")]
    height: int
    mime: Literal["image/webp"]
    url: UrlText


class MediaBody(TypedDict):
    """One asset of yours."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    mediaId: MediaIdText
    cid: CidText
    kind: Annotated[
        MediaKind,
        Field(description="`animation` has more than one frame; `document` is JSON; `directory` names others."),
    ]
    mime: Annotated[str, Field(examples=["image/png"], description="By the bytes, not by what the upload declared.")]
    bytes: Annotated[int, Field(description="Of the stored file, from which the camera's metadata is removed.")]
    width: NotRequired[Annotated[int, Field(description="Pixels, upright.")]]
    height: NotRequired[int]
    frames: int
    phash: NotRequired[
        Annotated[
            str,
            Field(
                pattern="^[0-9a-f]{16}$",
                description="Perceptual hash, 16 hex digits. Pictures that look alike differ in few bits.",
            ),
        ]
    ]
    url: Annotated[
        UrlText,
        Field(description="Its content. For a directory: the prefix of its files' URLs; the URL itself is a 404."),
    ]
    ipfsUrl: Annotated[str, Field(examples=[f"/ipfs/{CID_EXAMPLE}"])]
    variants: Annotated[list[VariantBody], Field(description="Narrowest first; none is wider than the original.")]
    status: Annotated[
        MediaStatus,
        Field(
            description="`processing` until the variants are made, `failed` if none could be. The original is served "
            "and may be used in every status."
        ),
    ]
    pins: Annotated[list[str], Field(description="Other services that keep it on IPFS.")]
    createdAt: Time


class MediaPageBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[MediaBody]
    nextCursor: NextCursor


class MediaListQuery(PageQuery):
    kind: Annotated[MediaKind | None, Field(description="Only assets of this kind.")] = None


MEDIA_EXAMPLE: Final[dict[str, Any]] = {
    "mediaId": MEDIA_ID_EXAMPLE,
    "cid": CID_EXAMPLE,
    "kind": "image",
    "mime": "image/png",
    "bytes": 48213,
    "width": 1200,
    "height": 1200,
    "frames": 1,
    "phash": "c3d4b4e1a5963c1e",
    "url": f"/media/{MEDIA_ID_EXAMPLE}",
    "ipfsUrl": f"/ipfs/{CID_EXAMPLE}",
    "variants": [
        {
            "width": 256,
            "height": 256,
            "mime": "image/webp",
            "url": f"/media/{MEDIA_ID_EXAMPLE}/256.webp",
        }
    ],
    "status": "ready",
    "pins": [],
    "createdAt": TIME_EXAMPLE,
}


UPLOADED_EXAMPLE: Final = MEDIA_EXAMPLE | {"variants": [], "status": "processing"}


MEDIA_PAGE_EXAMPLE: Final[dict[str, Any]] = {"items": [MEDIA_EXAMPLE], "nextCursor": None}
