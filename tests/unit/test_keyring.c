#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/sign_in/device.h"
#include "graph/sign_in/keyring.h"
#include "graph/sign_in/token_cache.h"
#include "tests/unit/scripted.h"

#define CLIENT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define TOKENS(name, refresh) "{\"access_token\":\"" name "\",\"expires_in\":3600," \
	"\"refresh_token\":\"" refresh "\",\"scope\":\"openid User.Read\"}"
#define CODE "{\"device_code\":\"d\",\"user_code\":\"U\",\"expires_in\":900,\"interval\":5," \
	"\"verification_uri\":\"https://microsoft.com/devicelogin\"}"
#define TRIAL "store trial\nlookup trial\nclear trial\n"

/* A keyring of its own, by the stand-in; this program is the helper too. */
static char dir[] = "/tmp/sspr-wizard-keyring-XXXXXX";
static char library[4096];

static void path_of(const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", dir, name);
}

static void have(const char *mode, const char *item)
{
	static const char *const names[] = { "calls", "trial", "left", "item" };
	char path[256];
	FILE *f;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		path_of(names[i], path);
		unlink(path);
	}
	setenv("KEYRING_MODE", mode, 1);
	setenv("LD_LIBRARY_PATH", str_same(mode, "absent") ? dir : library, 1);
	if (!item)
		return;
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(item, f);
	fclose(f);
}

/* "" when there is no such file. */
static const char *kept(const char *name)
{
	static char text[4096];
	char path[256];
	FILE *f;

	path_of(name, path);
	f = fopen(path, "r");
	text[0] = '\0';
	if (f) {
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

struct place {
	struct loop *loop;
	struct keyring keyring;
	struct secret found;
	unsigned done;
};

static void on_done(void *ctx)
{
	((struct place *)ctx)->done++;
}

static void open_place(struct place *p)
{
	struct err err = ERR_INIT;

	*p = (struct place){ .loop = loop_new(&err) };
	keyring_open(&p->keyring, p->loop, NULL, "https://login.test/t/token", CLIENT);
}

static void wait_for(struct loop *l, const struct keyring *k)
{
	while (k->child.pid)
		loop_run_once(l, 1000);
}

static void close_place(struct place *p)
{
	keyring_close(&p->keyring);
	secret_release(&p->found);
	loop_free(p->loop);
}

static void keeps_and_finds_and_forgets(void **unused)
{
	struct secret token = { 0 };
	struct place p;

	(void)unused;
	have("well", NULL);
	secret_set(&token, "r1", 2);
	open_place(&p);
	keyring_store(&p.keyring, &token);
	wait_for(p.loop, &p.keyring);
	assert_string_equal(p.keyring.told, "");
	assert_string_equal(kept("calls"), TRIAL "store item\n");
	assert_string_equal(kept("item"), "r1");
	assert_true(keyring_load(&p.keyring, &p.found, on_done, &p));
	assert_true(keyring_loads(&p.keyring));
	wait_for(p.loop, &p.keyring);
	assert_int_equal(p.done, 1);
	assert_string_equal(secret_text(&p.found), "r1");
	assert_false(keyring_load(&p.keyring, &p.found, on_done, &p));
	keyring_forget(&p.keyring);
	wait_for(p.loop, &p.keyring);
	assert_string_equal(kept("item"), "");
	secret_release(&token);
	close_place(&p);
}

static void says_why_nothing_is_kept(void **unused)
{
	static const struct {
		const char *mode, *told;
	} cases[] = {
		{ "absent", "libsecret is not installed, so there is no keyring" },
		{ "locked", "the keyring refused: the collection is locked" },
		{ "loses", "the keyring did not give back what was stored in it" },
	};

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct secret token = { 0 };
		struct place p;

		have(cases[i].mode, NULL);
		secret_set(&token, "r1", 2);
		open_place(&p);
		keyring_store(&p.keyring, &token);
		wait_for(p.loop, &p.keyring);
		assert_string_equal(p.keyring.told, cases[i].told);
		assert_string_equal(kept("item"), "");
		assert_string_equal(kept("trial"), "");
		secret_release(&token);
		close_place(&p);
	}
}

/* As the program does it; nothing is virtual, because a process takes its time. */
static struct token_source *open_device(struct scripted *s, const struct sign_in_front *front,
					const struct script_answer *answers, size_t n)
{
	struct err err = ERR_INIT;
	struct token_source *source;
	struct token_cache *cache;

	scripted_open(s, answers, n);
	clock_set_real();
	source = device_new(s->loop, &s->transport, &s->cloud, "organizations", CLIENT, front,
			    &err);
	assert_non_null(source);
	cache = (struct token_cache *)source;
	keyring_open(&cache->keyring, s->loop, NULL, cache->url, cache->client_id);
	return source;
}

static void nobody(void *ctx, const struct sign_in_prompt *p)
{
	(void)ctx;
	(void)p;
}

static const struct sign_in_front front = { .prompt = nobody };

static void a_remembered_person_is_not_asked(void **unused)
{
	static const struct script_answer answers[] = { { 200, TOKENS("one", "r2"), NULL } };
	struct scripted s;
	struct token_source *source;
	struct token_cache *cache;
	struct got g;

	(void)unused;
	have("well", "r1");
	source = open_device(&s, &front, answers, 1);
	cache = (struct token_cache *)source;
	g = get_token(&s, source, false);
	assert_string_equal(g.token, "one");
	assert_int_equal(s.n, 1);
	assert_non_null(strstr(s.bodies[0], "grant_type=refresh_token&refresh_token=r1&"));
	assert_null(strstr(s.bodies[0], "ReadWrite"));
	wait_for(s.loop, &cache->keyring);
	assert_string_equal(kept("item"), "r2");
	source->ops->forget(source);
	wait_for(s.loop, &cache->keyring);
	assert_string_equal(kept("item"), "");
	source->ops->free(source);
	scripted_close(&s);
}

/* A token that the service takes no more is deleted, and the person is asked. */
static void goes_on_without_a_keyring(void **unused)
{
	static const struct script_answer code[] = {
		{ 200, CODE, NULL },
	}, refused[] = {
		{ 400, "{\"error\":\"invalid_grant\",\"error_codes\":[700082]}", NULL },
		{ 200, CODE, NULL },
	};
	static const char *const modes[] = { "absent", "locked", "well" };

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		bool asks = i == 2;
		size_t n = asks ? 2 : 1;
		struct scripted s;
		struct token_source *source;
		struct got g = { .done = false };

		have(modes[i], asks ? "r1" : NULL);
		source = open_device(&s, &front, asks ? refused : code, n);
		source->ops->get(source, false, got_it, &g);
		while (s.n < n || s.x)
			loop_run_once(s.loop, 1000);
		wait_for(s.loop, &((struct token_cache *)source)->keyring);
		assert_non_null(strstr(s.urls[n - 1], "/devicecode"));
		assert_string_equal(kept("item"), "");
		source->ops->cancel(source);
		assert_int_equal(g.err.kind, ERR_CANCELLED);
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void escape_leaves_a_keyring_that_hangs(void **unused)
{
	struct scripted s;
	struct token_source *source;
	struct got g = { .done = false };
	int64_t began = clock_mono_ms();

	(void)unused;
	have("hangs", "r1");
	source = open_device(&s, &front, NULL, 0);
	source->ops->get(source, false, got_it, &g);
	while (!*kept("calls"))
		loop_run_once(s.loop, 20);
	assert_false(g.done);
	source->ops->cancel(source);
	assert_true(g.done);
	assert_int_equal(g.err.kind, ERR_CANCELLED);
	assert_int_equal(s.n, 0);
	assert_true(clock_mono_ms() - began < 20000);
	source->ops->free(source);
	scripted_close(&s);
}

/* By a person's own yes and no, while the program runs. */
static void is_kept_and_forgotten_on_demand(void **unused)
{
	static const struct script_answer answers[] = { { 200, TOKENS("one", "r1"), NULL } };
	struct secret refresh = { 0 };
	struct scripted s;
	struct token_source *source;
	struct token_cache *cache;

	(void)unused;
	have("well", NULL);
	source = open_device(&s, &front, answers, 1);
	cache = (struct token_cache *)source;
	cache->keyring.keep = false;	/* not at the start */
	secret_set(&cache->refresh, "r0", 2);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_string_equal(kept("calls"), "");
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_NOT);
	source->ops->keep(source, true);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_BUSY);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT);
	assert_string_equal(kept("item"), "r1");
	source->ops->keep(source, false);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_NOT);
	assert_string_equal(kept("item"), "");
	/* A later token stays in memory. */
	secret_set(&refresh, "r2", 2);
	keyring_store(&cache->keyring, &refresh);
	assert_int_equal(cache->keyring.child.pid, 0);
	/* What failed is told, and may be tried again. */
	have("locked", NULL);
	source->ops->keep(source, true);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_FAILED);
	assert_string_equal(cache->keyring.told,
			    "the keyring refused: the collection is locked");
	have("well", NULL);
	source->ops->keep(source, true);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT);
	assert_string_equal(kept("item"), "r1");
	have("locked", "r1");
	source->ops->keep(source, false);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_STILL);
	have("well", "r1");
	source->ops->keep(source, false);
	wait_for(s.loop, &cache->keyring);
	assert_int_equal(source->ops->kept(source), TOKEN_KEPT_NOT);
	assert_string_equal(kept("item"), "");
	secret_release(&refresh);
	source->ops->free(source);
	scripted_close(&s);
}

/* Waits, by the real time, until the helper is in the middle of it. */
static void wait_until_it_hangs(void)
{
	for (int i = 0; i < 2000 && !*kept("calls"); i++)
		usleep(10000);
	assert_string_not_equal(kept("calls"), "");
}

/* A minute is enough for a person to unlock it; the clock is made to run. */
static void a_keyring_that_hangs_is_given_up(void **unused)
{
	static const char says[] = "the keyring did not answer in time; is it locked?";
	struct secret token = { 0 };
	int64_t began;
	struct place p;
	pid_t pid;

	(void)unused;
	secret_set(&token, "r1", 2);
	for (int load = 0; load < 2; load++) {
		have("hangs", NULL);
		clock_set_virtual(SCRIPT_NOW);
		began = clock_mono_ms();
		open_place(&p);
		if (load)
			assert_true(keyring_load(&p.keyring, &p.found, on_done, &p));
		else
			keyring_store(&p.keyring, &token);
		pid = p.keyring.child.pid;
		wait_until_it_hangs();
		wait_for(p.loop, &p.keyring);
		assert_in_range(clock_mono_ms() - began, 60000, 60100);
		assert_string_equal(p.keyring.told, says);
		assert_int_equal(p.done, load);
		assert_true(secret_empty(&p.found));
		/* It is gone, and was reaped. */
		assert_int_equal(kill(pid, 0), -1);
		/* After that nobody is made to wait for it again. */
		keyring_store(&p.keyring, &token);
		assert_int_equal(p.keyring.child.pid, 0);
		close_place(&p);
	}
	clock_set_real();
	secret_release(&token);
}

/* The person is asked to sign in after the same minute. */
static void signing_in_goes_on_after_a_keyring_that_hangs(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r2"), NULL },
	};
	struct scripted s;
	struct token_source *source;
	struct got g = { .done = false };

	(void)unused;
	have("hangs", "r1");
	source = open_device(&s, &front, answers, 2);
	clock_set_virtual(SCRIPT_NOW);
	source->ops->get(source, false, got_it, &g);
	wait_until_it_hangs();
	loop_run_until(s.loop, &g.done);
	assert_string_equal(g.token, "one");
	assert_in_range(s.at_ms[0] - SCRIPT_NOW, 60000, 60100);
	assert_string_equal(kept("calls"), "lookup item\n");
	source->ops->free(source);
	scripted_close(&s);
}

/* Nobody ends the one that is left to itself when the program ends: it does so. */
static void a_helper_that_is_left_ends_by_itself(void **unused)
{
	struct secret token = { 0 };
	struct place p;
	int status = 0;
	pid_t pid;

	(void)unused;
	have("hangs-a-second", NULL);
	secret_set(&token, "r1", 2);
	open_place(&p);
	keyring_store(&p.keyring, &token);
	pid = p.keyring.child.pid;
	wait_until_it_hangs();
	close_place(&p);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGALRM);
	assert_in_range(strtol(kept("left"), NULL, 10), 1, 60);
	secret_release(&token);
}

/* The stand-in lies beside the tests; an empty file is a library that is not one. */
static int make_place(void **unused)
{
	char path[256];
	ssize_t n = readlink("/proc/self/exe", library, sizeof(library) - 32);
	FILE *f;

	(void)unused;
	if (n <= 0 || !mkdtemp(dir))
		return -1;
	library[n] = '\0';
	*strrchr(library, '/') = '\0';
	strcat(library, "/../keyring");
	setenv("KEYRING_DIR", dir, 1);
	path_of("libsecret-1.so.0", path);
	f = fopen(path, "w");
	return f ? fclose(f) : -1;
}

static int remove_place(void **unused)
{
	char path[256];

	(void)unused;
	have("well", NULL);
	path_of("libsecret-1.so.0", path);
	unlink(path);
	return rmdir(dir);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_and_finds_and_forgets),
		cmocka_unit_test(says_why_nothing_is_kept),
		cmocka_unit_test(a_remembered_person_is_not_asked),
		cmocka_unit_test(goes_on_without_a_keyring),
		cmocka_unit_test(is_kept_and_forgotten_on_demand),
		cmocka_unit_test(escape_leaves_a_keyring_that_hangs),
		cmocka_unit_test(a_keyring_that_hangs_is_given_up),
		cmocka_unit_test(signing_in_goes_on_after_a_keyring_that_hangs),
		cmocka_unit_test(a_helper_that_is_left_ends_by_itself),
	};

	if (argc == 4 && str_same(argv[1], KEYRING_HELPER))
		return keyring_helper(argv[2], argv[3]);
	return cmocka_run_group_tests(tests, make_place, remove_place);
}
