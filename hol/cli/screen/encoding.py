"""Output that never fails for want of a letter: signs that an encoding lacks have plain stand-ins.

Korean Windows consoles speak cp949, which has no ✓; a terminal without a UTF-8 locale may have nothing but ASCII.
"""

from __future__ import annotations

import codecs
from typing import TextIO

_PLAIN = {
    "✓": "OK", "✗": "X", "…": "...", "·": "-", "→": "->", "←": "<-", "—": "-", "–": "-", "“": '"', "”": '"', "‘": "'",
    "’": "'", "≤": "<=", "≥": ">=", "×": "x", "•": "*", "\N{NO-BREAK SPACE}": " ",
    "\N{WHITE QUESTION MARK ORNAMENT}": "?",
}  # fmt: skip


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in lacking), error.end


codecs.register_error("hol", _stand_in)


def writable(stream: TextIO) -> TextIO:
    """The stream, set to write stand-ins for what its encoding lacks instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="hol")
    return stream
