from __future__ import annotations

from people.holdings import Holdings

PERSON_DATA = Holdings("chatbot")
"""The chatbot answers and keeps nothing: what it was asked stands among the messages of channels."""
