"""Reading the environment: a wrong or missing value stops the start and says what to do."""

import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; .env.example says what it is.")
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be true or false.")
    return value == "true"


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def words(name: str, default: str | None = "") -> list[str]:
    """A comma-separated list. None: at least one word is needed."""
    found = [word.strip() for word in os.environ.get(name, default or "").split(",") if word.strip()]
    if not found and default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; .env.example says what it is.")
    return found


def kept_secret(name: str, folder: Path) -> str:
    """A secret of the embedded start: made once, kept in a file only its owner reads.

    The environment wins, so that the same data folder can be opened with secrets kept elsewhere.
    """
    if os.environ.get(name):
        return os.environ[name]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    if name not in kept:
        kept[name] = secrets.token_urlsafe(48)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(kept))
        draft.replace(path)
    return kept[name]
