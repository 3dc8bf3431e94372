"""Words of other packages: none stays English, and the compiled catalogue says what its source says."""

import ast
import gettext
import re
from pathlib import Path

import import_export
import pytest
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import translation
from django.utils.translation import gettext as say
from django.utils.translation import ngettext

from accounts.actions import LABELS

CATALOGUE = Path(settings.BASE_DIR) / "locale/vi/LC_MESSAGES"
# what only developers see
NOT_SHOWN = {"%s through import_export", "call to force_str() on instance failed: %s"} | {
    "use_natural_foreign_keys and key_is_id cannot both be True",
}


def compiled(path):
    with path.open("rb") as file:
        return {key: text for key, text in gettext.GNUTranslations(file)._catalog.items() if key}


def test_every_word_of_import_export_is_vietnamese():
    theirs = compiled(Path(import_export.__file__).parent / "locale/fr/LC_MESSAGES/django.mo")
    needed = {key[0] if isinstance(key, tuple) else key for key in theirs} - NOT_SHOWN
    ours = {key[0] if isinstance(key, tuple) else key for key in compiled(CATALOGUE / "django.mo")}
    assert not needed - ours


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_the_compiled_catalogue_is_that_of_its_source(name):
    source = (CATALOGUE / f"{name}.po").read_text()
    entries = re.findall(
        r'^(?:msgctxt (".*")\n)?msgid (".+")\n(?:msgid_plural (".+")\n)?msgstr(?:\[0\])? (".+")$', source, re.M
    )
    written = {}
    for context, key, plural, text in entries:
        key = (ast.literal_eval(context) + "\x04" if context else "") + ast.literal_eval(key)
        written[(key, 0) if plural else key] = ast.literal_eval(text)
    assert len(entries) == source.count("msgid ") - 1, "an entry is not on one line each"
    assert written == compiled(CATALOGUE / f"{name}.mo")


def test_placeholders_survive_translation():
    for name in ("django", "djangojs"):
        for key, text in compiled(CATALOGUE / f"{name}.mo").items():
            key = key[0] if isinstance(key, tuple) else key
            asked = set(re.findall(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}", key))
            assert set(re.findall(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}", text)) <= asked, key
            if "%s" in key or "%d" in key or "{}" in key:  # by position: none may be lost
                assert len(re.findall(r"%[sd]|\{\}", text)) == len(re.findall(r"%[sd]|\{\}", key)), key


def test_the_projects_words_win_over_djangos():
    with translation.override("vi"):
        assert say("Confirm import") == "Ghi vào hệ thống"
        assert ngettext("entry", "entries", 2) == "mục"
        helps = " ".join(password_validators_help_texts())
    assert not re.search(r"\b(password|your|the)\b", helps)


def test_every_action_in_the_log_has_its_words():
    """log(by, "some.action", …) anywhere in the apps is told in Vietnamese on the pages that show the log."""
    used = {}
    for app in settings.FLOORS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log" and len(node.args) > 1:
                    for leaf in ast.walk(node.args[1]):
                        if (
                            isinstance(leaf, ast.Constant)
                            and isinstance(leaf.value, str)
                            and "." in leaf.value.strip(".")
                        ):
                            used[leaf.value] = path.name
    assert {"user.created", "row.imported"} <= set(used)
    assert not {action: path for action, path in used.items() if action not in LABELS}
