// A real OpenID Connect issuer for the tests: node issuer.mjs HOME
//
// It listens on a free private port and writes its address to HOME/address. Who exists there, with which claims, is
// what HOME/accounts.json says at that moment. Clients register themselves, as the standard describes.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import Provider from "oidc-provider";

const home = process.argv[2];
const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://localhost:${server.address().port}`;

function accounts() {
  return JSON.parse(readFileSync(join(home, "accounts.json"), "utf8"));
}

async function findAccount(_ctx, id) {
  return id in accounts() ? { accountId: id, claims: () => ({ sub: id, ...accounts()[id].claims }) } : undefined;
}

function askToSignOut(ctx, form) {
  ctx.type = "html";
  ctx.body = `<!DOCTYPE html><html lang="en"><title>Sign out</title>${form}
<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button></html>`;
}

async function grantAll(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope("openid email profile");
  await grant.save();
  return grant;
}

const provider = new Provider(issuer, {
  claims: { openid: ["sub", "oid", "tid", "amr"], email: ["email", "email_verified"], profile: ["name"] },
  clientAuthMethods: ["client_secret_basic", "client_secret_post"],
  conformIdTokenClaims: false,
  cookies: { keys: ["a key for tests"] },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut },
  },
  findAccount,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: grantAll,
  pkce: { required: () => true },
  renderError: (ctx, out) => {
    ctx.type = "text";
    ctx.body = `${out.error}: ${out.error_description}`;
  },
});

const LOGIN = `<!DOCTYPE html><html lang="en"><title>Sign in</title><form method="post">
<label>User <input name="user"></label>
<label>Code from the phone <input name="code"></label>
<button>Continue</button></form></html>`;

async function body(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
  }
  return new URLSearchParams(text);
}

// The issuer's own page of signing in: who names an account is let in; who also types a code has used a second factor.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) {
    return next();
  }
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = LOGIN;
    return undefined;
  }
  const form = await body(ctx.req);
  const user = form.get("user");
  const result =
    user in accounts()
      ? { login: { accountId: user, amr: form.get("code") ? ["pwd", "otp", "mfa"] : ["pwd"] } }
      : { error: "access_denied", error_description: "there is no such user" };
  ctx.respond = false;
  ctx.res.statusCode = 303;
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  return undefined;
});

server.on("request", provider.callback());
writeFileSync(join(home, "address.new"), issuer);
renameSync(join(home, "address.new"), join(home, "address"));
