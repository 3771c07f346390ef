#include "checks/invitation.h"

#include "graph/base/mem.h"

#define REGISTER_AT "https://aka.ms/mysecurityinfo"
#define NAMED_MOST 200		/* in a body; a CSV has everybody */

/* Where and how registering works, if a policy stands in the way of it. */
static const char *trap_hint(const struct readiness *r)
{
	switch (r->trap) {
	case TRAP_METHOD:
		return "If you are asked to confirm who you are and have nothing to confirm it "
		       "with, ask the help desk for a Temporary Access Pass: a code that lets you "
		       "in to register.\n\n";
	case TRAP_DEVICE:
		return "Please do it on your work computer: it does not work on a device of your "
		       "own.\n\n";
	case TRAP_PLACE:
		return "Please do it at your workplace: it does not work from elsewhere.\n\n";
	case TRAP_NONE:
	case TRAP_STRONG_METHOD:
	case TRAP_BLOCKED:
		break;
	}
	return "";
}

static void add_help(const struct readiness *r, struct str *out)
{
	if (r->help_desk)
		str_addf(out, "\nQuestions? %s\n", r->help_desk);
}

static void add_register(const struct readiness *r, enum gap g, struct str *out)
{
	static const struct {
		enum gap gap;
		const char *opening;
	} openings[] = {
		{ GAP_UNREGISTERED, "Soon you will be able to set a new password yourself when "
		  "you have forgotten it, at any hour and without the help desk. For that we have "
		  "to know how you prove that it is you." },
		{ GAP_TOO_FEW, "You have begun to register how you prove that it is you, for the "
		  "day when you forget your password. One way more is needed." },
		{ GAP_NOT_ALLOWED, "You have registered how you prove that it is you, but what you "
		  "registered cannot be used to set a new password. Please add another way." },
		{ GAP_ADMIN_GATES, "As an administrator you need two different ways to prove that "
		  "it is you before you can set a new password yourself; security questions do "
		  "not count. You have too few of them." },
	};

	for (size_t i = 0; i < COUNT_OF(openings); i++)
		if (openings[i].gap == g)
			str_addf(out, "Hello,\n\n%s\n\n", openings[i].opening);
	str_addf(out, "Please open %s today, while you know your password, and add %s. It takes "
		 "five minutes.\n\n", REGISTER_AT, g == GAP_NOT_ALLOWED
		 ? "Microsoft Authenticator" : g == GAP_TOO_FEW
		 ? "what you do not have there yet: Microsoft Authenticator, a phone number, or an "
		   "e-mail address that is not your work address"
		 : "Microsoft Authenticator and a phone number or an e-mail address that is not "
		   "your work address");
	str_add(out, trap_hint(r));
	str_add(out, "We never ask for your password or for a code. If somebody does, it is not "
		"us.\n");
	add_help(r, out);
}

static void add_ready(const struct readiness *r, struct str *out)
{
	str_addf(out, "Hello,\n\nyou are set up to set a new password yourself when you have "
		 "forgotten it. As soon as we have switched it on, open %s, or choose \"Can't "
		 "access your account?\" where you sign in, and follow the questions.\n\n"
		 "Should your phone be lost or your number change, change it in good time at "
		 REGISTER_AT ".\n", r->reset_page);
	add_help(r, out);
}

static void add_blocked(const struct readiness *r, struct str *out)
{
	str_add(out, "Hello,\n\nthere were too many tries to set a new password for your account, "
		"so that is blocked for up to 24 hours.\n\nIf it was you: wait until tomorrow, or "
		"let the help desk set a password. If it was not you: tell the help desk at once, "
		"since somebody else is trying.\n");
	add_help(r, out);
}

/* To the person about the gap that matters first; to others about everybody who has
 * it, so that they do it once. */
static bool concerns(const struct ready_person *p, enum gap g)
{
	return str_same(gap_words(g)->whom, "the person") ? p->gap == g
							   : (p->gaps & GAP_BIT(g)) != 0;
}

static size_t concerned(const struct readiness *r, enum gap g)
{
	return str_same(gap_words(g)->whom, "the person") ? r->by_gap[g] : r->with_gap[g];
}

/* Texts to somebody else end in the people that they are about. */
static void add_people(const struct readiness *r, enum gap g, struct str *out)
{
	size_t named = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (!concerns(&r->v[i], g))
			continue;
		if (named++ < NAMED_MOST)
			str_addf(out, "  %s <%s>\n", r->v[i].name, r->v[i].upn);
	}
	if (named > NAMED_MOST)
		str_addf(out, "  and %zu more\n", named - NAMED_MOST);
}

static const struct {
	enum gap gap;
	const char *subject, *text;	/* text: NULL where a function writes the body */
} texts[] = {
	{ GAP_UNREGISTERED, "Please register, so that you can reset your password yourself",
	  NULL },
	{ GAP_TOO_FEW, "One step is missing before you can reset your password yourself", NULL },
	{ GAP_NOT_ALLOWED, "Please add another way to prove that it is you", NULL },
	{ GAP_ADMIN_GATES, "Administrators need two ways to prove that it is them", NULL },
	{ GAP_BLOCKED, "Too many tries to reset your password: was it you?", NULL },
	{ GAP_LICENCE, "Licences for the pilot of password reset",
	  "Hello,\n\nthese people are to reset their password themselves and have no licence that "
	  "covers it. Please assign each Microsoft Entra ID P1 or P2, or a suite that has it, and "
	  "tell us when it is done.\n\n" },
	{ GAP_DISABLED, "Are these accounts still needed?",
	  "Hello,\n\nthese accounts are in the pilot of password reset and are disabled. Please say "
	  "for each whether it is still needed: then we enable it; else we take it out of the "
	  "group.\n\n" },
	{ GAP_GUEST, "Guests in the pilot group of password reset",
	  "Hello,\n\nthese guests are in the pilot group. A guest's password is reset where the "
	  "guest comes from, so please take them out of the group.\n\n" },
	{ GAP_ADMINS_OFF, "Administrators in the pilot of password reset",
	  "Hello,\n\nthese members of the pilot are administrators, and administrators may not "
	  "reset their own password in our tenant. Please let them, or name other people for the "
	  "pilot.\n\n" },
	{ GAP_WRITEBACK_OFF, "Password writeback is needed before the pilot begins",
	  "Hello,\n\npassword writeback is off. Until it is on, these people, whose accounts come "
	  "from our own directory, cannot reset their password in the cloud. Please turn it on in "
	  "Microsoft Entra Connect and tell us.\n\n" },
	{ GAP_NONE, "You will be able to reset your password yourself", NULL },
};

static const char *body_of(const struct readiness *r, size_t i, struct arena *arena)
{
	CLEANUP(str_release) struct str text = { 0 };
	enum gap g = texts[i].gap;

	if (texts[i].text) {
		str_add(&text, texts[i].text);
		add_people(r, g, &text);
	} else if (g == GAP_NONE) {
		add_ready(r, &text);
	} else if (g == GAP_BLOCKED) {
		add_blocked(r, &text);
	} else {
		add_register(r, g, &text);
	}
	return arena_strdup(arena, str_text(&text));
}

/* An invitation that nobody can follow does harm. */
static const char *warning_of(const struct readiness *r, enum gap g, struct arena *arena)
{
	bool registers = g == GAP_UNREGISTERED || g == GAP_TOO_FEW || g == GAP_NOT_ALLOWED ||
			 g == GAP_ADMIN_GATES;
	bool nothing_helps = r->trap == TRAP_BLOCKED || r->trap == TRAP_STRONG_METHOD ||
			     (r->trap == TRAP_METHOD && r->pass == TRI_NO);

	if (registers && r->trap_policy && nothing_helps)
		return arena_printf(arena, "Do not send this yet: the policy %s %s. %s",
				    r->trap_policy, r->trap_effect, r->trap_way_out);
	if (g == GAP_NONE && r->decision != DECISION_GO)
		return "Send this when the pilot begins, not before: it is not a \"go\" yet.";
	return NULL;
}

size_t invitations(const struct readiness *r, const struct invitation **ret,
		   struct arena *arena)
{
	struct invitation *v = arena_alloc(arena, COUNT_OF(texts) * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		enum gap g = texts[i].gap;

		if (concerned(r, g))
			v[n++] = (struct invitation){
				.gap = g, .people = concerned(r, g), .whom = gap_words(g)->whom,
				.subject = texts[i].subject, .body = body_of(r, i, arena),
				.warning = warning_of(r, g, arena),
			};
	}
	*ret = v;
	return n;
}

void invitation_text(const struct invitation *i, struct str *out)
{
	str_addf(out, "%s\n\n%s", i->subject, i->body);
}

void invitations_document(const struct readiness *r, struct str *out)
{
	struct arena arena = { 0 };
	const struct invitation *v;
	size_t n = invitations(r, &v, &arena);

	str_addf(out, "Password reset, %s: what to write to whom\n%s\n", r->of, r->why);
	for (size_t i = 0; i < n; i++) {
		bool to_them = str_same(v[i].whom, "the person");

		str_addf(out, "\n%s\nGap: %s\nPeople: %zu\nTo: %s\nSubject: %s\n",
			 "----------------------------------------------------------------------",
			 gap_words(v[i].gap)->title, v[i].people, v[i].whom, v[i].subject);
		if (v[i].warning)
			str_addf(out, "WARNING: %s\n", v[i].warning);
		str_addf(out, "\n%s", v[i].body);
		if (to_them)
			str_add(out, "\nAddresses:\n");
		for (size_t k = 0; to_them && k < r->n; k++)
			if (r->v[k].gap == v[i].gap)
				str_addf(out, "%s\n", r->v[k].address);
	}
	arena_clear(&arena);
}
