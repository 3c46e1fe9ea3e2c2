"""Counts how operations were answered, and keeps the checks that failed, each with a curl line that repeats the request."""

import atexit
import json
import os
from collections import Counter, defaultdict

from schemathesis import cli
from schemathesis.engine import events

CALLER = os.environ["FUZZ_CALLER"]
OUTCOME = os.environ["FUZZ_OUTCOME"]
LONGEST_MESSAGE = 2000

answers = defaultdict(Counter)
codes = defaultdict(Counter)
examples = defaultdict(Counter)
failures = {}


def count_answer(operation, response, is_example):
    answers[operation][response.status_code] += 1
    code = code_of(response)
    if code is not None:
        codes[operation][f"{response.status_code} {code}"] += 1
    if is_example:
        examples[operation][code or response.status_code] += 1


def code_of(response):
    """The code of a problem; none of any other answer."""
    if "problem+json" not in "".join(response.headers.get("content-type", [])):
        return None
    try:
        return response.json().get("code")
    except (ValueError, AttributeError):
        return None


@cli.handler()
class KeepFailures(cli.EventHandler):
    def handle_event(self, ctx, event):
        if isinstance(event, events.ScenarioFinished):
            keep_failed_checks(event.recorder)
        elif isinstance(event, events.NonFatalError):
            keep(event.label, "no answer", str(event.info.format()), event.info.code_sample or "")
        elif isinstance(event, events.FatalError):
            keep("schemathesis", "no run", str(event.exception), "")


def keep_failed_checks(recorder):
    for case_id, checks in recorder.checks.items():
        operation = recorder.cases[case_id].value.operation.definition.raw.get("operationId")
        interaction = recorder.interactions.get(case_id)
        response = interaction.response if interaction is not None else None
        status = response.status_code if response is not None else "no answer"
        for check in checks:
            if check.failure_info is not None:
                message = f"{status}, {check.failure_info.failure}"
                keep(operation, check.name, message, check.failure_info.code_sample)


def keep(operation, check, message, curl):
    """Keeps the first of each kind of failure."""
    failure = {"operation": operation, "check": check, "message": message[:LONGEST_MESSAGE], "curl": curl, "count": 0}
    kind = (operation, check, message[:80])
    failures.setdefault(kind, failure)["count"] += 1


@atexit.register
def write_outcome():
    outcome = {"caller": CALLER, "answers": answers, "codes": codes, "examples": examples, "failures": list(failures.values())}
    with open(OUTCOME, "w", encoding="utf-8") as file:
        json.dump(outcome, file)
