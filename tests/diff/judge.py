# SPDX-License-Identifier: GPL-3.0-or-later
"""What the differential check knows of a stripped message: which places hold a sender, what a bare
value is, and what is wrong with an output. It is written from the README and RFC 5322 and shares no
code with barefrom, so that a mistake there is none here.

A message is judged by its original, its output, the edits that the audit tells of, and what the
readers show of both.
"""
import re
import unicodedata

PLACEHOLDER = 'unknown-sender@barefrom.invalid'
SENDERS = {b'from', b'sender', b'reply-to'}

# What is left of a sender field: addresses, in angle brackets only where nothing had to be changed,
# commas, <> and blanks. Dots may stand anywhere.
ATOM = r'[^\x00-\x20\x7f()<>\[\]:;@\\,"]+'
WORD = r'[^\s()<>\[\]:;,]'  # a character of an address whose quotes are gone, or the at sign
QUOTED = r'"(?:[^"\\\x00\r\n]|\\[^\x00\r\n])*"'
DOMAIN = rf'(?:{ATOM}|\[[0-9A-Fa-f:.]+\]|\[IPv6:[0-9A-Fa-f:.]+\])'
ADDRESS = re.compile(rf'(?:{ATOM}|{QUOTED})+@{DOMAIN}', re.IGNORECASE)
ELEMENT = re.compile(rf'[ \t]*(?:(?P<bare>{ADDRESS.pattern})|<(?P<angle>{ADDRESS.pattern})>'
                     r'|<[ \t]*>)?[ \t]*(?:,|\Z)', re.IGNORECASE)
ENCODED_WORD = re.compile(r'=\?[^?\s]*\?[A-Za-z]\?')


def head_end(message):
    """Behind the first empty line."""
    match = re.search(rb'(?:\A|\n)\r?\n', message)
    return match.end() if match else len(message)


def split_lines(head):
    """(start, text, how the line before ended: '' at the start, '\\n', or '\\r' for a bare CR)."""
    start, before = 0, ''
    for match in re.finditer(rb'\r*\n|\r', head):
        yield start, head[start:match.start()], before
        start, before = match.end(), match[0][-1:].decode()
    if start < len(head) or before == '\r':
        yield start, head[start:], before


def names_sender(pieces):
    """Whether the last of these pieces, or some of the last, are the name of a sender field."""
    name = b''
    for piece in reversed(pieces):
        name = re.sub(rb'[^!-~]', b'', piece).lower() + name
        if name in SENDERS:
            return True
        if len(name) > max(map(len, SENDERS)):
            break
    return False


def places(head):
    """(start, end) of each value that some reader would take for a sender's, in order. A value ends
    before its line end."""
    found = []
    start = end = None
    # Whether a line led by a blank may begin a field: nothing is there that it could continue.
    # What stands before a colon that may follow behind folds and bare CRs; a name may begin at each
    # piece.
    loose, outer, pieces = True, False, []
    for at, text, before in split_lines(head):
        blank = text[:1] in (b' ', b'\t')
        if start is not None:
            # Some readers take a bare CR for a line end, which a blank behind it makes a fold.
            if blank or (before == '\r' and outer):
                end = at + len(text)
                continue
            found.append((start, end))
            start = None
        goes_on = before == '\n' and blank and not loose
        begin, colon, _ = text.partition(b':')
        if goes_on and pieces:
            pieces[-1] += begin
        elif not goes_on:
            pieces = pieces * (before == '\r') + [begin]
        if colon:
            found_name, pieces = names_sender(pieces), []
            if found_name:
                start, end = at + len(begin) + 1, at + len(text)
                loose, outer = False, before != '\r'
                continue
        if not blank:
            loose = False
        elif not text.strip():
            # White space alone ends what could be continued, for some readers.
            loose = True
    if start is not None:
        found.append((start, end))
    return found


def unfold(value):
    return re.sub(r'\r*\n(?=[ \t])', '', value)


def bare_addresses(value):
    """The addresses of a value that holds nothing else, or None."""
    value = unfold(value).strip(' \t\r\n')
    # Blanks around dots and the at sign say nothing; a field of addresses alone may keep them.
    value = re.sub(rf'({QUOTED})|[ \t]*([.@])[ \t]*', lambda m: m[1] or m[2], value)
    if re.fullmatch(r'(?:[ \t,]|<[ \t]*>|\([ \t]*\))*', value):
        return []
    addresses, at = [], 0
    while at < len(value):
        match = ELEMENT.match(value, at)
        if not match:
            return None
        if match['bare'] or match['angle']:
            addresses.append(match['bare'] or match['angle'])
        at = match.end()
    for address in addresses:
        if ENCODED_WORD.search(address) or any(
                unicodedata.category(c)[0] in 'CZ' and c not in ' \t' for c in address):
            return None
    return addresses


def text(data):
    return data.decode('utf-8', 'surrogateescape')


def without_comments(value):
    """Balanced comments become a blank; quoted strings stay."""
    out, depth = [], 0
    for token in re.findall(r'"(?:[^"\\]|\\.)*"|\\.|[()]|[^()"\\]+|.', value, re.DOTALL):
        if token == '(':
            depth += 1
        elif token == ')' and depth:
            depth -= 1
            out.append(' ')
        elif not depth:
            out.append(token)
    return ''.join(out)


def normal(address):
    """An address as all readers agree on it: lower case, no quotes, A-labels, no trailing dot."""
    address = re.sub(r'["\\\s]', '', address).lower().rstrip('.')
    local, at, domain = address.rpartition('@')
    labels = []
    for label in domain.split('.'):
        if not label.isascii():
            try:
                label = 'xn--' + unicodedata.normalize('NFKC', label).encode('punycode').decode()
            except UnicodeError:
                pass
        labels.append(label)
    return local + at + '.'.join(labels)


def carries(original, address):
    """Whether a value holds an address as such, not as a part of a longer one."""
    wanted = normal(address)
    for value in original, without_comments(original):
        spaced = re.sub(r'\s*([.@])\s*', r'\1', unfold(value))
        if re.search(rf'(?<!{WORD}){re.escape(address)}(?!{WORD})', spaced, re.IGNORECASE):
            return True
        value = re.sub(r'["\\]', '', spaced)
        for match in re.finditer(rf'([^()<>\[\]:;,@]+)@(\[[^\]]*\]|{WORD}+)', value):
            # A local part in quotes holds blanks; a name before it is no part of it.
            words, domain = match[1].split(), match[2]
            if any(normal(''.join(words[i:]) + '@' + domain) == wanted for i in range(len(words))):
                return True
    return False


def align(original, output, edits):
    """What is wrong with the bytes outside of the edits, which are (before, after) in order."""
    old, new = original[:head_end(original)], output
    at = to = 0
    for before, after in edits:
        if before == after or not before:
            return ['an edit that changes nothing']
        where = at
        while True:
            where = old.find(before, where)
            if where < 0:
                return ['an edited field is not in the original, or not in this order']
            offset = to + where - at
            if new[to:offset] == old[at:where] and new.startswith(after, offset) and (
                    where == 0 or old[where - 1:where] == b'\n'):
                break
            where += 1
        at, to = where + len(before), offset + len(after)
    if new[to:] != original[at:]:
        return ['a byte changed outside of the edited fields']
    return []


def check_edit(before, after):
    """What is wrong with one edited field: only the values of its places may change."""
    spans = places(before)
    if not spans:
        return [f'a field was changed that holds no sender: {before[:60]!r}']
    pattern, at = [], 0
    for start, end in spans:
        pattern.append(re.escape(before[at:start]))
        at = end
    pattern.append(re.escape(before[at:]))
    match = re.fullmatch(rb'([^\0]*?)'.join(pattern), after)
    if not match:
        return [f'an edit changes more than its values: {before[:60]!r} -> {after[:60]!r}']
    wrong = []
    for (start, end), value in zip(spans, match.groups()):
        if len(spans) == 1 and '<' in re.sub(r'"(?:[^"\\]|\\.)*"', '', text(value)):
            wrong.append(f'an edit leaves brackets: {after[:60]!r}')
        for address in bare_addresses(text(value)) or ():
            if address != PLACEHOLDER and not carries(text(before[start:end]), address):
                wrong.append(f'an address that its field did not carry: {address}')
    return wrong


def check_readings(known, readings, original_values):
    """What the readers show of the output. known: the addresses that they show of the original."""
    wrong = []
    for reader, findings in readings:
        for field, kind, shown in findings:
            shown = shown.strip()
            if not shown:
                continue
            where = f'{reader} shows in {field}'
            if kind in ('name', 'comment', 'word'):
                wrong.append(f'{where} a {kind}: {shown!r}')
            elif kind in ('value', 'other') and bare_addresses(shown) is None:
                wrong.append(f'{where} more than addresses: {shown[:80]!r}')
            elif kind == 'address' and normal(shown) not in known and shown != PLACEHOLDER and not (
                    any(carries(value, shown) for value in original_values)):
                wrong.append(f'{where} an address of its own: {shown!r}')
    return wrong


def values(message):
    """The sender values of a message."""
    head = message[:head_end(message)]
    return [head[start:end] for start, end in places(head)]


def as_fields(message):
    """The places of a message as a message of From fields, for readers that see fewer."""
    return b''.join(b'From:' + value + b'\n' for value in values(message)) + b'\nbody\n'


def judge(original, output, edits, before_readings, after_readings):
    """Everything that is wrong with an output; readings are (reader, findings) of the message and
    of its places as fields."""
    wrong = align(original, output, edits)
    for before, after in edits:
        wrong += check_edit(before, after)
    for value in values(output):
        if bare_addresses(text(value)) is None:
            wrong.append(f'a sender place holds more than addresses: {value[:80]!r}')
    known = {normal(shown) for _, findings in before_readings
             for _, kind, shown in findings if kind == 'address'}
    wrong += check_readings(known, after_readings, [text(value) for value in values(original)])
    return list(dict.fromkeys(wrong))
