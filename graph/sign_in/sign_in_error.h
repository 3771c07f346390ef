#ifndef GRAPH_SIGN_IN_SIGN_IN_ERROR_H
#define GRAPH_SIGN_IN_SIGN_IN_ERROR_H

#include "graph/base/err.h"
#include "graph/base/json.h"

/*
 * Turns a refusal of the sign-in service into *err: ERR_AUTH, graph_code
 * "AADSTS7000215", the trace id as request id, what it means in plain words
 * and what to do. answer may be NULL (nothing readable came). Source: facts
 * sign-in-and-transport.md 7.
 */
void sign_in_error(struct err *err, int status, const struct json *answer);

/* After sign_in_error(): where consent is missing, adds the address at which an
 * administrator gives it (facts sign-in-and-transport.md 4.3). */
void sign_in_error_consent(struct err *err, const char *token_url, const char *client_id);

#endif
