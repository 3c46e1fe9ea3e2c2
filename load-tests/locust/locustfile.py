"""The users of load-tests/profiles for locust. `make load-locust` starts it, with its screen at http://127.0.0.1:8089."""

import random

import actions
from locust import FastHttpUser, LoadTestShape, between, events
from world import plan, world


class Somebody(FastHttpUser):
    """A customer, who pauses between half and one and a half of the mean think time."""

    abstract = True
    host = world["url"]
    wait_time = between(plan["thinkSeconds"] * 0.5, plan["thinkSeconds"] * 1.5)
    # A phone has one connection.
    concurrency = 1
    connection_timeout = 30
    network_timeout = 30

    def on_start(self):
        self.token = random.choice(world["customers"])

    def record(self, name, seconds, error):
        """Counts what happened on a socket as a request of its own kind."""
        self.environment.events.request.fire(
            request_type="SOCKET",
            name=name,
            response_time=seconds * 1000,
            response_length=0,
            exception=error,
            context={},
        )


def user_class(profile):
    """A class of users for a profile of the plan, with as many of them as its weight says."""
    tasks = {getattr(actions, task["name"]): task["weight"] for task in profile["actions"]}
    return type(profile["name"].capitalize(), (Somebody,), {"tasks": tasks, "weight": profile["weight"]})


# locust takes every class of users that it finds in this module.
globals().update({one.__name__: one for one in map(user_class, plan["profiles"])})

if len(plan["stages"]) > 1:

    class Stages(LoadTestShape):
        """The number of users changes evenly within each stage."""

        def tick(self):
            users = plan["users"]
            left = self.get_run_time()
            for stage in plan["stages"]:
                if left < stage["seconds"]:
                    now = round(users + (stage["users"] - users) * left / stage["seconds"])
                    return max(now, 1), max(abs(stage["users"] - users) / stage["seconds"], 100)
                left -= stage["seconds"]
                users = stage["users"]
            return None


@events.quitting.add_listener
def judge(environment, **_):
    """The objectives of the scenario decide the exit code."""
    objectives = plan["objectives"]
    total = environment.stats.total
    limits = [("p95", 0.95, "p95Milliseconds"), ("p99", 0.99, "p99Milliseconds")]
    decides = objectives.get("latency") != "printed"
    missed = []
    printed = []
    for name, share, objective in limits:
        measured = total.get_response_time_percentile(share)
        if objective in objectives and not (total.num_requests and measured <= objectives[objective]):
            sentence = f"{name} was {measured} ms, and is to be at most {objectives[objective]} ms"
            (missed if decides else printed).append(sentence)
    if not total.num_requests or total.fail_ratio > objectives["errorShare"]:
        missed.append(f"{total.fail_ratio:.3%} failed, and at most {objectives['errorShare']:.3%} may")
    per_second = objectives.get("requestsPerSecond", 0)
    if total.total_rps < per_second:
        missed.append(f"there were {total.total_rps:.1f} requests a second, and at least {per_second} are wanted")
    exceptions = sum(one["count"] for one in environment.runner.exceptions.values())
    if exceptions:
        missed.append(f"{exceptions} actions failed themselves")
    for sentence in missed:
        print(f"MISSED: {sentence}")
    for sentence in printed:
        print(f"missed, which decides nothing here: {sentence}")
    # Without this, a single failure would fail the run, however few are allowed.
    environment.process_exit_code = 1 if missed else 0
