"""Time and bytes as ratios against named baselines of the same run: `python -m benchmarks [group]`."""
