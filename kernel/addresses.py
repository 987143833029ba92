"""Which network addresses are public: what somebody enters must never lead the hub to the inside of a network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_CARRIES_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""Networks whose addresses are IPv4 addresses in disguise: a gateway, or the machine itself, takes them out."""


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one that anybody on the internet could reach.

    An address that carries another one within (mapped, 6to4, Teredo, NAT64) is none, whatever it carries: nobody needs
    one, and the way around a filter leads through them. Text that is no address is none either.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and _is_disguise(found):
        return False
    return found.is_global and not _is_special(found)


def _is_disguise(address: IPv6Address) -> bool:
    carries = address.ipv4_mapped or address.sixtofour or address.teredo or address.scope_id
    return bool(carries) or any(address in network for network in _CARRIES_IPV4)


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    return address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
