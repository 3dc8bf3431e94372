"""The containers' health checks, without Django: `probe.py web`, or `probe.py FILE` that a living process touches."""

import os
import sys
import time
import urllib.request

QUIET = 100  # seconds without a sign of life; beat gives one a minute

if __name__ == "__main__":
    what = sys.argv[1]
    if what == "web":
        host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
        asked = urllib.request.Request("http://127.0.0.1:8000/readyz", headers={"Host": host})
        urllib.request.urlopen(asked, timeout=5)
    elif time.time() - os.path.getmtime(what) > QUIET:
        sys.exit(f"no sign of life for {QUIET} seconds")
