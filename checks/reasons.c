#include "checks/reasons.h"

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* The first that matches counts, so the narrower stands before the wider. */
static const struct reason reasons[] = {
	{ "blocked for 24 hours", "Too many tries: the person is blocked for 24 hours.",
	  "Ask whether it was the person. Wait, or reset the password as an administrator.",
	  CASE_NONE },
	{ "not a member of the password reset users group",
	  "The person is not in the group that may reset.",
	  "Add the person to the group, then wait some minutes.", CASE_NOT_ALLOWED },
	{ "disabled entirely for this tenant", "Password reset is enabled for nobody.",
	  "Step 2 enables it for the group.", CASE_NOT_ALLOWED },
	{ "not enabled for this user", "Password reset is not enabled for the person.",
	  "Add the person to the group, then wait some minutes.", CASE_NOT_ALLOWED },
	{ "does not have a license", "The person has no licence.", "Assign a licence.",
	  CASE_NONE },
	{ "insufficient authentication methods",
	  "The person has not registered enough methods.",
	  "Send the person to https://aka.ms/mysecurityinfo.", CASE_NOT_REGISTERED },
	{ "managed on-premises", "The password lives on-premises and writeback is off.",
	  "Step 4 turns writeback on.", CASE_WRITEBACK },
	{ "could not reach your on-premises",
	  "The server that writes passwords back did not answer.",
	  "On the Connect server: is ADSync running, is port 443 open to the outside, and what "
	  "say the PasswordResetService events 31034, 31044 and 32xxx?",
	  CASE_WRITEBACK },
	{ "problem while resetting the user's on-premises",
	  "Active Directory refused the new password.",
	  "Look for PasswordResetService in the server's Application log: 33008 is the password "
	  "policy or minimum age, 33004 missing rights or a protected account.",
	  CASE_WRITEBACK },
	{ "OnPremisesPolicyViolation",
	  "The new password breaks a rule of the on-premises directory.",
	  "Tell the person the password rules; look at the minimum password age (event 33008).",
	  CASE_WRITEBACK },
	{ "OnPremisesSuccessCloudFailure",
	  "The password was changed on-premises, the cloud did not take it over.",
	  "Let the person sign in with the new password; look at password hash sync.",
	  CASE_WRITEBACK },
	{ "OnPremisesAdminActionRequired",
	  "The server that writes passwords back needs an administrator.",
	  "Look for PasswordResetService in the server's Application log.", CASE_WRITEBACK },
	{ "FuzzyPolicy", "The new password is on the list of banned passwords.",
	  "Tell the person to choose a password without common words.", CASE_NONE },
	{ "without cookies", "The browser refuses cookies.",
	  "Allow cookies, or use another browser.", CASE_NONE },
	{ "cancelled before passing", "The person gave up before proving who they are.", "",
	  CASE_NONE },
	{ "cancelled before submitting", "The person gave up before the new password.", "",
	  CASE_NONE },
	{ "abandoned", "The person left the page half way.", "", CASE_NONE },
	{ "contacted an admin", "The person asked an administrator instead.",
	  "See which method the person could not use.", CASE_NONE },
};

const struct reason *reason_find(const char *text)
{
	for (size_t i = 0; text && i < COUNT_OF(reasons); i++)
		if (str_find_nocase(text, reasons[i].part))
			return &reasons[i];
	return NULL;
}

/* The headings of runbook.md, "Troubleshooting". */
const char *runbook_case_title(enum runbook_case c)
{
	static const char *const titles[] = {
		[CASE_WRITEBACK] = "Password Writeback Failed",
		[CASE_NOT_ALLOWED] = "User Not Allowed to Reset Password",
		[CASE_NOT_REGISTERED] = "User Not Registered for Authentication",
		[CASE_ADMIN] = "Administrator Reset Fails",
	};

	return (size_t)c < COUNT_OF(titles) ? titles[c] : NULL;
}
