"""What only readers of a household may read again: ID numbers, and its private facts in the log.

The log is also read by those who manage accounts, who have no right to households; so it holds these facts encrypted.
"""

from accounts.sealed import open_json, seal, seal_json, unseal, vault
from households.identity import mask

__all__ = ["number_of", "open_json", "seal", "seal_json", "unseal", "vault"]


def number_of(member, *, full: bool = False) -> str:
    """A member's ID number as lists show it: masked. `full`: whole, for who has the right and gave a reason, which the
    caller asks for and writes down.
    """
    if full and member.citizen_id_sealed:
        return vault().open(member.citizen_id_sealed)
    return mask(member.citizen_id_last4)
