"""Milliseconds a training step (forward, backward, SGD) of the workloads in workloads.ts, on the processor with two threads.

Prints one JSON object: workload -> median milliseconds. Needs Debian's python3-torch and libopenblas0-pthread.
"""
import json
import statistics
import time

import torch
from torch import nn

torch.set_num_threads(2)
torch.manual_seed(1)


class Block(nn.Module):
    """Pre-norm transformer block with causal attention."""

    def __init__(self, width, heads, tokens):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.register_buffer("mask", torch.triu(torch.ones(tokens, tokens, dtype=torch.bool), 1))

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, attn_mask=self.mask, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self, vocabulary=75, tokens=64, width=128, heads=4, blocks=4):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(tokens, width))
        self.blocks = nn.Sequential(*[Block(width, heads, tokens) for _ in range(blocks)])
        self.norm, self.logits = nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def forward(self, tokens):
        return self.logits(self.norm(self.blocks(self.embedding(tokens) + self.positions))).flatten(0, 1)


def conv1d():
    return [nn.Conv1d(1, 15, 3, 2), nn.ReLU(), nn.Conv1d(15, 15, 3, 2), nn.ReLU(), nn.Conv1d(15, 15, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(60, 10)]


def conv2d():
    first = [nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return first + [nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10)]


def mlp():
    return [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)]


def labels(count, classes=10):
    return torch.randint(0, classes, (count,))


workloads = {
    "mlp": (nn.Sequential(*mlp()), torch.randn(128, 784), labels(128)),
    "mnist1d": (nn.Sequential(*conv1d()), torch.randn(100, 1, 40), labels(100)),
    "cnn": (nn.Sequential(*conv2d()), torch.randn(64, 1, 28, 28), labels(64)),
    "gpt": (Gpt(), torch.randint(0, 75, (16, 64)), labels(16 * 64, 75)),
}


def measure(model, x, y):
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimiser.zero_grad()
        loss_of(model(x), y).backward()
        optimiser.step()

    for _ in range(5):
        step()
    rounds = []
    for _ in range(5):
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < 0.5:
            step()
            steps += 1
        rounds.append(1000 * (time.perf_counter() - start) / steps)
    return statistics.median(rounds)


print(json.dumps({name: measure(*workload) for name, workload in workloads.items()}))
