/* What was read, kept for later: --save-facts and --from-facts. */
#include <stdlib.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

#define FACTS_MAX (64u << 20)

static int load(struct headless *h, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	CLEANUP(json_free_ptr) struct json *doc = NULL;
	const char *cloud = h->setup.cloud.name;

	if (file_read(h->o->from_facts, FACTS_MAX, &text, err) < 0)
		return -1;
	doc = json_parse(str_text(&text), text.len, err);
	if (!doc || recording_read(doc, &h->recording, err) < 0)
		return err_wrap(err, "%s", h->o->from_facts);
	if (str_same(cloud, h->recording.cloud))
		return 0;
	err_set(err, ERR_INVALID, 0, "%s was saved from the cloud %s", h->o->from_facts,
		h->recording.cloud);
	return err_todo(err, "Add --cloud %s.", h->recording.cloud);
}

int headless_load_facts(struct headless *h)
{
	struct err err = ERR_INIT;

	if (load(h, &err) < 0) {
		recording_release(&h->recording);
		return headless_fail(&err);
	}
	clock_set_virtual(h->recording.saved_ms);
	return EXIT_WELL;
}

int headless_save_facts(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	CLEANUP(json_free_ptr) struct json *doc = NULL;
	struct err err = ERR_INIT;

	free(h->recording.cloud);
	h->recording.cloud = xstrdup(h->setup.cloud.name);
	doc = recording_json(&h->recording);
	json_print_pretty(doc, &text);
	str_add_char(&text, '\n');
	if (text.overflow)
		err_set(&err, ERR_LIMIT, 0, "what was read is more than %u MiB to keep",
			FACTS_MAX >> 20);
	else if (file_write(h->o->save_facts, str_text(&text), text.len, &err) == 0)
		return EXIT_WELL;
	headless_fail(&err);
	return EXIT_CANNOT;
}
