"""Compressed bytes in, at most so many plain bytes out."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

from pipeline.errors import FetchFailed, TooLarge

_STEP = 65536
_GZIP_MAGIC = b"\x1f\x8b"


class _Inflater(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class Body:
    """A body that grows as bytes arrive. Raises `TooLarge` before it holds more than `limit` bytes.

    Understands no encoding, gzip (several members too) and deflate (with and without its header). A body that
    claims to be gzip and is not is taken as it stands, as some servers compress twice in name only.
    """

    def __init__(self, encoding: str, limit: int, url: str) -> None:
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._url = url
        self._plain = bytearray()
        self._head = b""
        self._inflater: _Inflater | None = None
        self._feed: Callable[[bytes], None]
        if self._encoding in ("", "identity"):
            self._feed = self._keep
        elif self._encoding in ("gzip", "x-gzip", "deflate"):
            self._feed = self._begin
        else:
            raise FetchFailed(
                f"`{url}` answered in the encoding `{self._encoding[:40]}`, which was not asked for", subject=url
            )

    def add(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        self._feed(data)

    def finish(self) -> bytes:
        """Return the whole body; raises `FetchFailed` if compressed data breaks off."""
        if self._inflater is not None and not self._inflater.eof:
            raise FetchFailed(f"the compressed answer of `{self._url}` breaks off", subject=self._url)
        if self._inflater is None and self._head:
            self._keep(self._head)
        return bytes(self._plain)

    def _keep(self, data: bytes) -> None:
        if len(self._plain) + len(data) > self._limit:
            raise TooLarge(f"the answer of `{self._url}` is larger than {self._limit:,} bytes", subject=self._url)
        self._plain += data

    def _begin(self, data: bytes) -> None:
        self._head += data
        if len(self._head) < 2:
            return
        head, self._head = self._head, b""
        if self._encoding != "deflate" and not head.startswith(_GZIP_MAGIC):
            self._feed = self._keep
        else:
            self._inflater = self._new_inflater(head)
            self._feed = self._inflate
        self._feed(head)

    def _new_inflater(self, head: bytes) -> _Inflater:
        if self._encoding != "deflate":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # RFC 9110 8.4.1.2: deflate means the zlib format; servers that send it raw are well known
        has_header = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)

    def _inflate(self, data: bytes) -> None:
        more = True
        try:
            while more:
                data, more = self._inflate_step(data)
        except zlib.error as error:
            raise FetchFailed(
                f"the compressed answer of `{self._url}` is damaged: {error}", subject=self._url
            ) from error

    def _inflate_step(self, data: bytes) -> tuple[bytes, bool]:
        inflater = self._inflater
        assert inflater is not None
        if inflater.eof:
            if not data.startswith(_GZIP_MAGIC):
                return b"", False
            inflater = self._inflater = self._new_inflater(data)
        plain = inflater.decompress(data, _STEP)
        self._keep(plain)
        if inflater.eof:
            return inflater.unused_data, bool(inflater.unused_data)
        return inflater.unconsumed_tail, bool(inflater.unconsumed_tail) or len(plain) == _STEP
