"""What a paper may be: PDF, JPEG or PNG by its first bytes, at most 5 MB, under a name that is safe to show."""

from __future__ import annotations

import re

from policy.errors import DomainError

MOST_BYTES = 5_000_000
# The first bytes of a file, its content type, and the ending of its name.
FORMATS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


def format_of(content: bytes) -> tuple[str, str]:
    """Content type and name ending, by the first bytes: names and headers can say anything.

    Raises DomainError paper_too_large or paper_not_readable.
    """
    refuse_size(len(content))
    for start, content_type, ending in FORMATS:
        if content.startswith(start):
            return content_type, ending
    raise DomainError("paper_not_readable", "A paper is a PDF, JPEG or PNG file.")


def refuse_size(size: int) -> None:
    """Raises DomainError paper_too_large for a file of `size` bytes, to be asked before it is read."""
    if size > MOST_BYTES:
        raise DomainError("paper_too_large", "A paper has at most 5 MB.")


def clean_name(name: str, ending: str) -> str:
    """A file name without folders and odd characters, with the ending of what it is, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"\.(pdf|jpe?g|png)$", "", last, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w.,()-]+", " ", stem).strip(" .")
    return f"{stem[:110].strip() or 'berkas'}.{ending}"
