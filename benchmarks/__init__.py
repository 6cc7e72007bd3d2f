"""Figures, run by hand or by ``nox -s benchmarks``; each prints what it measured and a ratio from the same run."""
