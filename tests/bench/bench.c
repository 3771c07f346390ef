/*
 * Measures the program against its budgets (DESIGN.md 10) and prints a table;
 * ends with 1 when a budget is missed. Every figure is the median of several
 * runs of the whole program, on a machine that should be doing nothing else.
 *
 * usage: bench PROGRAM
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/mem.h"

#define RUNS 9

static bool missed;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

static void row(const char *what, double value, const char *unit, double budget)
{
	bool over = budget > 0 && value > budget;

	printf("%-52s %10.2f %-4s", what, value, unit);
	if (budget > 0)
		printf("  budget %8.2f  %s", budget, over ? "MISSED" : "ok");
	printf("\n");
	missed |= over;
}

/* Runs the program headless, its output thrown away; what it used. */
static void run(char *const *argv, double *ret_wall, double *ret_cpu, double *ret_mib)
{
	double start = now_ms();
	struct rusage used;
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("cannot fork: %s", strerror(errno));
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 2)
		die("%s %s did not run", argv[0], argv[1]);
	*ret_wall = now_ms() - start;
	*ret_cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
		   (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	*ret_mib = (double)used.ru_maxrss / 1024;
}

/* Reads from the terminal until `text` was drawn; the time of that. */
static double wait_for_text(int fd, const char *text)
{
	static char seen[1 << 20];
	size_t n = 0;
	double end = now_ms() + 5000;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (now_ms() > end || poll(&p, 1, 1000) <= 0 || n >= sizeof(seen) - 4096)
			die("the screen never showed \"%s\"", text);
		got = read(fd, seen + n, 4096);
		if (got <= 0)
			die("the program left before it showed \"%s\"", text);
		n += (size_t)got;
		seen[n] = '\0';
		if (memmem(seen, n, text, strlen(text)))
			return now_ms();
	}
}

/* Start to first frame on a pseudo terminal, then keys to their screen; the
 * memory of the wizard at rest. */
static void full_screen(const char *program, double *ret_first, double *ret_key,
			double *ret_mib)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	double start = now_ms(), pressed;
	struct rusage used;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);

	if (pid < 0)
		die("cannot open a pseudo terminal: %s", strerror(errno));
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl(program, program, "--demo", (char *)NULL);
		_exit(127);
	}
	*ret_first = wait_for_text(fd, "Roll out") - start;
	pressed = now_ms();
	if (write(fd, "?", 1) != 1)
		die("the pseudo terminal does not take a key");
	*ret_key = wait_for_text(fd, "Move up") - pressed;
	kill(pid, SIGTERM);
	while (wait4(pid, &status, WNOHANG, &used) == 0) {
		char rest[4096];
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, 10) > 0 && read(fd, rest, sizeof(rest)) <= 0)
			usleep(1000);
	}
	*ret_mib = (double)used.ru_maxrss / 1024;
	close(fd);
}

static void measure_screen(const char *program)
{
	double first[RUNS], key[RUNS], mib[RUNS];

	for (int i = 0; i < RUNS; i++)
		full_screen(program, &first[i], &key[i], &mib[i]);
	row("start to first frame, demo", median(first, RUNS), "ms", 15);
	row("key to screen (help), at rest, one key a run", median(key, RUNS), "ms", 8);
	row("memory of the wizard at rest", median(mib, RUNS), "MiB", 12);
}

static void measure_check(const char *program, const char *scenario, const char *users,
			  const char *what, double wall_budget, int runs)
{
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)"check",
			 xasprintf("--demo=%s", scenario), (char *)(uintptr_t)"--demo-users",
			 (char *)(uintptr_t)users, NULL };
	double wall[RUNS], cpu[RUNS], mib[RUNS];

	if (!users)
		argv[3] = NULL;
	for (int i = 0; i < runs; i++)
		run(argv, &wall[i], &cpu[i], &mib[i]);
	printf("%s\n", what);
	row("    wall", median(wall, (size_t)runs), "ms", wall_budget);
	row("    CPU, the simulated tenant's part in it", median(cpu, (size_t)runs), "ms", 0);
	row("    memory, the simulated tenant in it", median(mib, (size_t)runs), "MiB", 32);
	free(argv[2]);
}

int main(int argc, char **argv)
{
	struct stat st;

	if (argc != 2) {
		fprintf(stderr, "usage: bench PROGRAM\n");
		return 64;
	}
	if (stat(argv[1], &st) == 0)
		row("binary as given", (double)st.st_size / 1048576, "MiB", 0);
	measure_screen(argv[1]);
	measure_check(argv[1], "contoso", NULL, "check, contoso", 100, RUNS);
	measure_check(argv[1], "large", "10000", "check, 10,000 people", 0, 3);
	measure_check(argv[1], "large", "1000000", "check, 1,000,000 people", 0, 1);
	return missed;
}
