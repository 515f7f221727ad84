"""`python -m config.embedded start|stop|status`; `status` prints JSON and is 0 only where both services answer."""

import argparse
import json
import sys

from config import embedded, env


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status"])
    command = parser.parse_args().command
    try:
        if command == "start":
            embedded.start()
        elif command == "stop":
            embedded.stop()
        else:
            return _tell(embedded.status())
    except (embedded.EmbeddedProblem, env.EnvironmentProblem) as problem:
        sys.exit(f"hannun: {problem}")
    return 0


def _tell(state: dict[str, object]) -> int:
    print(json.dumps(state, indent=1))
    return 0 if state["postgresql"] and state["valkey"] else 1


if __name__ == "__main__":
    sys.exit(main())
