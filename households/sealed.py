"""What only readers of a household may read again: ID numbers, and its private facts in the log.

The log is also read by those who manage accounts, who have no right to households; so it holds these facts encrypted.
"""

import json

from accounts.sealed import seal, unseal, vault
from households.identity import mask

__all__ = ["in_json", "number_of", "seal", "unseal", "vault"]

in_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # short, for what is sealed


def number_of(member, *, full: bool = False) -> str:
    """A member's ID number as lists show it: masked. `full`: whole, for who has the right and gave a reason, which the
    caller asks for and writes down.
    """
    if full and member.citizen_id_sealed:
        return vault().open(member.citizen_id_sealed)
    return mask(member.citizen_id_last4)
