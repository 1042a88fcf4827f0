"""``python -m pipeline``: see :mod:`pipeline.commands`."""

import pipeline.chinese_help  # noqa: F401  isort: skip  (must come before the commands)

import sys
from io import TextIOWrapper

from pipeline.commands import app


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a path may be no text
    app(prog_name="python -m pipeline")


if __name__ == "__main__":
    main()
