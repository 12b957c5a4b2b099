"""What keys, pads, fingers and a mouse say, as SDL tells of them."""

from __future__ import annotations

import pytest

pygame = pytest.importorskip("pygame", reason="needs pygame or pygame-ce")

from posecoach.adapters.configuration import load  # noqa: E402
from posecoach.adapters.pygame_display import PygameDisplay  # noqa: E402
from posecoach.adapters.pygame_display.controls import BOUNCE_S, KEYS  # noqa: E402
from posecoach.adapters.pygame_display.pointer import MEANT_PX, SHOWN_S  # noqa: E402
from posecoach.cli.settings import further_keys  # noqa: E402
from posecoach.coach.intent import Intent, Wish  # noqa: E402
from posecoach.coach.key_names import KEY_NAMES, split_names  # noqa: E402
from posecoach.coach.scene import Scene  # noqa: E402
from posecoach.errors import ConfigurationError  # noqa: E402

WH = (640, 360)


class Hand:
    """Somebody at a window, with a clock of their own."""

    def __init__(self, display: PygameDisplay, now: list[float]) -> None:
        self.display, self._now = display, now

    def does(self, kind: int, after_s: float = 1.0, **said) -> list[Wish]:
        self._now[0] += after_s
        pygame.event.post(pygame.event.Event(kind, **said))
        self.display.show(Scene())
        return [intent.wish for intent in self.display.intents()]

    def presses(self, key: str, after_s: float = 1.0) -> list[Wish]:
        return self.does(pygame.KEYDOWN, after_s, key=pygame.key.key_code(key))


@pytest.fixture
def hand(monkeypatch):
    yield from _at_a_window(monkeypatch, {})


@pytest.fixture
def hand_with_a_foot_switch(monkeypatch):
    yield from _at_a_window(monkeypatch, {Wish.CHOOSE: "b, F13", Wish.PAUSE: "right"})


@pytest.fixture
def hand_at_a_full_screen(monkeypatch):
    yield from _at_a_window(monkeypatch, {}, "fullscreen")


def _at_a_window(monkeypatch, keys, mode="window"):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    now = [0.0]
    with PygameDisplay(mode, wh=WH, keys=keys, clock=lambda: now[0]) as display:
        display.show(Scene())
        display.intents()
        yield Hand(display, now)


@pytest.mark.parametrize("wish", KEYS)
def test_every_key_of_the_table_says_its_wish(wish, hand):
    for name in split_names(KEYS[wish]):
        assert hand.presses(name) == [wish], name


def test_what_is_no_wish_is_passed_over(hand):
    assert hand.presses("z") == []
    assert hand.does(pygame.KEYUP, key=pygame.K_RIGHT) == []


def test_a_key_that_bounces_is_pressed_once(hand):
    assert hand.presses("page down") == [Wish.NEXT]
    assert hand.presses("page down", 0.02) == []
    assert hand.presses("page down", BOUNCE_S + 0.01) == [Wish.NEXT]


def test_a_remote_that_repeats_while_its_key_is_held_says_it_once(hand):
    """NEC remotes say it again every 0.11 s."""
    assert hand.presses("right") == [Wish.NEXT]
    assert [hand.presses("right", 0.11) for _ in range(20)] == [[]] * 20
    assert hand.presses("right", 0.4) == [Wish.NEXT]


def test_one_key_does_not_hold_up_another(hand):
    assert hand.presses("right") == [Wish.NEXT]
    assert hand.presses("left", 0.02) == [Wish.PREVIOUS]


def test_further_keys_win_over_what_a_key_meant(hand_with_a_foot_switch):
    hand = hand_with_a_foot_switch
    assert hand.presses("b") == [Wish.CHOOSE]
    assert hand.presses("f13") == [Wish.CHOOSE]
    assert hand.presses("right") == [Wish.PAUSE]
    assert hand.presses("page down") == [Wish.NEXT]


def test_every_name_that_a_configuration_may_have_is_a_key(hand):
    unknown = []
    for name in KEY_NAMES:
        try:
            pygame.key.key_code(name)
        except ValueError:
            unknown.append(name)

    assert unknown == []
    assert all(KEY_NAMES.issuperset(split_names(names)) for names in KEYS.values())


def test_a_key_that_sdl_does_not_know_is_named(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.raises(ConfigurationError, match=r"keys\.next: SDL knows no key 'warp'"):
        PygameDisplay("window", wh=WH, keys={Wish.NEXT: "warp"})


def test_a_pad_and_its_stick(hand):
    assert hand.does(pygame.CONTROLLERBUTTONDOWN, instance_id=0, button=0) == [Wish.CHOOSE]
    assert hand.does(pygame.CONTROLLERBUTTONDOWN, instance_id=0, button=13) == [Wish.PREVIOUS]
    assert hand.does(pygame.CONTROLLERBUTTONDOWN, 0.01, instance_id=0, button=13) == []

    def pushed(axis, share):
        return hand.does(pygame.CONTROLLERAXISMOTION, instance_id=0, axis=axis, value=int(32767 * share))

    assert pushed(0, 0.2) == []
    assert pushed(0, 0.8) == [Wish.NEXT]
    assert pushed(0, 1.0) == []
    assert pushed(0, 0.5) == []
    assert pushed(0, 0.9) == []
    assert pushed(0, 0.1) == []
    assert pushed(0, -0.9) == [Wish.PREVIOUS]
    assert pushed(1, -0.9) == [Wish.UP]
    assert pushed(4, 1.0) == []


def finger(hand, start, end):
    said = {"touch_id": 0, "finger_id": 3}
    hand.does(pygame.FINGERDOWN, x=start[0], y=start[1], **said)
    return hand.does(pygame.FINGERUP, x=end[0], y=end[1], **said)


def test_a_tap_points_and_a_swipe_turns_the_page(hand):
    assert finger(hand, (0.2, 0.3), (0.22, 0.31)) == [Wish.POINT]
    assert finger(hand, (0.8, 0.3), (0.3, 0.4)) == [Wish.NEXT]
    assert finger(hand, (0.3, 0.3), (0.8, 0.2)) == [Wish.PREVIOUS]
    assert finger(hand, (0.3, 0.1), (0.35, 0.9)) == []


def test_a_mouse_points_once_and_what_sdl_makes_of_a_finger_does_not(hand):
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(160, 270), touch=False))
    hand.display.show(Scene())

    assert hand.display.intents() == [Intent(Wish.POINT, (0.25, 0.75))]
    assert hand.does(pygame.MOUSEBUTTONDOWN, button=1, pos=(160, 270), touch=True) == []
    assert hand.does(pygame.MOUSEBUTTONDOWN, button=3, pos=(0, 0), touch=False) == [Wish.BACK]
    assert hand.does(pygame.MOUSEWHEEL, x=0, y=-1, touch=False) == [Wish.NEXT]


def test_what_nobody_asks_for_does_not_pile_up(hand):
    for _ in range(100):
        pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1))
    hand.display.show(Scene())

    assert 0 < len(hand.display.intents()) < 100
    assert hand.display.intents() == []


def test_in_memory_nobody_wishes_anything():
    with PygameDisplay("headless", wh=WH) as display:
        display.show(Scene())
        assert display.intents() == []


def test_further_keys_come_from_the_configuration(tmp_path):
    file = tmp_path / "posecoach.toml"
    file.write_text('[keys]\nchoose = "B, f13"\n')
    keys = further_keys(load(file))

    assert keys[Wish.CHOOSE] == "B, f13"
    assert set(keys) == set(Wish) - {Wish.POINT, Wish.RESUME}
    file.write_text('[keys]\nnext = "warp"\n')
    with pytest.raises(ConfigurationError, match=r"keys\.next must be names of keys"):
        load(file)


def test_a_place_belongs_to_pointing_alone():
    with pytest.raises(ValueError, match="a place belongs to point"):
        Intent(Wish.NEXT, (0.5, 0.5))
    with pytest.raises(ValueError, match="a place belongs to point"):
        Intent(Wish.POINT)


def _moves(hand, by, **said):
    hand.does(pygame.MOUSEMOTION, 0.1, pos=(9, 9), rel=by, buttons=(0, 0, 0), **said)
    return pygame.mouse.get_visible()


def test_a_full_screen_shows_the_pointer_while_it_is_moved(hand_at_a_full_screen):
    hand = hand_at_a_full_screen
    assert not pygame.mouse.get_visible()
    assert not _moves(hand, (MEANT_PX - 1, 0)), "a table was knocked against"
    assert not _moves(hand, (50, 50), touch=True), "a finger is none"
    assert _moves(hand, (0, -MEANT_PX))
    assert _moves(hand, (1, 0))
    hand.does(pygame.USEREVENT, SHOWN_S - 0.1)
    assert pygame.mouse.get_visible()
    hand.does(pygame.USEREVENT, 0.2)
    assert not pygame.mouse.get_visible()


def test_a_window_leaves_the_pointer_alone(hand):
    hand.does(pygame.USEREVENT, 60.0)
    assert pygame.mouse.get_visible()
