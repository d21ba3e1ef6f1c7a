"""Fine-tune multilingual-e5-small to find names. See README.md beside this file; everything random comes from one seed."""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
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
    "germeval2014-de-test.tsv": (1.0, 0.7),
    "mobie-de-train.conll": (0.4, 0.1),
    "smartdata-de-train.json": (0.8, 0.25),
    "crossner-politics-en-train.txt": (1.0, 1.0),
    "crossner-politics-en-dev.txt": (1.0, 1.0),
    "crossner-politics-en-test.txt": (0.8, 1.0),
    "uner-en-ewt-test.iob2": (1.0, 0.5),
    "wikigold-en.conll": (1.0, 0.7),
    "uner-pt-bosque-train.iob2": (0.7, 0.3),
    "uner-hr-set-train.iob2": (0.3, 0.1),
    "uner-sr-set-train.iob2": (1.0, 0.3),
    "uner-da-ddt-train.iob2": (0.7, 0.1),
    "uner-sv-talbanken-train.iob2": (1.0, 0.2),
    "uner-zh-gsd-train.iob2": (0.55, 0.2),
    "wikiann-ru-train.conllu": (0.12, 0.0),
    "wikiann-pl-train.conllu": (0.08, 0.0),
    "wikiann-es-train.conllu": (0.06, 0.0),
    "wikiann-nl-train.conllu": (0.06, 0.0),
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
            if silver and (len(sentence.text) < 45 or sum(end - start for start, end, _ in sentence.names) > 0.6 * len(sentence.text)):
                continue
            if chance.random() < (named if sentence.names else bare) * (3 if silver else 1):
                chosen.append(sentence)
    return chosen


def epoch(sentences: list[Sentence], own: list[Sentence], names: augment.Names, chance: random.Random) -> Iterator[Sentence]:
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


def batches(examples: list[Example], pieces: int, chance: random.Random | None) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield (pieces, mask, labels) of examples of about one length, each batch about as many pieces."""
    order = sorted(range(len(examples)), key=lambda one: (len(examples[one].pieces) // 4, chance.random() if chance else 0))
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


def main() -> None:
    """Train, tell how far it is, and keep the averaged weights after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--pieces", type=Path, required=True, help="folder that pieces.py wrote")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=1500, help="pieces in a batch")
    parser.add_argument("--layers", default=",".join(map(str, range(12))))
    parser.add_argument("--frozen", type=int, default=0, help="how many of the lowest layers stay as they are")
    parser.add_argument("--start", type=Path, help="folder of a run to go on from, with its averaged weights")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9, help="end after this time; the rate then falls with time")
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    torch.set_flush_denormal(True)
    chance = random.Random(chosen.seed)
    pretrained = weights.read()
    kept = np.load(chosen.pieces / "pieces.npy").tolist()
    layers = [int(one) for one in chosen.layers.split(",")]
    model = Labeller(pretrained, kept, layers)
    if chosen.start:
        model.load_state_dict(torch.load(chosen.start / "model.pt", weights_only=True)["state"], strict=False)
    cutter = Cutter(chosen.pieces, pretrained.characters)
    here = Path(__file__).parent
    sentences = gold(chosen.corpora, chosen.seed)
    own = _own(here)
    names = augment.Names([*sentences, *own], here / "names.tsv")
    development = {name: [cutter(one) for one in corpora.read(chosen.corpora, name)] for name in DEVELOPMENT}
    count: dict[str, int] = defaultdict(int)
    for one in [*sentences, *own]:
        count[one.corpus] += 1
    print(json.dumps(count), flush=True)  # noqa: T201
    if chosen.frozen:
        for frozen in (model.norm, *model.layers[: chosen.frozen]):
            frozen.requires_grad_(False)
        model.positions.requires_grad_(False)  # noqa: FBT003
    head = list(model.head.parameters())
    rest = [one for name, one in model.named_parameters() if one.requires_grad and not name.startswith("head")]
    optimiser = torch.optim.AdamW(
        [{"params": rest, "lr": chosen.rate}, {"params": head, "lr": 1e-3}], weight_decay=0.01, foreach=True
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    averaged = {name: one.detach().clone() for name, one in model.named_parameters() if one.requires_grad}
    torch.set_num_threads(chosen.threads)
    step, losses, began, total = 0, [], time.monotonic(), 1
    done = False
    while not done:
        passed = step / total if step else 0.0
        own = _own(here)
        names = augment.Names([*sentences, *own], here / "names.tsv")
        examples = [cutter(one) for one in epoch(sentences, own, names, chance)]
        made = list(batches(examples, chosen.batch, chance))
        if not step:
            total = max(1, int(len(made) * chosen.epochs))
            print(f"{len(examples)} examples, {sum(len(e.pieces) for e in examples)} pieces, {total} steps", flush=True)  # noqa: T201
        for numbers, mask, labels in made:
            minutes = (time.monotonic() - began) / 60
            passed = max(step / total, minutes / chosen.minutes)
            if passed >= 1:
                done = True
                break
            scale = min(1.0, step / 150) * (1 - passed)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * scale
            told = model(numbers, mask)
            loss = functional.cross_entropy(told.view(-1, len(LABELS)), labels.view(-1), ignore_index=-100, label_smoothing=0.02)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(rest, 1.0)
            optimiser.step()
            step += 1
            losses.append(loss.item())
            keep = min(0.995, step / (step + 50))
            if step % 5 == 0:
                with torch.no_grad():
                    for name, one in model.named_parameters():
                        if name in averaged:
                            averaged[name].lerp_(one, 1 - keep**5)
            if step % 100 == 0:
                print(f"{step}/{total} {minutes:.1f} min, loss {np.mean(losses[-100:]):.4f}", flush=True)  # noqa: T201
            if step % 700 == 0 or math.isnan(losses[-1]):
                _save(model, averaged, development, chosen, step, minutes)
    _save(model, averaged, development, chosen, step, (time.monotonic() - began) / 60)


def _own(here: Path) -> list[Sentence]:
    return [one for path in sorted((here / "texts").glob("*.txt")) for one in corpora.marked(path)]


def _save(model: Labeller, averaged: dict, development: dict, chosen: argparse.Namespace, step: int, minutes: float) -> None:
    present = {name: one.detach().clone() for name, one in model.named_parameters() if name in averaged}
    with torch.no_grad():
        for name, one in model.named_parameters():
            if name in averaged:
                one.copy_(averaged[name])
    figures = {name: round(evaluate(model, examples), 4) for name, examples in development.items()}
    print(f"{step} {minutes:.1f} min {json.dumps(figures)}", flush=True)  # noqa: T201
    chosen.to.mkdir(parents=True, exist_ok=True)
    state = {name: one for name, one in model.state_dict().items() if name != "words.weight"}
    torch.save({"state": state, "layers": chosen.layers, "figures": figures, "seed": chosen.seed, "step": step}, chosen.to / "model.pt")
    with torch.no_grad():
        for name, one in model.named_parameters():
            if name in present:
                one.copy_(present[name])


if __name__ == "__main__":
    main()
