from __future__ import annotations

_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})


def is_dead(status: str) -> bool:
    """Tell whether an enhanced status code (RFC 3463, RFC 7505) says that mail to this address can never arrive.

    No such mailbox, no such domain, no address at all, moved and gone, a domain that takes no mail, a closed mailbox.
    A full mailbox or a refusal by policy may pass.
    """
    return status in _DEAD
