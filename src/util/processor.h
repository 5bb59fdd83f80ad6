/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* CPU_FEATURE_ACTIVE(NAME) tells whether the processor has a feature: what the C library found at
 * the start of the program, since in a virtual machine each CPUID takes longer than it saves. */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#ifdef CPU_FEATURE_ACTIVE
#define PROCESSOR_IS_KNOWN
#endif
#endif
#endif
