/** Packs that prove an audit to someone who need not have muster. */
import { Option } from 'commander';
import { argument, type CommandRow, command } from '../command-row.ts';
import { connection, type EvidenceFlags, options, type VerifyEvidenceFlags } from '../options.ts';

const verify = command<VerifyEvidenceFlags>({
  name: 'verify',
  arguments: [argument('<dir>')],
  summary: 'find files of a pack that were changed, added or removed',
  description:
    'Compares every file of an evidence pack with its manifest, and the manifest with its signature. Needs no server. Exits with 10 when anything is not as it was packed. sha256sum and ssh-keygen find the same: see README.txt in the pack.',
  options: [
    new Option(
      '--allowed-signers <file>',
      'public keys, or allowed signers as ssh-keygen takes them: one of them must have signed',
    ),
  ],
  formats: ['text', 'json'],
  examples: [
    ['muster evidence verify audit-2027-q1'],
    ['muster evidence verify audit-2027-q1 --allowed-signers auditors.pub', 'and whose signature it is'],
  ],
  showsExitCodes: true,
  run: async ([dir = ''], flags, io) => (await import('../commands/evidence.ts')).verifyEvidenceCommand(dir, flags, io),
});

const evidence: CommandRow = {
  ...command<EvidenceFlags>({
    name: 'evidence',
    summary: 'pack an audit with everything that it rests on, signed',
    description:
      'Audits and plans, and writes a folder: the report, the answers of the server that it read, the plan, the journals of the period, the closed reviews, the SHA-256 of every file, and a signature by an SSH key where one is given. sha256sum and ssh-keygen check it without muster. The same inputs give the same bytes. Writes nothing to the server.',
    options: [
      options.out('the folder to write: not there yet, or empty', 'dir'),
      options.since(),
      options.until(),
      new Option('--sign-key <file>', 'a private Ed25519 key of OpenSSH (default: evidence.sign_key of muster.yaml)'),
      options.files(),
      options.at(),
      options.base(),
      options.requireBase(),
      ...connection(),
      options.stateDir(),
    ],
    formats: ['text', 'json'],
    examples: [
      ['muster evidence --out audit-2027-q1 --since 2027-01-01 --until 2027-03-31'],
      ['muster evidence --out pack --sign-key ~/.ssh/evidence', 'signed'],
      ['muster evidence verify pack'],
    ],
    showsExitCodes: true,
    run: async (_args, flags, io) => (await import('../commands/evidence.ts')).evidenceCommand(flags, io),
  }),
  commands: [verify],
};

export const evidenceRows: { readonly [name in 'evidence']: CommandRow } = { evidence };
