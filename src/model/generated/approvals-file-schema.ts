// Generated from schemas/ by `npm run generate`. Do not edit.

export const approvalsSchema: Readonly<Record<string, unknown>> = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://mattermuster.dev/schemas/approvals.schema.json",
  "title": "ApprovalsFile",
  "description": "What somebody answers for although it exceeds a budget: named people or exactly one set of changes, for some days. Lifts budgets, never another rail.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "version",
    "approvals"
  ],
  "properties": {
    "version": {
      "const": 1,
      "description": "The version of this file format."
    },
    "approvals": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/ApprovalEntry"
      }
    }
  },
  "$defs": {
    "ApprovalEntry": {
      "title": "ApprovalEntry",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "class",
        "reason",
        "by",
        "expires"
      ],
      "x-expected": "class, reason, by, expires, and exactly one of users and changes",
      "properties": {
        "class": {
          "enum": [
            "create",
            "update",
            "email",
            "rename",
            "role-grant",
            "role-revoke",
            "admin-gain",
            "admin-loss",
            "guest",
            "activate",
            "deactivate",
            "auth",
            "token-create",
            "token-enable",
            "token-disable",
            "token-revoke"
          ],
          "description": "The class of changes whose budget is lifted."
        },
        "reason": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500,
          "description": "Why; shown in the plan."
        },
        "by": {
          "type": "string",
          "minLength": 1,
          "maxLength": 200,
          "description": "Who answers for it; shown in the plan."
        },
        "expires": {
          "type": "string",
          "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
          "x-expected": "a date such as 2026-12-05, at most 14 days ahead",
          "description": "The last day on which it counts, in policy.time_zone; at most 14 days ahead."
        },
        "users": {
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": {
            "type": "string",
            "pattern": "^[A-Za-z0-9._-]{1,64}$",
            "x-expected": "a username"
          },
          "description": "Usernames: whoever the class concerns must stand here."
        },
        "changes": {
          "type": "string",
          "pattern": "^sha256:[0-9a-f]{64}$",
          "x-expected": "the digest that the plan shows, sha256: and 64 hex digits",
          "description": "The digest that the plan shows: of exactly this set of changes."
        }
      },
      "minProperties": 5,
      "maxProperties": 5
    }
  }
};
