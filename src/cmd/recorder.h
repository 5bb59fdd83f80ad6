/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "job.h"
#include "store/audit.h"

/* Writes the rows of a run while the next ones are gathered. Until it ends nobody else may use its
 * audit, but between recorder_wait() and the next recorder_take(). */
typedef struct Recorder Recorder;

/* @audit and @run outlive it; run->messages and run->stripped count the rows written, of which
 * run->last_row is the last. (transfer full) */
Recorder *recorder_new(Audit *audit, AuditRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes what is in @rows, and leaves them empty. @messages and @stripped count the messages of the
 * run up to these rows. Once written, @durable rows are on the disk with all before them. Waits for
 * the rows handed over before; false: they could not be written. */
bool recorder_take(Recorder *recorder, JobRows *rows, gint64 messages, gint64 stripped,
                   bool durable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether rows handed over now would be written at once. */
bool recorder_is_idle(Recorder *recorder);

/* Waits for the rows handed over. False: they could not be written. */
bool recorder_wait(Recorder *recorder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the last rows and ends. False: they could not be written. */
bool recorder_end(Recorder *recorder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
