"""What each persona does, as one plain table. A field left out is what an honest person does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Persona:
    """How somebody behaves for a day.

    `is_at`: where the body is (`planned` is the home or office of the plan, `far` is 5 km from it, `away` on
    official travel). `claims`: where the phone says it is. `accuracy`: the kind of 68 % radius it reports.
    `insists`: sends another fix when the server offers it. `answers`: from where a prompt is answered.
    `call`: what the superior finds (supervisors.FINDINGS).
    """

    is_at: Literal["planned", "office", "mall", "far", "away"] = "planned"
    claims: Literal["truth", "plan", "one point"] = "truth"
    accuracy: Literal["ordinary", "poor", "tiny", "coarse"] = "ordinary"
    mock: bool = False
    uniform: bool = True
    comes: Literal["in time", "late", "never"] = "in time"
    copies: int = 1
    insists: bool = True
    answers: Literal["here", "mall", "never"] = "here"
    call: Literal["verified", "undressed", "elsewhere", "no_answer"] = "verified"


PERSONAS: dict[str, Persona] = {
    "honest_home": Persona(),
    "honest_office": Persona(),
    "on_leave": Persona(),  # opens the app, reads that today is free, closes it
    "travelling": Persona(is_at="away"),
    "late": Persona(comes="late"),
    "poor_gps": Persona(accuracy="poor"),
    "no_uniform": Persona(uniform=False, call="undressed"),
    "retries": Persona(copies=5),
    "home_but_at_office": Persona(is_at="office"),
    "absent": Persona(comes="never"),
    "ignores_prompt": Persona(answers="never", call="no_answer"),
    "answers_elsewhere": Persona(answers="mall", insists=False, call="elsewhere"),
    "mall": Persona(is_at="mall", insists=False, call="elsewhere"),
    "mock_flag": Persona(is_at="mall", claims="plan", mock=True, insists=False, call="elsewhere"),
    # No server can tell this one from somebody at home: only the superior's video call does.
    "fake_gps": Persona(is_at="mall", claims="one point", accuracy="tiny", insists=False, call="elsewhere"),
    "coarse_claim": Persona(is_at="far", accuracy="coarse", insists=False, call="elsewhere"),
}
