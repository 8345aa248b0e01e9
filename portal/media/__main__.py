"""The process in which one file is opened: bounded before it reads a byte, and with nothing of ours to lose."""

import json
import sys

from portal.media.bounds import bound_this_process, leave_the_network


def main() -> int:
    """A file on standard input; on standard output one line of facts, and then what may be kept of the file."""
    bound_this_process()
    # What opens files is loaded within the bounds, and before the files of this machine may be out of reach.
    from portal.domain.media import Reason, Unsafe
    from portal.media.clean import clean
    from portal.media.image import load_formats

    load_formats()
    leave_the_network()
    try:
        made = clean(sys.stdin.buffer.read())
    except Unsafe as error:
        return _answer({"refused": error.reason.value})
    except MemoryError:
        return _answer({"refused": Reason.TOO_MUCH.value})
    return _answer({"file": made.file.value}, made.content)


def _answer(facts: object, content: bytes = b"") -> int:
    for part in (json.dumps(facts).encode(), b"\n", content):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
