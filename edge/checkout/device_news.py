"""What devices say is the matter with them."""

from dataclasses import replace

from edge.checkout.devices import TillDevice
from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.session import LOST_STATES, DeviceSeen, Facts, Session, Step, sound_alarm
from edge.checkout.shifts.drawer import why_no_pulse
from edge.checkout.troubles import Trouble
from edge.checkout.words.texts_devices import TROUBLE_WORDS
from edge.checkout.words.texts_drawer import DrawerWord


def device_trouble(session: Session, news: DeviceTrouble, facts: Facts) -> Step:
    """The status line names it until it is over. What stops a paper that is being printed sounds as
    well: mended soon, the paper is finished. What has kept the drawer shut is said with that.
    """
    others = tuple(each for each in session.devices if each.name != news.device)
    before = next((each for each in session.devices if each.name == news.device), None)
    seen = before or DeviceSeen(news.device, DeviceState.READY, news.at)
    session = replace(session, devices=(*others, replace(seen, trouble=news.trouble)))
    is_drawers = session.alarm is not None and session.alarm.word is DrawerWord.NO_PULSE
    if is_drawers and (why := why_no_pulse(session, facts)):
        return sound_alarm(session, *why)
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
