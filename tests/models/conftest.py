"""Networks in tests run on one thread: results are equal to the bit only for one number of threads."""

import os

import pytest

os.environ["OMP_NUM_THREADS"] = "1"  # of the processes that tests start
torch = pytest.importorskip("torch")
torch.set_num_threads(1)
