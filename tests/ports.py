"""Ports for the servers that tests start."""

import socket


def free_port():
    """A port nobody listens on just now: tests that run beside each other never share one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
