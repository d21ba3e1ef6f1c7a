"""What comes from outside, made safe to handle: bytes to characters, odd characters, addresses, language tags.

Nothing here fails on bad input; what cannot be used comes back as None or is repaired. Rooms that read
documents of strangers (`wires`, `read`) share it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit, urlunsplit

MAXIMUM_ADDRESS = 4_000

# Encodings of the web (https://encoding.spec.whatwg.org); Python knows others, such as punycode, that take quadratic time.
_ENCODING = re.compile(
    r"utf-?(8|16|32)|iso-?8859-\d+|latin-?\d|windows-\d+|cp\d{3,4}|koi8-[rut]|gbk|gb2312|gb18030|big5(-?hkscs)?"
    r"|euc-?(jp|kr)|shift-?jis|iso-2022-(jp|kr)|mac-(roman|cyrillic)|tis-620|us-ascii|ascii"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_MARKS = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
# Web servers say iso-8859-1 and mean windows-1252, which holds it.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}

# Soft hyphens, byte order marks and zero-width spaces hide in words; direction overrides and tag characters deceive readers.
_INVISIBLE = dict.fromkeys(
    [*range(0x80, 0xA0), 0xAD, 0x200B, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0000, 0xE0080)]
) | {0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_COMBINING = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
# Normalising sorts runs of combining marks in quadratic time; https://unicode.org/reports/tr15/#Stream_Safe_Text_Format
_LONG_RUN = re.compile(f"([{re.escape(_COMBINING)}]{{30}})[{re.escape(_COMBINING)}]+")

# One look at each character tells whether there is anything to do; translating and searching take fifty times as long.
_ODD = frozenset(map(chr, _INVISIBLE)) | frozenset(_COMBINING)

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-.*)?", re.IGNORECASE | re.DOTALL)
_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|weiterlesen|mehr lesen|mehr dazu|lesen sie mehr|read more|continue reading|lire la suite"
    r"|leer más|leggi tutto|czytaj (?:dalej|więcej)|читать далее|читати далі|阅读全文)[\s\]»>→.…]*$",
    re.IGNORECASE,
)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def decode(data: bytes, *, declared: Sequence[str | None] = ()) -> str:
    """Return the characters of `data`, whatever it says of itself; `declared` are encoding names, the most trusted first.

    A byte order mark wins, then valid UTF-8, then `declared`; stray bytes are read as windows-1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for mark, encoding in _BARE_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    names = [name for name in map(_known_encoding, declared) if name]
    for name in [name for name in names if name.startswith("iso2022")] + ["utf-8"] + names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "surrogateescape").translate(_STRAY)


def _known_encoding(name: str | None) -> str | None:
    cleaned = (name or "").strip(" \t'\"").lower().replace("_", "-")
    if not _ENCODING.fullmatch(cleaned):
        return None
    try:
        canonical = codecs.lookup(cleaned).name
    except LookupError:
        return None
    return _MEANT.get(canonical, canonical)


def charset(content_type: str | None) -> str | None:
    """Return the charset of an HTTP `Content-Type`, if it names one."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type or "", re.IGNORECASE)
    return found[1] if found else None


def tame(text: str) -> str:
    """Return `text` without invisible, deceptive and endlessly stacked characters and lone surrogates."""
    if text.isascii():
        return text
    text = text.encode("utf-8", "replace").decode("utf-8")
    if _ODD.isdisjoint(text):
        return text
    return _LONG_RUN.sub(r"\1", text.translate(_INVISIBLE))


def one_line(text: str, *, limit: int) -> str:
    """Return plain `text` on one line, tamed, at most `limit` characters."""
    text = " ".join(tame(text[: 4 * limit]).split())
    if text.isprintable():
        return text[:limit]
    return "".join(character for character in text if character.isprintable() or character in "\u200c\u200d")[:limit]


def language_tag(text: str | None) -> str | None:
    """Return a BCP 47 tag in its usual letter case, or None.

    >>> language_tag("DE_at"), language_tag("zh-hans-cn"), language_tag("deutsch")
    ('de-AT', 'zh-Hans-CN', None)
    """
    found = _LANGUAGE.fullmatch((text or "").strip()[:40].replace("_", "-"))
    if not found or not found[1].isascii():
        return None
    language, script, region = found.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def web_address(link: str | None, *, base: str | None = None) -> str | None:
    """Return `link` as an absolute http or https address without credentials, or None."""
    link = re.sub(r"[\x00-\x20\x7f]+", "", (link or "").strip().replace(" ", "%20"))
    if not link or len(link) > MAXIMUM_ADDRESS:
        return None
    try:
        parts = urlsplit(urljoin(base or "", tame(link)))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment))


def length_in_words(text: str) -> int:
    """Return how many words `text` has, about; scripts without spaces count two characters as a word."""
    return len(text.split()) + len(_IDEOGRAPH.findall(text)) // 2


def is_cut_short(text: str) -> bool:
    """Tell whether `text` ends as teasers do: an ellipsis or an invitation to read on."""
    return bool(_CUT_SHORT.search(text.rstrip()[-60:]))
