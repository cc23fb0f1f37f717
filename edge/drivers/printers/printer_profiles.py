"""Papers and printers as they are sold: what the settings name in one word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from edge.drivers.charset import EPSON_CODE_PAGES, Charset, CodePage
from edge.drivers.settings import SettingsModel


@dataclass(frozen=True, slots=True)
class Profile:
    """What fits on a line: characters of font A, and dots."""

    columns: int
    dots: int


# Font A, the one that every printer has.
FONT_DOTS: Final = 12
# Print heads of 8 dots a millimetre, and Epson's older ones of 180 dots an inch.
PROFILES: Final = {
    "80mm": Profile(48, 576),
    "80mm_42": Profile(42, 512),
    "58mm": Profile(32, 384),
}

# From python-escpos' capabilities data: which number ESC t gives a page on printers of that make.
# The first page of each is the one that they start with.
CODE_PAGES: Final[dict[str, Sequence[CodePage]]] = {
    "epson": EPSON_CODE_PAGES,
    "zjiang": (
        CodePage(0, "cp437"),
        CodePage(16, "cp1252"),
        CodePage(18, "cp852"),
        CodePage(17, "cp866"),
        CodePage(90, "cp1253"),
        CodePage(91, "cp1254"),
    ),
    "rongta": (
        CodePage(0, "cp437"),
        CodePage(16, "cp1252"),
        CodePage(18, "cp852"),
        CodePage(7, "cp866"),
        CodePage(17, "cp1253"),
        CodePage(32, "cp1254"),
    ),
    "star": (
        CodePage(1, "cp437"),
        CodePage(32, "cp1252"),
        CodePage(5, "cp852"),
        CodePage(10, "cp866"),
        CodePage(15, "cp737"),
        CodePage(12, "cp857"),
    ),
}

# Single-byte code pages that Python knows and printers have.
Codec = Literal[
    "cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860",
    "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp874", "cp1125", "cp1250",
    "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859_2", "iso8859_7", "iso8859_15",
]  # fmt: skip
PagesByCodec = Annotated[
    dict[Codec, Annotated[int, Field(ge=0, le=255)]], Field(min_length=1, max_length=16)
]


class PaperSettings(SettingsModel):
    """The printer's paper and what it can do."""

    profile: Literal["80mm", "80mm_42", "58mm"] = "80mm"
    columns: int = Field(default=48, ge=16, le=64, description="else the profile's")
    dots: int = Field(
        default=576, ge=192, le=832, description="how wide a picture may be; else the profile's"
    )
    charset: Charset = "gb18030"
    code_pages: Literal["epson", "zjiang", "rongta", "star"] | PagesByCodec = "epson"
    cut: Literal["partial", "full", "none"] = "partial"
    qr: Literal["native", "image"] = "native"
    qr_dots: int = Field(default=6, ge=1, le=16, description="0.75 mm a module, read by any phone")
    end_mark: bool = Field(
        default=True, description="ask the printer to say when a receipt is printed"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_the_profile_has_it(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        profile = PROFILES.get(given.get("profile", ""))
        if profile is not None:
            return {"columns": profile.columns, "dots": profile.dots, **given}
        if isinstance(given.get("columns"), int):
            return {"dots": given["columns"] * FONT_DOTS, **given}
        return given

    @property
    def pages(self) -> Sequence[CodePage]:
        """The code pages, in the order in which they are tried."""
        if isinstance(self.code_pages, str):
            return CODE_PAGES[self.code_pages]
        return tuple(CodePage(number, codec) for codec, number in self.code_pages.items())
