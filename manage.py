#!/usr/bin/env python
"""Hannun's command line: starts the embedded services when they are needed, then hands over to Django."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import embedded, env

    try:
        if env.uses_embedded_services():
            embedded.start()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except (embedded.EmbeddedProblem, env.EnvironmentProblem) as problem:
        sys.exit(f"hannun: {problem}")


if __name__ == "__main__":
    main()
