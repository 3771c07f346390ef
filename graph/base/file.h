#ifndef GRAPH_BASE_FILE_H
#define GRAPH_BASE_FILE_H

#include <stddef.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/* Reads a whole file (or standard input for "-") of at most max bytes. */
int file_read(const char *path, size_t max, struct str *out, struct err *err);

/* Replaces a file as a whole: temporary file beside it, fsync, rename; mode
 * 0600. A crash leaves the old or the new content, never half of it. */
int file_write(const char *path, const char *data, size_t len, struct err *err);

/* Makes a directory and its parents, mode 0700. */
int file_make_dir(const char *path, struct err *err);

/* Appends to an open file and makes it durable (fdatasync). Returns only when
 * the bytes are on the disk, or fails. */
int file_append_durable(int fd, const char *data, size_t len, struct err *err);

/* An advisory lock for one writer; the descriptor keeps it, closing it frees
 * it. Fails with ERR_CONFLICT naming the holder's process id when taken. */
int file_lock(const char *path, int *ret_fd, struct err *err);

/* "$XDG_STATE_HOME/sspr-wizard" or "$HOME/.local/state/sspr-wizard", and the
 * same for the configuration. Appended to out. */
int file_state_dir(struct str *out, struct err *err);
int file_config_dir(struct str *out, struct err *err);

#endif
