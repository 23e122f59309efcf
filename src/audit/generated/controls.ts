// Generated from controls/ by `npm run generate`. Do not edit.
import type { AuditRule } from '../../model/audit-rules.ts';
import type { Control } from '../../model/generated/audit-report.ts';

export const controls: readonly (Control & { readonly rules: readonly AuditRule[] })[] = [
  {"framework":"ISO/IEC 27001:2022","id":"A.5.15","title":"Access control","rules":["drift","undeclared-account","email-sign-in"]},
  {"framework":"ISO/IEC 27001:2022","id":"A.5.16","title":"Identity management","rules":["undeclared-account","undeclared-admin","duplicate-person","service-account","dormant-account","unusable-entry"]},
  {"framework":"ISO/IEC 27001:2022","id":"A.5.17","title":"Authentication information","rules":["admin-without-mfa","foreign-token","old-generation-token","ended-token","ending-token","old-token","unused-token"]},
  {"framework":"ISO/IEC 27001:2022","id":"A.5.18","title":"Access rights","rules":["drift","expiring-person","dormant-account","disabled-admin","leaver-token","late-leaver","leaver-session","leaver-bot","leaver-webhook","leaver-command"]},
  {"framework":"ISO/IEC 27001:2022","id":"A.8.2","title":"Privileged access rights","rules":["undeclared-admin","admin-without-mfa","too-few-admins","disabled-admin","admin-bot"]},
  {"framework":"NIST SP 800-53","id":"AC-2","title":"Account management","rules":["drift","undeclared-account","undeclared-admin","admin-without-mfa","too-few-admins","disabled-admin","admin-bot","leaver-token","late-leaver","leaver-session","leaver-bot","leaver-webhook","leaver-command","foreign-token","old-generation-token","ended-token","ending-token","old-token","unused-token","dormant-account","email-sign-in","expiring-person","duplicate-person","service-account","unusable-entry"]},
  {"framework":"PCI DSS 4.0","id":"7.2.4","title":"Accounts and access are reviewed at least every six months","rules":["drift","undeclared-account","undeclared-admin","dormant-account","duplicate-person","expiring-person","disabled-admin","leaver-token","late-leaver","leaver-session","leaver-bot","leaver-webhook","leaver-command","unusable-entry"]},
  {"framework":"PCI DSS 4.0","id":"7.2.5.1","title":"Access by application and system accounts is reviewed","rules":["admin-bot","service-account","foreign-token","old-generation-token","ended-token","ending-token","old-token","unused-token"]},
  {"framework":"SOC 2","id":"CC6.1","title":"Logical access is restricted","rules":["admin-without-mfa","too-few-admins","admin-bot","email-sign-in","foreign-token","old-generation-token","old-token","unused-token","service-account"]},
  {"framework":"SOC 2","id":"CC6.2","title":"Users are registered and authorised before access is granted, and removed when access ends","rules":["undeclared-account","undeclared-admin","dormant-account","expiring-person","ended-token","ending-token","disabled-admin","leaver-token","late-leaver","leaver-session","leaver-bot","leaver-webhook","leaver-command","unusable-entry"]},
  {"framework":"SOC 2","id":"CC6.3","title":"Access is granted, changed and removed by role and least privilege","rules":["drift","undeclared-admin","admin-bot","disabled-admin","duplicate-person"]},
];
