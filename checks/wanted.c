#include "checks/wanted.h"

#include <string.h>

#include "graph/base/str.h"

/* The values are the runbook's (runbook.md, steps 1 to 7); the hours are ours
 * (facts graph.md 2.7), and so are the percentages (DESIGN.md 5): with four of five
 * ready a pilot tells something, and the fifth can be asked one by one. */
void wanted_runbook(struct wanted *w)
{
	memset(w, 0, sizeof(*w));
	w->baseline = "runbook";
	w->group_name = "SSPR-Enabled-Users";
	w->scope = SCOPE_SELECTED;
	w->method[METHOD_AUTHENTICATOR] = true;
	w->method[METHOD_SMS] = true;
	w->method[METHOD_EMAIL] = true;
	w->methods_required = 1;
	w->writeback = true;
	w->admins_may_reset = true;
	w->notify_users = true;
	w->notify_admins = true;
	w->reconfirm_days = -1;
	w->sync_warn_hours = 3;
	w->sync_fail_hours = 24;
	w->registered_percent = 80;
	w->ready_percent = 80;
}

int group_name_check(const char *name, struct err *err)
{
	size_t n = 0;

	for (const char *p = name; *p; p++)
		n += ((unsigned char)*p & 0xC0) != 0x80;
	if (n > GROUP_NAME_MAX) {
		err_set(err, ERR_INVALID, 0, "the name of the group has %zu characters", n);
		return err_todo(err, "Entra takes %d at most.", GROUP_NAME_MAX);
	}
	if (!name[strspn(name, " ")])
		return err_set(err, ERR_INVALID, 0, "the name of the group is blank");
	return 0;
}

bool helpdesk_is_fit(const char *text)
{
	const char *at = strchr(text, '@');
	size_t n = strlen(text);

	if (n > 255 || strpbrk(text, " \"<>"))
		return false;
	if (str_same(text, HELPDESK_NONE))
		return true;
	if (str_starts(text, "https://"))
		return n > strlen("https://");
	return at && at > text && at[1] && !strpbrk(text, ":/");
}
