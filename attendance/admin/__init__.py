"""The web admin of attendance: the day, check-ins, verification prompts and draws, scoped for who looks."""

from attendance.admin import checkins, commitments, draws, prompts, recalls

__all__ = ["checkins", "commitments", "draws", "prompts", "recalls"]
