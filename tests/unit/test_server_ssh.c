#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/base64.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "steps/server_ssh.h"

static void places(void **unused)
{
	static const struct {
		const char *text, *user, *host, *port;	/* host NULL: refused */
	} cases[] = {
		{ "connect01", "", "connect01", "" },
		{ "connect01.contoso.local", "", "connect01.contoso.local", "" },
		{ "admin@connect01", "admin", "connect01", "" },
		{ "admin@connect01:2222", "admin", "connect01", "2222" },
		{ "CONTOSO\\admin@connect01", "CONTOSO\\admin", "connect01", "" },
		{ "admin@contoso.com@connect01", "admin@contoso.com", "connect01", "" },
		{ "10.0.0.4:22", "", "10.0.0.4", "22" },
		{ "[fe80::1]:22", "", "fe80::1", "22" },
		{ "a@[::1]", "a", "::1", "" },
		{ "", NULL, NULL, NULL }, { "@h", NULL, NULL, NULL }, { "a@", NULL, NULL, NULL },
		{ "-oProxyCommand=x", NULL, NULL, NULL }, { "-h", NULL, NULL, NULL },
		{ "-a@h", NULL, NULL, NULL }, { "a@-h", NULL, NULL, NULL },
		{ "a b", NULL, NULL, NULL }, { "a;b", NULL, NULL, NULL }, { "$(id)", NULL, NULL, NULL },
		{ "a'b", NULL, NULL, NULL }, { "a`b", NULL, NULL, NULL }, { "a%h", NULL, NULL, NULL },
		{ "a/b", NULL, NULL, NULL }, { "h:0", NULL, NULL, NULL }, { "h:65536", NULL, NULL, NULL },
		{ "h:", NULL, NULL, NULL }, { "h:-1", NULL, NULL, NULL }, { "h:22x", NULL, NULL, NULL },
		{ "[::1", NULL, NULL, NULL }, { "[]", NULL, NULL, NULL }, { "[::1]22", NULL, NULL, NULL },
		{ "[-x]", NULL, NULL, NULL }, { "h\xc3\xa9", NULL, NULL, NULL },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct ssh_place p;
		struct err err = ERR_INIT;
		int rc = ssh_place_read(cases[i].text, &p, &err);

		if ((rc == 0) != !!cases[i].host)
			fail_msg("%s: %d", cases[i].text, rc);
		if (rc < 0) {
			assert_int_equal(err.kind, ERR_INVALID);
			continue;
		}
		assert_string_equal(p.user, cases[i].user);
		assert_string_equal(p.host, cases[i].host);
		assert_string_equal(p.port, cases[i].port);
	}
}

/* Every text of one and two characters: what is taken starts with no dash and holds
 * nothing that a shell or ssh would read. */
static void nothing_slips_in(void **unused)
{
	(void)unused;
	for (int a = 1; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			const char text[3] = { (char)a, (char)b, '\0' };
			struct ssh_place p;
			struct err err = ERR_INIT;

			if (ssh_place_read(text, &p, &err) < 0)
				continue;
			assert_true(*p.host && *p.host != '-' && *p.user != '-');
			assert_null(strpbrk(p.host, " \t\n'\"`$;&|<>(){}*?!#~%/=,\\@"));
			assert_null(strpbrk(p.user, " \t\n'\"`$;&|<>(){}*?!#~%/=,:"));
		}
}

static size_t find(const char *const *words, const char *word)
{
	size_t i = 0;

	while (words[i] && strcmp(words[i], word))
		i++;
	return i;
}

static void words(void **unused)
{
	static const char *const wanted[] = { "BatchMode=yes", "StrictHostKeyChecking=yes",
					      "RemoteCommand=none", "ClearAllForwardings=yes",
					      "ForwardAgent=no" };
	struct arena arena = { 0 };
	struct ssh_place p;
	struct err err = ERR_INIT;

	(void)unused;
	assert_int_equal(ssh_place_read("ann@connect01:2222", &p, &err), 0);
	for (int form = SERVER_FORM_GATHER; form <= SERVER_FORM_ENABLE; form++) {
		const char *const *w = ssh_words(&p, (enum server_form)form, &arena);
		CLEANUP(str_release) struct str wide = { 0 }, text = { 0 };
		size_t dashes = find(w, "--"), n = 0;

		while (w[n])
			n++;
		assert_string_equal(w[dashes + 1], "connect01");
		assert_string_equal(w[find(w, "-p") + 1], "2222");
		assert_string_equal(w[find(w, "-l") + 1], "ann");
		assert_true(find(w, "-l") < dashes);
		for (size_t i = 0; i < COUNT_OF(wanted); i++)
			assert_true(find(w, wanted[i]) < dashes);
		/* No shell on the far side finds anything to read in it. */
		for (size_t i = dashes + 2; i < n; i++)
			assert_int_equal(strspn(w[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
						"uvwxyz0123456789+/=.-"), strlen(w[i]));
		assert_string_equal(w[n - 2], "-EncodedCommand");
		assert_true(strlen(w[n - 1]) < 3000);	/* cmd.exe takes 8191 */
		assert_int_equal(base64url_decode(&wide, w[n - 1], strlen(w[n - 1])), 0);
		for (size_t i = 0; i < wide.len; i += 2) {
			assert_int_equal(wide.buf[i + 1], 0);
			str_add_char(&text, wide.buf[i]);
		}
		assert_non_null(strstr(str_text(&text), form == SERVER_FORM_GATHER
				       ? "-OutFile '-'" : "-Asked"));
	}
	arena_clear(&arena);
}

static void last_lines(void **unused)
{
	static const struct {
		const char *errors, *line;
	} cases[] = {
		{ "", "" }, { "\n\r\n ", "" }, { "one", "one" }, { "one\ntwo\n", "two" },
		{ "one\r\ntwo\r\n", "two" }, { "\x1b[31mred\n", "\xef\xbf\xbd[31mred" },
		{ "#< CLIXML\r\n<Objs><S S=\"Error\">a &lt;b&gt; &amp;amp;_x000D__x000A_</S>"
		  "<S S=\"Error\">At line:1</S></Objs>", "a <b> &amp;" },
		{ "#< CLIXML\r\n<Objs></Objs>", "" },
		{ "#< CLIXML\r\n<S S=\"Error\">cut _x00", "cut _x00" },
		{ "#< CLIXML\r\n<S S=\"Error\">_x001B_[2J", "\xef\xbf\xbd[2J" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_release) struct str out = { 0 };

		ssh_last_line(cases[i].errors, &out);
		assert_string_equal(str_text(&out), cases[i].line);
		assert_true(utf8_is_clean(str_text(&out), out.len, 0));
	}
}

static void explanations(void **unused)
{
	static const struct {
		int status;
		const char *errors, *what;
	} cases[] = {
		{ 255, "@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n"
		  "Host key verification failed.", "another one than before" },
		{ 255, "No ED25519 host key is known for h.\nHost key verification failed.",
		  "not known here" },
		{ 255, "a@h: Permission denied (publickey).", "refused the sign-in" },
		{ 255, "ssh: connect to host h port 22: Connection refused", "nothing listens" },
		{ 255, "ssh: connect to host h port 22: Connection timed out", "does not answer" },
		{ 255, "ssh: Could not resolve hostname h: Name or service not known",
		  "name is not known" },
		{ 255, "Timeout, server h not responding.", "could not get there" },
		{ 255, "", "could not get there" },
		{ 1, "'powershell.exe' is not recognized as an internal or external command",
		  "no PowerShell" },
		{ 127, "bash: line 1: powershell.exe: command not found", "no PowerShell" },
		{ 1, "the script did not arrive whole", "did not arrive whole" },
		{ 1, "Permission denied", "ended with an error" },
		{ -1, "", "by a signal" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(ssh_explain("connect01", cases[i].status, cases[i].errors, &err),
				 -1);
		if (!strstr(err.msg, cases[i].what) || !str_starts(err.msg, "connect01: "))
			fail_msg("case %zu: %s", i, err.msg);
		assert_true(*err.todo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(nothing_slips_in),
		cmocka_unit_test(words),
		cmocka_unit_test(last_lines),
		cmocka_unit_test(explanations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
