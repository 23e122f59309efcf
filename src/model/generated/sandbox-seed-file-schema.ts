// Generated from schemas/ by `npm run generate`. Do not edit.

export const sandboxSeedSchema: Readonly<Record<string, unknown>> = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://mattermuster.dev/schemas/sandbox-seed.schema.json",
  "title": "SandboxSeedFile",
  "description": "What the embedded server begins with (muster sandbox --seed): people as the server stores them.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "admin": {
      "$ref": "#/$defs/SeedUser",
      "description": "The first administrator, whose token the sandbox prints."
    },
    "users": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/SeedUser"
      }
    },
    "config": {
      "type": "object",
      "description": "Server switches by Mattermost's dotted names.",
      "propertyNames": {
        "pattern": "^[A-Za-z0-9]+Settings\\.[A-Za-z0-9]+$"
      },
      "additionalProperties": {
        "type": [
          "string",
          "number",
          "boolean",
          "array"
        ]
      }
    },
    "licence": {
      "enum": [
        "none",
        "professional",
        "enterprise"
      ]
    },
    "groups": {
      "type": "array",
      "items": {
        "type": "string"
      }
    }
  },
  "$defs": {
    "SeedUser": {
      "title": "SeedUser",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "username"
      ],
      "properties": {
        "id": {
          "type": "string",
          "pattern": "^[a-z0-9]{26}$",
          "x-expected": "26 letters and digits"
        },
        "username": {
          "type": "string",
          "minLength": 1
        },
        "email": {
          "type": "string"
        },
        "email_verified": {
          "type": "boolean"
        },
        "password": {
          "type": "string",
          "description": "A password of this sandbox alone."
        },
        "first_name": {
          "type": "string"
        },
        "last_name": {
          "type": "string"
        },
        "nickname": {
          "type": "string"
        },
        "position": {
          "type": "string"
        },
        "locale": {
          "type": "string"
        },
        "timezone": {
          "$ref": "#/$defs/StringMap"
        },
        "props": {
          "$ref": "#/$defs/StringMap"
        },
        "notify_props": {
          "$ref": "#/$defs/StringMap"
        },
        "roles": {
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        "active": {
          "type": "boolean"
        },
        "auth_service": {
          "type": "string"
        },
        "auth_data": {
          "type": "string"
        },
        "tokens": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "description"
            ],
            "properties": {
              "description": {
                "type": "string"
              },
              "active": {
                "type": "boolean"
              },
              "expires_at": {
                "type": "integer",
                "minimum": 0,
                "description": "Milliseconds since the epoch, 0 for never; kept by servers of 11.9 and later."
              }
            }
          }
        },
        "is_bot": {
          "type": "boolean"
        },
        "owner": {
          "type": "string"
        },
        "bot_description": {
          "type": "string"
        },
        "remote_id": {
          "type": "string"
        }
      }
    },
    "StringMap": {
      "type": "object",
      "additionalProperties": {
        "type": "string"
      }
    }
  }
};
