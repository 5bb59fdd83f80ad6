# SPDX-License-Identifier: GPL-3.0-or-later
# The programs are hardened in every build (plain build: sanitizers and hardening do not mix).
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 22

export LC_ALL=C
x86() { grep -q 'Machine:.*X86-64' elf; }
# -fstack-clash-protection: a frame larger than a page is touched page by page.
probed() { ! x86 || grep -Eq 'or[a-z]* +\$0x0,\(%rsp\)' code; }
# The program's note shows this only if the C library was built in the same way.
control_flow() { ! x86 || grep -A 1 '<main>:$' code | grep -q endbr64; }

for program in "$BAREFROM" "${BAREFROM_MILTER:-/nowhere}"; do
	name=${program##*/}
	readelf -hldsW "$program" >elf 2>why
	objdump -d --no-show-raw-insn "$program" >code 2>why

	ok "$name: readelf reads it" grep -q '^ELF Header' elf
	ok "$name: it has no fixed address (PIE)" grep -Eq 'FLAGS_1.*\<PIE\>' elf
	ok "$name: its relocations become read-only (RELRO)" grep -q GNU_RELRO elf
	ok "$name: all of them, before it starts" grep -Eq 'FLAGS_1.*\<NOW\>' elf
	ok "$name: its stack runs no code" grep -Eq 'GNU_STACK .* RW +0x' elf
	is "$name: no segment is both written and run" "$(grep -E 'LOAD .* R?WE ' elf)" ''
	ok "$name: stack smashing is seen" grep -q '__stack_chk_fail' elf
	ok "$name: calls of libc are checked (_FORTIFY_SOURCE)" grep -Eq '__[a-z]+_chk\>' elf
	ok "$name: a large frame does not jump over the guard page" probed
	ok "$name: jumps are checked (-fcf-protection)" control_flow
	is "$name: GMime is loaded only when it is needed" "$(grep -E 'NEEDED.*(gmime|gio|gobject)' elf)" ''
done
