#include "graph/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/base/utf8.h"

/* A path for messages; a file's name may hold any byte. The caller frees it. */
static char *shown(const char *path)
{
	struct str out = { 0 };

	utf8_clean(&out, path, strlen(path), 0);
	return str_detach(&out);
}

/* "verb path: why", from errno. */
static int fail(struct err *err, const char *verb, const char *path)
{
	int code = errno;
	CLEANUP(free_ptr) char *name = shown(path);

	return err_set(err, ERR_IO, code, "%s %s: %s", verb, name, strerror(code));
}

/* open() that no child process inherits and no signal interrupts. */
static int open_file(const char *path, int flags)
{
	int fd;

	do
		fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0600);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static int read_all(int fd, const char *path, size_t max, struct str *out, struct err *err)
{
	CLEANUP(free_ptr) char *name = shown(path);
	char part[16384];
	size_t total = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, part, sizeof(part));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(err, "cannot read", path);
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > max || str_add_bytes(out, part, (size_t)n))
			return err_set(err, ERR_LIMIT, 0, "%s is larger than %zu bytes", name,
				       max);
	}
}

int file_read(const char *path, size_t max, struct str *out, struct err *err)
{
	int fd, r;

	if (str_same(path, "-"))
		return read_all(STDIN_FILENO, "standard input", max, out, err);
	fd = open_file(path, O_RDONLY);
	if (fd < 0)
		return fail(err, "cannot open", path);
	r = read_all(fd, path, max, out, err);
	close(fd);
	return r;
}

static int write_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/*
 * Puts what was written onto the disk. A pipe or a terminal answers EINVAL:
 * there is nothing to be made durable.
 */
static int sync_data(int fd)
{
#if defined(F_FULLFSYNC)		/* macOS: fsync() stops at the drive's cache */
	if (!fcntl(fd, F_FULLFSYNC))
		return 0;
#endif
#if defined(_POSIX_SYNCHRONIZED_IO) && _POSIX_SYNCHRONIZED_IO > 0
	if (!fdatasync(fd))
		return 0;
#else
	if (!fsync(fd))
		return 0;
#endif
	return errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : -1;
}

/* Makes a rename in the directory of path durable. */
static int sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	CLEANUP(free_ptr) char *dir = !slash ? xstrdup(".") :
				      slash == path ? xstrdup("/") :
				      xstrndup(path, (size_t)(slash - path));
	int fd, r;

	fd = open_file(dir, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return errno == EACCES ? 0 : -1;	/* may be write-only */
	r = fsync(fd);
	if (r && (errno == EINVAL || errno == ENOTSUP))
		r = 0;
	close(fd);
	return r;
}

/* /dev/stdout, a pipe: they are written, never replaced by a file. */
static int write_in_place(const char *path, const char *data, size_t len, struct err *err)
{
	int fd = open_file(path, O_WRONLY), r;

	if (fd < 0)
		return fail(err, "cannot open", path);
	r = write_all(fd, data, len) ? fail(err, "cannot write", path) : 0;
	if (close(fd) && !r)
		r = fail(err, "cannot write", path);
	return r;
}

int file_write(const char *path, const char *data, size_t len, struct err *err)
{
	CLEANUP(free_ptr) char *temp = NULL;
	struct stat st;
	int fd;

	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return write_in_place(path, data, len, err);
	temp = xasprintf("%s.XXXXXX", path);
	fd = mkstemp(temp);	/* O_EXCL and mode 0600 by POSIX */
	if (fd < 0)
		return fail(err, "cannot create", path);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (write_all(fd, data, len) || sync_data(fd)) {
		fail(err, "cannot write", path);
		close(fd);
		goto undo;
	}
	if (close(fd)) {
		fail(err, "cannot write", path);
		goto undo;
	}
	if (rename(temp, path)) {
		fail(err, "cannot replace", path);
		goto undo;
	}
	return sync_directory(path) ? fail(err, "cannot make durable", path) : 0;
undo:
	unlink(temp);
	return -1;
}

int file_make_dir(const char *path, struct err *err)
{
	CLEANUP(free_ptr) char *part = xstrdup(path);
	struct stat st;
	char *p = part, was;

	do {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		was = *p;
		*p = '\0';
		if (mkdir(part, 0700) && errno != EEXIST) {
			int code = errno;

			/* Some systems answer EROFS or EACCES for one that is there. */
			if (stat(part, &st) || !S_ISDIR(st.st_mode)) {
				errno = code;
				return fail(err, "cannot make the directory", part);
			}
		}
		*p = was;
	} while (*p);
	if (stat(path, &st))
		return fail(err, "cannot make the directory", path);
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return fail(err, "cannot make the directory", path);
	}
	return 0;
}

int file_append_durable(int fd, const char *data, size_t len, struct err *err)
{
	if (write_all(fd, data, len))
		return err_set(err, ERR_IO, errno, "cannot append: %s", strerror(errno));
	if (sync_data(fd))
		return err_set(err, ERR_IO, errno, "cannot make the write durable: %s",
			       strerror(errno));
	return 0;
}

int file_append(int fd, const char *data, size_t len)
{
	return write_all(fd, data, len);
}

int file_open_log(const char *path, int *ret_fd, struct err *err)
{
	struct stat st;
	int fd = open_file(path, O_WRONLY | O_CREAT | O_APPEND);

	if (fd < 0)
		return fail(err, "cannot open", path);
	/* One that is there already may be open to everybody. */
	if (fstat(fd, &st) || (S_ISREG(st.st_mode) && (st.st_mode & 077) && fchmod(fd, 0600))) {
		fail(err, "cannot keep others from reading", path);
		close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

/* The process id that the holder wrote into the lock file, or 0. */
static long read_holder(int fd)
{
	char text[32];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *end;
	long pid;

	if (n <= 0)
		return 0;
	text[n] = '\0';
	pid = strtol(text, &end, 10);
	return end != text && pid > 0 ? pid : 0;
}

int file_lock(const char *path, int *ret_fd, struct err *err)
{
	CLEANUP(free_ptr) char *name = shown(path);
	char text[32];
	long holder;
	int fd, n;

	fd = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW);
	if (fd < 0)
		return fail(err, "cannot open", path);
	/* flock(), not fcntl(): closing another descriptor of the same file
	 * would drop an fcntl() lock behind our back. */
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK) {
			fail(err, "cannot lock", path);
			goto undo;
		}
		holder = read_holder(fd);
		if (holder)
			err_set(err, ERR_CONFLICT, 0, "process %ld holds %s", holder, name);
		else
			err_set(err, ERR_CONFLICT, 0, "another process holds %s", name);
		goto undo;
	}
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) || write_all(fd, text, (size_t)n)) {
		fail(err, "cannot write", path);
		goto undo;
	}
	*ret_fd = fd;
	return 0;
undo:
	close(fd);
	return -1;
}

/* XDG Base Directory: a variable that is not an absolute path is ignored. */
static int xdg_dir(const char *variable, const char *in_home, struct str *out, struct err *err)
{
	const char *dir = getenv(variable);
	const char *home = getenv("HOME");

	if (dir && dir[0] == '/')
		return str_addf(out, "%s/sspr-wizard", dir) ?
		       err_set(err, ERR_LIMIT, 0, "%s is too long", variable) : 0;
	if (home && home[0] == '/')
		return str_addf(out, "%s/%s/sspr-wizard", home, in_home) ?
		       err_set(err, ERR_LIMIT, 0, "HOME is too long") : 0;
	err_set(err, ERR_INVALID, 0, "neither %s nor HOME names a directory", variable);
	return err_todo(err, "Set HOME, or set %s to an absolute path", variable);
}

int file_state_dir(struct str *out, struct err *err)
{
	return xdg_dir("XDG_STATE_HOME", ".local/state", out, err);
}

int file_config_dir(struct str *out, struct err *err)
{
	return xdg_dir("XDG_CONFIG_HOME", ".config", out, err);
}

int file_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -1;
	return fcntl(fd, F_SETFD, FD_CLOEXEC);
}
