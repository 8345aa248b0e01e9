"""`python -m bench` measures the product against its targets: a table on standard error, JSON on standard output."""

import sys

from bench import command
from bench.comparisons import COMPARISONS
from bench.targets import BENCH

if __name__ == "__main__":
    sys.exit(command.measure(BENCH, COMPARISONS))
