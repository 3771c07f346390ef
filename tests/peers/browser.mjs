// Stands in for a person with a browser: signs in on oidc-provider's own pages
// and sends its last form back to the program, or types a device code in there.
// usage: node browser.mjs URL [CODE confirm|abort]
const jar = new Map();

async function visit(url, form) {
	for (let hops = 0; hops < 20; hops++) {
		const answer = await fetch(url, {
			method: form ? 'POST' : 'GET', body: form, redirect: 'manual',
			headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') },
		});
		for (const line of answer.headers.getSetCookie()) {
			const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
			jar.set(name, value);
		}
		if (answer.status < 300 || answer.status > 399)
			return { url, page: await answer.text() };
		url = new URL(answer.headers.get('location'), url).href;
		form = undefined;
	}
	throw new Error('too many redirects');
}

let at = await visit(process.argv[2]);
for (let pages = 0; pages < 5; pages++) {
	const action = at.page.match(/action="([^"]+)"/);
	if (!action)
		break;
	const form = new URLSearchParams();
	for (const [tag] of at.page.matchAll(/<input[^>]*>/g)) {
		const name = tag.match(/name="([^"]+)"/)?.[1];
		if (name)
			form.set(name, tag.match(/value="([^"]*)"/)?.[1] ?? '');
	}
	const [, , , code, answer] = process.argv;
	if (code && form.has('user_code')) {
		// First the code is asked for, then whether it is the right device.
		const asked = form.get('user_code') === '';
		form.set('user_code', code);
		if (!asked && answer === 'abort') {
			form.delete('confirm');
			form.set('abort', 'yes');
		}
	}
	if (form.has('login')) {
		form.set('login', 'ada');
		form.set('password', 'x');
	}
	const url = new URL(action[1], at.url).href;
	at = await visit(url.replace('//localhost:', '//127.0.0.1:'), form);
}
