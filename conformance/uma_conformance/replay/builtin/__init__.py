"""The built-in stage: reference authorization server and resource servers, over TLS and sockets."""

from uma_conformance.replay.builtin.stage import BuiltinStage, builtin_stage

__all__ = ["BuiltinStage", "builtin_stage"]
