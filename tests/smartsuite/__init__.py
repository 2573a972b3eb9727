"""A stand-in for Smart Suite made of real parts: systemd, Apache and Jetty on a machine of their own.

`Machine` is one server, `Pair` two of them behind a load balancer. Their network, processes and mounts are in
namespaces of the kernel: nothing of them is seen outside, and nothing is left when the test ends or dies.
"""

from smartsuite.balancer import Balancer, Reload
from smartsuite.clients import Newcomer, Reader, Regular, asking
from smartsuite.computer import Computer
from smartsuite.machine import Machine
from smartsuite.needs import what_is_missing
from smartsuite.network import Network
from smartsuite.pair import Pair
from smartsuite.services import Fault, Service
from smartsuite.userland import UnobtainableError, userland

__all__ = [
    "Balancer",
    "Computer",
    "Fault",
    "Machine",
    "Network",
    "Newcomer",
    "Pair",
    "Reader",
    "Regular",
    "Reload",
    "Service",
    "UnobtainableError",
    "asking",
    "userland",
    "what_is_missing",
]
