"""What locust is told by files: whom a run has to do with, and what the profiles are."""

import json
import os


def read(variable):
    """Reads the JSON file that an environment variable names."""
    path = os.environ.get(variable)
    if not path:
        raise SystemExit(f"{variable} must name a file: `make load-locust` writes it and starts locust with it.")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


world = read("WORLD")
"""`World` of load-tests/profiles/world.ts."""

plan = read("PLAN")
"""`LocustPlan` of load-tests/run/locust.ts: a scenario, and its profiles by name and weight."""
