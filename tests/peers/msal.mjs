// Signs in to the simulated tenant with @azure/msal-node, a client that is not
// ours, and uses the tokens: what it cannot do there is a defect of the
// simulated tenant. usage: node msal.mjs BASE_URL TENANT_ID CERT.pem KEY.pem
import { createRequire } from 'node:module';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const require = createRequire(process.env.PEERS_DIR + '/');
const msal = require('@azure/msal-node');
const [base, tenant, certFile, keyFile] = process.argv.slice(2);
const auth = {
	clientId: '0f8fad5b-d9cb-469f-a165-70867728950e',
	authority: `${base}/${tenant}`,
	knownAuthorities: [new URL(base).host],
};
const APP = { scopes: ['https://graph.microsoft.com/.default'] };
const PERSON = { scopes: ['User.Read', 'User.Read.All', 'Group.ReadWrite.All'] };
let failed = 0;

async function check(name, what) {
	try {
		const why = await what();
		if (why)
			throw new Error(why);
		console.log(`ok ${name}`);
	} catch (e) {
		failed++;
		console.log(`not ok ${name}`);
		console.error(`    ${e.errorCode ?? ''} ${e.message}`);
	}
}

async function graph(token, method, path, body) {
	const answer = await fetch(`${base}/v1.0${path}`, {
		method,
		headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
		body: body && JSON.stringify(body),
	});
	return { status: answer.status, json: await answer.json().catch(() => null) };
}

async function listed(token, path) {
	const { status, json } = await graph(token, 'GET', path);
	return status !== 200 || !json.value?.length ? `${path}: ${status}` : '';
}

const app = new msal.ConfidentialClientApplication({ auth: { ...auth, clientSecret: 'demo-secret' } });
let token;
await check('msal-node signs in with a client secret', async () => {
	token = (await app.acquireTokenByClientCredential(APP)).accessToken;
});
await check('its token lists the groups', () => listed(token, '/groups?$select=id,displayName&$top=5'));
await check('its token lists the people', () => listed(token, '/users?$select=id,displayName&$top=5'));

await check('a wrong client secret is refused as Entra does', async () => {
	const other = new msal.ConfidentialClientApplication({ auth: { ...auth, clientSecret: 'wrong' } });
	try {
		await other.acquireTokenByClientCredential({ ...APP, skipCache: true });
		return 'it was taken';
	} catch (e) {
		return e.errorCode === 'invalid_client' && /AADSTS7000215/.test(e.message) ? '' : e.message;
	}
});

await check('msal-node signs in with a certificate', async () => {
	const cert = readFileSync(certFile, 'utf8');
	const thumbprintSha256 = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
	const one = new msal.ConfidentialClientApplication({
		auth: { ...auth, clientCertificate: { thumbprintSha256, privateKey: readFileSync(keyFile, 'utf8') } },
	});
	return listed((await one.acquireTokenByClientCredential(APP)).accessToken, '/groups?$top=1');
});

const person = new msal.PublicClientApplication({ auth });
let account;
await check('msal-node signs a person in with a device code', async () => {
	let shown;
	const got = await person.acquireTokenByDeviceCode({
		...PERSON,
		deviceCodeCallback: (code) => { shown = code; },
	});
	token = got.accessToken;
	account = got.account;
	if (!/^https:/.test(shown?.verificationUri) || !shown.userCode)
		return 'no code was shown';
	return account?.username.includes('@') ? '' : 'nobody is named';
});
await check('its token reads who signed in', async () => {
	const { status, json } = await graph(token, 'GET', '/me');
	return status === 200 && json.userPrincipalName === account.username ? '' : `${status}`;
});
await check('msal-node gets another token by its refresh token', async () => {
	const got = await person.acquireTokenSilent({ ...PERSON, account, forceRefresh: true });
	return got.fromCache ? 'it came from the cache' : '';
});
await check('its token adds a group', async () => {
	const { status, json } = await graph(token, 'POST', '/groups', {
		displayName: 'Made by msal-node', mailEnabled: false,
		mailNickname: 'made-by-msal', securityEnabled: true,
	});
	return status === 201 && json.id ? '' : `${status} ${JSON.stringify(json)}`;
});

// The browser: opens the page and sends its form, as the page's script does.
async function browser(url) {
	const page = await (await fetch(url)).text();
	const form = new URLSearchParams();
	for (const [, name, value] of page.matchAll(/name="([a-z_]+)" value="([^"]*)"/g))
		form.append(name, decodeURIComponent(value));
	await fetch(page.match(/action="([^"]+)"/)[1].replace('localhost', '127.0.0.1'),
		{ method: 'POST', body: form });
}
await check('msal-node signs a person in with the browser (PKCE, form_post)', async () => {
	const other = new msal.PublicClientApplication({ auth });
	const got = await other.acquireTokenInteractive({ ...PERSON, openBrowser: browser });
	return listed(got.accessToken, '/users?$top=1');
});

process.exit(failed ? 1 : 0);
