"""Fine-tune multilingual-e5-small to find names. See README.md beside this file; everything random comes from one seed."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import augment
import corpora
import numpy as np
import sentencepiece
import torch
import weights
from corpora import Sentence
from encoder import LABELS, Labeller
from torch import Tensor
from torch.nn import functional
from xx_wirewatch_news.words import MARK, words

TRAIN = {
    # file: (share of the sentences of which a name stands, share of those without)
    "germeval2014-de-test.tsv": (1.0, 1.0),
    "smartdata-de-train.json": (0.9, 0.2),
    "crossner-politics-en-train.txt": (1.0, 1.0),
    "crossner-politics-en-dev.txt": (1.0, 1.0),
    "crossner-politics-en-test.txt": (1.0, 1.0),
    "uner-en-ewt-test.iob2": (1.0, 1.0),
    "wikigold-en.conll": (1.0, 1.0),
    "uner-pt-bosque-train.iob2": (0.9, 0.3),
    "uner-hr-set-train.iob2": (0.45, 0.1),
    "uner-sr-set-train.iob2": (0.9, 0.2),
    "uner-sk-snk-train.iob2": (0.4, 0.05),
    "uner-da-ddt-train.iob2": (0.9, 0.2),
    "uner-sv-talbanken-train.iob2": (1.0, 0.2),
    "uner-zh-gsd-train.iob2": (0.7, 0.2),
    "wikiann-ru-train.conllu": (0.1, 0.0),
    "wikiann-pl-train.conllu": (0.04, 0.0),
    "wikiann-es-train.conllu": (0.05, 0.0),
    "wikiann-nl-train.conllu": (0.04, 0.0),
}
DEVELOPMENT = (
    "germeval2014-de-dev.tsv",
    "uner-en-ewt-dev.iob2",
    "uner-pt-bosque-dev.iob2",
    "uner-sr-set-dev.iob2",
    "uner-da-ddt-dev.iob2",
    "uner-zh-gsd-dev.iob2",
)
OWN_TIMES = 3
LONGEST = 192


class Example(NamedTuple):
    """Numbers of pieces, and at the first piece of each word its label; -100 elsewhere."""

    pieces: list[int]
    labels: list[int]


class Cutter:
    """Cuts sentences into pieces with labels."""

    def __init__(self, folder: Path, characters: dict[int, str]) -> None:
        self._cut = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        self._characters = characters
        self._known: dict[str, list[int]] = {}

    def __call__(self, sentence: Sentence) -> Example:
        """Return the pieces of a sentence, at most `LONGEST`."""
        pieces, labels = [0], [-100]
        names = iter(sorted(sentence.names))
        name = next(names, None)
        inside = False
        for word in words(sentence.text):
            while name and word.start >= name[1]:
                name, inside = next(names, None), False
            label = 0
            if name and word.end > name[0]:
                label = LABELS.index(f"{'I' if inside else 'B'}-{name[2]}")
                inside = True
            cut = sentence.text[word.start : word.end].translate(self._characters)
            numbers = self._pieces(MARK + cut if word.spaced else cut)
            if len(pieces) + len(numbers) >= LONGEST:
                break
            pieces += numbers
            labels += [label] + [-100] * (len(numbers) - 1)
        return Example([*pieces, 2], [*labels, -100])

    def _pieces(self, word: str) -> list[int]:
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._cut.encode(word) or [3]
        return found


def gold(folder: Path, seed: int) -> list[Sentence]:
    """Return the sentences of the public corpora to train on, in the order of the corpora."""
    chance = random.Random(seed)
    chosen = []
    for name, (named, bare) in TRAIN.items():
        for sentence in corpora.read(folder, name):
            silver = name.startswith("wikiann")
            if silver and (
                len(sentence.text) < 45
                or sum(end - start for start, end, _ in sentence.names) > 0.6 * len(sentence.text)
            ):
                continue
            if chance.random() < (named if sentence.names else bare) * (3 if silver else 1):
                chosen.append(sentence)
    return chosen


def epoch(
    sentences: list[Sentence], own: list[Sentence], names: augment.Names, chance: random.Random
) -> Iterator[Sentence]:
    """Yield the sentences of one pass over the data, changed by chance."""
    pool = [*sentences, *own * OWN_TIMES]
    number = 0
    while number < len(pool):
        together = 1
        if chance.random() < 0.2:
            together = chance.randint(2, 4)
        group = [one for one in pool[number : number + together] if one.corpus == pool[number].corpus]
        number += len(group)
        sentence = augment.joined(group) if sum(len(one.text) for one in group) < 500 else group[0]
        if sentence is group[0] and len(group) > 1:
            number -= len(group) - 1
        if sentence.language in {"sr", "hr"} and chance.random() < (0.6 if sentence.language == "sr" else 0.3):
            sentence = augment.in_cyrillic(sentence)
        if sentence.names and chance.random() < 0.3:
            sentence = augment.replaced(sentence, names, chance, 0.5)
        if sentence.language != "zh":
            draw = chance.random()
            if draw < 0.04:
                sentence = augment.cased(sentence, "upper")
            elif draw < 0.05:
                sentence = augment.cased(sentence, "lower")
            elif draw < 0.08 and sentence.language == "en":
                sentence = augment.cased(sentence, "title")
        yield sentence


def batches(
    examples: list[Example], pieces: int, chance: random.Random | None
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield (pieces, mask, labels) of examples of about one length, each batch about as many pieces."""
    order = sorted(
        range(len(examples)), key=lambda one: (len(examples[one].pieces) // 4, chance.random() if chance else 0)
    )
    groups: list[list[int]] = [[]]
    for number in order:
        longest = len(examples[number].pieces)
        if groups[-1] and longest * (len(groups[-1]) + 1) > pieces:
            groups.append([])
        groups[-1].append(number)
    if chance:
        chance.shuffle(groups)
    for group in groups:
        chosen = [examples[one] for one in group]
        longest = max(len(one.pieces) for one in chosen)
        numbers = torch.ones(len(chosen), longest, dtype=torch.long)
        labels = torch.full((len(chosen), longest), -100)
        for row, one in enumerate(chosen):
            numbers[row, : len(one.pieces)] = torch.tensor(one.pieces)
            labels[row, : len(one.labels)] = torch.tensor(one.labels)
        yield numbers, numbers != 1, labels


def spans(labels: list[int]) -> set[tuple[int, int, str]]:
    """Return the names that a row of labels tells, by the numbers of words."""
    found, start, kind = set(), -1, ""
    for at, label in enumerate([*labels, 0]):
        edge, _, this = LABELS[label].partition("-")
        if start >= 0 and (edge != "I" or this != kind):
            found.add((start, at, kind))
            start = -1
        if edge == "B" or (edge == "I" and start < 0):
            start, kind = at, this
    return found


def evaluate(model: Labeller, examples: list[Example]) -> float:
    """Return F over exact spans, micro."""
    model.eval()
    right = predicted = expected = 0
    with torch.inference_mode():
        for numbers, mask, labels in batches(examples, 4096, None):
            told = model(numbers, mask).argmax(-1)
            for row in range(len(numbers)):
                here = labels[row] >= 0
                mine, theirs = spans(told[row][here].tolist()), spans(labels[row][here].tolist())
                right += len(mine & theirs)
                predicted += len(mine)
                expected += len(theirs)
    model.train()
    return 2 * right / max(1, predicted + expected)


class Trainer:
    """One run: the model, its data and the average of its weights over the last steps, which is what is kept."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        pretrained = weights.read()
        kept = np.load(chosen.pieces / "pieces.npy").tolist()
        self.model = Labeller(pretrained, kept, [int(one) for one in chosen.layers.split(",")])
        if chosen.start:
            begun = torch.load(chosen.start / "model.pt", weights_only=True)
            self.model.load_state_dict(begun["state"], strict=False)
        self.cutter = Cutter(chosen.pieces, pretrained.characters)
        self.sentences = gold(chosen.corpora, chosen.seed)
        self.development = {
            name: [self.cutter(one) for one in corpora.read(chosen.corpora, name)] for name in DEVELOPMENT
        }
        self._freeze(chosen.frozen)
        trained = {name: one for name, one in self.model.named_parameters() if one.requires_grad}
        self.averaged = {name: one.detach().clone() for name, one in trained.items()}
        self.body = [one for name, one in trained.items() if not name.startswith("head")]
        groups = [{"params": self.body, "lr": chosen.rate}, {"params": list(self.model.head.parameters()), "lr": 1e-3}]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, foreach=True)
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        self.chance = random.Random(chosen.seed)
        self.step, self.total = 0, 1
        self.began = time.monotonic()
        self.losses: list[float] = []

    def _freeze(self, layers: int) -> None:
        if layers:
            for frozen in (self.model.norm, *self.model.layers[:layers]):
                frozen.requires_grad_(False)
            self.model.positions.requires_grad_(False)

    def run(self) -> None:
        """Train until the epochs or the minutes are over."""
        while self.passed < 1:
            for numbers, mask, labels in self._epoch():
                if self.passed >= 1:
                    break
                self._learn(numbers, mask, labels)
                if self.step % 100 == 0:
                    _tell(f"{self.step}/{self.total} {self.minutes:.1f} min, loss {np.mean(self.losses[-100:]):.4f}")
                if self.step % 700 == 0:
                    self.save()
        self.save()

    @property
    def minutes(self) -> float:
        """Minutes since the run began."""
        return (time.monotonic() - self.began) / 60

    @property
    def passed(self) -> float:
        """How much of the run is over, from 0 to 1."""
        return max(self.step / self.total if self.step else 0.0, self.minutes / self.chosen.minutes)

    def _epoch(self) -> list[tuple[Tensor, Tensor, Tensor]]:
        here = Path(__file__).parent
        own = [one for path in sorted((here / "texts").glob("*.txt")) for one in corpora.marked(path)]
        names = augment.Names([*self.sentences, *own], here / "names.tsv")
        examples = [self.cutter(one) for one in epoch(self.sentences, own, names, self.chance)]
        made = list(batches(examples, self.chosen.batch, self.chance))
        if not self.step:
            self.total = max(1, int(len(made) * self.chosen.epochs))
        _tell(f"{len(examples)} examples, {len(own)} of our own, {sum(len(one.pieces) for one in examples)} pieces")
        return made

    def _learn(self, numbers: Tensor, mask: Tensor, labels: Tensor) -> None:
        scale = min(1.0, self.step / 150) * (1 - self.passed)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * scale
        told = self.model(numbers, mask).view(-1, len(LABELS))
        loss = functional.cross_entropy(told, labels.view(-1), ignore_index=-100, label_smoothing=0.02)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.body, 1.0)
        self.optimiser.step()
        self.step += 1
        self.losses.append(loss.item())
        if self.step % 5 == 0:
            keep = min(0.995, self.step / (self.step + 50)) ** 5
            with torch.no_grad():
                for name, one in self.model.named_parameters():
                    if name in self.averaged:
                        self.averaged[name].lerp_(one, 1 - keep)

    def save(self) -> None:
        """Measure the averaged weights, and write them."""
        present = {name: one.detach().clone() for name, one in self.model.named_parameters() if name in self.averaged}
        self._use(self.averaged)
        figures = {name: round(evaluate(self.model, examples), 4) for name, examples in self.development.items()}
        _tell(f"{self.step} {self.minutes:.1f} min {json.dumps(figures)}")
        self.chosen.to.mkdir(parents=True, exist_ok=True)
        state = {name: one for name, one in self.model.state_dict().items() if name != "words.weight"}
        told = {"figures": figures, "seed": self.chosen.seed, "step": self.step, "layers": self.chosen.layers}
        torch.save({"state": state, **told}, self.chosen.to / "model.pt")
        self._use(present)

    def _use(self, values: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, one in self.model.named_parameters():
                if name in values:
                    one.copy_(values[name])


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Train, tell how far it is, and keep the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--pieces", type=Path, required=True, help="folder that pieces.py wrote")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="folder of a run to go on from, with its averaged weights")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--minutes", type=float, default=1e9, help="end after this time; the rate then falls with time")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=1400, help="pieces in a batch")
    parser.add_argument("--layers", default=",".join(map(str, range(12))))
    parser.add_argument("--frozen", type=int, default=3, help="how many of the lowest layers stay as they are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    torch.set_flush_denormal(True)
    torch.set_num_threads(chosen.threads)
    Trainer(chosen).run()


if __name__ == "__main__":
    main()
