"""The portal's own settings, with the reference page added to its addresses."""

import os

from danang_poverty.settings import *  # noqa: F403
from danang_poverty.settings import DATABASES

if "BENCH_SERVED" in os.environ:  # pages.served says why
    DATABASES["default"]["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"
ROOT_URLCONF = "tests.bench.reference"
API_RATE = 10_000_000  # the limit itself is part of what is measured, reaching it is not
