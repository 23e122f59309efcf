import { expect } from 'vitest';
import type { Caller, Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  invalidUrl,
  keysOf,
  listOf,
  numberOf,
  objectOf,
  type Refused,
  textOf,
} from '../support/expectations.ts';
import { codeOf } from '../support/one-time-code.ts';
import { encodeForm, onePixel } from '../support/pictures.ts';
import { adminKeys, everyField } from './user-keys.ts';

// MFA, pictures, links in mails, audits and terms.

const mfaOn = { config: { 'ServiceSettings.EnableMultifactorAuthentication': true } } as const;
const mfaOff = { config: { 'ServiceSettings.EnableMultifactorAuthentication': false } } as const;
const badToken: Refused = [401, 'mfa.activate.bad_token.app_error'];
const disabled: Refused = [501, 'mfa.mfa_disabled.app_error'];

const generate = async (caller: Caller, id: string): Promise<string> =>
  textOf(objectOf(await caller.post(`/users/${id}/mfa/generate`))['secret']);

const secrets: readonly ContractCase[] = [
  refusal(
    'is switched off as installed',
    disabled,
    async (stage) => stage.admin.post(`/users/${(await stage.target()).id}/mfa/generate`),
    mfaOff,
  ),
  fact(
    'gives a secret and a picture of it, for no cache',
    async (stage) => {
      const { id } = await stage.person();

      const reply = await stage.admin.post(`/users/${id}/mfa/generate`);
      const { secret, qr_code: code } = objectOf(reply);

      expect(keysOf(reply.json)).toEqual(['secret', 'qr_code']);
      expect(secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(Buffer.from(textOf(code), 'base64').subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
      expect(reply.headers['cache-control']).toBe('no-cache');
      expect(reply.headers.pragma).toBe('no-cache');
      expect(reply.headers.expires).toBe('0');
    },
    mfaOn,
  ),
  fact(
    'overwrites the secret in use, and leaves MFA on',
    async (stage) => {
      const { id, username, caller } = await stage.member();
      const first = await generate(caller, 'me');
      expectOk(await caller.put('/users/me/mfa', { activate: true, code: codeOf(first, 0) }));

      const second = await generate(stage.admin, id);

      expect(second).not.toBe(first);
      expect((await stage.read(id))['mfa_active']).toBe(true);
      const login = { login_id: username, password: stage.password };
      expectRefused(await stage.nobody.post('/users/login', { ...login, token: codeOf(first, 1) }), [
        401,
        'api.user.check_user_mfa.bad_code.app_error',
      ]);
    },
    mfaOn,
  ),
  fact(
    'works on somebody of a service',
    async (stage) => {
      const { id } = await stage.ssoPerson('gitlab');

      expect((await stage.admin.post(`/users/${id}/mfa/generate`)).status).toBe(200);
    },
    mfaOn,
  ),
];

const factors: readonly ContractCase[] = [
  ...[{}, { activate: 'true' }, { activate: true }, { activate: true, code: '' }, '', '[]', { ACTIVATE: false }].map(
    (body) =>
      refusal(`refuses ${JSON.stringify(body)}`, invalidBody, async (stage) =>
        stage.admin.put(`/users/${(await stage.target()).id}/mfa`, body),
      ),
  ),
  refusal(
    'cannot be switched on where it is off',
    disabled,
    async (stage) => stage.admin.put(`/users/${(await stage.person()).id}/mfa`, { activate: true, code: '123456' }),
    mfaOff,
  ),
  fact('can be switched off where it is off, without a code, and moves update_at', async (stage) => {
    const { id } = await stage.person();
    const before = await stage.read(id);

    expectOk(await stage.admin.put(`/users/${id}/mfa`, { activate: false }));

    expect(numberOf((await stage.read(id))['update_at'])).toBeGreaterThan(numberOf(before['update_at']));
  }),
  refusal(
    'refuses a code without a secret',
    badToken,
    async (stage) => stage.admin.put(`/users/${(await stage.person()).id}/mfa`, { activate: true, code: '123456' }),
    mfaOn,
  ),
  refusal(
    'is for people of email and LDAP',
    [400, 'api.user.activate_mfa.email_and_ldap_only.app_error'],
    async (stage) =>
      stage.admin.put(`/users/${(await stage.ssoPerson('gitlab')).id}/mfa`, { activate: true, code: '123456' }),
    mfaOn,
  ),
  fact(
    'is switched on with a code, asked for at login, and switched off by an administrator',
    async (stage) => {
      const { id, username, caller } = await stage.member();
      const secret = await generate(caller, 'me');
      expectRefused(await caller.put('/users/me/mfa', { activate: true, code: '000000' }), badToken);
      const code = codeOf(secret, 0);
      expectOk(await caller.put('/users/me/mfa', { activate: true, code }));
      const login = (token?: string): Promise<Reply> =>
        stage.nobody.post('/users/login', { login_id: username, password: stage.password, token });

      expect((await stage.read(id))['mfa_active']).toBe(true);
      expectRefused(await login(), [401, 'mfa.validate_token.authenticate.app_error']);
      expectRefused(await login('000000'), [401, 'api.user.check_user_mfa.bad_code.app_error']);
      expectRefused(await login(code), [401, 'api.user.check_user_mfa.bad_code.app_error']);
      expect((await login(codeOf(secret, 1))).status).toBe(200);
      expectOk(await stage.admin.put(`/users/${id}/mfa`, { activate: false }));
      expect(keysOf(await stage.read(id))).not.toContain('mfa_active');
      expect((await login()).status).toBe(200);
    },
    mfaOn,
  ),
  fact(
    'shuts everything but /users/me and itself where it is enforced',
    async (stage) => {
      const { caller } = await stage.member();

      expect((await caller.get('/users/me')).status).toBe(200);
      expectRefused(await caller.get('/users'), [403, 'api.context.mfa_required.app_error']);
      await generate(caller, 'me');
    },
    {
      licence: 'enterprise',
      config: {
        'ServiceSettings.EnableMultifactorAuthentication': true,
        'ServiceSettings.EnforceMultifactorAuthentication': true,
      },
      onlySandbox: 'the administrator of a real server may have no MFA either',
    },
  ),
];

const upload = (caller: Caller, id: string, form: ReturnType<typeof encodeForm>): Promise<Reply> =>
  caller.send('POST', `/users/${id}/image`, { body: form.body, headers: { 'content-type': form.contentType } });

const limits: Refused = [400, 'api.user.upload_profile_user.check_image_limits.app_error'];

const sets: readonly ContractCase[] = [
  fact('stores a picture, shown as PNG of 128 by 128 with its time for a tag', async (stage) => {
    const { id } = await stage.person();

    expectOk(await upload(stage.admin, id, encodeForm('image', onePixel)));

    const { last_picture_update: at } = await stage.read(id);
    const shown = await stage.admin.get(`/users/${id}/image`);
    expect(numberOf(at)).toBeGreaterThan(0);
    expect(shown.headers['content-type']).toBe('image/png');
    expect(shown.headers.etag).toBe(String(at));
    expect(shown.headers['cache-control']).toBe('max-age=86400, private');
    expect(sizeOf(shown.bytes)).toEqual([128, 128]);
  }),
  fact('leaves the time alone for the same picture', async (stage) => {
    const { id } = await stage.person();
    await upload(stage.admin, id, encodeForm('image', onePixel));
    const first = (await stage.read(id))['last_picture_update'];

    expectOk(await upload(stage.admin, id, encodeForm('image', onePixel)));

    expect((await stage.read(id))['last_picture_update']).toBe(first);
  }),
  fact('lets people set their own', async (stage) => {
    expectOk(await upload((await stage.member()).caller, 'me', encodeForm('image', onePixel)));
  }),
  refusal('wants the field "image"', [400, 'api.user.upload_profile_user.no_file.app_error'], async (stage) =>
    upload(stage.admin, (await stage.target()).id, encodeForm('picture', onePixel)),
  ),
  refusal('refuses what is no picture', limits, async (stage) =>
    upload(stage.admin, (await stage.target()).id, encodeForm('image', Buffer.from('not a picture'))),
  ),
  refusal('refuses an empty file', limits, async (stage) =>
    upload(stage.admin, (await stage.target()).id, encodeForm('image', Buffer.alloc(0))),
  ),
  refusal('answers 500 for what is no form', [500, 'api.user.upload_profile_user.parse.app_error'], async (stage) =>
    stage.admin.post(`/users/${(await stage.target()).id}/image`, onePixel),
  ),
  refusal('refuses a picture of nobody', invalidUrl, (stage) =>
    upload(stage.admin, stage.unknownId, encodeForm('image', onePixel)),
  ),
  fact('sets the picture of somebody of LDAP where none is mapped', async (stage) => {
    expectOk(await upload(stage.admin, (await stage.ssoPerson('ldap')).id, encodeForm('image', onePixel)));
  }),
  refusal(
    'refuses a picture that LDAP provides',
    [409, 'api.user.upload_profile_user.login_provider_attribute_set.app_error'],
    async (stage) => upload(stage.admin, (await stage.ssoPerson('ldap')).id, encodeForm('image', onePixel)),
    { licence: 'enterprise', config: { 'LdapSettings.Enable': true, 'LdapSettings.PictureAttribute': 'photo' } },
  ),
];

/** Width and height in the head of a PNG. */
function sizeOf(png: Buffer): readonly number[] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

const shows: readonly ContractCase[] = [
  fact('makes a picture when first asked, and gives a tag from then on', async (stage) => {
    const { id } = await stage.person();

    const first = await stage.admin.get(`/users/${id}/image`);
    const second = await stage.admin.get(`/users/${id}/image`);

    expect(sizeOf(first.bytes)).toEqual([128, 128]);
    expect(first.headers['cache-control']).toBe('max-age=300, private');
    expect(first.headers.etag).toBeUndefined();
    expect(second.headers['cache-control']).toBe('max-age=86400, private');
    expect(second.headers.etag).toBe('0');
    expect((await stage.admin.get(`/users/${id}/image`, { 'if-none-match': '0' })).status).toBe(304);
  }),
  fact('refuses those who see nobody, but for themselves', async (stage) => {
    const { id, caller } = await stage.member();
    await stage.admin.put(`/users/${id}/roles`, { roles: 'system_guest' });

    expectRefused(await caller.get(`/users/${(await stage.target()).id}/image`), forbidden);
    expect((await caller.get('/users/me/image')).status).toBe(200);
  }),
];

const defaults: readonly ContractCase[] = [
  fact('is generated, for a day, without a tag, whatever was set', async (stage) => {
    const { id } = await stage.person();
    const before = await stage.admin.get(`/users/${id}/image/default`);
    await upload(stage.admin, id, encodeForm('image', onePixel));

    const after = await stage.admin.get(`/users/${id}/image/default`);

    expect(before.headers['content-type']).toBe('image/png');
    expect(sizeOf(before.bytes)).toEqual([128, 128]);
    expect(after.bytes.equals(before.bytes)).toBe(true);
    expect(after.headers['cache-control']).toBe('max-age=86400, private');
    expect(after.headers.etag).toBeUndefined();
  }),
];

const resets: readonly ContractCase[] = [
  fact('brings the generated picture back, at a negative time', async (stage) => {
    const { id } = await stage.person();
    await upload(stage.admin, id, encodeForm('image', onePixel));

    expectOk(await stage.admin.delete(`/users/${id}/image`));

    const { last_picture_update: at } = await stage.read(id);
    expect(numberOf(at)).toBeLessThan(0);
    const shown = await stage.admin.get(`/users/${id}/image`);
    expect(shown.headers.etag).toBe(String(at));
    expect(shown.bytes.equals((await stage.admin.get(`/users/${id}/image/default`)).bytes)).toBe(true);
  }),
];

/** Bodies without the one key that a route wants. */
const without = (key: string): readonly unknown[] => [{}, { [key]: '' }, '', '[]', { [key]: 7 }];

const verifications: readonly ContractCase[] = [
  ...[...without('token'), { token: 'short' }, { token: 'x'.repeat(65) }].map((body) =>
    refusal(`refuses ${JSON.stringify(body).slice(0, 30)}`, invalidBody, (stage) =>
      stage.nobody.post('/users/email/verify', body),
    ),
  ),
  refusal('knows no such link', [400, 'api.user.verify_email.bad_link.app_error'], (stage) =>
    stage.nobody.post('/users/email/verify', { token: 'x'.repeat(64) }),
  ),
  fact(
    'verifies an address by the link of the mail, once',
    async (stage) => {
      const { email } = await stage.person();
      await stage.nobody.post('/users/email/verify/send', { email });
      const token = stage.server.sandbox?.mails.findLast((mail) => mail.kind === 'verify-email')?.link;

      expectOk(await stage.nobody.post('/users/email/verify', { token }));
      expectRefused(await stage.nobody.post('/users/email/verify', { token }), [
        400,
        'api.user.verify_email.bad_link.app_error',
      ]);
    },
    { onlySandbox: 'the link stands in a mail' },
  ),
];

const verificationMails: readonly ContractCase[] = [
  ...[...without('email'), { EMAIL: 'a@b' }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) =>
      stage.nobody.post('/users/email/verify/send', body),
    ),
  ),
  fact('says yes about somebody, somebody’s name, and nobody', async (stage) => {
    const { email, username } = await stage.target();
    for (const address of [email, username, 'nobody@example.test']) {
      expectOk(await stage.nobody.post('/users/email/verify/send', { email: address }));
    }
  }),
];

const resetByLink: readonly ContractCase[] = [
  ...[...without('token'), { token: 'short' }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) =>
      stage.nobody.post('/users/password/reset', body),
    ),
  ),
  refusal('does not know the key "code"', invalidBody, (stage) =>
    stage.nobody.post('/users/password/reset', { code: 'x'.repeat(64), new_password: 'Another-passw0rd' }),
  ),
  refusal('knows no such link', [400, 'api.user.reset_password.invalid_link.app_error'], (stage) =>
    stage.nobody.post('/users/password/reset', { token: 'x'.repeat(64), new_password: 'Another-passw0rd' }),
  ),
  fact(
    'sets a password by the link of the mail, once, also after one that was too short',
    async (stage) => {
      const { email, username } = await stage.person();
      expectOk(await stage.nobody.post('/users/password/reset/send', { email }));
      const token = stage.server.sandbox?.mails.findLast((mail) => mail.kind === 'password-reset')?.link;
      const reset = (password: string): Promise<Reply> =>
        stage.nobody.post('/users/password/reset', { token, new_password: password });

      expectRefused(await reset('short'), [400, 'model.user.is_valid.pwd_min_length.app_error']);
      expectOk(await reset('Another-passw0rd'));
      expectRefused(await reset('Another-passw0rd'), [400, 'api.user.reset_password.invalid_link.app_error']);
      const login = { login_id: username, password: 'Another-passw0rd' };
      expect((await stage.nobody.post('/users/login', login)).status).toBe(200);
    },
    { onlySandbox: 'the link stands in a mail' },
  ),
];

const resetMails: readonly ContractCase[] = [
  ...[...without('email'), { EMAIL: 'a@b' }].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, (stage) =>
      stage.nobody.post('/users/password/reset/send', body),
    ),
  ),
  fact('says yes about nobody', async (stage) =>
    expectOk(await stage.nobody.post('/users/password/reset/send', { email: 'nobody@example.test' })),
  ),
  refusal('refuses somebody of a service', [400, 'api.user.send_password_reset.sso.app_error'], async (stage) =>
    stage.nobody.post('/users/password/reset/send', { email: (await stage.ssoPerson('saml')).email }),
  ),
];

const verifyMember: readonly ContractCase[] = [
  fact('verifies, answers with the account as it was, and moves update_at', async (stage) => {
    const { id, made } = await stage.person({ ...everyField, email_verified: false });

    const reply = await stage.admin.post(`/users/${id}/email/verify/member`);

    expect(keysOf(reply.json)).toEqual(adminKeys);
    expect(objectOf(reply)['update_at']).toBe(objectOf(made, 201)['update_at']);
    const after = objectOf(await stage.admin.put(`/users/${id}/patch`, {}));
    expect(after['email_verified']).toBe(true);
  }),
  fact('can be repeated', async (stage) => {
    const { id } = await stage.person({ email_verified: true });

    expect((await stage.admin.post(`/users/${id}/email/verify/member`)).status).toBe(200);
  }),
];

const auditKeys = ['id', 'create_at', 'user_id', 'action', 'extra_info', 'ip_address', 'session_id'];

const audits: readonly ContractCase[] = [
  fact('lists what somebody did, the newest first', async (stage) => {
    const person = await stage.member();
    await stage.login(person);

    const rows = listOf(await stage.admin.get(`/users/${person.id}/audits`));

    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(keysOf(rows[0])).toEqual(auditKeys);
    expect(rows.every((row) => row['user_id'] === person.id)).toBe(true);
    const times = rows.map((row) => numberOf(row['create_at']));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(listOf(await person.caller.get('/users/me/audits')).length).toBeGreaterThanOrEqual(2);
  }),
  fact('is null where there is nothing', async (stage) => {
    const { id } = await stage.person();

    for (const query of ['', '?page=7', '?per_page=0']) {
      expect((await stage.admin.get(`/users/${id}/audits${query}`)).json).toBe(null);
    }
  }),
  refusal('answers 500 for a negative page', [500, 'app.audit.get.finding.app_error'], async (stage) =>
    stage.admin.get(`/users/${(await stage.target()).id}/audits?page=-1`),
  ),
];

const noTerms: Refused = [404, 'app.user_terms_of_service.get_by_user.no_rows.app_error'];

const termsOf: readonly ContractCase[] = [
  fact('are the caller’s own, whatever the path says', async (stage) => {
    const { caller } = await stage.sharedMember();

    expectRefused(await caller.get(`/users/${(await stage.target()).id}/terms_of_service`), noTerms);
    expectRefused(await caller.get('/users/abc/terms_of_service'), noTerms);
  }),
];

const acceptances: readonly ContractCase[] = [
  ...[
    {},
    '',
    '[]',
    { termsOfServiceId: 7, accepted: true },
    { termsOfServiceId: 'x' },
    { termsOfServiceId: 'x', accepted: 'true' },
    { serviceTermsId: 'x', accepted: true },
  ].map((body) =>
    refusal(`refuses ${JSON.stringify(body)}`, invalidBody, async (stage) =>
      (await stage.sharedMember()).caller.post('/users/me/terms_of_service', body),
    ),
  ),
  fact(
    'are noted, shown to oneself and to administrators, and taken back',
    async (stage) => {
      const { id, caller } = await stage.member();
      const terms = stage.server.sandbox?.control.addTerms();
      expectOk(await caller.post('/users/me/terms_of_service', { termsOfServiceId: terms, accepted: true }));

      const own = objectOf(await caller.get('/users/me/terms_of_service'));
      expect(own).toMatchObject({ user_id: id, terms_of_service_id: terms });
      expect((await stage.read(id))['terms_of_service_id']).toBe(terms);

      expectOk(await caller.post('/users/me/terms_of_service', { termsOfServiceId: terms, accepted: false }));
      expectRefused(await caller.get('/users/me/terms_of_service'), noTerms);
    },
    { onlySandbox: 'terms are written by an Enterprise licence' },
  ),
];

export const upkeepCases: ContractCases = {
  'users-user-id-mfa-generate-post': secrets,
  'users-user-id-mfa-put': factors,
  'users-user-id-image-post': sets,
  'users-user-id-image-get': shows,
  'users-user-id-image-default-get': defaults,
  'users-user-id-image-delete': resets,
  'users-email-verify-post': verifications,
  'users-email-verify-send-post': verificationMails,
  'users-password-reset-post': resetByLink,
  'users-password-reset-send-post': resetMails,
  'emails.verifyMember': verifyMember,
  'users-user-id-audits-get': audits,
  'users-user-id-terms-of-service-get': termsOf,
  'users-user-id-terms-of-service-post': acceptances,
};
