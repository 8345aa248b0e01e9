"""What the process that opens a stranger's file may use: memory, time, files, and no network."""

import ctypes
import resource

MEMORY = 512 * 1024 * 1024  # bytes of address space
SECONDS = 10  # of a processor
LARGEST_FILE = 0  # it answers through a pipe, and writes nothing else
OPEN_FILES = 32
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET (linux/sched.h)


def bound_this_process() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (limit, limit))


def leave_the_network() -> bool:
    """Go where there is no network; False where the kernel does not let us, and the bounds above are all there is."""
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return False
    return any(unshare(flags) == 0 for flags in (NEW_USER | NEW_NETWORK, NEW_NETWORK))
