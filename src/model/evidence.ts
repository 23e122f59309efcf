/** Evidence packs: what a pack says of itself, and what goes between the use case and what prints. */
import type { AuditReport } from './generated/audit-report.ts';
import type { EvidenceFile } from './generated/evidence-file.ts';
import type { Plan } from './plan.ts';

export interface EvidenceSettings {
  /** Absolute; absent: packs are not signed. */
  readonly signKey?: string;
  /** Whether the server's answers show e-mail addresses. */
  readonly emails: 'show' | 'hide';
}

/** Texts of the pack that people read. */
export interface EvidencePrinters {
  /** By their paths in the pack. */
  report(report: AuditReport): ReadonlyMap<string, string>;
  plan(plan: Plan): string;
  json(value: unknown): string;
  readme(facts: EvidenceFacts): string;
}

export interface EvidenceFacts {
  readonly about: EvidenceFile;
  readonly report: AuditReport;
  /** As it stands in a `.pub` file; absent: not signed. */
  readonly publicKey?: string;
  readonly namespace: string;
}

/** What was packed. */
export interface PackedEvidence {
  /** As it was named. */
  readonly folder: string;
  readonly files: number;
  /** SHA-256 of the manifest: who notes it elsewhere finds any later change. */
  readonly manifest: string;
  /** Fingerprint of the key that signed; absent: not signed. */
  readonly signer?: string;
  readonly about: EvidenceFile;
  readonly summary: AuditReport['summary'];
}
