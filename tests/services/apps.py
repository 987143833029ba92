"""What every web application of a test run has in common, worked out once: compiled templates and compiled rules.

A test builds an application of its own. Most of what that costs is turning the same templates and the same addresses
into code; Flask has a place for either to be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """The code of templates by name, file, content and way of compiling; Jinja checks the content itself."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the bucket of a template as this environment compiles it."""
        way = (environment.trim_blocks, environment.lstrip_blocks, *sorted(environment.extensions))
        key = self.get_cache_key(f"{name} {way}", filename)
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put what is known into the bucket."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


_BUILDERS: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


class CompiledRule(Rule):
    """A rule whose way of writing its addresses is compiled once for all rules that are worded alike."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults: Any = self.defaults or {}
        key = (self.rule, append_unknown, tuple(self._trace), repr(sorted(defaults.items())))
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


def share_what_is_compiled() -> None:
    """Let every application that is built in this process from now on share its compiled templates and rules."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    Flask.url_rule_class = CompiledRule
