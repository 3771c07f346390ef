#ifndef CHECKS_PASS_H
#define CHECKS_PASS_H

#include "checks/facts.h"

/*
 * The Temporary Access Pass: how somebody without any method gets in to register
 * (Microsoft Learn, "Configure Temporary Access Pass"; facts graph.md 5.3 and 9).
 * It is no method of password reset.
 */

/* Whether the pilot may use a pass, by the methods policy. */
enum tri pass_usable(const struct facts *f);
/* "on, for everybody", "on, for the pilot group", "on, for other groups", "on, not for
 * the pilot group", "off". Constant; the policy was read. */
const char *pass_whom(const struct facts *f);
/* "60 minutes (10 to 120 may be chosen), one use, 8 characters", as far as it was
 * read; "" when nothing was. */
const char *pass_settings(const struct facts *f, struct arena *arena);
/* Whether somebody without a method can begin, a sentence. needs: the policy that
 * wants MFA of them, or NULL. */
const char *pass_summary(const struct facts *f, const char *needs, struct arena *arena);
/* What to change and where; "" when the pilot may use a pass. */
const char *pass_remedy(const struct facts *f);
/* Who gives a pass, what it does in this tenant, and what it does not; sentences. */
const char *pass_handling(const struct facts *f);

#define PASS_PLACE "Entra ID > Authentication methods > Policies > Temporary Access Pass"

#endif
