/* What the help desk tells a person, from what was found of them. */
#include "checks/diagnose.h"

#include "checks/judge.h"
#include "graph/base/mem.h"

enum runbook_case diagnose_case(const struct finding *one)
{
	static const struct {
		const char *id;
		enum runbook_case runbook;
	} cases[] = {
		{ "diagnose.writeback", CASE_WRITEBACK },
		{ "diagnose.group", CASE_NOT_ALLOWED },
		{ "diagnose.registered", CASE_NOT_REGISTERED },
		{ "diagnose.admin", CASE_ADMIN },
	};
	const struct reason *r;

	if (one->verdict != VERDICT_FAIL && one->verdict != VERDICT_WARN)
		return CASE_NONE;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (str_same(one->id, cases[i].id))
			return cases[i].runbook;
	r = str_same(one->id, "diagnose.events") ? reason_find(one->summary) : NULL;
	return r ? r->runbook : CASE_NONE;
}

/* Facts graph.md 9. */
const char *reset_page(const struct facts *f)
{
	if (str_same(f->cloud, "usgov") || str_same(f->cloud, "dod"))
		return "https://passwordreset.microsoftonline.us";
	if (str_same(f->cloud, "china"))
		return "https://passwordreset.activedirectory.windowsazure.cn";
	return "https://aka.ms/sspr";
}

/* A cause in words for the person, who knows nothing of groups and servers. */
static const struct {
	const char *id, *text;
} told[] = {
	{ "diagnose.group", "Password reset is not switched on for your account yet. We will do "
	  "that; you can try again some minutes after we tell you." },
	{ "diagnose.registered", "You have not registered enough ways to prove who you are. "
	  "While you can still sign in, open https://aka.ms/mysecurityinfo and add Microsoft "
	  "Authenticator and a phone number or an e-mail address. If you cannot sign in any "
	  "more, come to the help desk." },
	{ "diagnose.allowed", "What you registered to prove who you are cannot be used for a "
	  "reset. Please open https://aka.ms/mysecurityinfo and add Microsoft Authenticator." },
	{ "diagnose.registration-policy", "You may only register from our network or from a "
	  "managed device." },
	{ "diagnose.admin", "As an administrator you need two registered ways to prove who you "
	  "are, and security questions do not count. Another administrator can reset your "
	  "password meanwhile." },
	{ "diagnose.writeback", "The new password cannot be written to our own directory at "
	  "present. We are looking at the server; until then the help desk resets your "
	  "password." },
};

static const char *account_text(const struct person *p)
{
	if (p->type == USER_GUEST)
		return "Your password belongs to your own organisation: please reset it there.";
	return "Your account is disabled. Please ask your manager or the help desk.";
}

static const char *event_text(const struct finding *one)
{
	if (one->verdict == VERDICT_FAIL)
		return "There were too many tries, so password reset is blocked for your account "
		       "for up to 24 hours. If that was not you, tell the help desk at once.";
	return NULL;
}

static const char *text_for(const struct person *p, const struct finding *one)
{
	if (str_same(one->id, "diagnose.account"))
		return account_text(p);
	if (str_same(one->id, "diagnose.events"))
		return event_text(one);
	for (size_t i = 0; i < COUNT_OF(told); i++)
		if (str_same(one->id, told[i].id))
			return told[i].text;
	return NULL;
}

const char *diagnose_message(const struct facts *f, const struct person *p, enum tri can,
			     const struct findings *findings, struct arena *arena)
{
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, "Hello %s,\n\n", p->display_name ? p->display_name : person_label(p));
	if (can == TRI_YES)
		str_addf(&text, "You can reset your password yourself at %s.\n", reset_page(f));
	else if (can == TRI_UNKNOWN)
		str_add(&text, "We are still looking at why your password reset does not work.\n");
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *one = &findings->v[i];
		const char *line = NULL;

		/* To one who can, a warning is of no use. */
		if (one->verdict == VERDICT_FAIL ||
		    (one->verdict == VERDICT_WARN && can != TRI_YES))
			line = text_for(p, one);
		if (line)
			str_addf(&text, "%s\n", line);
	}
	if (can == TRI_NO && p->type != USER_GUEST && p->enabled != TRI_NO)
		str_addf(&text, "Afterwards you can reset your password at %s.\n",
			 reset_page(f));
	return arena_strdup(arena, str_text(&text));
}
