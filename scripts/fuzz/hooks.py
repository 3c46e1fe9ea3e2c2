"""What schemathesis does for `make test-fuzz` besides what it makes of the document.

The calls of a run come from one role, or each from whoever just may call its operation. Most of the valid ones use things
that exist, and some are examples that succeed.
"""

import os
import random

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from record import code_of, count_answer
from scenes import example_of, leave_scene_of, scene_of, scenes

# A role, or `entitled`: whoever the operation is for.
CALLER = os.environ["FUZZ_CALLER"]
LEAST_ROLES = {"public": "nobody", "authenticated": "customer"}
# The shares of the valid calls that are examples, and of those to which an example lends its path. In the phase of examples all of
# them are; calls that follow a link have their values from the answer before.
EXAMPLES = 0.3
PATHS = 0.5
EXAMPLES_BETWEEN_LINKS = 0.1

# Whoever calls these may be logged out or get another role, and needs a new token.
ENDING_TOKENS = {"acceptInvitation", "changePassword", "endSession", "endSessions", "logout"}

# Hypothesis seeds the shared generator anew for each case.
choice = random.Random(os.environ["FUZZ_SEED"])
# By their ids; schemathesis makes new cases of old ones, which are no examples then.
example_cases = set()


def role_of(case):
    if CALLER != "entitled":
        return CALLER
    access = case.operation.definition.raw["x-access"]
    return LEAST_ROLES.get(access, access)


def operation_id(case):
    return case.operation.definition.raw.get("operationId")


def is_declared_method(case):
    return case.method.lower() == case.operation.method.lower()


def use_known_ids(value, ids):
    """Replaces ids by ids that exist, by the names of the members that hold them."""
    if isinstance(value, list):
        for item in value:
            use_known_ids(item, ids)
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        known = ids.get(name.removesuffix("s"))
        if known and isinstance(member, str):
            value[name] = choice.choice(known)
        elif known and isinstance(member, list) and all(isinstance(item, str) for item in member):
            value[name] = choice.sample(known, min(len(member), len(known)))
        else:
            use_known_ids(member, ids)


def take_from_supply(case, kwargs, role):
    """Puts things that exist into a case; says whether all of it is an example, which has to succeed for those who may."""
    phase = case.meta.phase.name
    lot = choice.random()
    if phase == TestPhase.STATEFUL and lot >= EXAMPLES_BETWEEN_LINKS:
        return False
    whole = phase in (TestPhase.EXAMPLES, TestPhase.STATEFUL) or (
        lot < EXAMPLES and case.meta.generation.mode.is_positive
    )
    if not whole and (lot >= EXAMPLES + PATHS or case.meta.is_negative_at(ParameterLocation.PATH)):
        return False
    example = example_of(operation_id(case), role)
    if "path" in example:
        case.path_parameters.update(example["path"])
    if whole:
        put_example(case, kwargs, example)
        return True
    for container, location in ((case.query, ParameterLocation.QUERY), (case.body, ParameterLocation.BODY)):
        if not case.meta.is_negative_at(location):
            use_known_ids(container, scenes[role]["ids"])
    return False


def put_example(case, kwargs, example):
    case.query = dict(example.get("query", {}))
    if "body" in example:
        case.body = example["body"]
    case.headers.update(example.get("headers", {}))
    if "text" in example:
        # What is signed are the bytes.
        kwargs["data"] = example["text"].encode()
        case.headers["content-type"] = "application/json"


@schemathesis.hook
def before_call(context, case, kwargs):
    role = role_of(case)
    scene_of(role)
    if case.meta is not None and is_declared_method(case) and take_from_supply(case, kwargs, role):
        example_cases.add(case.id)
    # Taking from the supply may have opened another scene.
    token = scenes[role]["token"]
    if token is not None:
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def after_call(context, case, response):
    if not is_declared_method(case):
        return
    operation = operation_id(case)
    count_answer(operation, response, case.id in example_cases)
    if response.status_code == 401 or operation in ENDING_TOKENS:
        leave_scene_of(response.request.headers.get("Authorization"))


@schemathesis.check
def documented_error_code(ctx, response, case):
    """A problem has one of the codes that the document names for its operation and status."""
    code = code_of(response)
    if code is None or not is_declared_method(case):
        return
    documented = case.operation.responses.find_by_status_code(response.status_code)
    known = documented.definition.get("x-error-codes") if documented is not None else None
    if known is not None and code not in known:
        raise AssertionError(f"{response.status_code} {code} is not documented")
