/**
 * Audits an invented organisation on the embedded server, and writes its report in every format into a folder, to look at:
 * `npm run audit:sample -- 20000 /tmp/audit`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { renderAudit } from '../src/cli/render-audit.ts';
import { runCli } from '../src/cli/run-cli.ts';
import type { AuditReport } from '../src/model/generated/audit-report.ts';
import { plain } from '../src/report/paint.ts';
import { type SandboxSeed, startSandbox } from '../src/sandbox/index.ts';

const [people = '20', folder = 'audit-sample'] = process.argv.slice(2);
const dir = resolve(folder);
await mkdir(dir, { recursive: true });

const firstNames = ['Ada', 'Bob', 'Chidi', 'Dina', 'Émile', 'Farid', 'Grace', 'Hana', 'Ivo', 'Júlia', 'Kofi', 'Lena'];
const lastNames = ['Nwosu', 'Meyer', 'Okafor', 'Sato', 'Kovač', 'Haddad', 'Silva', 'Novák', 'Larsen', 'Rossi', 'Cohen'];
const pick = <Item>(items: readonly Item[], i: number): Item => items[i % items.length] as Item;

const users: NonNullable<SandboxSeed['users']> = Array.from({ length: Number(people) }, (_, i) => {
  const first_name = pick(firstNames, i);
  const last_name = `${pick(lastNames, Math.floor(i / firstNames.length))}${i > 131 ? ` ${Math.floor(i / 132)}` : ''}`;
  const username = `${first_name}.${last_name}`
    .normalize('NFD')
    .replaceAll(/[^\w.]/g, '')
    .toLowerCase();
  const made = new Date(Date.now() - ((i * 37) % 500) * 86_400_000).toISOString().slice(0, 10);
  return {
    username,
    email: `${username}@example.com`,
    first_name,
    last_name,
    roles: i % 19 === 3 ? ['system_user', 'system_admin'] : ['system_user'],
    active: i % 7 !== 5,
    ...(i % 3 === 0 && { auth_service: 'saml', auth_data: username }),
    ...(i % 11 === 4 && { is_bot: true }),
    ...(i % 6 === 2 && {
      tokens: [{ description: i % 12 === 2 ? `ci@1 muster:${made}:abcdefghij` : `laptop of ${first_name}` }],
    }),
  };
});
const declared = users.filter((_, i) => i % 4 !== 1).filter(({ is_bot: isBot }) => isBot !== true);
await writeFile(
  join(dir, 'users.yaml'),
  `version: 1\nusers:\n${declared.map(({ username }, i) => `  - { username: ${username}, locale: ${i % 9 === 4 ? 'de' : 'en'} }\n`).join('')}`,
);
await writeFile(join(dir, 'muster.yaml'), 'version: 1\nfiles: [users.yaml]\npolicy:\n  audit:\n    sign_in: saml\n');

const sandbox = await startSandbox({ seed: { users, config: { 'RateLimitSettings.Enable': false } } });
const write = (text: string): boolean => process.stderr.write(text);
try {
  await runCli(['audit', '--format', 'json', '--out', 'audit.json'], {
    stdout: { write, isTTY: false },
    stderr: { write, isTTY: false },
    ask: undefined,
    env: { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: join(dir, 'state') },
    workingDir: dir,
    signal: new AbortController().signal,
  });
} finally {
  await sandbox.close();
}

const report: AuditReport = JSON.parse(await readFile(join(dir, 'audit.json'), 'utf8'));
const suffixes = { text: 'txt', csv: 'csv', markdown: 'md', sarif: 'sarif', html: 'html', github: 'log' } as const;
for (const [format, suffix] of Object.entries(suffixes)) {
  const began = performance.now();
  const text = renderAudit(report, format as keyof typeof suffixes, false, plain);
  const ms = Math.round(performance.now() - began);
  await writeFile(join(dir, `audit.${suffix}`), text);
  process.stdout.write(`audit.${suffix}: ${Buffer.byteLength(text)} bytes in ${ms} ms\n`);
}
