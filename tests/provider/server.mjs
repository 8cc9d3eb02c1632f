// The certified provider of npm's oidc-provider, with accounts in memory. Its wishes come as JSON
// in PROVIDER; it prints its address when it answers. Everything else is the package's own.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const wishes = JSON.parse(process.env.PROVIDER);

function key(algorithm) {
  const [type, options] = algorithm.startsWith('ES')
    ? ['ec', { namedCurve: 'P-256' }]
    : ['rsa', { modulusLength: 2048 }];
  const jwk = generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
  return { ...jwk, use: 'sig', alg: algorithm };
}

function account(ctx, id) {
  const claims = wishes.accounts[id];
  return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
}

async function grant(ctx) {
  // Nobody is asked whether Gavebordet may know who they are: municipalities decide that.
  const given = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  });
  given.addOIDCScope('openid profile email');
  await given.save();
  return given;
}

function provider(issuer) {
  return new Provider(issuer, {
    clients: [{
      client_id: wishes.client_id,
      ...(wishes.client_secret && { client_secret: wishes.client_secret }),
      token_endpoint_auth_method: wishes.auth_method,
      redirect_uris: wishes.redirect_uris,
      post_logout_redirect_uris: wishes.post_logout_redirect_uris,
      ...(wishes.logout_uri && {
        backchannel_logout_uri: wishes.logout_uri,
        backchannel_logout_session_required: true,
      }),
      id_token_signed_response_alg: wishes.algorithm,
    }],
    jwks: { keys: [key(wishes.algorithm)] },
    cookies: { keys: ['only for the tests'] },
    findAccount: account,
    loadExistingGrant: grant,
    claims: {
      openid: ['sub', 'sid'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'locale', 'preferred_username', 'roles', 'realm_access'],
    },
    conformIdTokenClaims: false,
    clientAuthMethods: [wishes.auth_method],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    // Its own way out refuses loopback, where the tests have their letterbox.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    pkce: { required: () => true },
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
  });
}

let answer;
const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/test/new-keys') {
    answer = provider(issuer).callback();
    response.end();
  } else {
    answer(request, response);
  }
});
let issuer;
server.listen(wishes.port ?? 0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  answer = provider(issuer).callback();
  console.log(issuer);
});
// Whoever started it is gone when nothing can be read from there any more.
process.stdin.resume().on('end', () => process.exit());
