"""The encoder (BERT, Devlin et al. 2019, as multilingual-e5-small has it) with a head that labels words."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from weights import Pretrained, unpack

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")


class Layer(nn.Module):
    """Attention and two-layer perceptron, each followed by a sum and a layer norm."""

    def __init__(self, hidden: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm_attention = nn.LayerNorm(hidden, eps=1e-12)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the hidden states after this layer."""
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm_attention(x + self.out(attended))
        return self.norm(x + self.down(functional.gelu(self.up(x))))


class Labeller(nn.Module):
    """Labels each word by its first piece. The embeddings of words are a frozen table.

    Dropout stands before the first layer and before the head only: within the layers it costs a fifth of the time on a CPU.
    """

    def __init__(self, pretrained: Pretrained, kept: list[int], layers: list[int], dropout: float = 0.1) -> None:
        super().__init__()
        hidden, found = pretrained.hidden, pretrained.tensors
        words = torch.from_numpy(unpack(pretrained.word_blocks[kept], hidden))
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.positions = nn.Parameter(torch.from_numpy(found["emb.pos"]).view(-1, hidden).clone())
        self.kind = nn.Parameter(torch.from_numpy(found["emb.type"])[:hidden].clone(), requires_grad=False)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, pretrained.inner, pretrained.heads) for _ in layers)
        self.head = nn.Linear(hidden, len(LABELS))
        self.dropout = dropout
        self._load(found, layers)

    def _load(self, found: dict, layers: list[int]) -> None:
        def tensor(name: str) -> Tensor:
            return torch.from_numpy(found[name]).clone()

        with torch.no_grad():
            self.norm.weight.copy_(tensor("emb.ln.w"))
            self.norm.bias.copy_(tensor("emb.ln.b"))
            for layer, number in zip(self.layers, layers, strict=True):
                name = f"l{number}."
                layer.qkv.weight.copy_(torch.cat([tensor(f"{name}{one}.w") for one in "qkv"]))
                layer.qkv.bias.copy_(torch.cat([tensor(f"{name}{one}.b") for one in "qkv"]))
                for mine, theirs in (("out", "ao"), ("up", "fi"), ("down", "fo")):
                    getattr(layer, mine).weight.copy_(tensor(f"{name}{theirs}.w"))
                    getattr(layer, mine).bias.copy_(tensor(f"{name}{theirs}.b"))
                for mine, theirs in (("norm_attention", "aln"), ("norm", "oln")):
                    getattr(layer, mine).weight.copy_(tensor(f"{name}{theirs}.w"))
                    getattr(layer, mine).bias.copy_(tensor(f"{name}{theirs}.b"))

    def encode(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """Return the hidden states for embeddings of words (batch, length, hidden)."""
        x = self.norm(embedded + self.positions[: embedded.shape[1]] + self.kind)
        x = functional.dropout(x, self.dropout, self.training)
        blocked = torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, blocked)
        return x

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return scores of the labels at every piece; only the first piece of a word counts."""
        x = self.encode(self.words(pieces), mask)
        return self.head(functional.dropout(x, self.dropout, self.training))
