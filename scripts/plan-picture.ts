/** The picture of README.md: the plan of its users file, as a terminal shows it, against the embedded server. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPorts, plan, planText } from '../src/index.ts';
import type { Colour, Paint } from '../src/report/paint.ts';
import { type SandboxSeed, startSandbox } from '../src/sandbox/index.ts';

const address = 'https://chat.example.com';

/** The server before: ada is no administrator yet, deploy has the first token, grace has no account, linus is still here. */
const seed: SandboxSeed = {
  admin: { username: 'it.admin', email: 'it.admin@example.com', roles: ['system_user', 'system_admin'] },
  config: { 'ServiceSettings.EnableUserAccessTokens': true, 'SamlSettings.Enable': true },
  licence: 'enterprise',
  users: [
    { username: 'ada', email: 'ada@example.com', auth_service: 'saml', auth_data: 'ada@idp.example.com' },
    { username: 'break-glass', email: 'break-glass@example.com', roles: ['system_user', 'system_admin'] },
    { username: 'deploy', email: 'deploy@example.com', tokens: [{ description: 'ci@1 muster:2027-03-02:k3v9x2m7qa' }] },
    {
      username: 'linus',
      email: 'linus@example.com',
      tokens: [{ description: 'nightly@1 muster:2027-03-02:p8d4w1n6tz' }],
    },
  ],
};

const settings = `version: 1
policy: { undeclared_users: ignore, foreign_tokens: ignore, invite: reset_mail }
`;

/** @param readme - the text with the users file; the plan is as of the first of June 2027 */
export async function planPicture(readme: string): Promise<string> {
  const [, usersFile = ''] = /```yaml[^\n]*\n([^]*?)```/.exec(readme) ?? [];
  const dir = await mkdtemp(join(tmpdir(), 'muster-picture-'));
  const sandbox = await startSandbox({ seed });
  try {
    await mkdir(join(dir, 'state'));
    await writeFile(join(dir, 'users.yaml'), usersFile);
    await writeFile(join(dir, 'muster.yaml'), settings);
    const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: join(dir, 'state') };
    const { clock } = defaultPorts();
    const ports = defaultPorts({ workingDir: dir, env, clock: { ...clock, now, sleep: clock.sleep.bind(clock) } });
    const { plan: made } = await plan({}, ports);
    const shown = planText(made, marked)
      .replaceAll(sandbox.url, address)
      .replace(/^.*--base says.*\n\n/m, '');
    return svgOf([`$ ${marked('bold', 'muster plan')}`, ...shown.trimEnd().split('\n')]);
  } finally {
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  }
}

const fills: Readonly<Record<Colour, string>> = {
  bold: 'font-weight="bold"',
  cyan: 'fill="#79c0ff"',
  dim: 'fill="#8b949e"',
  green: 'fill="#7ee787"',
  magenta: 'fill="#d2a8ff"',
  red: 'fill="#ff7b72"',
  yellow: 'fill="#e3b341"',
};
const colours = Object.keys(fills) as readonly Colour[];

/** Colours begin and end with letters that no text has. */
const begins = 0xe001;
const end = '\ue000';
const marked: Paint = (colour, text) =>
  text === '' ? '' : `${String.fromCodePoint(begins + colours.indexOf(colour))}${text}${end}`;
const mark = /[\ue000-\ue010]/g;

const glyph = { width: 7.8, height: 19 };
const margin = 16;

const now = (): number => Date.parse('2027-06-01T00:00:00Z');

function svgOf(lines: readonly string[]): string {
  const widest = Math.max(...lines.map((line) => lengthOf(line)));
  const width = Math.ceil(widest * glyph.width) + 2 * margin;
  const height = lines.length * glyph.height + 2 * margin;
  const title = lines.map((line) => escape(line.replaceAll(mark, ''))).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3" xml:space="preserve">
${lines.map(textOf).filter(Boolean).join('\n')}
</g>
</svg>
`;
}

const lengthOf = (line: string): number => line.replaceAll(mark, '').length;
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Each word group has its own place, so that columns stay columns in every font. */
function textOf(line: string, index: number): string {
  const y = margin + (index + 0.75) * glyph.height;
  let column = 0;
  let on: readonly Colour[] = [];
  const spans = line.split(/([\ue000-\ue010]|\s{2,})/).map((part) => {
    if (part === end) {
      on = on.slice(0, -1);
      return '';
    }
    const colour = colours[(part.codePointAt(0) ?? 0) - begins];
    if (colour !== undefined) {
      on = [...on, colour];
      return '';
    }
    const x = (margin + column * glyph.width).toFixed(1);
    column += part.length;
    if (part.trim() === '') return '';
    const style = on.map((one) => fills[one]).join(' ');
    return `<tspan x="${x}"${style === '' ? '' : ` ${style}`}>${escape(part)}</tspan>`;
  });
  const inner = spans.join('');
  return inner === '' ? '' : `<text y="${y.toFixed(1)}">${inner}</text>`;
}
