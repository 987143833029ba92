from __future__ import annotations

import re

# the order matters: Edge and Samsung's say that they are Chrome, Chrome says that it is Safari
_PROGRAMS = (
    (re.compile(r"Edg(?:e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone"), "an iPhone"),
    (re.compile(r"iPad"), "an iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"CrOS"), "a Chromebook"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Macintosh|Mac OS X"), "a Mac"),
    (re.compile(r"Linux"), "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Return what a browser says of itself, as a person would: "Firefox on Windows"; no version, nothing rare."""
    program = next((name for pattern, name in _PROGRAMS if pattern.search(user_agent)), None)
    system = next((name for pattern, name in _SYSTEMS if pattern.search(user_agent)), None)
    if system is None:
        return program or "A browser"
    return f"{program or 'A browser'} on {system}"
