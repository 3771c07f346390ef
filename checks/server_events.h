#ifndef CHECKS_SERVER_EVENTS_H
#define CHECKS_SERVER_EVENTS_H

#include <stddef.h>

/*
 * The events of writeback in the Application log of the Entra Connect server:
 * what they mean and what to do (facts on-premises.md 2.4). Constant.
 */
enum event_sign {
	SIGN_WELL,	/* proves that a part works */
	SIGN_NEUTRAL,	/* tells that something began or happened */
	SIGN_ONCE,	/* a failure of one attempt, for a reason of its own */
	SIGN_BROKEN,	/* a part of the path does not work */
};

#define SOURCE_PASSWORD_RESET "PasswordResetService"
#define SOURCE_ADSYNC "ADSync"

struct server_event {
	const char *source;	/* SOURCE_PASSWORD_RESET or SOURCE_ADSYNC */
	int id;
	const char *name;	/* as Microsoft calls it; "" if it has none */
	enum event_sign sign;
	const char *meaning;	/* a sentence */
	const char *remedy;	/* a sentence; "" when there is nothing to do */
};

extern const struct server_event server_events[];
extern const size_t nserver_events;

/* NULL when the id is not in Microsoft's table. */
const struct server_event *server_event_find(const char *source, int id);

/* What a message tells beyond its id ("remote certificate is invalid"): a
 * sentence with the remedy, or NULL. The message is hostile text, only searched. */
const char *server_event_hint(const char *message);

#endif
