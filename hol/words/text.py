"""What hol says, in both languages.

The English sentence stands in the code where it is said, as the template of a `Text`; the Korean one
stands in the catalogue `hol/words/locale/ko/LC_MESSAGES/hol.po` under that English template. Nothing is translated before it
is shown, so an event, an error or a receipt can be written in either language. Whatever a value has that a terminal
would obey (escapes, control characters, overrides of direction) is written out here, where every sentence passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hol.words.catalogue import Language, korean
from hol.words.commands import Aws, Command, Shell
from hol.words.shown import one_line
from hol.words.spans import kept_whole, plain

__all__ = ["Language", "Text", "counted", "t"]


@dataclass(frozen=True)
class Text:
    """A sentence with its values; a value may be a `Text` itself."""

    template: str
    values: tuple[object, ...] = ()

    def render(self, language: Language = "en") -> str:
        """The sentence in that language; a template without a translation stays English."""
        return self._rendered(language, lambda value: one_line(str(value)))

    def drawn(self, language: Language = "en") -> str:
        """As `render`, with every command kept whole between private signs, for whoever draws it on a terminal."""
        return self._rendered(language, _kept)

    def _rendered(self, language: Language, shown: Callable[[object], str]) -> str:
        if language == "ko":
            from hol.words.particles import settled

            return settled(self._filled(korean(self.template), language, shown))
        return self._filled(self.template, language, shown)

    def _filled(self, template: str, language: Language, shown: Callable[[object], str]) -> str:
        if not self.values:
            return template
        return template.format(
            *(v._rendered(language, shown) if isinstance(v, Text) else shown(v) for v in self.values)
        )

    def __str__(self) -> str:
        return self.render()


def _kept(value: object) -> str:
    text = one_line(str(value))
    return kept_whole(text) if isinstance(value, Command | Aws | Shell) else plain(text)


def counted(number: int, one: Text, more: Text) -> Text:
    """The sentence for one thing, or for none or several."""
    return one if number == 1 else more


def t(template: str, *values: object) -> Text:
    """`t("role {}", name)`: positional `{}` fields; in Korean `{0}` `{1}` may change their order."""
    return Text(template, values)
