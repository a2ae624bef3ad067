"""Reads the captures of tests/captures, on both Pythons: the folders' listing says which there are."""

import json
import os

from drivers import profile, push

FOLDER = (__file__[: __file__.rfind("/")] if "/" in __file__ else ".") + "/../captures/"


def listed(kind, endings):
    """The files of a folder with one of the endings."""
    return sorted([kind + "/" + name for name in os.listdir(FOLDER + kind) if name[name.rfind(".") :] in endings])


def raw(name):
    """The bytes of a capture."""
    if not name.endswith(".hex"):
        with open(FOLDER + name, "rb") as file:
            return file.read()
    with open(FOLDER + name) as file:
        return unhex("".join([line.split("#")[0] for line in file]))


def unhex(digits):
    digits = "".join(digits.split())
    return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])


def expected(name):
    with open(FOLDER + name[: name.rfind(".")] + ".expected.json") as file:
        return json.load(file)


def modbus(name):
    with open(FOLDER + "modbus/" + name + ".json") as file:
        return json.load(file)


def framer(expected, decrypt=None):
    loaded = profile.load(expected["profile"])
    return push.framer(loaded.protocol, loaded.quirks, decrypt)


def frames(framer, data, step=None, at=0):
    """All telegrams of `data`, given to the framer in pieces of `step` bytes, the i-th piece at second at + i."""
    found = []
    step = step or len(data)
    for i in range(0, len(data), step):
        framer.add(data[i : i + step], at + i // step)
        one = framer.next()
        while one is not None:
            found.append(one)
            one = framer.next()
    return found


def plain(telegram):
    """A telegram as the expected.json files have it."""
    return {"meter": telegram.meter, "readings": dict(telegram.readings), "values": [list(value) for value in telegram.values]}


MODBUS = [name[len("modbus/") : -len(".json")] for name in listed("modbus", (".json",))]
PUSH = [name for name in listed("dsmr", (".hex", ".txt")) + listed("sml", (".hex",)) if "key" not in expected(name)]  # plain ones
