// page.mjs FILE [AXE] - opens a report in Chromium, drives it as a reader would,
// and prints "ok ..." or "not ok ..." a line. AXE is the script of axe-core.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const [file, axe] = process.argv.slice(2)
// Beside the page, where the caller removes it: the browser's children may write there for
// a moment after its end.
const profile = mkdtempSync(join(dirname(file), 'browser-'))
const browser = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
	'--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
const [, , , to, from] = browser.stdio
const waiting = new Map()
const seen = { errors: [], requests: [] }
let last = 0, rest = '', session, loaded, bad = 0

function told({ method, params }) {
	if (method === 'Runtime.exceptionThrown')
		seen.errors.push(params.exceptionDetails.text)
	if (method === 'Runtime.consoleAPICalled' || method === 'Log.entryAdded')
		seen.errors.push(JSON.stringify(params.entry?.text ?? params.args))
	if (method === 'Network.requestWillBeSent')
		seen.requests.push(params.request.url)
	if (method === 'Page.loadEventFired')
		loaded()
}

from.on('data', (data) => {
	const messages = (rest + data).split('\0')
	rest = messages.pop()
	for (const message of messages.map((text) => JSON.parse(text))) {
		const call = waiting.get(message.id)
		if (!call)
			told(message)
		else if (message.error)
			call.reject(new Error(message.error.message))
		else
			call.resolve(message.result)
		waiting.delete(message.id)
	}
})

function send(method, params = {}) {
	const id = ++last
	to.write(JSON.stringify({ id, method, params, sessionId: session }) + '\0')
	return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
}

// What an expression in the page comes to.
async function page(expression) {
	const { result, exceptionDetails } = await send('Runtime.evaluate',
		{ expression, returnByValue: true, awaitPromise: true })
	if (exceptionDetails)
		throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
	return result.value
}

async function key(name, code) {
	for (const type of ['keyDown', 'keyUp'])
		await send('Input.dispatchKeyEvent',
			{ type, key: name, code: name, windowsVirtualKeyCode: code })
}

function tell(well, name, why) {
	console.log(`${well ? 'ok' : 'not ok'} ${basename(file)}: ${name}`)
	if (!well) {
		bad = 1
		console.log(`    ${JSON.stringify(why)?.slice(0, 1500)}`)
	}
}

function none(list, name) {
	tell(list.length === 0, name, list)
}

const media = (scheme, type = '') => send('Emulation.setEmulatedMedia',
	{ media: type, features: [{ name: 'prefers-color-scheme', value: scheme }] })
const width = (pixels) => send('Emulation.setDeviceMetricsOverride',
	{ width: pixels, height: 900, deviceScaleFactor: 1, mobile: false })

// Every text with less contrast than WCAG 2 AA asks of small text, 4.5 to 1.
const faint = `(() => {
	const channel = (v) => v <= 10.31 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4
	const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
	const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const back = parts(getComputedStyle(e).backgroundColor)
			if (back.length < 4 || back[3] === 1)
				return back
		}
		return [255, 255, 255]
	}
	const all = []
	for (const e of document.querySelectorAll('body *')) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
		if ((!own && !/^(INPUT|SELECT)$/.test(e.tagName)) || /^(SCRIPT|STYLE)$/.test(e.tagName))
			continue
		const style = getComputedStyle(e)
		const colour = e.closest('svg') ? style.fill : style.color
		const [a, b] = [light(parts(colour)), light(behind(e))].sort((x, y) => y - x)
		const ratio = (a + 0.05) / (b + 0.05)
		all.push({ text: e.textContent.slice(0, 30), colour, ratio })
	}
	return { n: all.length, least: Math.min(...all.map((one) => one.ratio)),
		faint: all.filter((one) => !(one.ratio >= 4.5)).slice(0, 5) }
})()`

// What sticks out of the window to the right.
const wide = `(() => [...document.querySelectorAll('body *')]
	.filter((e) => e.getClientRects().length && !e.matches('.skip') &&
		e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
	.map((e) => e.tagName + ': ' + e.textContent.slice(0, 40)).slice(0, 5))()`

// What a reader without a mouse or without sight would miss.
const unreadable = `(() => {
	const wrong = [], all = (what) => [...document.querySelectorAll(what)]
	const want = (well, text) => well || wrong.push(text)
	want(document.documentElement.lang === 'en', 'no language')
	want(document.title.trim(), 'no title')
	for (const one of ['header', 'main', 'footer', 'h1'])
		want(all(one).length === 1, 'not one ' + one)
	let level = 0
	for (const h of all('h1, h2, h3, h4')) {
		want(+h.tagName[1] <= level + 1, 'level left out: ' + h.textContent)
		level = +h.tagName[1]
	}
	for (const t of all('table'))
		want(t.caption && t.tHead && [...t.tHead.querySelectorAll('th')]
			.every((th) => th.scope === 'col'), 'a table without caption or heads')
	for (const e of all('input, select'))
		want(e.labels.length && e.labels[0].textContent.trim(), 'no label: ' + e.id)
	for (const e of all('svg'))
		want(e.getAttribute('role') === 'img' && e.getAttribute('aria-label'), 'a dumb chart')
	for (const e of all('a'))
		want(e.textContent.trim(), 'a link without text')
	for (const e of all('a[href^="#"]'))
		want(document.getElementById(e.hash.slice(1)), 'a link to nowhere: ' + e.hash)
	for (const e of all('img'))
		want(e.hasAttribute('alt'), 'a picture without words')
	const ids = all('[id]').map((e) => e.id)
	want(new Set(ids).size === ids.length, 'an id twice')
	return wrong
})()`

const shown = `[...document.querySelectorAll('article')].filter((e) => e.getClientRects().length)`

async function drive() {
	const { targetInfos } = await send('Target.getTargets')
	const { targetId } = targetInfos.find((one) => one.type === 'page')
	session = (await send('Target.attachToTarget', { targetId, flatten: true })).sessionId
	for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
		await send(`${domain}.enable`)
	await width(1280)
	await media('light')
	const ready = new Promise((resolve) => { loaded = resolve })
	await send('Page.navigate', { url: `file://${file}` })
	await ready

	const all = await page('document.querySelectorAll("article").length')
	tell(all > 20, `${all} findings`, all)
	none(await page(unreadable), 'language, landmarks, headings, tables, labels, links')

	const light = await page(faint)
	none(light.faint, `light: ${light.n} texts, the least contrast ${light.least.toFixed(1)}`)
	await media('dark')
	const dark = await page(faint)
	none(dark.faint, `dark: ${dark.n} texts, the least contrast ${dark.least.toFixed(1)}`)
	const backs = await page('getComputedStyle(document.body).backgroundColor')
	await media('light')
	tell(backs !== await page('getComputedStyle(document.body).backgroundColor'),
		'dark is another colour than light', backs)

	for (const pixels of [1280, 400, 320]) {
		await width(pixels)
		none(await page(wide), `nothing sticks out at ${pixels} pixels`)
	}
	await width(1280)

	// By the keyboard alone: past the head to the findings, then search.
	await key('Tab', 9)
	tell(await page('document.activeElement.matches(".skip") && ' +
		'document.activeElement.getBoundingClientRect().left >= 0'),
	'the first Tab shows the way to the findings')
	for (let i = 0; i < 300 && await page('document.activeElement.id') !== 'find'; i++)
		await key('Tab', 9)
	tell(await page('document.activeElement.id === "find" && ' +
		'getComputedStyle(document.activeElement).outlineStyle === "solid"'),
	'Tab reaches the search, and shows it')
	await send('Input.insertText', { text: '  WriteBack ' })
	const found = await page(`${shown}.map((e) => e.textContent)`)
	tell(found.length > 0 && found.length < all &&
		found.every((text) => /writeback/i.test(text)), 'the search keeps what fits', found.length)
	const hidden = await page('[...document.querySelectorAll("article[hidden]")]' +
		'.map((e) => e.textContent)')
	tell(hidden.length === all - found.length &&
		!hidden.some((text) => /writeback/i.test(text)), 'and hides the rest', hidden.length)
	tell(await page('document.getElementById("shown").textContent') ===
		`${found.length} of ${all} findings are shown`, 'and says how many')

	const people = await page('document.querySelectorAll("tr.person").length')
	const seenPeople = '[...document.querySelectorAll("tr.person")]' +
		'.filter((e) => e.getClientRects().length)'
	tell(await page(`${seenPeople}.every((e) => /writeback/i.test(e.textContent))`),
		`it searches the ${people} people who are not ready too`)

	// A page on paper has every finding, whatever is searched.
	await width(718)	/* A4 with the margins of Chromium */
	await media('light', 'print')
	tell(await page(`${shown}.length`) === all, 'all findings are printed')
	tell(await page(`${seenPeople}.length`) === people, 'and all people')
	none(await page(wide), 'nothing is cut on paper')
	await width(1280)
	await media('light')
	const pdf = Buffer.from((await send('Page.printToPDF', {})).data, 'base64').toString('latin1')
	const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
	tell(pages > 3, `it prints on ${pages} pages`, pages)

	// In a narrow window rows are blocks, and still hidden.
	await width(320)
	await page('document.getElementById("find").value = "no such text"; ' +
		'document.getElementById("find").dispatchEvent(new Event("input"))')
	tell(await page(`${seenPeople}.length`) === 0, 'in a narrow window it hides people too')
	await width(1280)

	await page('document.getElementById("find").value = ""; ' +
		'document.getElementById("verdict").value = "pass"; ' +
		'document.getElementById("verdict").dispatchEvent(new Event("change"))')
	tell(await page(`${shown}.length && ${shown}.every((e) => e.className === "pass")`),
		'the filter keeps one verdict')
	await page('document.getElementById("verdict").value = ""; ' +
		'document.getElementById("verdict").dispatchEvent(new Event("change"))')

	none(seen.errors, 'no script error, nothing refused')
	none(seen.requests.filter((url) => !/^data:/.test(url) && url !== `file://${encodeURI(file)}`),
		'no request but the page itself')

	if (axe) {
		await send('Page.setBypassCSP', { enabled: true })
		await page(readFileSync(axe, 'utf8'))
		for (const scheme of ['light', 'dark']) {
			await media(scheme)
			none(await page('axe.run().then((r) => r.violations.map((v) => ' +
				'v.id + ": " + v.nodes[0].html))'), `axe-core has nothing to say, ${scheme}`)
		}
	}
}

const late = setTimeout(() => { console.log('not ok it takes too long'); browser.kill() }, 90000)
try {
	await drive()
} catch (error) {
	tell(false, 'it can be driven', String(error))
}
clearTimeout(late)
browser.kill()
browser.on('close', () => process.exit(bad))
