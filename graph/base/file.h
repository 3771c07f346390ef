#ifndef GRAPH_BASE_FILE_H
#define GRAPH_BASE_FILE_H

#include <stddef.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/* Appends a whole file (or standard input for "-") to out: at most max bytes,
 * else ERR_LIMIT. The bytes have not passed the text gate. */
int file_read(const char *path, size_t max, struct str *out, struct err *err);

/* Replaces a file as a whole: temporary file beside it, fsync, rename; mode
 * 0600. A crash leaves the old or the new content, never half of it. A device
 * or a pipe (/dev/stdout) is written in place; of a link the name is replaced. */
int file_write(const char *path, const char *data, size_t len, struct err *err);

/* Makes a directory and its parents, mode 0700; those there stay as they are. */
int file_make_dir(const char *path, struct err *err);

/* Appends to an open file and makes it durable (fdatasync). Returns only when
 * the bytes are on the disk, or fails; then some of them may be there. */
int file_append_durable(int fd, const char *data, size_t len, struct err *err);

/* Opens a file to append to, mode 0600: also one that was there, or fails. A device
 * or a pipe is taken as it is. */
int file_open_log(const char *path, int *ret_fd, struct err *err);
/* Appends all of it, durable or not. -1 with errno. */
int file_append(int fd, const char *data, size_t len);

/* Reads and writes of fd never block, and no program that is started gets it.
 * -1 with errno. */
int file_nonblocking(int fd);

/* An advisory lock for one writer; the descriptor keeps it, closing it frees
 * it. The file is made if need be, holds our process id, and stays. Fails with ERR_CONFLICT naming the holder's process id when taken. */
int file_lock(const char *path, int *ret_fd, struct err *err);

/* "$XDG_STATE_HOME/sspr-wizard" or "$HOME/.local/state/sspr-wizard", and the
 * same for the configuration. Appended to out. */
int file_state_dir(struct str *out, struct err *err);
int file_config_dir(struct str *out, struct err *err);

#endif
