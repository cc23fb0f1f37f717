from edge.uplink.window import Flight, Place, SendWindow


def window_with(*lasts: int) -> SendWindow:
    """Four batches at most; those given are on their way, sent at their number in milliseconds."""
    window = SendWindow(4, Place(1, 10))
    for last in lasts:
        window.add(Flight(Place(1, last), f"hash-{last}", last))
    return window


def test_there_is_room_until_four_are_on_their_way() -> None:
    assert window_with(20, 30, 40).room
    assert not window_with(20, 30, 40, 50).room


def test_an_acknowledgement_covers_everything_before_it() -> None:
    window = window_with(20, 30, 40)
    assert window.confirm(Place(1, 30))
    assert (window.confirmed, window.sent) == ((1, 30), (1, 40))
    assert window.oldest_sent_ms == 40


def test_an_acknowledgement_from_the_past_changes_nothing() -> None:
    window = window_with(20)
    assert not window.confirm(Place(1, 10))
    assert not window.confirm(Place(1, 3))
    assert window.oldest_sent_ms == 20


def test_an_acknowledgement_within_a_batch_leaves_the_batch_on_its_way() -> None:
    window = window_with(20, 30)
    assert window.confirm(Place(1, 25))
    assert window.oldest_sent_ms == 30


def test_an_acknowledgement_ahead_of_what_was_sent_skips_it() -> None:
    """Headquarters had it already, from before a restart of the box."""
    window = window_with()
    assert window.confirm(Place(2, 5))
    assert window.sent == (2, 5)
    assert window.oldest_sent_ms is None


def test_after_a_rewind_everything_unconfirmed_is_sent_again() -> None:
    window = window_with(20, 30)
    window.confirm(Place(1, 20))
    window.rewind()
    assert (window.confirmed, window.sent) == ((1, 20), (1, 20))
    assert window.oldest_sent_ms is None


def test_a_rewind_may_go_behind_what_was_confirmed() -> None:
    """Headquarters lost its database and was given an older one."""
    window = window_with(20)
    window.rewind(Place(1, 4))
    assert (window.confirmed, window.sent) == ((1, 4), (1, 4))


def test_the_hash_of_a_batch_on_its_way_is_known() -> None:
    window = window_with(20, 30)
    assert window.hash_at(Place(1, 30)) == "hash-30"
    assert window.hash_at(Place(1, 25)) is None
