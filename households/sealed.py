"""What only readers of a household may read again: ID numbers, and its private facts in the log.

The log is also read by those who manage accounts, who have no right to households; so it holds these facts encrypted.
"""

import orjson
from django.conf import settings

from households.identity import Vault, mask, vault_for


def vault() -> Vault:
    return vault_for(tuple(settings.FIELD_KEYS))


def seal_json(value) -> str:
    """Sealed, as short as it goes."""
    return vault().seal_bytes(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def open_json(sealed: str):
    return orjson.loads(vault().open_bytes(sealed))


def number_of(member, *, full: bool = False) -> str:
    """A member's ID number as lists show it: masked. `full`: whole, for who has the right and gave a reason, which the
    caller asks for and writes down.
    """
    if full and member.citizen_id_sealed:
        return vault().open(member.citizen_id_sealed)
    return mask(member.citizen_id_last4)


def seal(values: dict) -> dict:
    return {"sealed": seal_json(values)} if values else {}


def unseal(logged: dict) -> dict:
    """One side of a log line as it was before it was sealed, with what stands there in plain."""
    plain = {name: value for name, value in logged.items() if name != "sealed"}
    return plain | open_json(logged["sealed"]) if "sealed" in logged else plain
