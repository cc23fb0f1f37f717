"""A picture of the cashier's guide: what is keyed until the screen is worth one."""

from dataclasses import dataclass
from typing import Final

from edge.checkout.shop import Language
from edge.checkout.words.texts import Saying
from edge.demo.steps import Act, Take, Type

# The supervisor of the demo shop may everything; the shift is open, with change in the drawer.
SIGN_ON: Final = Type("9 ENTER 9753 ENTER")
OPENED: Final = (SIGN_ON, Type("500 MENU 24"))
COLA: Final = Take("Cola 330 ml")
IN_CHINESE: Final = ((", ", "，"), ("scan", "扫码"), ("PIN", "密码"))
CRISPS: Final = Take("Potato Crisps Salted 75 g")


@dataclass(frozen=True, slots=True)
class Shot:
    """The file's name, what it shows in both languages, the keys as the guide has them, and the
    acts that lead there in a demo shop that did `before` and nothing else. The screen must say
    `shows`. `task` is the menu's number of what is shown.
    """

    name: str
    english: str
    chinese: str
    keys: str
    acts: tuple[Act, ...]
    shows: Saying
    task: str = ""
    before: tuple[Act, ...] = OPENED

    def block(self, language: Language) -> str:
        """The lines of Markdown by which a guide in that language shows the picture."""
        if language is Language.CHINESE:
            caption, keys = self.chinese, self.keys
            for english, chinese in IN_CHINESE:
                keys = keys.replace(english, chinese)
        else:
            caption, keys = self.english, self.keys
        line = f"{keys} → {caption}" if keys else caption
        return f"{line}\n\n![{caption}](pictures/tasks/{self.name}.png)\n"
