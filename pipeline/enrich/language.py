"""Which language is a text in? A few letters of it tell, limited to the languages that are configured.

The answer is a BCP 47 primary language such as `de`, or None where nothing tells.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 200
_FEW_WORDS = 8
_SURE = 0.8
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")


class Detector:
    """Tells languages apart; `languages` are those that texts may be in."""

    def __init__(self, languages: Collection[str]) -> None:
        self._languages = frozenset(languages)
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        known = self._languages & set(self._identifier.labels)
        self._identifier.set_languages(sorted(known) or None)
        # It would keep the table of all languages for another choice, twenty megabytes.
        chosen = self._identifier.nb_ptc, self._identifier.nb_pc, self._identifier.nb_classes
        self._identifier._full_model = chosen  # noqa: SLF001 - the library has no other way

    def detect(self, text: str, hint: str | None = None) -> str | None:
        """Return the language of `text`; `hint`, from the feed or the format, decides where the text is too short to tell."""
        primary = hint.replace("_", "-").split("-")[0].lower() if hint else None
        sample = text[:_SAMPLE]
        letters = len(_LETTER.findall(sample))
        if not letters:
            return primary
        if script := self._by_script(sample, letters):
            return script
        language, confidence = self._identifier.classify(sample)
        unsure = confidence < _SURE or len(sample.split()) < _FEW_WORDS
        return primary if primary and unsure else str(language)

    def _by_script(self, sample: str, letters: int) -> str | None:
        if len(_HAN.findall(sample)) > letters / 4:
            return "ja" if _KANA.search(sample) and "ja" in self._languages else "zh"
        if not {"uk", "ru"} <= self._languages or len(_CYRILLIC.findall(sample)) < letters / 2:
            return None
        ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
        if ukrainian and not russian:
            return "uk"
        return "ru" if russian and not ukrainian else None
