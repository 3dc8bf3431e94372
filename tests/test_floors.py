"""The house stands as architecture says: floors, doors, pure rules, short files."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = settings.FLOORS
DOORS = {"views", "urls", "api_urls", "forms", "api", "admin", "management", "tasks"}
# rule -> what it may import of the project; anything else, Django included, would make it impure
PURE = [
    "accounts/actions.py",
    "accounts/devices.py",
    "accounts/job_kinds.py",
    "accounts/loading.py",
    "accounts/menu.py",
    "accounts/roles.py",
    "accounts/second_factor.py",
    "accounts/vault.py",
    "accounts/scopes.py",
    "accounts/webhook_rules.py",
    "areas/loading.py",
    "areas/tiles.py",
    "areas/vietnamese.py",
    "households/aggregates.py",
    "households/catalogue.py",
    "households/changes.py",
    "households/classify.py",
    "households/computed.py",
    "households/duplicates.py",
    "households/eligibility.py",
    "households/form_b.py",
    "households/intake/contents.py",
    "households/intake/errors.py",
    "households/intake/fields.py",
    "households/intake/fonts.py",
    "households/intake/layout.py",
    "households/intake/matching.py",
    "households/intake/opendocument.py",
    "households/intake/reading.py",
    "households/intake/rows.py",
    "households/intake/template.py",
    "households/intake/values.py",
    "households/intake/workbook.py",
    "households/identity.py",
    "households/ledger.py",
    "households/members.py",
    "households/merging.py",
    "households/nearness.py",
    "households/papers/content.py",
    "households/papers/pdf.py",
    "households/review_steps.py",
    "households/rounds.py",
    "households/score_file.py",
    "households/scoring.py",
    "households/screening.py",
    "households/spells.py",
    "households/standards.py",
    "households/support_stages.py",
    "households/targeted.py",
    "households/steps.py",
    "households/timeline.py",
    "households/triggers.py",
    "households/working_days.py",
    "reports/archive.py",
    "reports/checks.py",
    "reports/content.py",
    "reports/docx.py",
    "reports/docx_annexes.py",
    "reports/gathering.py",
    "reports/letter_compare.py",
    "reports/letter_text.py",
    "reports/paper.py",
    "reports/pdf.py",
    "reports/periods.py",
    "reports/prose.py",
    "reports/sentences.py",
    "reports/states.py",
    "reports/tables.py",
    "reports/xlsx.py",
    "targets/activity_kinds.py",
    "targets/assigning.py",
    "targets/charts.py",
    "targets/indicators.py",
    "targets/loading.py",
    "targets/pace.py",
    "targets/refs.py",
    "targets/roster.py",
    "targets/small_cells.py",
    "targets/spending.py",
    "targets/task_dates.py",
    "targets/task_states.py",
    "targets/activity_indicators.py",
    "targets/evidence_files.py",
    "targets/forecast.py",
    "targets/further_indicators.py",
    "targets/measures.py",
    "targets/typed.py",
    "targets/tilemap.py",
    "targets/wording.py",
]
FORBIDDEN_IN_RULES = {"django", "rest_framework", "celery", "time", "random", "os", "requests"}


def python_files(app):
    return [path for path in Path(ROOT, app).rglob("*.py") if "migrations" not in path.parts]


def room(path, app):
    """The part of an app that a file belongs to; an admin or an API of many subjects lies in several files."""
    name = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
    return next((door for door in ("admin", "api") if name.startswith(f"{door}_")), name)


def imports(path):
    """Dotted names that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", FLOORS)
def test_apps_look_only_down(app):
    above = {*FLOORS[FLOORS.index(app) + 1 :], "danang_poverty", "tests"}
    for path in python_files(app):
        looked_up = {name for name in imports(path) if name.split(".")[0] in above}
        assert not looked_up, f"{path.relative_to(ROOT)} looks up to {looked_up}"


@pytest.mark.parametrize("app", FLOORS)
def test_no_door_opens_into_another_apps_door(app):
    others = set(FLOORS) - {app}
    for path in python_files(app):
        for name in imports(path):
            parts = name.split(".")
            if parts[0] in others and len(parts) > 1:
                assert parts[1] not in DOORS, f"{path.relative_to(ROOT)} opens {name}"


@pytest.mark.parametrize("app", FLOORS)
def test_rooms_do_not_know_doors(app):
    """Models, services and queries never import the views, forms or API of their own app."""
    for path in python_files(app):
        inside = room(path, app)
        if inside in DOORS:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == app and len(parts) > 1:
                assert parts[1] not in DOORS - {"tasks"}, f"{path.relative_to(ROOT)} opens {name}"


@pytest.mark.parametrize("rule", PURE)
def test_rules_are_pure(rule):
    path = ROOT / rule
    found = {name.split(".")[0] for name in imports(path)} & FORBIDDEN_IN_RULES
    assert not found, f"{rule} imports {found}"
    own = {name for name in imports(path) if name.split(".")[0] in FLOORS}
    allowed = {rule_path.removesuffix(".py").replace("/", ".") for rule_path in PURE}
    impure = {
        name
        for name in own
        if not any(name == a or name.startswith(f"{a}.") or a.startswith(f"{name}.") for a in allowed)
    }
    assert not impure, f"{rule} imports {impure}"


def test_only_doors_ask_what_day_it_is():
    asked = ("localdate(", "date.today(", "datetime.now(")
    for app in FLOORS:
        for path in python_files(app):
            inside = room(path, app)
            if inside not in DOORS:
                text = path.read_text()
                assert not any(word in text for word in asked), f"{path.relative_to(ROOT)} asks for today"


def test_no_file_is_too_long_and_none_is_called_utils():
    for folder in [*FLOORS, "danang_poverty", "tests"]:
        for path in python_files(folder):
            assert path.stem not in ("utils", "helpers", "common"), path
            assert len(path.read_text().splitlines()) <= 400, f"{path.relative_to(ROOT)} is over 400 lines"


def test_no_signals():
    for app in FLOORS:
        for path in python_files(app):
            assert not any(name.startswith("django.db.models.signals") for name in imports(path)), path
            assert "@receiver" not in path.read_text(), path
