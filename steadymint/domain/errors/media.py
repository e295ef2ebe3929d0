"""Errors of uploads and stored media."""

from __future__ import annotations

from steadymint.domain.errors.base import SteadymintError
from steadymint.domain.upstreams import Upstream


class UnknownMediaError(SteadymintError):
    code = "unknown_media"
    status = 422
    title = "There is no such media; upload it first"


class UnreadableMediaError(SteadymintError):
    """The media is known, but its bytes cannot be read back. `extra["mediaIds"]` names some of them."""

    code = "unreadable_media"
    status = 422
    title = "The bytes of this media are gone; upload or publish it again"


class NotPinnedError(SteadymintError):
    """The media is stored, but the pinning service does not have it yet."""

    upstream = Upstream.PINNING
    code = "not_pinned"
    status = 503
    title = "IPFS does not have all of this yet; try again in a few seconds"
    retryable = True


class UnsupportedMediaError(SteadymintError):
    code = "unsupported_media"
    status = 422
    title = "This kind of file is not accepted: upload a PNG, JPEG, GIF, WebP, AVIF or SVG picture"


class MediaTooLargeError(SteadymintError):
    code = "media_too_large"
    status = 413
    title = "The file is too large"


class MediaRefusedError(SteadymintError):
    """The file is damaged, costs too much to decode, or refers to something outside it."""

    code = "media_refused"
    status = 422
    title = "The file cannot be accepted as it is"


class UploadInterruptedError(SteadymintError):
    """The client is gone, so nobody reads the answer. The access log shows it."""

    code = "upload_interrupted"
    status = 400
    title = "The upload was interrupted"
