"""Choose which pieces of the vocabulary the model keeps, and write the SentencePiece model that cuts words into them."""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import sentencepiece
import weights
from sentencepiece import sentencepiece_model_pb2 as protocol
from wordfreq import top_n_list
from xx_wirewatch_news.words import MARK, words

LANGUAGES = (
    "de",
    "en",
    "fr",
    "es",
    "it",
    "nl",
    "pl",
    "pt",
    "ru",
    "uk",
    "zh",
    "sv",
    "da",
    "cs",
    "sh",
    "tr",
    "ro",
    "fi",
    "hu",
    "nb",
)
WORDS_A_LANGUAGE = {"de": 120_000, "en": 100_000, "ru": 80_000, "uk": 60_000, "fr": 60_000}
_OTHERS = 40_000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def processor(pieces: Iterable[str], scores: Iterable[float]) -> bytes:
    """Return a SentencePiece unigram model of exactly these pieces; the first four are the special ones."""
    model = protocol.ModelProto()
    model.trainer_spec.model_type = protocol.TrainerSpec.UNIGRAM
    model.trainer_spec.bos_id, model.trainer_spec.pad_id, model.trainer_spec.eos_id, model.trainer_spec.unk_id = range(
        4
    )
    model.trainer_spec.bos_piece, model.trainer_spec.pad_piece = SPECIAL[:2]
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    kinds = protocol.ModelProto.SentencePiece
    for number, (piece, score) in enumerate(zip(pieces, scores, strict=True)):
        kind = kinds.UNKNOWN if number == 3 else kinds.CONTROL if number < 3 else kinds.NORMAL
        model.pieces.append(kinds(piece=piece, score=float(score), type=kind))
    return model.SerializeToString()


def choose(pretrained: weights.Pretrained, texts: Iterable[str], most: int) -> list[int]:
    """Return the numbers of the pieces to keep: the special ones, single characters of our scripts, and the most frequent ones."""
    whole = sentencepiece.SentencePieceProcessor(model_proto=processor(pretrained.pieces, pretrained.scores))
    used: Counter[int] = Counter()
    for language in LANGUAGES:
        known = top_n_list(language, WORDS_A_LANGUAGE.get(language, _OTHERS))
        for rank, word in enumerate(known):
            for form in {word, word.capitalize()}:
                for piece in whole.encode(MARK + form.translate(pretrained.characters)):
                    used[piece] += 1.0 / (rank + 100)  # Zipf's law
    for text in texts:
        cut = [
            (MARK if word.spaced else "") + text[word.start : word.end].translate(pretrained.characters)
            for word in words(text)
        ]
        for pieces in whole.encode(cut):
            used.update(dict.fromkeys(pieces, 1e-4))
    letters = {
        number
        for number, piece in enumerate(pretrained.pieces)
        if number > 3 and len(piece.lstrip(MARK)) <= 1 and _is_ours(piece.lstrip(MARK))
    }
    ranked = [number for number, _ in used.most_common() if number > 3 and number not in letters]
    return [0, 1, 2, 3, *sorted([*letters, *ranked[: most - len(letters) - 4]])]


def _is_ours(character: str) -> bool:
    name = unicodedata.name(character or "-", "")
    return not name or name.split()[0] in {"LATIN", "CYRILLIC", "GREEK", "CJK", "DIGIT"} or not character.isalpha()


def main() -> None:
    """Write `pieces.model` and `pieces.npy` (the numbers of the kept pieces) into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--texts", type=Path, nargs="*", default=[], help="files of plain text whose pieces are kept too"
    )
    parser.add_argument("--most", type=int, default=110_000)
    parser.add_argument("--to", type=Path, required=True)
    chosen = parser.parse_args()
    pretrained = weights.read()
    lines = (line for path in chosen.texts for line in path.read_text("utf-8").splitlines())
    kept = choose(pretrained, lines, chosen.most)
    chosen.to.mkdir(parents=True, exist_ok=True)
    special = list(SPECIAL) + [pretrained.pieces[number] for number in kept[4:]]
    (chosen.to / "pieces.model").write_bytes(processor(special, pretrained.scores[kept]))
    np.save(chosen.to / "pieces.npy", np.array(kept, np.int32))
    print(f"{len(kept)} of {len(pretrained.pieces)} pieces")  # noqa: T201


if __name__ == "__main__":
    main()
