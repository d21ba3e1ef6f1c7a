"""Write the trained model as the spaCy package `xx_wirewatch_news`: an ONNX graph with 8-bit weights, pieces, embeddings."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import spacy
import torch
import weights
import xx_wirewatch_news.component  # noqa: F401 - registers the parts of the pipeline with spaCy
from encoder import LABELS
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

_MICROSOFT = "com.microsoft"  # https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md


class Graph:
    """An ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: np.ndarray) -> str:
        """Add a constant and return its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes: object) -> str:
        """Add an operation and return the name of what it gives."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name


def graph(state: dict[str, np.ndarray], layers: int, heads: int) -> onnx.ModelProto:
    """Return the encoder with its head; `embedded` are embeddings of pieces, `lengths` how many of each row count."""
    made = Graph()
    made.weight("positions", state["positions"] + state["kind"])
    made.weight("zero", np.array([0], np.int64))
    made.weight("one", np.array([1], np.int64))
    made.weight("two", np.array([2], np.int64))
    made.add("Shape", ["embedded"], "shape")
    made.add("Slice", ["shape", "one", "two"], "length")
    made.add("Slice", ["positions", "zero", "length", "zero"], "places")
    made.add("Add", ["embedded", "places"], "placed")
    x = made.add(
        "LayerNormalization",
        ["placed", made.weight("norm.weight", state["norm.weight"]), made.weight("norm.bias", state["norm.bias"])],
        "normed",
        epsilon=1e-12,
    )
    for number in range(layers):
        x = _layer(
            made,
            {key.split(".", 2)[2]: value for key, value in state.items() if key.startswith(f"layers.{number}.")},
            number,
            x,
            heads,
        )
    made.add("MatMul", [x, made.weight("head.weight", state["head.weight"].T)], "head")
    made.add("Add", ["head", made.weight("head.bias", state["head.bias"])], "scores")
    inputs = [
        helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["rows", "pieces", state["positions"].shape[1]]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["rows"]),
    ]
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["rows", "pieces", len(LABELS)])]
    whole = helper.make_graph(made.nodes, "names", inputs, outputs, made.weights)
    domains = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(whole, opset_imports=domains, ir_version=9)


def _layer(made: Graph, state: dict[str, np.ndarray], number: int, x: str, heads: int) -> str:
    def weight(name: str, *, turned: bool = False) -> str:
        return made.weight(f"{number}.{name}", state[name].T if turned else state[name])

    attended = made.add(
        "Attention",
        [x, weight("qkv.weight", turned=True), weight("qkv.bias"), "lengths"],
        f"{number}.attended",
        _MICROSOFT,
        num_heads=heads,
    )
    out = made.add("MatMul", [attended, weight("out.weight", turned=True)], f"{number}.out")
    x = made.add(
        "SkipLayerNormalization",
        [out, x, weight("norm_attention.weight"), weight("norm_attention.bias"), weight("out.bias")],
        f"{number}.first",
        _MICROSOFT,
        epsilon=1e-12,
    )
    up = made.add("MatMul", [x, weight("up.weight", turned=True)], f"{number}.up")
    curved = made.add("BiasGelu", [up, weight("up.bias")], f"{number}.curved", _MICROSOFT)
    down = made.add("MatMul", [curved, weight("down.weight", turned=True)], f"{number}.down")
    return made.add(
        "SkipLayerNormalization",
        [down, x, weight("norm.weight"), weight("norm.bias"), weight("down.bias")],
        f"{number}.second",
        _MICROSOFT,
        epsilon=1e-12,
    )


def main() -> None:
    """Write the package's files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--run",
        type=Path,
        nargs="+",
        required=True,
        help="folder that train.py wrote; of several, one grown from the other, the weights are averaged (Wortsman et al. 2022)",
    )
    parser.add_argument("--pieces", type=Path, required=True, help="folder that pieces.py wrote")
    parser.add_argument("--package", type=Path, required=True, help="models/xx_wirewatch_news/xx_wirewatch_news")
    parser.add_argument("--precise", action="store_true", help="leave the weights at 32 bits, to see what 8 bits cost")
    chosen = parser.parse_args()
    runs = [torch.load(run / "model.pt", weights_only=True) for run in chosen.run]
    state = {
        name: torch.stack([run["state"][name].float() for run in runs]).mean(0).numpy() for name in runs[0]["state"]
    }
    pretrained = weights.read()
    meta = json.loads((chosen.package / "meta.json").read_text("utf-8"))
    folder = chosen.package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    names = folder / "names"
    names.mkdir(parents=True, exist_ok=True)
    whole = names / "whole.onnx"
    onnx.save(graph(state, len(runs[0]["layers"].split(",")), pretrained.heads), whole)
    if chosen.precise:
        shutil.copyfile(whole, names / "encoder.onnx")
    else:
        # AVX2 adds two products of 8 bits in 16: weights of 7 bits cannot overflow there (`reduce_range`).
        quantize_dynamic(
            whole,
            names / "encoder.onnx",
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=["head"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    whole.unlink()
    numbers = np.load(chosen.pieces / "pieces.npy")
    np.save(names / "embeddings.npy", pretrained.word_blocks[numbers])
    shutil.copyfile(chosen.pieces / "pieces.model", names / "pieces.model")
    labels = {"labels": LABELS, "characters": {str(one): other for one, other in pretrained.characters.items()}}
    (names / "labels.json").write_text(json.dumps(labels, ensure_ascii=True), "utf-8")
    files = ("encoder.onnx", "embeddings.npy", "pieces.model", "labels.json")
    sums = {name: hashlib.sha256((names / name).read_bytes()).hexdigest() for name in files}
    (names / "checksums.json").write_text(json.dumps(sums, indent=2) + "\n", "utf-8")
    (folder / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", "utf-8")
    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "xx_wirewatch_news.words.v1"}}})
    nlp.add_pipe("wirewatch_news_names", name="names")
    nlp.config.to_disk(folder / "config.cfg")
    for name in files:
        print(f"{name}: {(names / name).stat().st_size / 1e6:.1f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
