"""Generate the manifests of apps.jsonnet with rjsonnet."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rjsonnet


def main(wanted: str) -> None:
    """Evaluate the program to one text; the binding returns it as a JSON string."""
    program = Path(__file__).with_name("apps.jsonnet")
    text = json.loads(rjsonnet.evaluate_file(str(program), tla_codes={"apps": "1000"}))
    if wanted == "show":
        print(text, end="")
    else:
        print(json.dumps({"lines": len(text.splitlines()) - text.count("---\n")}))


if __name__ == "__main__":
    main(sys.argv[1])
