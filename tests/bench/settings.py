"""The portal's own settings, with the reference page added to its addresses."""

from danang_poverty.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.reference"
