"""Promises about the whole project: migrations, environment, secrets, templates."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template

from households.models import (
    Complaint,
    DuplicatePair,
    ExitPlan,
    Household,
    HouseholdChange,
    HouseWork,
    ImportBatch,
    ImportRow,
    Listed,
    LoanBalance,
    Member,
    PlanAction,
    PlanVisit,
    Recheck,
    Review,
    ReviewRequest,
    ReviewTrigger,
    ScoreAnswer,
    Support,
    WardRequest,
)
from targets.models import ModelHousehold, Officer

ROOT = Path(settings.BASE_DIR)


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_variable_that_settings_read_is_explained_and_no_other():
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "danang_poverty/settings.py").read_text()))
    explained = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    only_compose = {"POSTGRES_PASSWORD", "PORTAL_HOST", "PORTAL_TLS", "HTTP_PORT", "HTTPS_PORT"}
    assert read == explained - only_compose


def test_every_package_says_why_it_is_here():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[A-Za-z0-9\-\[\]]+==[\w.]+ +# .{10,}", line), line


@pytest.mark.parametrize(
    "model",
    [
        Complaint,
        DuplicatePair,
        Household,
        HouseholdChange,
        HouseWork,
        LoanBalance,
        Listed,
        ImportBatch,
        ImportRow,
        Member,
        Recheck,
        Review,
        ReviewRequest,
        ReviewTrigger,
        ScoreAnswer,
        Support,
        ExitPlan,
        PlanAction,
        PlanVisit,
        WardRequest,
        ModelHousehold,
        Officer,
    ],
)
def test_every_field_about_people_is_declared_private_or_open(model):
    names = {field.name for field in model._meta.concrete_fields}
    assert names == model.PRIVATE | model.OPEN
    assert not model.PRIVATE & model.OPEN


def templates():
    return sorted(path for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_compile_and_hold_no_inline_script_or_style(path):
    get_template(str(path.relative_to(ROOT / "templates")))
    text = path.read_text()
    assert not re.search(r"\sstyle=", text), "inline style breaks the content security policy"
    assert not re.search(r"\son[a-z]+=\"", text), "inline handler breaks the content security policy"
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text), "inline script breaks the content security policy"
    assert "|safe" not in text.replace("help_text|safe", ""), "only a developer's own help text is not escaped"


def test_a_form_in_an_included_part_has_its_token():
    """`only` keeps the token out of an included template; a browser is then refused, and tests without tokens are not."""
    forms = {
        str(path.relative_to(ROOT / "templates")) for path in templates() if "{% csrf_token %}" in path.read_text()
    }
    for path in templates():
        for name, given in re.findall(r"{% include \"([^\"]+)\"([^%]*)%}", path.read_text()):
            if name in forms and " only" in given:
                assert "csrf_token=csrf_token" in given, f"{path.name} includes {name} without the token"


def test_nothing_of_the_workplace_is_in_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    words = re.compile("|".join(["/" + "work/", "/" + "root/", "[.]" + "library"]))
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".mo", ".xlsx", ".docx") or not path.exists():
            continue
        assert not words.search(path.read_text(errors="ignore")), name


NEEDED = {
    "SECRET_KEY": "x9" * 30 + "-long-and-random-enough-for-a-test",
    "FIELD_KEYS": "a-key",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "sqlite:///db.sqlite3",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def in_production(folder, *command, **given):
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_MODE": "production", "PORTAL_VAR": str(folder)} | NEEDED | given
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_deployment_check_is_clean(tmp_path):
    """`check --deploy` under production settings says nothing."""
    done = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_what_production_needs_is_all_that_its_settings_ask():
    text = (ROOT / "danang_poverty/settings.py").read_text()
    asked = re.findall(r"env\.(?:text\(\"([A-Z_]+)\"\)|words\(\"([A-Z_]+)\", None\))", text)
    assert {one or other for one, other in asked} == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_production_does_not_start_without_each_of_its_secrets(tmp_path, name):
    for value in ("", " ", ", ") if name in ("FIELD_KEYS", "ALLOWED_HOSTS") else ("", " "):
        done = in_production(tmp_path, "-c", "import danang_poverty.settings", **{name: value})
        assert done.returncode == 1, value
        told = f"ImproperlyConfigured: {name} is not set. Set it in the environment; .env.example says what it is."
        assert done.stderr.strip().splitlines()[-1].endswith(told)
        assert not any(secret in done.stderr for secret in NEEDED.values())


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORTAL_DEMO_WITHOUT_SECOND_FACTOR", "true", "production refuses it"),
        ("PORTAL_MODE", "prod", "must be one of embedded, production"),
        ("DEBUG", "true", "production refuses it"),
        ("DEBUG", "yes", "must be true or false"),
    ],
)
def test_production_does_not_start_with_what_it_cannot_mean(tmp_path, name, value, told):
    done = in_production(tmp_path, "-c", "import danang_poverty.settings", **{name: value})
    assert (done.returncode, name in done.stderr, told in done.stderr) == (1, True, True)
