"""``python -m pipeline``: see :mod:`pipeline.commands`."""

import pipeline.chinese_help  # noqa: F401  isort: skip  (must come before the commands)

from pipeline.commands import app


def main() -> None:
    """Run the command line."""
    app(prog_name="python -m pipeline")


if __name__ == "__main__":
    main()
