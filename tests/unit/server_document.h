#ifndef TESTS_UNIT_SERVER_DOCUMENT_H
#define TESTS_UNIT_SERVER_DOCUMENT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/json.h"
#include "graph/base/mem.h"

/* A document of a server on which all is well, and how to spoil it. */
#define SERVER_NOW "2026-11-25T10:00:00Z"
#define SERVER_NONCE "90d8c88e-7922-42ea-abb4-ce3c673c7973"
#define SERVER_TENANT "f64a78f7-c2fe-4f77-8e12-5385f4ac5093"

#define PROBE(host, port) "{\"host\":\"" host "\",\"port\":" port ",\"answered\":true," \
	"\"error\":null,\"purpose\":\"sign-in\",\"issuer\":\"CN=X, O=DigiCert Inc, C=US\"}"
#define CONTROLLER(port, answered) "{\"host\":\"dc1.contoso.com\",\"port\":" port \
	",\"answered\":" answered ",\"error\":null}"
#define RELAY(answered, issuer, status) "[{\"host\":\"ns1.servicebus.windows.net\"," \
	"\"port\":443,\"answered\":" answered ",\"error\":null,\"purpose\":\"relay\"," \
	"\"issuer\":\"" issuer "\",\"own\":true,\"status\":" status ",\"sockets\":1}]"
#define MICROSOFT "CN=Microsoft TLS G2 RSA CA OCSP 02, O=Microsoft Corporation, C=US"
#define EVENT(source, id, last, message) "{\"source\":\"" source "\",\"id\":" id \
	",\"count\":3,\"first\":\"2026-11-20T10:00:00Z\",\"last\":\"" last \
	"\",\"messages\":[\"" message "\"]}"
#define PRS "PasswordResetService"
#define LATE "2026-11-25T09:59:00Z"

static const char healthy_server[] =
	"{\"schema\":\"sspr-wizard-server/1\",\"scriptVersion\":\"0.1.0\","
	"\"nonce\":\"" SERVER_NONCE "\",\"tenant\":\"" SERVER_TENANT "\",\"cloud\":\"global\","
	"\"computer\":\"SYNC01\",\"collectedAtUtc\":\"" SERVER_NOW "\",\"days\":7,\"facts\":{"
	"\"clock\":{\"value\":{\"skewSeconds\":2},\"error\":null},"
	"\"version\":{\"value\":\"2.6.84.0\",\"error\":null},"
	"\"services\":{\"value\":[{\"name\":\"ADSync\",\"status\":\"Running\"}],\"error\":null},"
	"\"scheduler\":{\"value\":{\"StagingModeEnabled\":false,\"SyncCycleEnabled\":true,"
	"\"SchedulerSuspended\":false,\"MaintenanceEnabled\":true},\"error\":null},"
	"\"connectors\":{\"value\":[{\"name\":\"contoso.onmicrosoft.com - AAD\",\"identifier\":"
	"\"b891884f-051e-4a83-95af-2544101c9083\"}],\"error\":null},"
	"\"writeback\":{\"value\":{\"Enabled\":true},\"error\":null},"
	"\"events\":{\"value\":["
	EVENT(PRS, "31019", "2026-11-25T09:57:00Z", "") ","
	EVENT(PRS, "31002", "2026-11-24T09:57:00Z", "") ","
	EVENT(PRS, "31015", "2026-11-20T10:00:00Z", "") "],\"error\":null},"
	"\"relay\":{\"value\":" RELAY("true", MICROSOFT, "401") ",\"error\":null},"
	"\"endpoints\":{\"value\":[" PROBE("login.microsoftonline.com", "443") "],\"error\":null},"
	"\"controllers\":{\"value\":[" CONTROLLER("389", "true") "," CONTROLLER("445", "true") ","
	CONTROLLER("3268", "true") "],\"error\":null},"
	"\"tls\":{\"value\":[{\"key\":\"A\\\\Client\",\"name\":\"Enabled\",\"value\":null},"
	"{\"key\":\"B\",\"name\":\"Release\",\"value\":\"528449\"}],\"error\":null},"
	"\"sam\":{\"value\":null,\"error\":null},"
	"\"accounts\":{\"value\":[{\"name\":\"CONTOSO.COM\\\\MSOL_0123456789ab\","
	"\"sid\":\"S-1-5-21-1-2-3-1103\",\"groups\":[\"S-1-5-21-1-2-3-513\"]}],\"error\":null},"
	"\"domains\":{\"value\":[{\"distinguishedName\":\"DC=contoso,DC=com\","
	"\"name\":\"contoso.com\",\"minPwdAge\":0,\"descriptor\":null}],\"error\":null},"
	"\"pilots\":{\"value\":[],\"error\":null},"
	"\"controls\":{\"value\":[\"1.2.840.113556.1.4.2239\"],\"error\":null}}}";

static inline struct json *server_json(const char *text)
{
	struct err err = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &err);

	if (!j) {
		fprintf(stderr, "%s: %s\n", text, err.msg);
		abort();
	}
	return j;
}

/* "NAME" sets the value of a fact, "+events" adds an event, "-events" takes the
 * id away, "!NAME" makes the fact fail with that error. */
static inline void server_spoil(struct json *document, const char *what, const char *value)
{
	struct json *facts = json_get_mutable(document, "facts"), *list, *fact;

	list = json_get_mutable(json_get_mutable(facts, "events"), "value");
	if (!strcmp(what, "+events")) {
		json_append(list, server_json(value));
	} else if (!strcmp(what, "-events")) {
		for (struct json *j = json_first_mutable(list); j; j = json_next_mutable(j))
			if (json_int(j, "id", 0) == strtol(value, NULL, 10)) {
				json_remove_child(list, j);
				break;
			}
	} else {
		fact = json_new_object();
		if (*what == '!') {
			json_add_null(fact, "value");
			json_add_string(fact, "error", value);
			what++;
		} else {
			json_add(fact, "value", server_json(value));
			json_add_null(fact, "error");
		}
		json_set(facts, what, fact);
	}
}

#endif
