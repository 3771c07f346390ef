/* The words of each gap, for the operator and for whoever can close it. */
#include "checks/readiness.h"

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define REGISTER_AT "https://aka.ms/mysecurityinfo"
#define PERSON "the person"
#define OPERATOR "you"

static const struct gap_words words[GAP_COUNT] = {
	[GAP_NONE] = { "ready", "ready", "", PERSON, "" },
	[GAP_GUEST] = {
		"guest", "guest",
		"Take the guest out of the group: a guest's password is reset where the guest "
		"comes from.", "who owns the group",
		"Please take this guest out of the pilot group." },
	[GAP_DISABLED] = {
		"disabled", "account disabled",
		"Enable the account if it is still needed, else take it out of the group.",
		"who owns the account",
		"Please say whether this disabled account is still needed." },
	[GAP_ADMINS_OFF] = {
		"admins-off", "admins may not reset",
		"Let administrators reset (step 5), or pilot with ordinary accounts.",
		OPERATOR, "Please let administrators reset their own password." },
	[GAP_ADMIN_GATES] = {
		"admin-gates", "admin, too few gates",
		"Ask the administrator to register two of app, phone and e-mail at "
		REGISTER_AT ".", PERSON,
		"Please register Microsoft Authenticator and a phone number or an e-mail address "
		"at " REGISTER_AT ": administrators need two." },
	[GAP_UNREGISTERED] = {
		"unregistered", "not registered",
		"Send the invitation to register.", PERSON,
		"Please register Microsoft Authenticator and a phone number or an e-mail address "
		"at " REGISTER_AT "." },
	[GAP_TOO_FEW] = {
		"too-few", "too few methods",
		"Ask for one more method at " REGISTER_AT ".", PERSON,
		"Please add one more method at " REGISTER_AT ": what you registered is not "
		"enough yet." },
	[GAP_NOT_ALLOWED] = {
		"not-allowed", "method not allowed",
		"Allow for the group what the person registered (step 3), or ask for another "
		"method.", PERSON,
		"Please add Microsoft Authenticator at " REGISTER_AT ": what you registered "
		"cannot be used for a reset." },
	[GAP_BLOCKED] = {
		"blocked", "blocked for 24 hours",
		"Ask whether it was the person, and wait, or reset the password for them.", PERSON,
		"Please tell the help desk whether it was you who tried to reset the password "
		"too often." },
	[GAP_WRITEBACK_OFF] = {
		"writeback-off", "writeback off",
		"Turn writeback on before the person is enabled (step 4).",
		"who runs the Connect server",
		"Please turn on password writeback." },
	[GAP_LICENCE] = {
		"licence", "no licence",
		"Assign P1 or P2, or a suite that has it, or take the person out of the group.",
		"who assigns licences",
		"Please assign this person Microsoft Entra ID P1 or P2." },
	[GAP_NO_ROW] = {
		"not-in-report", "not in the report yet",
		"Wait some hours: Microsoft's report lists new accounts late.", OPERATOR, "" },
	[GAP_REPORT_UNREAD] = {
		"report-unread", "report not read",
		"Let the registration report be read: AuditLog.Read.All, and a role such as "
		"Reports Reader.", OPERATOR, "" },
	[GAP_ACCOUNT_UNREAD] = {
		"account-unread", "account not shown",
		"Grant User.Read.All, so that accounts are shown.", OPERATOR, "" },
	[GAP_LICENCE_UNKNOWN] = {
		"licence-unknown", "licence not known",
		"See in the admin centre which plans the person has.", OPERATOR, "" },
	[GAP_WRITEBACK_UNPROVED] = {
		"writeback-unproved", "writeback not proved",
		"Prove writeback with the live test (step 4).", OPERATOR, "" },
};

const struct gap_words *gap_words(enum gap g)
{
	return &words[g];
}

enum gap gap_by_id(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_same(words[i].id, id))
			return (enum gap)i;
	return GAP_COUNT;
}

const char *ready_name(enum ready r)
{
	static const char *const names[] = {
		[READY_NO] = "gap", [READY_UNKNOWN] = "unknown", [READY_LEFT_OUT] = "left-out",
		[READY_YES] = "ready",
	};

	return names[r];
}

const char *decision_name(enum decision d)
{
	static const char *const names[] = {
		[DECISION_GO] = "go", [DECISION_NO_GO] = "no-go",
		[DECISION_UNKNOWN] = "cannot-tell",
	};

	return names[d];
}

const char *readiness_also(const struct ready_person *p, struct arena *arena)
{
	CLEANUP(str_release) struct str text = { 0 };

	for (unsigned g = p->gap + 1; g < GAP_COUNT; g++)
		if (p->gaps & GAP_BIT(g))
			str_addf(&text, "%s%s", text.len ? ", " : "", words[g].title);
	return arena_strdup(arena, str_text(&text));
}

const char *readiness_remedy(const struct readiness *r, const struct ready_person *p,
			     struct arena *arena)
{
	const char *remedy = words[p->gap].remedy;
	char when[TIME_TEXT];

	if (p->gap == GAP_BLOCKED)
		return arena_printf(arena, "%s It ends at %s.", remedy,
				    time_format(p->blocked_until_ms, when));
	if ((p->gap == GAP_UNREGISTERED || p->gap == GAP_ADMIN_GATES) && r->trap_policy)
		return arena_printf(arena, "%s But the policy %s %s. %s", remedy, r->trap_policy,
				    r->trap_effect, r->trap_way_out);
	return remedy;
}
