"""`python -m tests.bench` or `make bench`: ratios on PostgreSQL at 300,000 households. docs/bench.md says how to read them."""

import argparse
import os
import subprocess
import sys

from tests.bench import database


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--fresh", action="store_true", help="make the benchmark's database again")
    parts = ("counting", "deciding", "searching", "importing", "year", "documents", "pages", "asking")
    asked.add_argument("--only", choices=parts, help="one of the measurements")
    asked.add_argument("--page", default="", help="of the pages those whose address holds this")
    asked.add_argument("--rounds", type=int, default=4, help="how often each page is measured (default 4)")
    asked.add_argument("--seconds", type=int, default=2, help="for how long each time (default 2)")
    options = asked.parse_args()
    try:
        address = database.url()
        database.create(address, fresh=options.fresh)
    except database.NoDatabase as error:
        print(error, file=sys.stderr)
        return 1
    os.environ["DATABASE_URL"] = address
    if options.only in (None, "importing"):  # on a database of its own, so in a process of its own
        done = subprocess.run([sys.executable, "-m", "tests.bench.importing"], check=False).returncode
        if done or options.only:
            return done
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["PORTAL_MODE"] = "embedded"
    os.environ["LOG_LEVEL"] = "WARNING"
    os.environ.setdefault("PORTAL_VAR", os.path.join(os.getcwd(), "var", "bench"))

    import django

    django.setup()
    from tests.bench import asking, counting, deciding, documents, filling, pages, searching, year

    filling.fill()
    lines = []
    if options.only in (None, "counting"):
        lines += counting.measure()
    if options.only in (None, "deciding"):
        lines += deciding.measure()
    if options.only in (None, "searching"):
        lines += searching.measure()
    if options.only in (None, "year"):
        lines += year.measure()
    if options.only in (None, "year", "documents"):
        documents.measure()
    if options.only in (None, "pages"):
        year.fill()
        lines += pages.measure(options.rounds, options.seconds, options.page)
    if options.only in (None, "asking"):
        lines += asking.measure(options.rounds, options.seconds)
    show(lines)
    return 0


def show(lines) -> None:
    """A table of what was measured beside what is wanted. Missing the mark is said, and is no failure of the run."""
    if not lines:
        return
    width = max(len(line.what) for line in lines)
    print(f"\n{'what':<{width}}  {'measured':>9}  {'wanted':>8}  ")
    for line in lines:
        wanted = f"{'≤' if line.at_most else '≥'} {line.wanted:.1f}"
        print(f"{line.what:<{width}}  {line.ratio:>8.2f}×  {wanted:>8}  {'' if line.reached else 'short'}  {line.note}")


if __name__ == "__main__":
    sys.exit(main())
