# SPDX-License-Identifier: GPL-3.0-or-later
"""tap.py: TAP for test programs in Python: points, and the functions that make them.

No test may depend on the speed of the machine: waits are for events, and end after PATIENCE only if
the event never comes.
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
    """Prints one line of TAP, and returns whether it is good."""
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
    """A point that fails, with the current exception."""
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
    """Runs the tests by `call`: all, or those whose names contain an argument. Calls `after` after
    each. An exception is a failed point. The plan comes last."""
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
    """Waits for a true value of `condition`, and returns it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise TimeoutError(f'did not come: {what}')
