"""The page 'API in five minutes': each of its examples is taken from the page and run against a live server."""

import html
import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from django.core.management import call_command

from accounts.models import Agency
from accounts.tokens import issue_token
from accounts.webhook_rules import signature
from areas.models import Area
from targets.models import Assignment
from tests import make

PAGE = re.compile(r'<section class="sec" id="(\w+)">.*?<pre data-language="(\w+)"><code>(.*?)</code></pre>', re.S)


@pytest.fixture
def city(transactional_db):
    make.the_standards()
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    area, agency = Area.objects.get(level="city"), Agency.objects.get(code="so-ldtbxh")
    user = make.a_user("programme_office", area, agency, username="office")
    make.a_user("api_client", username="machine")  # who sees people's data city-wide has no token for a password alone
    scopes = ["read:figures", "read:tasks", "write:tasks"]
    return user, agency, issue_token(user=user, by=user, scopes=scopes)[1]


def test_every_example_runs(city, client, live_server, tmp_path):
    user, agency, token = city
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    examples = {
        key: (language, html.unescape(code))
        for key, language, code in PAGE.findall(client.get("/api/bat-dau/").content.decode())
    }
    expected = {
        "token": '"token"',
        "district": '"as_of":"2023-05-31"',
        "csv": "day,area,name",
        "unchanged": "304",
        "pages": "Quận Hải Châu",
        "write": "40",
    }
    assert set(examples) == {*expected, "webhook"}
    environment = {"PATH": os.environ["PATH"], "PORTAL": live_server.url, "TOKEN": token}
    environment |= {
        "NAME": "machine",
        "PASSWORD": "mat-khau-thu-66",
        "AGENCY": agency.code,
        "PYTHONIOENCODING": "utf-8",
    }
    for key, said in expected.items():
        language, code = examples[key]
        if language == "bash" and not shutil.which("curl"):
            continue
        command = ["bash", "-euo", "pipefail", "-c", code] if language == "bash" else [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{key}: {done.stderr}{done.stdout}"
        assert said in done.stdout, key
    assert Assignment.objects.filter(percent=40, agency=agency).exists()


def test_the_webhook_example_knows_what_is_genuine(client, cast):
    client.force_login(cast["client"], backend="django.contrib.auth.backends.ModelBackend")
    found = {key: html.unescape(code) for key, _, code in PAGE.findall(client.get("/api/bat-dau/").content.decode())}
    names = {}
    exec(found["webhook"], names)
    now = int(time.time())
    is_genuine = names["is_genuine"]
    assert is_genuine("key", signature("key", now, b"{}"), b"{}")
    assert not is_genuine("other", signature("key", now, b"{}"), b"{}")
    assert not is_genuine("key", signature("key", now, b"{}"), b"{ }")
    assert not is_genuine("key", signature("key", now - 400, b"{}"), b"{}")
    assert not is_genuine("key", "", b"{}")
