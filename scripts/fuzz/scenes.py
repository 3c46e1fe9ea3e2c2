"""Who calls, and what exists: from `supply.ts`, because random ids would be answered 404, and never get as far as the rules."""

import os

import requests

SUPPLY = os.environ["FUZZ_SUPPLY"]
# The fuzzer closes cafeterias, changes currencies and so on, so it moves to another one now and then.
CALLS_PER_SCENE = 150
# The supply may wait for a busy database.
SECONDS = 300

supply = requests.Session()
# A cafeteria with a person in the role, by role: their token, and ids by the names of the members that hold them.
scenes = {}


def open_scene(role):
    answer = supply.get(f"{SUPPLY}/scene", params={"role": role}, timeout=SECONDS)
    answer.raise_for_status()
    scenes[role] = {**answer.json(), "calls": 0}
    return scenes[role]


def scene_of(role):
    scene = scenes.get(role)
    if scene is None or scene["calls"] >= CALLS_PER_SCENE:
        scene = open_scene(role)
    scene["calls"] += 1
    return scene


def leave_scene_of(token):
    """Operations under test end sessions and take roles away, also those of the fuzzer itself."""
    for scene in scenes.values():
        if token == f"Bearer {scene['token']}":
            scene["calls"] = CALLS_PER_SCENE


def example_of(operation, role):
    """A call that succeeds for whoever may make it; what it needs may have been fuzzed away, and then there is another scene."""
    for _ in range(2):
        answer = supply.get(f"{SUPPLY}/example", params={"role": role, "operation": operation}, timeout=SECONDS)
        if answer.ok:
            return answer.json()
        open_scene(role)
    raise RuntimeError(f"no example of {operation}: {answer.text}")
