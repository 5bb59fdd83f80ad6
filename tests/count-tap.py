# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tap.py RESULTS: counts the test points of a run, and shows the failed ones with their output.

Each line of RESULTS is "label TAB status of meson TAB its JSON log"; without a log, the label names
a step that failed, such as a build. An "ok" passes. All else fails: "not ok", SKIP, TODO, a point
that is planned but missing, beyond the plan or repeated, a program without a plan or one that ends
badly though no point failed, and a suite without tests. The last line is "N passed, N failed".
"""
import json
import re
import sys

POINT = re.compile(r'(not )?ok\b[ \t]*(\d*)(.*)')
PLAN = re.compile(r'1\.\.(\d+)\b.*')
DIRECTIVE = re.compile(r'(?<!\\)#[ \t]*(skip|todo)', re.IGNORECASE)
OUTPUT_MAX = 12000  # the most characters shown of one stream


def count_program(test):
    """One line of meson's log -> (points passed, points failed, a line for each failure)."""
    passed, failed, seen, missing = set(), [], set(), []
    plans, bail = [], ''
    for line in (test.get('stdout') or '').split('\n'):
        if line.startswith('Bail out!'):
            bail = ': ' + line
        elif match := PLAN.fullmatch(line):
            plans.append(int(match[1]))
        elif match := POINT.fullmatch(line):
            number = int(match[2]) if match[2] else max(seen, default=0) + 1
            if number in seen:
                failed.append('told twice: ' + line)
            elif match[1] or DIRECTIVE.search(match[3]):
                failed.append(line)
            else:
                passed.add(number)
            seen.add(number)
    if len(plans) != 1 or plans[0] == 0:
        failed.append(f'not one plan with points, but {plans}{bail}')
    else:
        planned = set(range(1, plans[0] + 1))
        missing = sorted(planned - seen)
        failed += [f'beyond the plan: point {n}' for n in sorted(passed - planned)]
        passed &= planned
    count = len(failed) + len(missing)
    if missing:
        failed.append(f'missing: {len(missing)} of {plans[0]} points, from {missing[0]} on{bail}')
    if not count and (bail or test.get('returncode') != 0 or test.get('result') != 'OK'):
        failed.append(f"no point failed, but it ended with {test.get('returncode')}, "
                      f"{test.get('result')}{bail}")
        count = 1
    return len(passed), count, failed


def show(label, what, test):
    print(f"\n{label}: {test.get('name')}: failed:")
    for line in what:
        print('    ' + line)
    for stream in 'stdout', 'stderr':
        text = test.get(stream) or ''
        if len(text) > OUTPUT_MAX:
            text = text[:OUTPUT_MAX // 2] + '\n[...]\n' + text[-OUTPUT_MAX // 2:]
        if text.strip():
            print(f'  {stream}:')
            for line in text.split('\n'):
                print('  | ' + line)


def read_log(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as log:
            return [json.loads(line) for line in log if line.strip()]
    except (OSError, ValueError) as error:
        print(f'{path}: {error}')
        return []


def count_suite(label, status, path):
    if not path:
        print(f'\nfailed: {label}')
        return 0, 1
    tests = read_log(path)
    passed = failed = 0
    for test in tests:
        good, bad, what = count_program(test)
        passed += good
        failed += bad
        if what:
            show(label, what, test)
    if not tests:
        print(f'\n{label}: failed: no test at all')
        failed += 1
    elif status != '0' and not failed:
        print(f'\n{label}: failed: meson test ended with {status} though no point failed')
        failed += 1
    return passed, failed


def main():
    sys.stdout.reconfigure(errors='backslashreplace')
    passed = failed = 0
    table = []
    with open(sys.argv[1], encoding='utf-8') as results:
        for line in results:
            label, status, path = line.rstrip('\n').split('\t')
            good, bad = count_suite(label, status, path)
            table.append(f'{good:6} passed {bad:6} failed  {label}')
            passed += good
            failed += bad
    if not table:
        failed = 1
    print('', *table, '', sep='\n')
    print(f'{passed} passed, {failed} failed', flush=True)
    return 1 if failed else 0


sys.exit(main())
