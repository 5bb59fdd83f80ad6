# SPDX-License-Identifier: GPL-3.0-or-later
# The program is hardened, whoever builds it (plain build: sanitizers and hardening do not mix).
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 10

export LC_ALL=C
readelf -hldsW "$BAREFROM" >elf 2>why
objdump -d --no-show-raw-insn "$BAREFROM" >code 2>why
x86() { grep -q 'Machine:.*X86-64' elf; }

ok 'readelf reads it' grep -q '^ELF Header' elf
ok 'it has no fixed address (PIE)' grep -Eq 'FLAGS_1.*\<PIE\>' elf
ok 'its relocations become read-only (RELRO)' grep -q GNU_RELRO elf
ok 'all of them, before it starts' grep -Eq 'FLAGS_1.*\<NOW\>' elf
ok 'its stack runs no code' grep -Eq 'GNU_STACK .* RW +0x' elf
is 'no segment is both written and run' "$(grep -E 'LOAD .* R?WE ' elf)" ''
ok 'stack smashing is seen' grep -q '__stack_chk_fail' elf
ok 'calls of libc are checked (_FORTIFY_SOURCE)' grep -Eq '__[a-z]+_chk\>' elf

# A frame of more than a page is touched page by page.
probed() { ! x86 || grep -Eq 'or[a-z]* +\$0x0,\(%rsp\)' code; }
ok 'a large frame does not jump over the guard page' probed
# The note of the whole program says so only where the C library was built likewise.
control_flow() { ! x86 || grep -A 1 '<main>:$' code | grep -q endbr64; }
ok 'jumps are checked (-fcf-protection)' control_flow
