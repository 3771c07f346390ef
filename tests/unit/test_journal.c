#include "steps/journal.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/str.h"

#define TENANT "aaaaaaaa-0000-0000-0000-000000000001"

static char dir[64], path[160];

static int remove_one(const char *name, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(name);
}

static int make_dir(void **state)
{
	(void)state;
	clock_set_virtual(1795600800000LL);
	snprintf(dir, sizeof(dir), "/tmp/sspr-journal-XXXXXX");
	snprintf(path, sizeof(path), "%s/" TENANT "/journal.jsonl", mkdtemp(dir));
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	clock_set_real();
	return 0;
}

static struct journal *open_it(bool read_only)
{
	struct err err = ERR_INIT;
	struct journal *j = journal_open(dir, TENANT, read_only, &err);

	if (!j)
		fail_msg("%s", err.msg);
	return j;
}

static const struct change change = {
	.id = "group.create", .step = "group", .title = "Create", .means = MEANS_GRAPH,
	.method = "POST", .url = "/v1.0/groups", .undo_method = "DELETE",
	.undo_url = "/v1.0/groups/{group}", .undo = "delete it",
};

static uint64_t intend(struct journal *j)
{
	struct err err = ERR_INIT;
	struct json *body = json_new_object();
	uint64_t sequence = 0;

	json_add_string(body, "displayName", "G");
	assert_int_equal(journal_intent(j, &change, change.url, body, NULL, change.undo_url,
					&sequence, &err), 0);
	json_free(body);
	return sequence;
}

static void append_text(const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void test_what_is_remembered(void **state)
{
	static const char *const members[] = { "u1", "u2" };
	struct err err = ERR_INIT, why = ERR_INIT;
	struct json *result = json_new_object();
	const struct record *r;
	const struct run *runs;
	struct journal *j = open_it(false);
	struct stat st;
	uint64_t first, second;

	(void)state;
	assert_non_null(journal_begin(j, "apply", "me@contoso.com", &err));
	first = intend(j);
	json_add_string(result, "id", "g1");
	json_add_string(result, "createdDateTime", "2026-11-25T10:00:00Z");
	assert_int_equal(journal_outcome(j, first, OUTCOME_DONE, result, members, 2, NULL, &err), 0);
	json_free(result);
	second = intend(j);
	assert_true(second > first);
	err_set(&why, ERR_FORBIDDEN, 403, "no");
	snprintf(why.request_id, sizeof(why.request_id), "r-1");
	assert_int_equal(journal_outcome(j, second, OUTCOME_FAILED, NULL, NULL, 0, &why, &err), 0);
	assert_int_equal(journal_undo_intent(j, first, &err), 0);
	assert_int_equal(journal_unsettled(j), 1);
	assert_int_equal(journal_undo_outcome(j, first, OUTCOME_DONE, NULL, &err), 0);
	journal_close(j);

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	j = open_it(true);
	assert_int_equal(journal_runs(j, &runs), 1);
	assert_string_equal(runs[0].account, "me@contoso.com");
	assert_int_equal(runs[0].changes, 2);
	assert_int_equal(runs[0].done, 1);
	assert_int_equal(runs[0].failed, 1);
	assert_int_equal(runs[0].undone, 1);
	assert_int_equal(journal_records(j, &r), 2);
	assert_string_equal(r[0].run, runs[0].id);
	assert_string_equal(r[0].url, "/v1.0/groups");
	assert_string_equal(json_string(r[0].body, "displayName"), "G");
	assert_null(r[0].undo_body);
	assert_string_equal(r[0].result_id, "g1");
	assert_string_equal(r[0].result_created, "2026-11-25T10:00:00Z");
	assert_int_equal(r[0].nmembers, 2);
	assert_string_equal(r[0].members[1], "u2");
	assert_int_equal(r[0].undone, OUTCOME_DONE);
	assert_int_equal(r[0].time_ms, 1795600800000LL);
	assert_int_equal(r[1].outcome, OUTCOME_FAILED);
	assert_string_equal(r[1].error, "no");
	assert_string_equal(r[1].request_id, "r-1");
	assert_int_equal(journal_unsettled(j), 0);
	/* A reader writes nothing. */
	assert_null(journal_begin(j, "apply", "me", &err));
	journal_close(j);
}

static void test_torn_last_line(void **state)
{
	const struct record *r;
	struct err err = ERR_INIT;
	struct journal *j = open_it(false);

	(void)state;
	journal_begin(j, "apply", "me", &err);
	intend(j);
	journal_close(j);
	append_text("{\"kind\":\"outcome\",\"sequence\":1,\"outco");
	j = open_it(true);		/* a reader leaves it as it is */
	assert_int_equal(journal_unsettled(j), 1);
	journal_close(j);
	j = open_it(false);
	assert_int_equal(journal_unsettled(j), 1);
	assert_int_equal(journal_outcome(j, 1, OUTCOME_DONE, NULL, NULL, 0, NULL, &err), 0);
	journal_close(j);
	j = open_it(true);
	assert_int_equal(journal_records(j, &r), 1);
	assert_int_equal(r[0].outcome, OUTCOME_DONE);
	assert_int_equal(journal_unsettled(j), 0);
	journal_close(j);
}

static void test_foreign_lines(void **state)
{
	const struct record *r;
	struct err err = ERR_INIT;
	struct journal *j = open_it(false);

	(void)state;
	journal_begin(j, "apply", "me", &err);
	intend(j);
	journal_close(j);
	append_text("{\"kind\":\"later\",\"x\":1}\n[]\n\n{\"kind\":\"outcome\",\"sequence\":99}\n"
		    "{\"kind\":\"intent\"}\n");
	j = open_it(false);
	assert_int_equal(journal_records(j, &r), 2);
	assert_int_equal(intend(j), 2);
	journal_close(j);
}

static void test_killed_after_the_intent(void **state)
{
	const struct record *r;
	struct journal *j;
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		struct err err = ERR_INIT;

		j = open_it(false);
		journal_begin(j, "apply", "me", &err);
		intend(j);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	j = open_it(false);		/* the lock went with its holder */
	assert_int_equal(journal_records(j, &r), 1);
	assert_int_equal(r[0].outcome, OUTCOME_NONE);
	assert_int_equal(journal_unsettled(j), 1);
	journal_close(j);
}

static void test_one_writer(void **state)
{
	struct err err = ERR_INIT;
	struct journal *j = open_it(false), *other;

	(void)state;
	assert_null(journal_open(dir, TENANT, false, &err));
	assert_int_equal(err.kind, ERR_CONFLICT);
	other = open_it(true);		/* readers are welcome */
	journal_close(other);
	journal_close(j);
	journal_close(open_it(false));
}

/* A full disk: the line is not taken in, and not left by half. */
static void test_full_disk(void **state)
{
	struct err err = ERR_INIT;
	struct journal *j = open_it(false);
	struct rlimit old, small;
	const struct record *r;
	struct stat st;
	uint64_t sequence;

	(void)state;
	journal_begin(j, "apply", "me", &err);
	assert_int_equal(stat(path, &st), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = (rlim_t)st.st_size + 20;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(journal_intent(j, &change, change.url, NULL, NULL, NULL, &sequence, &err),
			 -1);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_non_null(strstr(err.msg, "cannot write the journal"));
	assert_int_equal(journal_records(j, &r), 0);
	assert_int_equal(intend(j), 1);
	journal_close(j);
	j = open_it(true);
	assert_int_equal(journal_records(j, &r), 1);
	journal_close(j);
}

static void test_words(void **state)
{
	struct err err = ERR_INIT;
	struct journal *j = open_it(false);
	struct facts f;

	(void)state;
	facts_init(&f);
	assert_int_equal(journal_attest(j, "enablement.scope", "None", "me", &err), 0);
	clock_advance(1000);
	assert_int_equal(journal_attest(j, "enablement.scope", "Selected", "you", &err), 0);
	assert_int_equal(journal_attest(j, "writeback.server", "on", "me", &err), 0);
	journal_attestations(j, &f);
	journal_attestations(j, &f);
	assert_int_equal(f.attestations.n, 2);
	assert_string_equal(f.attestations.v[0].value, "Selected");
	assert_string_equal(f.attestations.v[0].who, "you");
	assert_int_equal(f.attestations.v[0].time_ms, 1795600801000LL);
	facts_release(&f);
	journal_close(j);
}

static void test_run_ids_differ(void **state)
{
	struct err err = ERR_INIT;
	struct journal *j = open_it(false);
	const char *a = journal_begin(j, "apply", "me", &err);
	const char *b = journal_begin(j, "apply", "me", &err);

	(void)state;
	assert_string_not_equal(a, b);
	assert_true(str_starts(a, "2026-11-25T10:00:00Z-"));
	journal_close(j);
}

static void test_a_tenant_id_is_no_path(void **state)
{
	static const char *const ids[] = { "../x", "", "a/b", ".", "a b" };
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		assert_null(journal_open(dir, ids[i], false, &err));
	assert_int_equal(err.kind, ERR_PARSE);
}

static void test_no_journal_yet(void **state)
{
	const struct record *r;
	struct journal *j = open_it(true);

	(void)state;
	assert_int_equal(journal_records(j, &r), 0);
	assert_int_equal(access(path, F_OK), -1);
	journal_close(j);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, make_dir, remove_dir)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_remembered),
		TEST(test_torn_last_line),
		TEST(test_foreign_lines),
		TEST(test_killed_after_the_intent),
		TEST(test_one_writer),
		TEST(test_full_disk),
		TEST(test_words),
		TEST(test_run_ids_differ),
		TEST(test_a_tenant_id_is_no_path),
		TEST(test_no_journal_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
