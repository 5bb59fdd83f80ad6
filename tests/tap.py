# SPDX-License-Identifier: GPL-3.0-or-later
"""tap.py: points of TAP for test programs in Python, and the functions that make them.

No test may depend on how fast a machine is: waits are for events, and end after PATIENCE only where
the event will not come.
"""
import os
import re
import sys
import time
import traceback

PATIENCE = int(os.environ.get('PATIENCE', '300'))  # seconds

_points = 0
_tests = []


def point(name, found, wanted=True):
    """One line of TAP. Whether it is good."""
    global _points  # pylint: disable=global-statement
    _points += 1
    good = found == wanted
    print(f'{"ok" if good else "not ok"} {_points} - {name}')
    if not good:
        for what, value in ('found', found), ('wanted', wanted):
            text = repr(value)
            print(f'# {what}: {text if len(text) < 3000 else text[:3000] + "..."}')
    sys.stdout.flush()
    return good


def broken(name):
    """A point that fails by the exception at hand."""
    point(name, False)
    print(re.sub('(?m)^', '# ', traceback.format_exc()))


def test(function):
    """Registers a test: a function whose docstring is its name."""
    _tests.append(function)
    return function


def plan():
    """How many points there were, which is the last line."""
    print(f'1..{_points}')


def run(call, after=lambda function: None):
    """Runs the tests by `call`, those whose names hold an argument or all; `after` follows each. An
    exception is a failed point. The plan comes last."""
    only = sys.argv[1:]
    for function in _tests:
        if only and not any(word in function.__name__ for word in only):
            continue
        print(f'# {function.__doc__}')
        try:
            call(function)
        except Exception:  # pylint: disable=broad-except
            broken(f'{function.__name__} runs to its end')
        after(function)
    plan()


def wait_until(condition, what):
    """The first value of `condition` that is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise TimeoutError(f'did not come: {what}')
