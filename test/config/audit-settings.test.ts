import { expect, test } from 'vitest';
import { resolveAudit } from '../../src/config/audit-settings.ts';
import { ruleSettings } from '../../src/model/audit.ts';
import { auditRuleNames, auditRules } from '../../src/model/audit-rules.ts';
import { InputError } from '../../src/model/problem.ts';

test('fills in every default where muster.yaml says nothing', () => {
  const settings = resolveAudit({});

  expect(settings).toEqual({ leaverHours: 24, tuned: {} });
  for (const rule of auditRuleNames) {
    const { severity, days } = auditRules[rule];
    expect(ruleSettings(settings, rule)).toEqual({ isOn: true, severity, ...(days !== undefined && { days }) });
  }
});

test('takes what muster.yaml says of each rule, and leaves the rest', () => {
  const settings = resolveAudit({
    policy: {
      audit: { leaver_hours: 4, sign_in: 'saml', rules: { drift: 'off', 'old-token': { days: 90 } } },
    },
  });

  expect(settings).toMatchObject({ leaverHours: 4, signIn: 'saml' });
  expect(ruleSettings(settings, 'drift')).toMatchObject({ isOn: false });
  expect(ruleSettings(settings, 'old-token')).toEqual({ isOn: true, severity: 'medium', days: 90 });
});

test('refuses days of a rule that counts none', () => {
  const resolve = (): unknown => resolveAudit({ policy: { audit: { rules: { drift: { days: 3 } } } } });

  expect(resolve).toThrow(InputError);
  expect(resolve).toThrow('policy.audit.rules.drift names days');
});
