"""What the settings of all ESC/POS printers share."""

from typing import Final

from pydantic import Field

from edge.drivers.printers.printer_profiles import PaperSettings
from edge.drivers.settings import DeviceModel

# Further ahead of the printer, what is lost with a cable would be more than a cheap one's buffer.
MOST_AHEAD: Final = 4096


class PrinterModel(DeviceModel):
    """Whatever wire the printer hangs on."""

    paper: PaperSettings = PaperSettings()
    status_timeout_ms: int = Field(
        default=500, ge=10, le=10_000, description="a printer answers DLE EOT within 100 ms"
    )
    status_poll_ms: int = Field(
        default=20_000, ge=100, le=600_000, description="printers drop idle connections after 90 s"
    )
    stall_timeout_ms: int = Field(
        default=5_000, ge=50, le=60_000, description="a cut, the longest pause of a printer, is 1 s"
    )
    job_timeout_ms: int = Field(
        default=60_000, ge=100, le=600_000, description="a metre of paper at 9600 baud takes 30 s"
    )
    trouble_timeout_ms: int = Field(
        default=120_000, ge=100, le=600_000, description="a new roll takes a minute to put in"
    )

    @property
    def most_ahead(self) -> int:
        """So many bytes of a receipt may be on their way to the printer at once."""
        return MOST_AHEAD
