"""PINs as argon2id hashes, made and checked."""

import asyncio
from typing import Final

# One of the equal choices that OWASP's password storage guide names for argon2id (12 MiB, three
# passes, one lane): the one whose memory a small box has to spare while it sells. It takes 27 ms on
# a two-core PC; a box whose core is six times slower waits 160 ms, as long as a key is held down.
# No parameters protect a PIN of four digits from who has the file: the file's permissions do.
MEMORY_KIB: Final = 12 * 1024
PASSES: Final = 3
LANES: Final = 1


class Argon2PinChecker:
    """Implements PinChecker of edge.ports: one check at a time, on a thread, so that screens go on
    and no more than one check's memory is taken.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def check(self, pin_hash: str, pin: str) -> bool:
        async with self._turn:
            return await asyncio.to_thread(_verify, pin_hash, pin)


def hash_pin(pin: str) -> str:
    """The hash of a PIN for the staff file, with a salt of its own."""
    import argon2  # noqa: PLC0415 - 30 ms and 3 MB that a till without staff does without

    hasher = argon2.PasswordHasher(
        time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=argon2.Type.ID
    )
    return hasher.hash(pin)


def _verify(pin_hash: str, pin: str) -> bool:
    import argon2  # noqa: PLC0415 - as above

    try:
        # The hash names its own parameters.
        return argon2.PasswordHasher().verify(pin_hash, pin)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
