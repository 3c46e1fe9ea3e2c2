"""What users do between two pauses: the actions of load-tests/profiles/actions, by the names that they have in profiles.ts."""

import random
import time
import uuid

import gevent
import socketio
from requests_of_users import DECLINED, read, send
from world import world

PATIENCE_SECONDS = 10
LOOKING_SECONDS = 20


def read_menu(user):
    read(user, "getMenu", f"/v1/cafeterias/{kitchen()['cafeteriaId']}/menu")


def find_cafeteria(user):
    read(user, "listCafeterias", "/v1/cafeterias")
    read(user, "getHours", f"/v1/cafeterias/{kitchen()['cafeteriaId']}/hours")


def read_slots(user):
    read(user, "listSlots", f"/v1/cafeterias/{kitchen()['cafeteriaId']}/slots")


def read_top_products(user):
    read(user, "getTopProducts", f"/v1/cafeterias/{kitchen()['cafeteriaId']}/top-products")


def read_all_products(user):
    read(user, "listProducts", f"/v1/products?cafeteriaId={kitchen()['cafeteriaId']}&limit=100")


def compare_menus(user):
    for there in world["kitchens"][:10]:
        read(user, "getMenu", f"/v1/cafeterias/{there['cafeteriaId']}/menu")


def read_orders(user):
    orders = read(user, "listOrders", "/v1/orders?mine=true&limit=10")
    newest = next(iter((orders or {}).get("data", [])), None)
    if newest:
        read(user, "getOrder", f"/v1/orders/{newest['id']}")


def read_summary(user):
    read(user, "getSummary", "/v1/me/summary")


def read_wallet(user):
    read(user, "getWallet", "/v1/wallet")
    read(user, "listTransactions", "/v1/transactions?limit=10")


def read_history(user):
    read(user, "listOrders", "/v1/orders?mine=true&limit=100")
    read(user, "listTransactions", "/v1/transactions?limit=100")


def quote(user, lines=3):
    there = kitchen()
    body = {"cafeteriaId": there["cafeteriaId"], "items": items(there, lines), "pickup": "asap"}
    send(user, "quoteOrder", "POST", "/v1/quotes", body=body, expected=(201, DECLINED))


def quote_for_many(user):
    quote(user, 10)


def place_order(user, lines=3):
    there = kitchen()
    order = place(user, there, lines)
    for move in ("accept", "start", "ready"):
        order = order and move_order(user, there, order, move)


def place_order_for_many(user):
    place_order(user, 10)


def follow_order(user):
    """Follows the own orders on a socket, orders, and waits until the socket has shown the order and each of its moves."""
    there = kitchen()
    shown = {}
    client = socketio.Client(reconnection=False)

    def show(message):
        order = message["order"]
        shown[order["id"]] = max(shown.get(order["id"], 0), order["version"])

    for event in ("order:created", "order:updated"):
        client.on(event, show, namespace="/orders")
    try:
        client.connect(
            world["gatewayUrl"],
            namespaces=["/orders"],
            auth={"token": user.token},
            transports=["websocket"],
            wait_timeout=PATIENCE_SECONDS,
        )
    except socketio.exceptions.ConnectionError as error:
        user.record("connect", 0, error)
        return
    try:
        order = place(user, there, 3)
        for move in ("accept", "start", "ready", None):
            if order is None:
                return
            until_shown(user, shown, order)
            order = move and move_order(user, there, order, move)
        gevent.sleep(LOOKING_SECONDS)
    finally:
        client.disconnect()


def until_shown(user, shown, order):
    since = time.monotonic()
    while shown.get(order["id"], 0) < order["version"]:
        if time.monotonic() - since > PATIENCE_SECONDS:
            user.record("event", PATIENCE_SECONDS, TimeoutError("an event did not come"))
            return
        gevent.sleep(0.005)
    user.record("event", time.monotonic() - since, None)


def place(user, there, lines):
    """Places an order. Returns None when it was declined or failed."""
    status, order = send(
        user,
        "placeOrder",
        "POST",
        "/v1/orders",
        headers={"idempotency-key": str(uuid.uuid4())},
        body={
            "cafeteriaId": there["cafeteriaId"],
            "items": items(there, lines),
            "pickup": "asap",
            "payment": {"method": "wallet"},
        },
        expected=(201, DECLINED),
    )
    return order if status == 201 else None


def move_order(user, there, order, move):
    """Has the kitchen move an order. Returns None when nobody of the kitchen takes part, or the move failed."""
    if there["staffToken"] is None:
        return None
    path = f"/v1/orders/{order['id']}/{move}"
    status, moved = send(user, f"{move}Order", "POST", path, token=there["staffToken"])
    return moved if status == 200 else None


def kitchen():
    return random.choice(world["kitchens"])


def items(there, lines):
    products = there["productIds"]
    return [{"productId": product, "quantity": 1} for product in random.sample(products, min(lines, len(products)))]
