// A sign-in service that is not ours: oidc-provider at Entra's paths, and beside
// it just enough of Graph to see which token arrives. What it accepts of our
// requests, it accepts by the standards' own rules.
// usage: node entra.mjs CERT.pem ; prints "port N", then a line for each token
import { createRequire } from 'node:module';
import { createHash, X509Certificate, createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.PEERS_DIR + '/');
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const T = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const GRAPH = 'https://graph.microsoft.com';
const names = ['User.Read', 'Organization.Read.All', 'LicenseAssignment.Read.All', 'Group.ReadBasic.All',
	'GroupMember.Read.All', 'User.Read.All', 'Policy.Read.All', 'AuditLog.Read.All',
	'RoleManagement.Read.Directory', 'Application.Read.All', 'OnPremDirectorySynchronization.Read.All',
	'Synchronization.Read.All', 'SecurityEvents.Read.All', 'Domain.Read.All', 'GroupSettings.Read.All',
	'.default'];
const cert = readFileSync(process.argv[2], 'utf8');
const x509 = new X509Certificate(cert);
const jwk = createPublicKey(cert).export({ format: 'jwk' });
const thumbprint = createHash('sha256').update(x509.raw).digest('base64url');

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const { port } = server.address();
const base = `http://127.0.0.1:${port}`;
const app = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
const provider = new Provider(`${base}/${T}/v2.0`, {
	clients: [
		{ client_id: 'person', application_type: 'native', token_endpoint_auth_method: 'none',
			grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['http://localhost'] },
		{ client_id: 'short', application_type: 'native', token_endpoint_auth_method: 'none',
			grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['http://localhost'] },
		...['device', 'late'].map((client_id) => ({ client_id, application_type: 'native',
			token_endpoint_auth_method: 'none', response_types: [], redirect_uris: [],
			grant_types: [DEVICE, 'refresh_token'] })),
		{ client_id: 'by-secret', client_secret: 'sehr&geheim+', token_endpoint_auth_method: 'client_secret_post', ...app },
		{ client_id: 'by-certificate', token_endpoint_auth_method: 'private_key_jwt',
			token_endpoint_auth_signing_alg: 'PS256', jwks: { keys: [{ ...jwk, use: 'sig' }] }, ...app },
	],
	routes: { authorization: `/${T}/oauth2/v2.0/authorize`, token: `/${T}/oauth2/v2.0/token`,
		jwks: `/${T}/discovery/v2.0/keys`, device_authorization: `/${T}/oauth2/v2.0/devicecode` },
	ttl: { DeviceCode: (ctx, token, client) => client.clientId === 'late' ? 3 : 900 },
	scopes: ['openid', 'offline_access', 'profile'],
	features: {
		devInteractions: { enabled: true }, clientCredentials: { enabled: true },
		deviceFlow: { enabled: true },
		resourceIndicators: {
			enabled: true, defaultResource: () => GRAPH, useGrantedResource: () => true,
			getResourceServerInfo: (ctx, resource, client) => ({ scope: names.map((n) => `${base}/${n}`).join(' '),
				audience: GRAPH, accessTokenTTL: client.clientId === 'short' ? 4 : 3599, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
		},
	},
	enabledJWA: { clientAuthSigningAlgValues: ['PS256'] },
	// As Entra: the certificate is found by its thumbprint.
	assertJwtClientAuthClaimsAndHeader: async (ctx, claims, header) => {
		if (header['x5t#S256'] !== thumbprint || claims.aud !== `${base}/${T}/oauth2/v2.0/token`)
			throw new Error('no such certificate');
	},
	pkce: { required: () => true },
	conformIdTokenClaims: false,
	claims: { profile: ['preferred_username'] },
	findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: `${id}@contoso.example` }) }),
	issueRefreshToken: async (ctx, client, code) => code.scopes.has('offline_access'),
	rotateRefreshToken: true,
});
// What Entra does otherwise: an interval, an https page, a word of its own for
// "declined"; and the second question for a token is too early.
let polls = 0;
provider.use(async (ctx, next) => {
	await next();
	const { client, params } = ctx.oidc ?? {};
	if (ctx.path.endsWith('/devicecode') && ctx.body?.device_code) {
		delete ctx.body.verification_uri_complete;
		ctx.body = { ...ctx.body, verification_uri: 'https://microsoft.com/devicelogin', interval: 1, expires_in: 900 };
		polls = 0;
	} else if (params?.grant_type === DEVICE && ctx.path.endsWith('/token')) {
		if (++polls === 2 && ctx.body?.error === 'authorization_pending')
			ctx.body = { error: 'slow_down' };
		if (ctx.body?.error === 'access_denied')
			ctx.body = { ...ctx.body, error: 'authorization_declined' };
		console.log(`poll ${client?.clientId} ${ctx.body?.error ?? 'token'} ${Date.now()}`);
	}
});
provider.on('grant.success', (ctx) => console.log(`grant ${ctx.oidc.params.grant_type}`));
provider.on('grant.error', (ctx, e) => console.log(`refused ${ctx.oidc.params?.grant_type} ${e.message} ${e.error_description ?? ''} ${e.scope ?? ''}`));
provider.on('server_error', (ctx, e) => console.log(`error ${e.message}`));

// Graph: says whose token came, and knows nothing.
function graph(req, res) {
	const [, body] = (req.headers.authorization ?? '').split('.');
	let claims = {};
	try { claims = JSON.parse(Buffer.from(body ?? '', 'base64url')); } catch { /* not a token */ }
	if (claims.iss?.startsWith(base))
		console.log(`token ${claims.client_id} ${claims.sub ?? '-'} ${claims.aud}`);
	// As long as several tokens last that are short.
	setTimeout(() => answer(res), claims.client_id === 'short' ? 2500 : 0);
}
function answer(res) {
	res.writeHead(403, { 'Content-Type': 'application/json' });
	res.end('{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}');
}
const callback = provider.callback();
server.on('request', (req, res) => {
	if (req.url.startsWith('/v1.0') || req.url.startsWith('/beta'))
		return graph(req, res);
	// Entra gives a refresh token to whoever asks for offline_access; here the
	// person must be asked anew for that.
	if (/authorize\?.*client_id=short&/.test(req.url))
		req.url += '&prompt=consent';
	callback(req, res);
});
console.log(`tenant ${T}`);
console.log(`port ${port}`);
