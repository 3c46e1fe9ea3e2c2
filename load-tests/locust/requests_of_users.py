"""How a user of locust asks the fleet for something."""

DECLINED = 409
"""The kitchen is closed or has no room, or something is sold out: a rule of the cafeteria, and no fault of the fleet."""


def send(user, operation, method, path, *, token=None, body=None, headers=None, expected=(200,)):
    """Sends a request and returns its status and its JSON, which is None when there was none.

    Figures are kept under the operation's id in the OpenAPI document.
    """
    all_headers = {"authorization": f"Bearer {token or user.token}", **(headers or {})}
    with user.client.request(
        method, path, name=operation, json=body, headers=all_headers, catch_response=True
    ) as response:
        if response.status_code in expected:
            response.success()
        else:
            response.failure(f"answered {response.status_code}: {(response.text or '')[:300]}")
        try:
            return response.status_code, response.json()
        except (AttributeError, TypeError, ValueError):
            return response.status_code, None


def read(user, operation, path):
    """Reads as the user."""
    return send(user, operation, "GET", path)[1]
