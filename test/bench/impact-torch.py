#!/usr/bin/env python3
"""What PyTorch takes for the networks of one Jacobian iteration: python3 impact-torch.py THREADS RUNS

1000 patches of 5 x 5 x 5 through two convolutions to 32 channels, each with instance norm and leaky ReLU: fixed
patches forward, moving patches forward and back. Random weights; no sampling of images.
"""
import json
import sys
import time

import torch
from torch import nn

threads, runs = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
net = nn.Sequential(
    nn.Conv3d(1, 32, 3, padding=1), nn.InstanceNorm3d(32, affine=True), nn.LeakyReLU(0.01),
    nn.Conv3d(32, 32, 3, padding=1), nn.InstanceNorm3d(32, affine=True), nn.LeakyReLU(0.01),
)
for parameter in net.parameters():
    parameter.requires_grad_(False)


def iteration():
    with torch.no_grad():
        fixed = net(torch.rand(1000, 1, 5, 5, 5))[:, :, 2, 2, 2]
    patches = torch.rand(1000, 1, 5, 5, 5, requires_grad=True)
    loss = ((net(patches)[:, :, 2, 2, 2] - fixed) ** 2).mean()
    return torch.autograd.grad(loss, patches)


iteration()
times = []
for _ in range(runs):
    start = time.perf_counter()
    iteration()
    times.append((time.perf_counter() - start) * 1e3)
times.sort()
print(json.dumps({"name": "impact-jacobian-m730-networks", "backend": "torch", "samples": 1000, "threads": threads,
                  "ms": round(times[len(times) // 2], 2), "minMs": round(times[0], 2), "runs": runs}))
