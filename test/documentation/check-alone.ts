/** Files in the documentation, whole or in part, as muster would read them where they stand. */
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSandboxSeed } from '../../src/app/read-sandbox-seed.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import type { Fence } from './fences.ts';

/** Languages whose blocks are files. */
export const filesWith: readonly string[] = ['yaml', 'json'];

const nobody = 'version: 1\nusers:\n  - { username: ada }\n';

/** @returns what is wrong with the block; nothing where nothing is */
export async function checkAlone({ language, marks, text }: Fence): Promise<string> {
  if (language === 'json') return problemOf(() => void JSON.parse(text));
  const name = marks['as'] ?? marks['file'];
  if (name === undefined) return `say which file it is of: as="users.yaml", or file="users.yaml"`;
  const kind = name.split('/').at(-1) ?? '';
  if (kind === 'yaml') return problemOf(() => void parse(text));
  if (kind === 'seed.yaml') return await problemOfSeed(text);
  const whole = /^version:/m.test(text) ? text : `version: 1\n${text}`;
  const place = await makeWorkplace(filesFor(kind, whole));
  const { code, stdout, stderr } = await place.muster(['validate', ...(/^servers:/m.test(whole) ? ['--all'] : [])]);
  return code === 0 ? '' : stdout + stderr;
}

function filesFor(kind: string, text: string): Readonly<Record<string, string>> {
  const other = ['approvals', 'waivers'].find((key) => kind === `${key}.yaml`);
  if (kind === 'muster.yaml') {
    return {
      'muster.yaml': text,
      'users.yaml': nobody,
      ...Object.fromEntries(
        [...text.matchAll(/files: \[([\w/-]+)\/\*/g)].map(([, dir]) => [`${dir}/all.yaml`, nobody]),
      ),
      ...Object.fromEntries(
        [...text.matchAll(/^ *approvals: (\S+\.yaml)$/gm)].map(([, path = '']) => [
          path,
          'version: 1\napprovals: []\n',
        ]),
      ),
      ...(/^waivers: /m.test(text) && { 'waivers.yaml': 'version: 1\nwaivers: []\n' }),
    };
  }
  if (other !== undefined)
    return { 'muster.yaml': `version: 1\n${other}: ${kind}\n`, [kind]: text, 'users.yaml': nobody };
  return {
    'users.yaml': text,
    'muster.yaml': `version: 1
secrets:
  sources: { start: { env: MUSTER_SECRET_START } }
  sinks: { vault: { command: [vault] } }
`,
  };
}

async function problemOfSeed(text: string): Promise<string> {
  const place = await makeWorkplace({ 'seed.yaml': text });
  return await readSandboxSeed(join(place.dir, 'seed.yaml'), 'seed.yaml').then(() => '', String);
}

function problemOf(check: () => void): string {
  try {
    check();
    return '';
  } catch (error) {
    return String(error);
  }
}
