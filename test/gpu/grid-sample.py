# Times PyTorch's grid_sample in 3-D on the device: `python3 grid-sample.py SIZE`. Prints one JSON object.
import json
import sys

try:
    import torch
except ImportError:
    print(json.dumps({"skipped": "there is no torch"}))
    sys.exit()

if not torch.cuda.is_available():
    print(json.dumps({"skipped": "torch sees no device"}))
    sys.exit()

size, rounds, launches = int(sys.argv[1]), 5, 20
volume = torch.rand(1, 1, size, size, size, device="cuda")
theta = torch.tensor([[[0.97, -0.16, 0.1, 0], [0.17, 0.96, -0.05, 0], [-0.08, 0.07, 0.97, 0]]], device="cuda")
grid = torch.nn.functional.affine_grid(theta, volume.shape, align_corners=True)


def least(run):
    run()
    times = []
    for _ in range(rounds):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(launches):
            run()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end) / launches)
    return min(times)


sample = lambda grid: torch.nn.functional.grid_sample(volume, grid, align_corners=True)
whole = lambda: sample(torch.nn.functional.affine_grid(theta, volume.shape, align_corners=True))
print(json.dumps({"torch": torch.__version__, "gridSampleMs": least(lambda: sample(grid)), "withAffineGridMs": least(whole)}))
