// Generated from schemas/ by `npm run generate`. Do not edit.

export const configSchema: Readonly<Record<string, unknown>> = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://mattermuster.dev/schemas/config.schema.json",
  "title": "ConfigFile",
  "description": "How: the settings of muster for one server (muster.yaml). Few people should be able to change it.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "version": {
      "const": 1,
      "description": "The version of this file format."
    },
    "server": {
      "type": "string",
      "pattern": "^https?://",
      "description": "The server's address, with its sub-path if it has one. Never a token.",
      "x-expected": "an address such as https://chat.example.com"
    },
    "files": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "string",
        "minLength": 1
      },
      "description": "The users files, as paths or globs relative to this file."
    },
    "policy": {
      "$ref": "#/$defs/Policy"
    },
    "secrets": {
      "$ref": "#/$defs/Secrets"
    },
    "approvals": {
      "type": "string",
      "minLength": 1,
      "description": "The file of approvals, relative to this file: it lifts budgets for some days."
    }
  },
  "$defs": {
    "Policy": {
      "title": "PolicyFile",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "undeclared_users": {
          "enum": [
            "ignore",
            "report"
          ],
          "default": "report",
          "description": "What to do about live accounts that no entry stands for."
        },
        "foreign_tokens": {
          "enum": [
            "ignore",
            "report",
            "disable",
            "revoke"
          ],
          "default": "report",
          "description": "What to do about tokens of declared people that muster did not make."
        },
        "invite": {
          "enum": [
            "none",
            "reset_mail"
          ],
          "default": "none",
          "description": "How new people who sign in by e-mail and have no initial_password learn of their account: reset_mail lets the server send them a link to set a password."
        },
        "leavers": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "tokens": {
              "enum": [
                "disable",
                "revoke",
                "keep"
              ],
              "default": "disable",
              "description": "What happens to the tokens of a person who leaves, before the account is deactivated."
            }
          }
        },
        "protect": {
          "type": "array",
          "uniqueItems": true,
          "items": {
            "type": "string",
            "pattern": "^(id:[a-z0-9]{26}|[A-Za-z0-9._-]{1,64})$",
            "x-expected": "a username, or id: and 26 letters and digits"
          },
          "description": "Accounts that muster never changes, by username or id:<id>."
        },
        "min_admins": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000,
          "default": 2,
          "description": "How many people must keep system administration and be able to sign in.",
          "x-expected": "a whole number from 1 to 1000"
        },
        "time_zone": {
          "type": "string",
          "minLength": 1,
          "default": "UTC",
          "description": "The time zone in which bare dates are read, such as Europe/Berlin."
        },
        "allow_roles": {
          "type": "array",
          "uniqueItems": true,
          "items": {
            "type": "string",
            "pattern": "^[a-z0-9_]{1,64}$",
            "x-expected": "a role name: a-z, 0-9 and underscore"
          },
          "description": "Roles that users files may name although they do not begin with system_."
        },
        "auth_service_off": {
          "enum": [
            "block",
            "warn"
          ],
          "default": "block",
          "description": "Whether active people may be moved to a sign-in service that is switched off on the server."
        },
        "budgets": {
          "type": "object",
          "additionalProperties": false,
          "description": "How many people a plan may change, by class: min(cap, max(floor, share of the active declared people)). Over it the whole class is blocked.",
          "properties": {
            "create": {
              "$ref": "#/$defs/Budget"
            },
            "update": {
              "$ref": "#/$defs/Budget"
            },
            "email": {
              "$ref": "#/$defs/Budget"
            },
            "rename": {
              "$ref": "#/$defs/Budget"
            },
            "role-grant": {
              "$ref": "#/$defs/Budget"
            },
            "role-revoke": {
              "$ref": "#/$defs/Budget"
            },
            "admin-gain": {
              "$ref": "#/$defs/Budget"
            },
            "admin-loss": {
              "$ref": "#/$defs/Budget"
            },
            "guest": {
              "$ref": "#/$defs/Budget"
            },
            "activate": {
              "$ref": "#/$defs/Budget"
            },
            "deactivate": {
              "$ref": "#/$defs/Budget"
            },
            "auth": {
              "$ref": "#/$defs/Budget"
            },
            "token-create": {
              "$ref": "#/$defs/Budget"
            },
            "token-enable": {
              "$ref": "#/$defs/Budget"
            },
            "token-disable": {
              "$ref": "#/$defs/Budget"
            },
            "token-revoke": {
              "$ref": "#/$defs/Budget"
            }
          }
        }
      }
    },
    "Secrets": {
      "title": "SecretsFile",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "dir": {
          "type": "string",
          "minLength": 1,
          "default": "secrets",
          "description": "The folder of secret files, relative to this file; nothing outside it is read or written."
        },
        "sinks": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/Name"
          },
          "additionalProperties": {
            "$ref": "#/$defs/Sink"
          },
          "description": "Named places where new secrets are delivered."
        },
        "sources": {
          "type": "object",
          "propertyNames": {
            "$ref": "#/$defs/Name"
          },
          "additionalProperties": {
            "$ref": "#/$defs/Source"
          },
          "description": "Named places from which secrets are read."
        }
      }
    },
    "Sink": {
      "title": "SinkFile",
      "type": "object",
      "additionalProperties": false,
      "minProperties": 1,
      "maxProperties": 1,
      "properties": {
        "dir": {
          "$ref": "#/$defs/InnerPath",
          "description": "A folder below secrets.dir: one 0600 file per token."
        },
        "command": {
          "$ref": "#/$defs/Command",
          "description": "A program without a shell; the secret comes on its standard input. {user}, {name} and {generation} are replaced."
        }
      },
      "x-expected": "exactly one of dir, command"
    },
    "Source": {
      "title": "SourceFile",
      "type": "object",
      "additionalProperties": false,
      "minProperties": 1,
      "maxProperties": 1,
      "properties": {
        "env": {
          "type": "string",
          "pattern": "^MUSTER_SECRET_[A-Z0-9_]+$",
          "description": "An environment variable; only MUSTER_SECRET_* may be read.",
          "x-expected": "the name of an environment variable that begins with MUSTER_SECRET_; no other is ever read"
        },
        "file": {
          "$ref": "#/$defs/InnerPath",
          "description": "A file below secrets.dir."
        },
        "command": {
          "$ref": "#/$defs/Command",
          "description": "A program without a shell; the secret is its standard output."
        }
      },
      "x-expected": "exactly one of env, file, command"
    },
    "Command": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "string",
        "minLength": 1
      }
    },
    "InnerPath": {
      "type": "string",
      "pattern": "^(?!/)(?!.*(^|/)\\.\\.(/|$))(?!.*\\\\)[^\\u0000]+$",
      "x-expected": "a path inside secrets.dir: relative, without .."
    },
    "Name": {
      "type": "string",
      "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$",
      "x-expected": "a-z, 0-9, dash and underscore, beginning with a letter or digit"
    },
    "Budget": {
      "title": "BudgetFile",
      "type": "object",
      "additionalProperties": false,
      "minProperties": 1,
      "properties": {
        "share": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "Of the declared people with an active account (for tokens: of their live tokens); 0.05 is 5 %."
        },
        "floor": {
          "type": "integer",
          "minimum": 0,
          "description": "Always allowed, however few people there are."
        },
        "cap": {
          "type": "integer",
          "minimum": 0,
          "description": "Never more, however many people there are."
        }
      }
    }
  }
};
