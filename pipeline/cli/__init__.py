"""The `wirewatch` command: parses, calls one function, prints.

Results go to standard output, messages and progress to standard error. Exit status: 0 done, 1 something
failed and is reported, 2 wrong use or invalid configuration.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process."""
    try:
        from pipeline.cli.calling import call  # noqa: PLC0415 - Ctrl-C is answered in words while this loads, too
    except KeyboardInterrupt:
        sys.stderr.write("stopped before anything was done\n")
        sys.exit(130)
    sys.exit(call(sys.argv[1:]))
