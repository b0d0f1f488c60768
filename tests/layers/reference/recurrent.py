"""Writes recurrent.json: outputs of PyTorch's RNN, LSTM and GRU, with weights laid out as Netloom has them.

    python3 tests/layers/reference/recurrent.py > tests/layers/reference/recurrent.json

Needs PyTorch (Debian: python3-torch); made with 1.13.1.
"""

import json

import torch

torch.manual_seed(4)
batch, tokens, width, units = 2, 4, 3, 2


def gates(matrix, order):
    """Rows of PyTorch's gates in another order, transposed where it is a matrix."""
    parts = torch.chunk(matrix, len(order))
    joined = torch.cat([parts[i] for i in order])
    return (joined.T if joined.dim() == 2 else joined).tolist()


cases = {}
for name, layer, order in [
    ("rnn", torch.nn.RNN, [0]),
    ("lstm", torch.nn.LSTM, [0, 1, 2, 3]),
    # PyTorch has reset, update, candidate; Keras and Netloom update, reset, candidate.
    ("gru", torch.nn.GRU, [1, 0, 2]),
]:
    net = layer(width, units, batch_first=True)
    x = torch.randn(batch, tokens, width)
    y, last = net(x)
    own, carried = net.bias_ih_l0, net.bias_hh_l0
    weights = {"kernel": gates(net.weight_ih_l0, order), "recurrent": gates(net.weight_hh_l0, order)}
    if name == "gru":
        weights |= {"bias": gates(own, order), "recurrentBias": gates(carried, order)}
    else:
        weights |= {"bias": gates(own + carried, order)}
    outputs = {"y": y.tolist(), "state": (last[0] if name == "lstm" else last)[0].tolist()}
    if name == "lstm":
        outputs["cell"] = last[1][0].tolist()
    cases[name] = {"x": x.tolist(), "weights": weights, "outputs": outputs}

print(json.dumps(cases))
