/* Random keys, clicks and sizes into the model over the demo tenant. What must
 * hold whatever is pressed: no write without a yes, every cell sound, Escape
 * always leads back. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/utf8.h"
#include "tui/dump.h"

#define EVENTS 1500

static uint32_t seed;

static uint32_t dice(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

static uint32_t random_key(const struct app *a, bool may_consent)
{
	static const uint32_t keys[] = {
		K_UP, K_DOWN, K_LEFT, K_RIGHT, K_ENTER, K_ENTER, K_ESC, K_TAB, K_BACKTAB,
		K_PAGE_UP, K_PAGE_DOWN, K_HOME, K_END, K_BACKSPACE, K_DELETE, K_F1, K_F2, 'a',
		'g', 'p', 'n', 'b', 'e', 'r', 'f', 'h', 'x', 'u', 'c', 'i', 'd', '/', ':', '?',
		'm', 'o', 't', 'w', 'q', 0x65E5, 0x301, K_CTRL('o'), K_CTRL('l'), K_CTRL('z'), K_CTRL('w'), K_DOWN,
	};

	if (may_consent && app_top(a) == &screen_confirm && dice(2))
		return 'y';
	/* No file of whatever name is left about. */
	if (app_top(a) == &screen_save || app_top(a) == &screen_report)
		return K_ESC;
	/* Home often enough, for that is where things are done. */
	if (app_top(a) == &screen_board && dice(5) == 0)
		return 'a';
	if (a->depth > 2 && dice(5) == 0)
		return K_ESC;
	return keys[dice(sizeof(keys) / sizeof(keys[0]))];
}

static void check_cells(const struct grid *g)
{
	for (int y = 0; y < g->h; y++) {
		const struct cell *row = &g->cells[(size_t)y * (size_t)g->w];

		for (int x = 0; x < g->w; x++) {
			assert_true(row[x].cp >= ' ' && row[x].role < ROLE_COUNT);
			if (row[x].width == 2)
				assert_true(x + 1 < g->w && row[x + 1].width == 0);
			if (row[x].width == 0)
				assert_true(x > 0 && row[x - 1].width == 2);
			if (row[x].width)
				assert_int_equal(utf8_char_width(row[x].cp), row[x].width);
		}
	}
	assert_true(g->cursor_x < g->w && g->cursor_y < g->h);
}

static void one_event(struct app *a, bool may_consent)
{
	struct input e = { .kind = INPUT_KEY, .key = random_key(a, may_consent) };

	/* Without a yes: focus on "Yes" never lasts until Enter. */
	if (!may_consent && app_top(a) == &screen_confirm)
		a->confirm.focus_yes = false;
	switch (dice(16)) {
	case 0:
		e = (struct input){ .kind = INPUT_SIZE, .w = 40 + (int)dice(120),
				    .h = 10 + (int)dice(50) };
		break;
	case 1:
		/* A click on "Yes" is a yes. */
		if (!may_consent && app_top(a) == &screen_confirm)
			break;
		e = (struct input){ .kind = INPUT_MOUSE,
				    .mouse = { .x = (int)dice(160), .y = (int)dice(60),
					       .press = dice(2), .wheel_up = dice(2) } };
		break;
	case 2:
		e = (struct input){ .kind = INPUT_PASTE, .paste = "a@b.example\nc@d.example" };
		break;
	default:
		break;
	}
	app_update(a, &e);
}

/* Returns how many writes there were. */
static size_t run_monkey(uint32_t start, const char *scenario, bool may_consent)
{
	struct options o = { .command = COMMAND_WIZARD, .demo = scenario };
	struct err err = ERR_INIT;
	size_t writes = 0;
	struct app a;

	seed = start;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), dice(2));
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	for (int i = 0; i < EVENTS; i++) {
		one_event(&a, may_consent);
		/* The choice of a scenario would only make the run longer. */
		a.chosen.demo = scenario;
		a.quit = false;
		/* Now and then all is read, and any row of the runbook is near. */
		if (dice(12) == 0) {
			app_settle(&a);
			board_select(&a, board_items[dice((uint32_t)nboard_items)].id);
		} else if (a.opened && dice(2)) {
			loop_run_once(a.loop, 100);
		}
		app_draw(&a);
		check_cells(&a.grid);
		if (a.opened && tenant_write_count(a.session.demo) > writes) {
			writes = tenant_write_count(a.session.demo);
			assert_true(may_consent && a.consents > 0);
		}
	}
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	for (int i = 0; i < 200 && a.depth > 1; i++) {
		app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ESC });
		app_settle(&a);
	}
	assert_int_equal(a.depth, 1);
	app_release(&a);
	loop_free(a.loop);
	return writes;
}

static void test_no_write_without_a_yes(void **state)
{
	(void)state;
	for (uint32_t s = 1; s <= 4; s++)
		assert_int_equal(run_monkey(s * 7919, "contoso", false), 0);
}

static void test_nothing_breaks(void **state)
{
	size_t writes = 0;

	(void)state;
	for (uint32_t s = 1; s <= 4; s++)
		writes += run_monkey(s * 7777, "contoso", true);
	/* If none were ever made, the other test would prove nothing. */
	assert_true(writes > 0);
	run_monkey(54321, "hostile-names", true);
	run_monkey(99999, "troubled", true);
	run_monkey(31337, "cloud-only", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_write_without_a_yes),
		cmocka_unit_test(test_nothing_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
