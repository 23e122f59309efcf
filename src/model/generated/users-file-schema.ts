// Generated from schemas/ by `npm run generate`. Do not edit.

export const usersSchema: Readonly<Record<string, unknown>> = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://mattermuster.dev/schemas/users.schema.json",
  "title": "UsersFile",
  "description": "Who: the people of a Mattermost server as a desired state. Any number of these files make one desired state.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "version",
    "users"
  ],
  "properties": {
    "version": {
      "const": 1,
      "description": "The version of this file format."
    },
    "defaults": {
      "$ref": "#/$defs/Defaults"
    },
    "on_create": {
      "$ref": "#/$defs/OnCreate"
    },
    "users": {
      "type": "array",
      "description": "The people, in any order.",
      "items": {
        "$ref": "#/$defs/UserEntry"
      }
    }
  },
  "$defs": {
    "Defaults": {
      "title": "Defaults",
      "type": "object",
      "description": "Values for every entry of this file that does not name the field itself. They bring the field under management, so only harmless profile fields may stand here.",
      "additionalProperties": false,
      "properties": {
        "locale": {
          "$ref": "#/$defs/Locale"
        },
        "position": {
          "$ref": "#/$defs/Position"
        },
        "timezone": {
          "$ref": "#/$defs/StringMap"
        },
        "notify_props": {
          "$ref": "#/$defs/StringMap"
        }
      }
    },
    "OnCreate": {
      "title": "OnCreate",
      "type": "object",
      "description": "Used once, when an account is created, and never compared again.",
      "additionalProperties": false,
      "properties": {
        "roles": {
          "$ref": "#/$defs/Roles",
          "description": "Roles of a new account whose entry names none. Without it: the server's own default."
        },
        "welcome_email": {
          "type": "boolean",
          "default": false,
          "description": "Whether the server mails a welcome to a new account."
        },
        "email_verified": {
          "type": "boolean",
          "default": true,
          "description": "Whether a new account's e-mail counts as verified."
        }
      }
    },
    "UserEntry": {
      "title": "UserEntry",
      "type": "object",
      "description": "One person. A field that is not named is not managed; null is never allowed.",
      "additionalProperties": false,
      "required": [
        "username"
      ],
      "properties": {
        "username": {
          "type": "string",
          "pattern": "^[A-Za-z0-9._-]{1,64}$",
          "description": "The name to sign in with: letters, digits, dot, dash, underscore; compared in lower case.",
          "x-expected": "1 to 64 letters, digits, dots, dashes or underscores"
        },
        "id": {
          "type": "string",
          "pattern": "^[a-z0-9]{26}$",
          "description": "The account's id. If given, it alone decides which account is meant.",
          "x-expected": "26 letters and digits"
        },
        "previous_usernames": {
          "type": "array",
          "uniqueItems": true,
          "items": {
            "type": "string",
            "pattern": "^[A-Za-z0-9._-]{1,64}$",
            "x-expected": "1 to 64 letters, digits, dots, dashes or underscores"
          },
          "description": "Names that this person had before: a match on one of them is renamed in place."
        },
        "adopt": {
          "type": "boolean",
          "default": false,
          "description": "Take over the account of this name although its e-mail or auth says that it may be another person."
        },
        "email": {
          "type": "string",
          "pattern": "^\\s*[^@\\s\\u0000-\\u001f]+@[^@\\s\\u0000-\\u001f]+\\s*$",
          "maxLength": 128,
          "description": "Needed to create an account; compared in lower case.",
          "x-expected": "a plain address such as ada@example.com"
        },
        "first_name": {
          "$ref": "#/$defs/ShortText",
          "description": "Given name; \"\" clears it."
        },
        "last_name": {
          "$ref": "#/$defs/ShortText",
          "description": "Family name; \"\" clears it."
        },
        "nickname": {
          "$ref": "#/$defs/ShortText",
          "description": "Nickname; \"\" clears it."
        },
        "position": {
          "$ref": "#/$defs/Position"
        },
        "locale": {
          "$ref": "#/$defs/Locale"
        },
        "timezone": {
          "$ref": "#/$defs/StringMap",
          "description": "Time zone settings; only the keys named here are managed."
        },
        "notify_props": {
          "$ref": "#/$defs/StringMap",
          "description": "Notification settings; only the keys named here are managed."
        },
        "props": {
          "$ref": "#/$defs/StringMap",
          "description": "Custom properties; only the keys named here are managed."
        },
        "roles": {
          "$ref": "#/$defs/Roles"
        },
        "active": {
          "type": "boolean",
          "description": "Whether the account may sign in. Deleting an entry is not offboarding: write active: false."
        },
        "starts": {
          "$ref": "#/$defs/Moment",
          "description": "First moment at which the account is wanted active. A bare date begins at midnight in policy.time_zone."
        },
        "ends": {
          "$ref": "#/$defs/Moment",
          "description": "The last day on which the account is wanted active (a bare date, in policy.time_zone), or the moment from which on it is not."
        },
        "auth": {
          "$ref": "#/$defs/Auth"
        },
        "initial_password": {
          "$ref": "#/$defs/Name",
          "description": "Name of a source of muster.yaml (secrets.sources) with the password for a new account, or for a change to e-mail login."
        },
        "tokens": {
          "type": "array",
          "description": "The personal access tokens that muster makes for this person. [] wants none of muster's own.",
          "items": {
            "$ref": "#/$defs/TokenEntry"
          }
        }
      }
    },
    "Auth": {
      "title": "Auth",
      "type": "object",
      "description": "How the person signs in.",
      "additionalProperties": false,
      "required": [
        "service"
      ],
      "properties": {
        "service": {
          "enum": [
            "email",
            "ldap",
            "saml",
            "gitlab",
            "google",
            "office365",
            "openid"
          ],
          "description": "email means a password kept by Mattermost."
        },
        "data": {
          "type": "string",
          "minLength": 1,
          "maxLength": 128,
          "description": "The person's id at that service. Needed to create an account with it or to change to it."
        }
      },
      "if": {
        "required": [
          "service"
        ],
        "properties": {
          "service": {
            "const": "email"
          }
        }
      },
      "then": {
        "not": {
          "required": [
            "data"
          ]
        },
        "x-expected": "e-mail login has no data: delete the line data"
      }
    },
    "TokenEntry": {
      "title": "TokenEntry",
      "type": "object",
      "description": "A personal access token that muster makes, delivers to a sink and rotates.",
      "additionalProperties": false,
      "required": [
        "name"
      ],
      "properties": {
        "name": {
          "type": "string",
          "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$",
          "description": "What the token is for; unique for the person.",
          "x-expected": "1 to 64 of a-z, 0-9, dot, dash or underscore, beginning with a letter or digit"
        },
        "generation": {
          "type": "integer",
          "minimum": 1,
          "maximum": 99999,
          "default": 1,
          "description": "Raise it to rotate: a new token is made and delivered, then the old one is revoked.",
          "x-expected": "a whole number from 1 to 99999"
        },
        "overlap": {
          "type": "string",
          "pattern": "^[1-9][0-9]{0,3}[mhd]$",
          "description": "How long the former generation stays valid after a rotation, such as 30m, 24h or 7d.",
          "x-expected": "a number and m, h or d, such as 30m, 24h or 7d"
        },
        "expires_in": {
          "type": "string",
          "pattern": "^[1-9][0-9]{0,3}[mhd]$",
          "description": "How long a new token lives, such as 12h or 90d; the server ends and deletes it (Mattermost 11.9 or later). Used when a token is made, and never compared again. Without it: for good.",
          "x-expected": "a number and m, h or d, such as 12h or 90d"
        },
        "enabled": {
          "type": "boolean",
          "default": true,
          "description": "false keeps the token but disables it."
        },
        "sink": {
          "$ref": "#/$defs/Name",
          "description": "Name of a sink of muster.yaml (secrets.sinks). Without it: a file in secrets.dir."
        }
      }
    },
    "Roles": {
      "type": "array",
      "minItems": 1,
      "uniqueItems": true,
      "description": "System roles, as a set. system_user is implied unless system_guest is there.",
      "items": {
        "type": "string",
        "pattern": "^[a-z0-9_]{1,64}$",
        "x-expected": "a role name: a-z, 0-9 and underscore"
      },
      "x-expected": "at least one role: an empty list would lock the person out; to take roles away write [system_user]"
    },
    "Name": {
      "type": "string",
      "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$",
      "x-expected": "the name of a source or sink that muster.yaml defines: a-z, 0-9, dash and underscore, never a path, a command or a secret"
    },
    "ShortText": {
      "type": "string",
      "maxLength": 64
    },
    "Position": {
      "type": "string",
      "maxLength": 128,
      "description": "Job title; \"\" clears it."
    },
    "Locale": {
      "type": "string",
      "pattern": "^([a-z]{2,3}(-[A-Z]{2})?)?$",
      "maxLength": 5,
      "description": "Language, such as en or pt-BR.",
      "x-expected": "a language such as en, de or pt-BR"
    },
    "StringMap": {
      "type": "object",
      "additionalProperties": {
        "type": "string"
      }
    },
    "Moment": {
      "type": "string",
      "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",
      "x-expected": "a date such as 2027-06-30, or a moment such as 2027-06-30T18:00:00Z"
    }
  }
};
