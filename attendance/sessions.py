"""Up to three fixes within 90 seconds make one session. PURE (docs/design, Check-in; trust 1.5)."""

from __future__ import annotations

from collections.abc import Sequence

from policy.geofence import Verdict

SESSION_SECONDS = 90
SESSION_FIXES = 3


def session_verdict(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a session, derived and never stored.

    Inside with at least one inside and no outside; outside with at least two outside and no inside.
    """
    inside, outside = verdicts.count("inside"), verdicts.count("outside")
    if inside and not outside:
        return "inside"
    if outside >= 2 and not inside:
        return "outside"
    return "uncertain"
