#ifndef CHECKS_SETTINGS_H
#define CHECKS_SETTINGS_H

#include "checks/facts.h"
#include "checks/voices.h"

/* Inside the judging of settings without an API (scope.c, settings.c). */

/* "All" or "2" -> SCOPE_ALL; SCOPE_UNKNOWN for anything else and NULL. */
enum scope scope_of_text(const char *text);
/* As setting_judge("scope"). */
const char *scope_value(const struct facts *f, enum confidence *ret_confidence,
			const char **ret_how, int64_t *ret_time_ms, struct arena *arena);
/* Adds what the registration report tells of the scope. */
void hear_scope_report(const struct facts *f, struct voices *all, struct arena *arena);
/* Adds the newest event of a setting; value is its new value as we call it. */
void hear_event(struct voices *all, const struct policy_value *v, const char *value,
		struct arena *arena);
/* Adds what a person has said of the setting, if anybody has and it stands. */
void hear_word(const struct facts *f, const char *setting, struct voices *all,
	       struct arena *arena);

#endif
