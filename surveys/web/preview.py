from __future__ import annotations

from dataclasses import dataclass

from channels.render import Renderer
from channels.rules.segments import Segments, plain, segments
from kernel.translation import is_rtl
from kernel.web import ground
from surveys.messages import THANKS, invitation
from surveys.model import Definition
from surveys.rules.conversation import begin
from surveys.rules.state import Say, Saying, State
from surveys.rules.wording import Speaker
from surveys.web.words import language_name


@dataclass(frozen=True)
class TextPreview:
    """One text as a phone shows it, and what it costs."""

    text: str
    cost: Segments


@dataclass(frozen=True)
class LanguagePreview:
    """All texts of a survey in one language, as they come to somebody who answers each question at once."""

    code: str
    name: str
    direction: str
    texts: tuple[TextPreview, ...]

    @property
    def segments(self) -> int:
        """Return how many SMS segments one family costs."""
        return sum(text.cost.count for text in self.texts)


def preview(definition: Definition, forum: str, language: str) -> LanguagePreview:
    """Return the texts of a survey in one language. The link in it is made up, but as long as a real one."""
    stands_on = ground()
    renderer = Renderer(stands_on.translations, stands_on.base_url, stands_on.keys)
    speaker = Speaker(definition, language, stands_on.translations)
    first = begin(definition, language, stands_on.clock.now())
    invited = invitation(speaker, first, forum=forum, grant_id="preview")
    shown = [renderer.render(invited.type, invited.values, language).short]
    shown += [speaker.speak([Say(Saying.ASK, question.id)], State(language)).short for question in definition.asked[1:]]
    shown.append(renderer.render(THANKS, {"forum": forum}, language).short)
    texts = tuple(TextPreview(text, segments(plain(text))) for text in shown)
    return LanguagePreview(language, language_name(language), "rtl" if is_rtl(language) else "ltr", texts)
