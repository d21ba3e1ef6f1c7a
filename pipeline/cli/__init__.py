"""The `wirewatch` command: parses, calls one function, prints.

Results go to standard output, messages and progress to standard error. Exit status: 0 done, 1 something
failed and is reported, 2 wrong use or invalid configuration.
"""

from pipeline.cli.app import main

__all__ = ["main"]
