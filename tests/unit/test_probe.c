/* Probes against sockets on loopback: open, closed, silent; ended early; and what
 * a simulated network is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "checks/endpoints.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/probe.h"

/* A socket that listens, or that only holds its port; returns the port. */
static int open_port(int *fd, bool listens)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(*fd >= 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (listens)
		assert_int_equal(listen(*fd, 5), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&at, &size), 0);
	return ntohs(at.sin_port);
}

static void count(void *ctx)
{
	++*(int *)ctx;
}

static void test_ports(void **state)
{
	int fd[2], ends = 0, open = open_port(&fd[0], true), closed = open_port(&fd[1], false);
	const struct probe_target targets[] = {
		{ "127.0.0.1", open, PROBE_TCP, NULL, true },
		{ "127.0.0.1", closed, PROBE_TCP, NULL, true },
		/* It takes the connection and then says nothing. */
		{ "127.0.0.1", open, PROBE_HTTP, "/x", true },
		{ "127.0.0.1", open, PROBE_TLS, NULL, true },
		{ "no-such-host.invalid", 443, PROBE_TLS, NULL, true },
		{ "::1", closed, PROBE_TCP, NULL, true },
	};
	const struct probes_options o = { .timeout_ms = 700, .changed = count, .ctx = &ends };
	struct err err = ERR_INIT;
	struct loop *l = loop_new(&err);
	struct probes *p = probes_start(l, targets, COUNT_OF(targets), &o);
	int64_t begun = clock_mono_ms();

	(void)state;
	assert_int_equal(ends, 0);	/* not within the call */
	assert_int_equal(probes_running(p), COUNT_OF(targets));
	while (probes_running(p) && loop_run_once(l, -1))
		;
	/* All at the same time, each within its limit. */
	assert_true(clock_mono_ms() - begun < 1400);
	assert_int_equal(ends, COUNT_OF(targets));
	assert_true(probes_result(p, 0)->answered);
	assert_null(probes_result(p, 0)->problem);
	assert_true(probes_result(p, 0)->ended_ms > 0);
	assert_false(probes_result(p, 1)->answered);
	assert_string_equal(probes_result(p, 1)->problem, "refused");
	assert_false(probes_result(p, 2)->answered);
	assert_string_equal(probes_result(p, 2)->problem, "nothing came in time");
	assert_false(probes_result(p, 3)->answered);
	assert_null(probes_result(p, 3)->issuer);
	assert_false(probes_result(p, 4)->answered);
	assert_non_null(probes_result(p, 4)->problem);
	assert_false(probes_result(p, 5)->answered);
	probes_free(p);
	loop_free(l);
	close(fd[0]);
	close(fd[1]);
}

/* Ended while they run: nobody is called, and nothing is left in the loop. */
static void test_cancel(void **state)
{
	int fd, ends = 0, port = open_port(&fd, true);
	const struct probe_target targets[] = {
		{ "127.0.0.1", port, PROBE_HTTP, NULL, true },
		{ "127.0.0.1", port, PROBE_TLS, NULL, true },
	};
	const struct probes_options o = { .changed = count, .ctx = &ends };
	struct err err = ERR_INIT;
	struct loop *l = loop_new(&err);
	struct probes *p = probes_start(l, targets, COUNT_OF(targets), &o);

	(void)state;
	for (int i = 0; i < 5; i++)
		loop_run_once(l, 20);
	probes_free(p);
	probes_free(NULL);
	assert_false(loop_run_once(l, 0));
	assert_int_equal(ends, 0);
	loop_free(l);
	close(fd);
}

static void simulate(const struct probe_target *t, struct probe_result *ret, void *ctx)
{
	++*(int *)ctx;
	ret->answered = t->port == 443;
	ret->issuer = "O=Simulated";
}

/* A name that cannot exist answers: the network was not asked. */
static void test_simulated(void **state)
{
	static const struct probe_target targets[] = {
		{ "no-such-host.invalid", 443, PROBE_TLS, NULL, false },
		{ "no-such-host.invalid", 80, PROBE_TCP, NULL, false },
	};
	int ends = 0, asked = 0;
	const struct probes_options o = { .changed = count, .ctx = &ends,
					  .simulate = simulate, .simulate_ctx = &asked };
	struct err err = ERR_INIT;
	struct loop *l = loop_new(&err);
	struct probes *p = probes_start(l, targets, COUNT_OF(targets), &o);

	(void)state;
	while (probes_running(p) && loop_run_once(l, -1))
		assert_true(ends <= asked);
	assert_int_equal(asked, 2);
	assert_true(probes_result(p, 0)->answered);
	assert_false(probes_result(p, 1)->answered);
	probes_free(p);
	loop_free(l);
}

static bool has(const struct endpoint *v, size_t n, const char *host, int port)
{
	for (size_t i = 0; i < n; i++)
		if (str_same(v[i].target.host, host) && v[i].target.port == port)
			return true;
	return false;
}

/* Each cloud has its own hosts, and none of another's. */
static void test_endpoints(void **state)
{
	static const struct {
		const char *cloud, *has, *not_has;
		size_t relays;
	} rows[] = {
		{ "global", "passwordreset.microsoftonline.com", "passwordreset.microsoftonline.us", 3 },
		{ "usgov", "passwordreset.microsoftonline.us", "passwordreset.microsoftonline.com", 0 },
		{ "dod", "passwordreset.microsoftonline.us", "mscrl.microsoft.com", 0 },
		{ "china", "ssprdedicatedsbmcprodcne.servicebus.chinacloudapi.cn",
		  "passwordreset.microsoftonline.com", 2 },
	};
	struct endpoint v[PROBES_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = { 0 };
		struct err err = ERR_INIT;
		struct cloud c;
		size_t n, with, relays = 0;

		assert_int_equal(cloud_by_name(rows[i].cloud, &c, &err), 0);
		n = endpoints_of(&c, NULL, v, &arena);
		assert_true(has(v, n, c.login + strlen("https://"), 443));
		assert_true(has(v, n, rows[i].has, 443));
		assert_false(has(v, n, rows[i].not_has, 443));
		for (size_t k = 0; k < n; k++) {
			relays += str_same(v[k].purpose, PURPOSE_RELAY);
			assert_false(v[k].target.inside);
		}
		assert_int_equal(relays, rows[i].relays);
		with = endpoints_of(&c, "dc1.contoso.com", v, &arena);
		assert_int_equal(with, n + 8);
		assert_true(has(v, with, "dc1.contoso.com", 445));
		/* Inside, where no proxy leads. */
		assert_true(v[n].target.inside);
		arena_clear(&arena);
	}
	assert_true(endpoint_host_plain("dc1.contoso.com"));
	assert_true(endpoint_host_plain("fe80::1"));
	assert_false(endpoint_host_plain(""));
	assert_false(endpoint_host_plain("dc1/../x"));
	assert_false(endpoint_host_plain("a@b"));
	assert_false(endpoint_optional(445));
	assert_true(endpoint_optional(464));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_simulated),
		cmocka_unit_test(test_endpoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
