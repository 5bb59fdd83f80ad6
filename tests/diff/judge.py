# SPDX-License-Identifier: GPL-3.0-or-later
"""What the differential check knows of a stripped message: which places hold a sender, what a bare
value is, and what is wrong with an output. It is written from the README and RFC 5322 and shares no
code with barefrom, so that a mistake there is none here.

A message is judged by its original, its output, the edits that the audit tells of, and what the
readers show of both.
"""
import collections
import re
import unicodedata

PLACEHOLDER = 'unknown-sender@barefrom.invalid'
SENDERS = {b'from', b'sender', b'reply-to', b'apparently-from'}

# What is left of a sender field: addresses, in angle brackets only where nothing had to be changed,
# commas, <> and blanks. A local part in quotes holds what needs none, blanks, and dots anywhere.
ATEXT = r'[^\x00-\x20\x7f()<>\[\]:;@\\,".]'
DOT_ATOM = rf'{ATEXT}+(?:\.{ATEXT}+)*'
QUOTED = rf'"(?=[^"]*[^" \t])(?:{ATEXT}|[. \t])*"'
DOMAIN = rf'(?:{DOT_ATOM}|\[[0-9A-Fa-f:.]+\]|\[IPv6:[0-9A-Fa-f:.]+\])'
ADDRESS = rf'(?:{DOT_ATOM}|{QUOTED})@{DOMAIN}'
ELEMENT, SHOWN = (
    re.compile(rf'[ \t]*(?:(?P<bare>{address})|<(?P<angle>{address})>|<[ \t]*>)?[ \t]*(?:,|\Z)',
               re.IGNORECASE)
    # Some reader takes the quotes off.
    for address in (ADDRESS, rf'(?:{ATEXT}|\.)+@{DOMAIN}|{ADDRESS}'))
WORD = r'[^\s()<>\[\]:;,]'  # a character of an address whose quotes are gone, or the at sign
ENCODED_WORD = re.compile(r'=\?[^?\s]*\?[A-Za-z]\?')

# Where a line begins for some reader: behind a line end, a bare CR or a NUL.
BREAK = re.compile(rb'\r*\n|\r|\0')
# A line with its continuation lines.
LINE = re.compile(rb'(?:[^\n]+|\n(?=[ \t]))*\n?')
# A value, from its colon on: to the end of its line, or to a bare CR before that if it began behind
# a bare CR or a NUL. Who takes a bare CR for a line end takes one before a blank for a fold.
OUTER = re.compile(rb'(?:[^\r\n]|\r(?!\r*\n(?![ \t]))|\n(?=[ \t]))*')
INNER = re.compile(rb'(?:[^\r\n]|\r+(?=\n?[ \t])|\n(?=[ \t]))*')

# at: of its name, outer: behind a line end or at the top; value, end: of what is behind its colon.
Place = collections.namedtuple('Place', 'at outer value end')


def head_end(message):
    """Behind the first empty line."""
    match = re.search(rb'(?:\A|\n)\r?\n', message)
    return match.end() if match else len(message)


def starts(head):
    """(where a field may begin, whether behind a line end or at the top)"""
    yield 0, True
    line = 0
    for match in BREAK.finditer(head):
        if not match[0].endswith(b'\n'):
            yield match.end(), False
            continue
        # White space alone ends what could be continued, for some readers.
        if head[match.end():match.end() + 1] not in (b' ', b'\t') or (
                not head[line:match.start()].strip(b' \t\r\v\f')):
            yield match.end(), True
        line = match.end()


def is_sender(name):
    return re.sub(rb'[^a-z0-9-]', b'', name.lower()) in SENDERS


def without_name(line):
    """What is behind the colon of a sender's field, or None. A comment before it is text for some
    readers, and nothing for others, with the colons that it holds."""
    name, colon, value = line.partition(b':')
    if colon and is_sender(name):
        return value
    name, depth, at = b'', 0, 0
    while at < len(line):
        byte = line[at:at + 1]
        if byte == b'(':
            depth += 1
        elif byte == b')' and depth:
            depth -= 1
        elif depth:
            at += byte == b'\\'
        elif byte == b':':
            return line[at + 1:] if is_sender(name) else None
        else:
            name += byte
        at += 1
    return None


def places(head):
    """Each that some reader would take for a sender's field, in order; of nested ones the outer."""
    found, end = [], -1
    for at, outer in starts(head):
        if at < end:
            continue
        line = LINE.match(head, at)
        value = without_name(line[0])
        if value is not None:
            begin = line.end() - len(value)
            end = (OUTER if outer else INNER).match(head, begin).end()
            found.append(Place(at, outer, begin, end))
    return found


def continuing(head):
    """(start, end) of each line that some reader takes for the rest of the sender field above: one
    that begins with NUL, CR, VT or FF, behind that field or behind another such line. One that
    holds a place is none."""
    found, all_places = set(), places(head)
    for place in all_places:
        at = LINE.match(head, place.at).end() if place.outer else len(head)
        while head[at:at + 1] in (b'\0', b'\r', b'\v', b'\f'):
            end = LINE.match(head, at).end()
            if not any(at <= other.at < end for other in all_places):
                found.add((at, end))
            at = end
    return sorted(found)


def unfold(value):
    return re.sub(r'\r*\n(?=[ \t])', '', value)


def bare_addresses(value, element=ELEMENT):
    """The addresses of a value that holds nothing else, or None."""
    value = unfold(value).strip(' \t\r\n')
    if re.fullmatch(r'(?:[ \t,]|<[ \t]*>|\([ \t]*\))*', value):
        return []
    addresses, at = [], 0
    while at < len(value):
        match = element.match(value, at)
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
    """(what is wrong with the bytes outside of the edits, where each is in the original); edits are
    (before, after) in order."""
    old, new = original[:head_end(original)], output
    deleted = [start for start, _ in continuing(old)]
    at = to = 0
    found = []
    for before, after in edits:
        if before == after or not before:
            return ['an edit that changes nothing'], found
        where = at
        while True:
            where = old.find(before, where)
            if where < 0:
                return ['an edited field is not in the original, or not in this order'], found
            offset = to + where - at
            if new[to:offset] == old[at:where] and new.startswith(after, offset) and (
                    where == 0 or old[where - 1:where] == b'\n') and (after or where in deleted):
                break
            where += 1
        found.append(where)
        at, to = where + len(before), offset + len(after)
    if new[to:] != original[at:]:
        return ['a byte changed outside of the edited fields'], found
    return [], found


def check_edit(head, where, before, after):
    """What is wrong with one edited field: only the values of its places may change, and a line
    that continues the field above may go."""
    until = where + len(before)
    spans = [(place.value, place.end, True) for place in places(head)
             if where <= place.value and place.end <= until]
    gone = [(start, end, False) for start, end in continuing(head)
            if where <= start and end <= until]
    if not spans and not gone:
        return [f'a field was changed that holds no sender: {before[:60]!r}']
    pattern, at = [], where
    for start, end, is_value in sorted(spans + gone):
        pattern.append(re.escape(head[at:start]))
        pattern.append(rb'([^\0]*?)' if is_value else rb'(?:%s)?' % re.escape(head[start:end]))
        at = end
    pattern.append(re.escape(head[at:until]))
    match = re.fullmatch(b''.join(pattern), after)
    if not match:
        return [f'an edit changes more than its values: {before[:60]!r} -> {after[:60]!r}']
    wrong = []
    for (start, end, _), value in zip(spans, match.groups()):
        if len(spans) == 1 and '<' in re.sub(r'"(?:[^"\\]|\\.)*"', '', text(value)):
            wrong.append(f'an edit leaves brackets: {after[:60]!r}')
        for address in bare_addresses(text(value)) or ():
            if address != PLACEHOLDER and not carries(text(head[start:end]), address):
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
            elif kind in ('value', 'other') and bare_addresses(shown, SHOWN) is None:
                wrong.append(f'{where} more than addresses: {shown[:80]!r}')
            elif kind == 'address' and normal(shown) not in known and shown != PLACEHOLDER and not (
                    any(carries(value, shown) for value in original_values)):
                wrong.append(f'{where} an address of its own: {shown!r}')
    return wrong


def values(message):
    """The sender values of a message."""
    head = message[:head_end(message)]
    return [head[place.value:place.end] for place in places(head)]


def as_fields(message):
    """The places of a message as a message of From fields, for readers that see fewer."""
    return b''.join(b'From:' + value + b'\n' for value in values(message)) + b'\nbody\n'


def judge(original, output, edits, before_readings, after_readings):
    """Everything that is wrong with an output; readings are (reader, findings) of the message and
    of its places as fields."""
    wrong, found = align(original, output, edits)
    head = original[:head_end(original)]
    for where, (before, after) in zip(found, edits):
        wrong += check_edit(head, where, before, after)
    for start, end in continuing(output[:head_end(output)]):
        line = output[start:end]
        if line.strip(b' \t\r\n\0'):
            wrong.append(f'a line continues a sender field for some readers: {line[:60]!r}')
    for value in values(output):
        if bare_addresses(text(value)) is None:
            wrong.append(f'a sender place holds more than addresses: {value[:80]!r}')
    known = {normal(shown) for _, findings in before_readings
             for _, kind, shown in findings if kind == 'address'}
    wrong += check_readings(known, after_readings, [text(value) for value in values(original)])
    return list(dict.fromkeys(wrong))
