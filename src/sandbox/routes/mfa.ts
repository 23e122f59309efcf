import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { encodePng } from '../pictures/png.ts';
import { json, ok, type Reply } from '../reply.ts';
import { mfaPost, mfaPut, type Route, userPath } from '../route.ts';
import type { UserRow } from '../rows.ts';
import { acceptCode, secretFrom } from '../rules/totp.ts';

/** Multi-factor authentication (API §11.2); open to people who have to set it up first. */
export const mfaRoutes: readonly Route[] = [
  mfaPut(`${userPath}/mfa`, updateMfa),
  mfaPost(`${userPath}/mfa/generate`, generateSecret),
];

function editableId(call: Call): string {
  const id = call.pathId();
  if (call.session?.is_oauth === true || !call.mayEdit(id)) throw forbidden();
  return id;
}

function updateMfa(call: Call): Reply {
  const id = editableId(call);
  const { activate, code } = call.values;
  if (typeof activate !== 'boolean') throw invalidBody('activate');
  if (activate && (typeof code !== 'string' || code === '')) throw invalidBody('code');
  const user = call.world.user(id);
  if (user === undefined) throw noUser();
  if (activate) switchOn(call, user, String(code));
  else switchOff(call, user);
  call.world.mail('mfa-changed', user);
  return ok;
}

function switchOn(call: Call, user: UserRow, code: string): void {
  const { world } = call;
  if (user.auth_service !== '' && user.auth_service !== 'ldap') {
    throw new Refusal('api.user.activate_mfa.email_and_ldap_only.app_error');
  }
  if (!world.config['ServiceSettings.EnableMultifactorAuthentication']) throw new Refusal('mfa.mfa_disabled.app_error');
  const usedSteps =
    user.mfa_secret === '' ? undefined : acceptCode(user.mfa_secret, code, user.mfa_used_steps, world.now());
  if (usedSteps === undefined) throw new Refusal('mfa.activate.bad_token.app_error');
  world.store.people.put({ ...user, mfa_active: true, mfa_used_steps: usedSteps, update_at: world.now() });
}

/** Needs no code, and works with MFA switched off for the whole server. */
function switchOff(call: Call, user: UserRow): void {
  const { world } = call;
  world.store.people.put({ ...user, mfa_active: false, mfa_secret: '', mfa_used_steps: [], update_at: world.now() });
}

/** Overwrites the secret at once, also of a user whose MFA is on, which locks them out (trap 5). */
function generateSecret(call: Call): Reply {
  const { world } = call;
  const id = editableId(call);
  const user = world.user(id);
  if (user === undefined) throw noUser();
  if (!world.config['ServiceSettings.EnableMultifactorAuthentication']) throw new Refusal('mfa.mfa_disabled.app_error');
  const secret = secretFrom(world.newId(32));
  world.store.people.put({ ...user, mfa_secret: secret, mfa_used_steps: [], update_at: world.now() });
  return json(
    { secret, qr_code: blankCode.toString('base64') },
    { headers: { 'Cache-Control': 'no-cache', Pragma: 'no-cache', Expires: '0' } },
  );
}

/** A PNG that stands for the QR code: it is never scanned here. */
const blankCode: Buffer = encodePng(256, 256, () => [255, 255, 255]);
