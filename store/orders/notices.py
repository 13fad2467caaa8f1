"""Which notice tells of an order: of goods or of work, paid in cash or by way of an agent."""

from store.orders.order import Order

OF_WORK = {
    "order_new": "order_new_service",
    "order_missed": "order_missed_service",
    "order_accepted": "order_accepted_service",
    "order_held": "order_held_service",
    "order_sent": "order_sent_service",
    "order_late": "order_late_service",
    "order_received": "order_received_service",
    "order_cancelled": "order_cancelled_service",
}
"""Notices that speak of goods -> what they are called where they speak of work."""


def variant(order: Order, notice: str) -> str:
    """The notice to use for this order instead of `notice`: of a service, or of an order whose
    money an agent has or is to have."""
    if order.deposit and notice == "order_accepted":
        return "order_accepted_deposit"
    if order.kind == "service" and notice in OF_WORK:
        paid = notice == "order_sent" and not order.rest
        return f"{OF_WORK[notice]}_paid" if paid else OF_WORK[notice]
    if order.deposit and notice == "order_new":
        return "order_new_deposit"
    if order.held and notice == "order_sent":
        name = f"{notice}_courier" if order.courier_id else notice
        return f"{name}_held" if order.rest else f"{name}_paid"
    return notice
