/** Evidence packs for a terminal, and the page that explains a pack to someone who does not have muster. */
import type { EvidenceFacts, PackedEvidence } from '../model/evidence.ts';
import { findingsText } from './audit-parts.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

export function packedText({ folder, files, manifest, signer, about }: PackedEvidence, paint: Paint): string {
  const signed = signer === undefined ? paint('yellow', 'not signed') : `signed by ${signer}`;
  return [
    `${paint('bold', `Evidence written to ${printable(folder)}`)}: ${count(files, 'file')}, ${signed}\n`,
    `${count(about.runs.length, 'run')}, ${count(about.reviews.length, 'review')}, answers to ${count(about.answers.length, 'kind')} of calls\n`,
    `${paint('dim', `sha256 of manifest.sha256: ${manifest}`)}\n`,
  ].join('');
}

export interface VerifiedEvidence {
  readonly files: number;
  readonly flaws: readonly { readonly message: string }[];
  readonly signer?: string;
  readonly isSignerKnown?: boolean;
}

export function verifiedEvidenceText({ files, flaws, signer, isSignerKnown }: VerifiedEvidence, paint: Paint): string {
  if (flaws.length > 0)
    return `${flaws.map(({ message }) => `${paint('red', 'broken')}  ${printable(message)}`).join('\n')}\n`;
  const whose =
    signer === undefined
      ? paint('yellow', 'not signed: nothing shows who made it')
      : isSignerKnown === true
        ? paint('green', `signed by ${signer}, which you allow`)
        : paint('yellow', `signed by ${signer}; --allowed-signers checks whose key that is`);
  return `${paint('green', `${count(files, 'file')} as packed`)}\n${whose}\n`;
}

/** Who checks a pack takes the key from a person, not from the pack. */
const principal = 'muster';

export function evidenceReadme({ about, report, publicKey, namespace }: EvidenceFacts): string {
  const { server, period, made, tool, runs, reviews, emails } = about;
  return `${[
    `EVIDENCE ABOUT THE ACCESS TO ${printable(server.url)}`,
    '',
    `Made ${made} by ${printable(tool)}, from Mattermost ${printable(server.version)} (key ${printable(server.key)}).`,
    `Period: ${period.since ?? 'the beginning'} to ${period.until ?? 'now'}.`,
    `Result: ${findingsText(report)}.`,
    '',
    'WHAT IS HERE',
    '',
    '  report/     the audit: audit.html to read, audit.json and audit.csv for programs',
    '  answers/    what the server answered when the report was made, a file for each call, a line for each',
    `              answer, as JSON${emails === 'hide' ? '; e-mail addresses are left out' : ''}; secrets are left out`,
    '  plan/       what differed from the users files at that moment',
    `  journal/    the journals of ${count(runs.length, 'run')} with their plans: each line has a hash over itself and the line before`,
    `  reviews/    ${count(reviews.length, 'closed access review')}: what was frozen, decided and revoked; verified.json says what is gone`,
    '  evidence.json      the same list for programs',
    '  manifest.sha256    the SHA-256 of every other file',
    ...(publicKey === undefined ? [] : ['  manifest.sha256.sig   a signature of manifest.sha256 by an SSH key']),
    '',
    'HOW TO CHECK IT WITHOUT MUSTER',
    '',
    'In this folder. 1. Every file is as it was packed:',
    '',
    '  sha256sum --check --strict manifest.sha256',
    '',
    '2. No file was added:',
    '',
    '  find . -type f ! -path ./manifest.sha256 ! -path ./manifest.sha256.sig | cut -c3- | LC_ALL=C sort > /tmp/found',
    '  cut -c67- manifest.sha256 | LC_ALL=C sort | diff - /tmp/found',
    '',
    ...(publicKey === undefined ? unsigned(namespace) : signed(publicKey, namespace)),
    '',
    'With muster: muster evidence verify . --allowed-signers allowed_signers',
  ].join('\n')}\n`;
}

const signed = (publicKey: string, namespace: string): readonly string[] => [
  '3. The list itself is as it was signed. Write the key of the signer into a file allowed_signers, outside of this',
  'folder. Take the key from the signer: one that stands here could have been exchanged together with the rest.',
  'It should be this line:',
  '',
  `  ${principal} namespaces="${namespace}" ${publicKey}`,
  '',
  '  ssh-keygen -Y verify -f allowed_signers -I muster -n muster-evidence -s manifest.sha256.sig < manifest.sha256',
];

const unsigned = (namespace: string): readonly string[] => [
  '3. This pack is not signed: compare the SHA-256 of manifest.sha256 with the one that was noted when it was made.',
  'To sign it now:',
  '',
  `  ssh-keygen -Y sign -f KEY -n ${namespace} manifest.sha256`,
];
