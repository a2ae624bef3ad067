"""What recognises a product recognises it alone: every capture is shown to every profile's `identify` rows."""

import json
from pathlib import Path
from typing import Any

import pytest

import drivers.profiles
from drivers import frames
from drivers import profile as profiles
from gateway.host.home_devices import names_in

CAPTURES = sorted((Path(__file__).parent / "captures" / "modbus").glob("*.json"))
KNOWN = [p for p in (profiles.load(name) for name in names_in(drivers.profiles)) if p.identity]


class Unanswered(dict[tuple[int, int], int]):
    """A device that says 0 wherever its capture is silent: the hardest to tell from others."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key, 0)


def pdu(link: str, digits: str) -> bytes:
    data = bytes.fromhex(digits)
    return frames.unrtu(data)[1] if link == "rtu" else frames.untcp(data)[2]


def image_of(capture: "dict[str, Any]") -> Unanswered:
    image = Unanswered()
    for exchange in capture["exchanges"]:
        asked = pdu(capture["link"], exchange["request"])
        request = frames.parse_request(asked)
        for i, register in enumerate(frames.parse_reply(asked, pdu(capture["link"], exchange["reply"]))):
            image[request.function, request.address + i] = register
    return image


@pytest.mark.parametrize("path", CAPTURES, ids=[path.stem for path in CAPTURES])
def test_only_profiles_of_its_make_recognise_it(path: Path) -> None:
    capture = json.loads(path.read_text())
    image, base = image_of(capture), {int(model): capture["base"][model] for model in capture["base"]}
    own = profiles.load(capture["profile"])
    for other in KNOWN:
        if bool(other.sunspec) != bool(own.sunspec):
            continue
        placed = base if other.sunspec or not other.stride else {0: base.get(0, other.stride)}
        if profiles.identify(other, placed, image):
            assert other.name.split("_")[0] == own.name.split("_")[0], (
                f"{path.stem} is taken for {other.name}: its identify rows say too little"
            )
    assert not own.identity or profiles.identify(own, base, image)
