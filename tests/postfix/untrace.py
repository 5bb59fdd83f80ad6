# SPDX-License-Identifier: GPL-3.0-or-later
"""untrace.py FILE SENDER HOST UID WORD: takes off a delivered message what Postfix must have put on
top of it, and nothing else, and writes the rest to standard output:

    Return-Path: <SENDER>                                     by the delivering pipe(8)
    Received: by HOST (Postfix, from userid UID) id ...       by the re-injection
    Received: from ... by HOST (Postfix) with WORD id ...     by the listener; none if WORD is -

The queue ids of the two passes go to standard error. Ends with 1 and shows the message if its
beginning is anything else.
"""
import os
import re
import sys

name, sender, host, uid, word = sys.argv[1:]
DATE = rb'[A-Z][a-z]{2}, [ 0-9]\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4} \([A-Z]+\)\n'
HOST = re.escape(host.encode())
pattern = rb'Return-Path: <' + re.escape(os.fsencode(sender)) + rb'>\n'
pattern += rb'Received: by ' + HOST + rb' \(Postfix, from userid ' + uid.encode() + rb'\)\n'
pattern += rb'\tid (?P<second>[0-9A-Za-z]{12,}); ' + DATE
if word != '-':
    pattern += rb'Received: from \S+ \(unknown \[127\.0\.0\.1\]\)\n'
    pattern += rb'\tby ' + HOST + rb' \(Postfix\) with ' + word.encode()
    pattern += rb' id (?P<first>[0-9A-Za-z]{12,})(\n\tfor <.*>)?; ' + DATE

with open(name, 'rb') as file:
    message = file.read()
match = re.match(pattern, message)
if not match:
    sys.stdout.buffer.write(b'the trace is not as expected:\n' + message)
    sys.exit(1)
ids = match.groupdict()
print(ids.get('first', b'').decode(), ids['second'].decode(), file=sys.stderr)
sys.stdout.buffer.write(message[match.end():])
