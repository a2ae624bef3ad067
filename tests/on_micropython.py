"""Runs portable test files under whatever Python runs this file: `micropython tests/on_micropython.py tests/portable/test_x.py ...`.

Prints `ok NAME` a test and a closing line; exit 1 when one fails. pytest runs the same files on CPython.
"""

import gc
import sys


def folder(path):
    cut = path.rfind("/")
    return path[:cut] if cut > 0 else "."


def tests_of(module):
    return sorted(name for name in dir(module) if name.startswith("test_"))


def run(path):
    """Run each test of one file; return (passed, failed)."""
    name = path[path.rfind("/") + 1 : -3]
    module = __import__(name)
    passed = failed = 0
    for test in tests_of(module):
        gc.collect()
        try:
            getattr(module, test)()
        except Exception as error:
            failed += 1
            print("FAILED", name, test)
            sys.print_exception(error)
        else:
            passed += 1
            print("ok", name, test)
    return passed, failed


def main(paths):
    here = folder(__file__)
    sys.path.insert(0, here + "/..")
    sys.path.insert(0, here + "/portable")
    passed = failed = 0
    for path in paths:
        p, f = run(path)
        passed += p
        failed += f
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))
