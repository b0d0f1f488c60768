"""The workloads of workloads.ts in PyTorch, on the processor with two threads: a process that does what it is asked for.

Each line of its input is a request, each line of its output the answer, both JSON:
  {"open": "gpt", "path": "…/gpt.safetensors"}  sets the network up as the fixture says -> {"losses": [of its first steps]}
  {"round": 400}                                trains for so many milliseconds -> {"ms": milliseconds a step}
Needs Debian's python3-torch and libopenblas0-pthread.
"""
import json
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)


class Residual(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.past = None
        if stride != 1:
            self.past = nn.Sequential(nn.Conv2d(channels_in, channels, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)), inplace=True)
        # Every other pixel, as a convolution with stride 2 would; the odd ones, since pictures are mirrored here (`to_torch`).
        past = x if self.past is None else self.past(x[:, :, 1::2, 1::2])
        return F.relu(self.norm2(self.conv2(h)) + past, inplace=True)


class Block(nn.Module):
    """Pre-norm transformer block with causal attention."""

    def __init__(self, width, heads, tokens):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
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
        return self.logits(self.norm(self.blocks(self.embedding(tokens) + self.positions)))


class UNet(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.down1, self.down2, self.bottom = self.twice(1, width), self.twice(width, 2 * width), self.twice(2 * width, 4 * width)
        self.up2, self.right2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, 2), self.twice(4 * width, 2 * width)
        self.up1, self.right1 = nn.ConvTranspose2d(2 * width, width, 2, 2), self.twice(2 * width, width)
        self.pixels = nn.Conv2d(width, 1, 1)

    @staticmethod
    def twice(channels_in, channels):
        return nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(inplace=True),
        )

    def forward(self, x):
        left1 = self.down1(x)
        left2 = self.down2(F.max_pool2d(left1, 2))
        bottom = self.bottom(F.max_pool2d(left2, 2))
        right2 = self.right2(torch.cat([left2, self.up2(bottom)], 1))
        right1 = self.right1(torch.cat([left1, self.up1(right2)], 1))
        return self.pixels(right1)


class Gcn(nn.Module):
    """H <- (A + I) H W + b with the adjacency matrix normalised once, outside of training."""

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(features, hidden), nn.Linear(hidden, classes)

    def forward(self, x, adjacency):
        h = F.relu(adjacency @ (x @ self.linear1.weight.T) + self.linear1.bias)
        return adjacency @ (h @ self.linear2.weight.T) + self.linear2.bias


class Flow(nn.Module):
    """Affine couplings that take turns on two coordinates; gives the negative log-likelihood."""

    def __init__(self, couplings=8, hidden=32):
        super().__init__()
        def network():
            return nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))
        self.networks = nn.ModuleList(network() for _ in range(couplings))

    def forward(self, x):
        a, b = x.chunk(2, 1)
        logdet = 0
        for network in self.networks:
            raw, shift = network(a).chunk(2, 1)
            log_scale = 2 * torch.tanh(raw)
            a, b = b * log_scale.exp() + shift, a
            logdet = logdet + log_scale.squeeze(1)
        normal = torch.distributions.Normal(0.0, 1.0)
        return -(normal.log_prob(a) + normal.log_prob(b)).squeeze(1).add(logdet).mean()


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def mnist1d():
    convolutions = [nn.Conv1d(1, 15, 3, 2), nn.ReLU(), nn.Conv1d(15, 15, 3, 2), nn.ReLU(), nn.Conv1d(15, 15, 3, 2), nn.ReLU()]
    return nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(60, 10))


def cnn():
    first = [nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*first, nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))


def resnet():
    stages = [Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2)]
    stem = [nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*stem, *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def classify(model, x, label):
    logits = model(x)
    return F.cross_entropy(logits.flatten(0, -2), label.flatten())


def classify_nodes(model, x, adjacency, label, mask):
    return F.cross_entropy(model(x, adjacency)[mask], label[mask])


networks = {
    "mlp": (mlp, classify),
    "mnist1d": (mnist1d, classify),
    "cnn": (cnn, classify),
    "resnet": (resnet, classify),
    "gpt": (Gpt, classify),
    "unet": (UNet, lambda model, x: F.mse_loss(model(x), x)),
    "gcn": (lambda: Gcn(34, 16, 2), classify_nodes),
    "gcn1000": (lambda: Gcn(64, 32, 8), classify_nodes),
    "flow": (Flow, lambda model, x: model(x)),
}


def read_safetensors(path):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    types = {"F32": torch.float32, "I32": torch.int32}
    def tensor(entry):
        begin, end = entry["data_offsets"]
        return torch.frombuffer(bytearray(data[start + begin : start + end]), dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return {name: tensor(entry) for name, entry in header.items()}, metadata


def to_torch(name, tensor, mirrored):
    """A weight of Netloom, whose channels come last, in PyTorch's order of axes."""
    if tensor.dim() == 4:
        # With "same" padding and a stride of 2 the one zero stands at the end; in PyTorch, at the start: so it gets everything mirrored.
        return (tensor.flip(0, 1) if mirrored else tensor).permute(3, 2, 0, 1)
    if tensor.dim() == 3:
        return tensor.permute(2, 1, 0)
    if tensor.dim() == 2 and name.split("/")[-1] not in ("table", "positions"):
        return tensor.T
    return tensor


def after_flatten(kernel, channels):
    """Rows of a kernel [positions * channels, units] as PyTorch flattens: channels first."""
    units = kernel.shape[1]
    return kernel.reshape(-1, channels, units).transpose(0, 1).reshape(-1, units)


def load(name, model, weights):
    """Copies Netloom's weights, which come in the order of the network, and sees that both have the same ones."""
    targets = [tensor for key, tensor in model.state_dict().items() if not key.endswith(("mask", "num_batches_tracked"))]
    if name == "gpt":
        # The positions are a parameter of the model itself, which PyTorch lists before those of its parts.
        targets[:2] = targets[1::-1]
    flattened = {"cnn": ("layer7/kernel", 64), "mnist1d": ("linear/kernel", 15)}.get(name)
    names = list(weights)
    if name == "resnet":
        names = in_order_of_torch(names)
    if len(names) != len(targets):
        raise ValueError(f"PyTorch's {name} has {len(targets)} weights, Netloom's {len(names)}")
    for key, target in zip(names, targets):
        tensor = weights[key]
        if flattened and key == flattened[0]:
            tensor = after_flatten(tensor, flattened[1])
        tensor = to_torch(key, tensor, name == "resnet")
        if tensor.shape != target.shape:
            raise ValueError(f"{key} is {list(tensor.shape)} in Netloom and {list(target.shape)} in PyTorch")
        target.copy_(tensor)


def in_order_of_torch(names):
    """Within a residual block: conv1, norm1, conv2, norm2, and what leads past it."""
    parts = ["conv1", "norm1", "conv2", "norm2", "past", "norm3"]
    def place(name):
        layer, *rest = name.split("/")
        return int(layer.removeprefix("layer")), parts.index(rest[0]) if rest[0] in parts else 0
    return sorted(names, key=place)


def batch_of(name, tensors, index):
    batch = {key.split("/", 1)[1]: tensor for key, tensor in tensors.items() if key.startswith(f"{index}/")}
    x = batch["x"]
    if x.dim() == 4:
        x = (x.flip(1, 2) if name == "resnet" else x).permute(0, 3, 1, 2)
    elif name == "mnist1d":
        x = x.transpose(1, 2)
    batch["x"] = x.contiguous()
    if "label" in batch:
        batch["label"] = batch["label"].long()
    if "edges" in batch:
        source, target = batch.pop("edges").long().T
        adjacency = torch.zeros(len(x), len(x))
        adjacency[target, source] = 1
        root = adjacency.sum(1, keepdim=True).clamp(min=1).rsqrt()
        adjacency = root * adjacency * root.T + torch.eye(len(root))
        # For a few dozen nodes a full matrix is faster than a sparse one.
        batch["adjacency"] = adjacency.to_sparse_csr() if len(x) > 100 else adjacency
        batch["mask"] = batch["mask"].bool()
    return batch


class Workload:
    def __init__(self, name, path):
        make, self.loss_of = networks[name]
        self.model = make()
        tensors, metadata = read_safetensors(path)
        load(name, self.model, {key[7:]: tensor for key, tensor in tensors.items() if key.startswith("weight/")})
        facts = json.loads(metadata["optimiser"])
        parameters = self.model.parameters()
        if facts["type"] == "adam":
            self.optimiser = torch.optim.Adam(parameters, facts["rate"])
        else:
            self.optimiser = torch.optim.SGD(parameters, facts["rate"], facts.get("momentum", 0))
        self.clip_norm = facts.get("clipNorm")
        self.batches = [batch_of(name, tensors, i) for i in range(3)]
        self.steps = 0

    def step(self):
        self.optimiser.zero_grad()
        loss = self.loss_of(self.model, **self.batches[self.steps % 3])
        loss.backward()
        if self.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        self.optimiser.step()
        self.steps += 1
        return loss

    def round(self, milliseconds):
        start, steps = time.perf_counter(), 0
        while steps < 2 or 1000 * (time.perf_counter() - start) < milliseconds:
            self.step()
            steps += 1
        return 1000 * (time.perf_counter() - start) / steps


workload = None
for line in sys.stdin:
    request = json.loads(line)
    if "open" in request:
        workload = Workload(request["open"], request["path"])
        answer = {"losses": [workload.step().item() for _ in range(3)]}
    else:
        answer = {"ms": workload.round(request["round"])}
    print(json.dumps(answer), flush=True)
