"""The portal's own settings, with the reference page added to its addresses."""

from danang_poverty.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.reference"
API_RATE = 10_000_000  # the limit itself is part of what is measured, reaching it is not
