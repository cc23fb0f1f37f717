"""The shelf: pages of products to click, and a search."""

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from edge.checkout.money import CURRENCIES, write_amount
from edge.checkout.paper.width import pad_right, shorten
from edge.checkout.records import Unit
from edge.checkout.shop import Language
from edge.demo.screen_pane import CURSOR
from edge.demo.shelf import Goods, Shelf
from edge.demo.words import Say, say

# The list's scroll bar.
MARGIN_COLUMNS = 1
# No name is longer.
MAX_WORDS = 40


class ShelfPane(Vertical):
    """One department a page; `/` begins a search over all of them."""

    class Taken(Message):
        """Somebody takes the goods to the scanner."""

        def __init__(self, goods: Goods) -> None:
            self.goods = goods
            super().__init__()

    def __init__(self, shelf: Shelf, id: str) -> None:  # noqa: A002 - textual's own word
        super().__init__(id=id)
        self._shelf = shelf
        self._page = 0
        self._words: str | None = None
        self._goods: Sequence[Goods] = ()
        self._language = Language.ENGLISH
        self._tall = True

    def compose(self) -> ComposeResult:
        with Horizontal(id="page"):
            yield Static("◀", id="page-back")
            yield Static(id="page-name")
            yield Static("▶", id="page-on")
        yield Static(id="search")
        products = OptionList(id="products", markup=False)
        products.can_focus = False
        yield products

    def on_mount(self) -> None:
        self.query_one("#search").display = False

    def on_resize(self) -> None:
        self.fill()

    @property
    def is_searching(self) -> bool:
        return self._words is not None

    def speak(self, language: Language) -> None:
        """Name the goods in that language first."""
        if language is not self._language:
            self._language = language
            self.fill()

    def turn(self, pages: int) -> None:
        """Go so many pages on, and round at the end."""
        self.search(None)
        self._page = (self._page + pages) % len(self._shelf.pages)
        self.fill()

    def search(self, words: str | None) -> None:
        """Show what has these words in its name, number or code; None: the page again."""
        self._words = words
        box = self.query_one("#search", Static)
        box.display = words is not None
        box.update(Text(f"/ {words}{CURSOR}" if words else f"/ {say(Say.SEARCH, self._language)}"))
        self.fill()

    def type(self, stroke: str) -> None:
        """A key of the keyboard, while a search is open."""
        words = self._words or ""
        match stroke:
            case "escape":
                self.search(None)
            case "enter":
                self._take_marked()
            case "backspace":
                self.search(words[:-1])
            case "up" | "down":
                self._move_marker(1 if stroke == "down" else -1)
            case _ if len(stroke) == 1 and len(words) < MAX_WORDS:
                self.search(words + stroke)

    def fill(self) -> None:
        """Lay the goods of the page, or those that were found, into the list."""
        chinese = self._language is Language.CHINESE
        pages = self._shelf.pages
        page = pages[self._page]
        if self._words is not None:
            self._goods = self._shelf.search(self._words)
            name = say(Say.FOUND, self._language, str(len(self._goods)))
        else:
            self._goods = page.goods
            name = f"{page.name_zh if chinese else page.name_en} {self._page + 1}/{len(pages)}"
        self.query_one("#page-name", Static).update(Text(name))
        products = self.query_one(OptionList)
        columns = max(0, self.content_size.width - MARGIN_COLUMNS)
        products.clear_options()
        products.add_options(Option(self._label(goods, columns)) for goods in self._goods)
        products.highlighted = 0 if self.is_searching and self._goods else None

    def _label(self, goods: Goods, columns: int) -> Text:
        """Name and price; below them, where the pane is wide, the other name and the code."""
        price = ""
        if goods.price_minor:
            price = write_amount(goods.price_minor, CURRENCIES["CNY"])
            price += "/kg" if goods.unit is Unit.KG else ""
        first, second = goods.name_en, goods.name_zh
        if self._language is Language.CHINESE:
            first, second = second, first
        room = columns - len(price) - 1
        label = Text(pad_right(shorten(first, room), room) + " " + price, no_wrap=True)
        if self.screen.has_class("-wide") and self.screen.has_class("-high"):
            room = max(0, columns - len(goods.plu) - 1)
            label.append(f"\n{pad_right(f' {second}', room)} {goods.plu}", "dim")
        return label

    def on_click(self, click: events.Click) -> None:
        match click.widget.id if click.widget else None:
            case "page-back":
                self.turn(-1)
            case "page-on" | "page-name":
                self.turn(1)

    def on_option_list_option_selected(self, chosen: OptionList.OptionSelected) -> None:
        chosen.stop()
        self.query_one(OptionList).highlighted = None
        self.post_message(self.Taken(self._goods[chosen.option_index]))

    def _take_marked(self) -> None:
        marked = self.query_one(OptionList).highlighted
        if marked is not None:
            self.post_message(self.Taken(self._goods[marked]))
        self.search(None)

    def _move_marker(self, rows: int) -> None:
        """Mark another one of what was found."""
        marked = self.query_one(OptionList).highlighted
        if marked is not None:
            last = len(self._goods) - 1
            self.query_one(OptionList).highlighted = min(last, max(0, marked + rows))
