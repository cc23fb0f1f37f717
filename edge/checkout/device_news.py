"""What devices say is the matter with them."""

from dataclasses import replace

from edge.checkout.devices import TillDevice
from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.session import LOST_STATES, DeviceSeen, Facts, Session, Step, sound_alarm
from edge.checkout.troubles import Trouble
from edge.checkout.words.texts_devices import TROUBLE_WORDS


def device_trouble(session: Session, news: DeviceTrouble, facts: Facts) -> Step:
    """The status line names it until it is over. What stops a paper that is being printed sounds as
    well: mended soon, the paper is finished.
    """
    others = tuple(each for each in session.devices if each.name != news.device)
    before = next((each for each in session.devices if each.name == news.device), None)
    seen = before or DeviceSeen(news.device, DeviceState.READY, news.at)
    session = replace(session, devices=(*others, replace(seen, trouble=news.trouble)))
    if news.trouble in (None, Trouble.PAPER_LOW) or not session.printing:
        return session, ()
    return sound_alarm(session, TROUBLE_WORDS[news.trouble], news.device)


def trouble_of(device: TillDevice, seen: DeviceSeen) -> Trouble | None:
    """What is the matter with one that is there; `seen` is what it hangs on, for one that does.
    Little paper is no matter for a drawer.
    """
    if seen.state in LOST_STATES or (device.on and seen.trouble is Trouble.PAPER_LOW):
        return None
    return seen.trouble


def troubles(session: Session) -> tuple[tuple[Trouble, str], ...]:
    """What is the matter, and with which device that is there, in the order in which it came."""
    return tuple(
        (each.trouble, each.name)
        for each in session.devices
        if each.trouble is not None and each.name not in session.lost_devices
    )
