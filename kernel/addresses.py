"""Which network addresses are public: what somebody enters must never lead the hub to the inside of a network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_UNICAST = IPv6Network("2000::/3")
"""All that has been given out of IPv6. Outside of it an address may be an IPv4 address in disguise, too (NAT64)."""
_SPECIAL = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)
"""Networks for protocols, tunnels (Teredo, 6to4) and examples that some versions of Python take for public."""


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one that anybody on the internet could reach; text that is no address is none.

    One that carries another address within is none either, whatever it carries: nobody needs one, and the way around a
    filter leads through them.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return found.is_global and not found.is_multicast and _is_given_out(found)


def _is_given_out(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in _UNICAST and not address.scope_id and not _is_special(address)
    return not address.is_reserved and not _is_special(address)


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    return any(address.version == network.version and address in network for network in _SPECIAL)
