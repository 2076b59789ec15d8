"""How long a session of fixes lasts and how many it has. PURE (docs/sources.md, trust 1.5)."""

from __future__ import annotations

SESSION_SECONDS = 90
SESSION_FIXES = 3
