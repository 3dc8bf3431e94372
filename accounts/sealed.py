"""What lies encrypted in the database: private facts in the log, what was searched for, keys of second factors."""

import orjson
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import models

from accounts.vault import Vault, vault_for


def vault() -> Vault:
    return vault_for(tuple(settings.FIELD_KEYS))


def seal_json(value) -> str:
    """Sealed, as short as it goes."""
    return vault().seal_bytes(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def open_json(sealed: str):
    return orjson.loads(vault().open_bytes(sealed))


def seal(values: dict) -> dict:
    return {"sealed": seal_json(values)} if values else {}


def unseal(logged: dict) -> dict:
    """One side of a log line as it was before it was sealed, with what stands there in plain."""
    plain = {name: value for name, value in logged.items() if name != "sealed"}
    return plain | open_json(logged["sealed"]) if "sealed" in logged else plain


class SealedText(models.TextField):
    """Text that a copy of the database does not tell. It is read as it was written, and no query finds it by its words."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return vault().seal(value) if value else value

    def from_db_value(self, value, expression, connection):
        if not value:
            return value
        try:
            return vault().open(value)
        except (InvalidToken, ValueError):
            return "(không mở được)"

    def get_lookup(self, name):
        if name not in ("exact", "isnull"):  # exact: of what is empty, which is not sealed
            raise TypeError(f"{self.name} is sealed: the database cannot look into it")
        return super().get_lookup(name)
