#!/usr/bin/env python3
"""The eager steps of lazy-pipeline.mjs as MONAI makes them with torch: affine_grid and grid_sample for what
interpolates, tensor operations for what is exact.

Usage: lazy-torch.py VOLUME STEPS.json [--threads 1] [--runs 5]   (STEPS.json: the line of `eager`)
"""
import argparse
import json
import resource
import statistics
import time

import nibabel
import numpy as np
import torch
import torch.nn.functional as functional

parser = argparse.ArgumentParser()
parser.add_argument("volume")
parser.add_argument("steps")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--runs", type=int, default=5)
args = parser.parse_args()
torch.set_num_threads(args.threads)
source = torch.from_numpy(np.asarray(nibabel.load(args.volume).dataobj).astype(np.float32))[None, None]
steps = json.load(open(args.steps))["steps"]


def scale(n):
    """Normalised [-1, 1] to index, align_corners=False."""
    return np.diag([*(np.array(n) / 2), 1.0]) + np.pad(((np.array(n) - 1) / 2)[:, None], ((0, 1), (3, 0)))


def resample(image, matrix, size):
    full = np.vstack([matrix, [0, 0, 0, 1]])
    theta = np.linalg.inv(scale(image.shape[2:])) @ full @ scale(size)
    order = [2, 1, 0, 3]  # grid_sample's x is the last axis
    theta = torch.from_numpy(theta[:3][[2, 1, 0]][:, order]).float()[None]
    grid = functional.affine_grid(theta, [1, 1, *size], align_corners=False)
    return functional.grid_sample(image, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def exact(image, matrix, size):
    linear = np.round(matrix[:, :3])
    if np.abs(matrix - np.round(matrix)).max() > 1e-6 or np.abs(linear).sum() != 3:
        return None
    axes = np.abs(linear).argmax(0)
    out = image.permute(0, 1, *(2 + axes))
    flips = [2 + a for a in range(3) if linear[axes[a], a] < 0]
    out = out.flip(flips) if flips else out
    start = [0 if linear[axes[a], a] < 0 else int(round(matrix[axes[a], 3])) for a in range(3)]
    return out[:, :, start[0]:start[0] + size[0], start[1]:start[1] + size[1], start[2]:start[2] + size[2]].contiguous()


def run():
    image = source
    for step in steps:
        matrix = np.array(step["matrix"]).reshape(3, 4)
        done = exact(image, matrix, step["size"])
        image = resample(image, matrix, step["size"]) if done is None else done
    return image


with torch.no_grad():
    out = run()
    times = []
    for _ in range(args.runs):
        start = time.perf_counter()
        out = run()
        times.append((time.perf_counter() - start) * 1e3)
print(json.dumps({"way": "torch eager", "threads": args.threads, "ms": statistics.median(times),
                  "peakMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                  "mean": float(out.mean()), "size": list(out.shape[2:])}))
