"""A simulated working day through the real HTTP API: phones check in, are drawn and answer; superiors call."""
