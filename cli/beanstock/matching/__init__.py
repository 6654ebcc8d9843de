"""What refers to what: orders, receipts, bills, returns, payments; what is open. Pure."""
