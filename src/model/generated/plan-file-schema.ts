// Generated from schemas/ by `npm run generate`. Do not edit.

export const planSchema: Readonly<Record<string, unknown>> = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://mattermuster.dev/schemas/plan.schema.json",
  "title": "Plan",
  "description": "What muster would do to bring a server to the desired state, and what it will not do and why. Holds no secret.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "format",
    "version",
    "tool",
    "server",
    "desired",
    "summary",
    "actions",
    "held",
    "blocked",
    "scheduled",
    "notices",
    "undeclared"
  ],
  "properties": {
    "format": {
      "const": "muster-plan"
    },
    "version": {
      "const": 1
    },
    "digest": {
      "type": "string",
      "pattern": "^sha256:[0-9a-f]{64}$",
      "description": "Of the canonical JSON of everything else in the plan."
    },
    "expires": {
      "type": "string",
      "format": "date-time",
      "description": "After this moment the plan is refused (plan files)."
    },
    "tool": {
      "title": "PlanTool",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "name",
        "version"
      ],
      "properties": {
        "name": {
          "const": "mattermuster"
        },
        "version": {
          "type": "string"
        }
      }
    },
    "server": {
      "title": "PlanServer",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "url",
        "key",
        "version",
        "caller"
      ],
      "properties": {
        "url": {
          "type": "string"
        },
        "key": {
          "type": "string",
          "description": "What tells this server from every other: its diagnostic id."
        },
        "version": {
          "type": "string"
        },
        "caller": {
          "type": "string",
          "description": "Username of the account whose token muster used."
        }
      }
    },
    "desired": {
      "title": "PlanDesired",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "digest",
        "moment",
        "files"
      ],
      "properties": {
        "digest": {
          "type": "string",
          "pattern": "^sha256:[0-9a-f]{64}$"
        },
        "moment": {
          "type": "string",
          "format": "date-time",
          "description": "The moment as of which starts and ends were read."
        },
        "files": {
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        "commit": {
          "type": "string"
        }
      }
    },
    "narrowed": {
      "title": "PlanNarrowing",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "users": {
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        "classes": {
          "type": "array",
          "items": {
            "$ref": "#/$defs/ChangeClass"
          }
        },
        "left_out": {
          "type": "integer",
          "description": "Changes that passed the rails and were left out."
        }
      },
      "required": [
        "left_out"
      ]
    },
    "approvals": {
      "type": "array",
      "items": {
        "title": "PlanApproval",
        "type": "object",
        "additionalProperties": false,
        "required": [
          "class",
          "by",
          "reason",
          "expires",
          "lifted"
        ],
        "properties": {
          "class": {
            "$ref": "#/$defs/ChangeClass"
          },
          "by": {
            "type": "string"
          },
          "reason": {
            "type": "string"
          },
          "expires": {
            "type": "string"
          },
          "lifted": {
            "type": "integer",
            "description": "People, or tokens, that it lifts over the budget."
          }
        }
      }
    },
    "summary": {
      "$ref": "#/$defs/PlanSummary"
    },
    "actions": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/Action"
      }
    },
    "held": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/HeldChange"
      }
    },
    "blocked": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/BlockedChange"
      }
    },
    "scheduled": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/ScheduledChange"
      }
    },
    "notices": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/Notice"
      }
    },
    "undeclared": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/UndeclaredAccount"
      }
    },
    "formerly_declared": {
      "type": "array",
      "items": {
        "$ref": "#/$defs/FormerlyDeclaredAccount"
      },
      "description": "Still active although their entries are gone; absent where there are none, or nothing is remembered."
    }
  },
  "$defs": {
    "ChangeClass": {
      "title": "ChangeClass",
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
      ]
    },
    "JsonValue": {
      "title": "PlanValue",
      "description": "A value of a field as it stands in a users file; absent means that there is none.",
      "anyOf": [
        {
          "type": "string"
        },
        {
          "type": "boolean"
        },
        {
          "type": "number"
        },
        {
          "type": "array",
          "items": {
            "type": "string"
          }
        },
        {
          "type": "object",
          "additionalProperties": {
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "boolean"
              },
              {
                "type": "number"
              },
              {
                "type": "array",
                "items": {
                  "type": "string"
                }
              },
              {
                "type": "object",
                "additionalProperties": {
                  "type": "string"
                }
              }
            ]
          }
        }
      ]
    },
    "Reason": {
      "title": "Reason",
      "type": "object",
      "description": "Why a change is wanted: a line of a file, or a rule of muster.",
      "additionalProperties": false,
      "required": [
        "text"
      ],
      "properties": {
        "text": {
          "type": "string"
        },
        "rule": {
          "enum": [
            "returner",
            "leaver",
            "rotation",
            "no-longer-listed",
            "foreign-tokens",
            "window",
            "new-account",
            "owner-changed-auth",
            "exchange",
            "undo"
          ]
        },
        "file": {
          "type": "string"
        },
        "line": {
          "type": "integer",
          "minimum": 1
        },
        "column": {
          "type": "integer",
          "minimum": 1
        }
      }
    },
    "Change": {
      "title": "Change",
      "type": "object",
      "description": "One difference of one person, of one class.",
      "additionalProperties": false,
      "required": [
        "id",
        "class",
        "person",
        "attribute",
        "reason"
      ],
      "properties": {
        "id": {
          "type": "string",
          "description": "Unique in the plan and stable between plans: person, attribute, and what of it."
        },
        "class": {
          "$ref": "#/$defs/ChangeClass"
        },
        "person": {
          "type": "string",
          "description": "The username that the entry declares."
        },
        "attribute": {
          "type": "string",
          "description": "A field of the users file, such as email, notify_props.desktop or tokens.ci-deploy."
        },
        "before": {
          "$ref": "#/$defs/JsonValue"
        },
        "after": {
          "$ref": "#/$defs/JsonValue"
        },
        "reason": {
          "$ref": "#/$defs/Reason"
        }
      }
    },
    "HeldChange": {
      "title": "HeldChange",
      "type": "object",
      "description": "A real difference that muster will not or cannot write.",
      "additionalProperties": false,
      "required": [
        "change",
        "code",
        "owner",
        "reason",
        "hint"
      ],
      "properties": {
        "change": {
          "$ref": "#/$defs/Change"
        },
        "code": {
          "type": "string",
          "description": "Stable, such as ldap-owns-active."
        },
        "owner": {
          "type": "string",
          "description": "Who decides instead: ldap, saml, the caller, the policy, the server."
        },
        "reason": {
          "type": "string"
        },
        "hint": {
          "type": "string"
        }
      }
    },
    "BlockedChange": {
      "title": "BlockedChange",
      "type": "object",
      "description": "A change that a rail stopped.",
      "additionalProperties": false,
      "required": [
        "change",
        "rail",
        "reason",
        "hint"
      ],
      "properties": {
        "change": {
          "$ref": "#/$defs/Change"
        },
        "rail": {
          "enum": [
            "min-admins",
            "permission",
            "switch",
            "seats",
            "budget",
            "empty-desired-state",
            "prerequisite"
          ]
        },
        "reason": {
          "type": "string"
        },
        "hint": {
          "type": "string"
        },
        "approval": {
          "type": "string",
          "pattern": "^sha256:[0-9a-f]{64}$",
          "description": "For a budget: what an approval of exactly this set of changes has to name."
        }
      }
    },
    "ScheduledChange": {
      "title": "ScheduledChange",
      "type": "object",
      "description": "A change whose time has not come.",
      "additionalProperties": false,
      "required": [
        "change",
        "due"
      ],
      "properties": {
        "change": {
          "$ref": "#/$defs/Change"
        },
        "due": {
          "type": "string",
          "format": "date-time"
        }
      }
    },
    "Notice": {
      "title": "Notice",
      "type": "object",
      "description": "Something a reviewer should know that is not a change.",
      "additionalProperties": false,
      "required": [
        "code",
        "text"
      ],
      "properties": {
        "code": {
          "type": "string"
        },
        "person": {
          "type": "string"
        },
        "text": {
          "type": "string"
        },
        "hint": {
          "type": "string"
        }
      }
    },
    "UndeclaredAccount": {
      "title": "UndeclaredAccount",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "id",
        "username",
        "admin"
      ],
      "properties": {
        "id": {
          "type": "string"
        },
        "username": {
          "type": "string"
        },
        "admin": {
          "type": "boolean"
        }
      }
    },
    "FormerlyDeclaredAccount": {
      "title": "FormerlyDeclaredAccount",
      "type": "object",
      "description": "An account that an earlier apply knew as declared, for which no entry stands any more, and which is still active.",
      "additionalProperties": false,
      "required": [
        "id",
        "username",
        "last_declared",
        "admin"
      ],
      "properties": {
        "id": {
          "type": "string"
        },
        "username": {
          "type": "string",
          "description": "As the server has it now."
        },
        "last_declared": {
          "type": "string",
          "format": "date",
          "description": "The day of the last apply that found an entry for it, in policy.time_zone."
        },
        "admin": {
          "type": "boolean"
        }
      }
    },
    "PlanSummary": {
      "title": "PlanSummary",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "declared",
        "matched",
        "unchanged",
        "people",
        "actions",
        "changes",
        "held",
        "blocked",
        "scheduled",
        "mails"
      ],
      "properties": {
        "declared": {
          "type": "integer",
          "description": "People in the desired state."
        },
        "matched": {
          "type": "integer",
          "description": "Of these, people with an account."
        },
        "unchanged": {
          "type": "integer",
          "description": "Of these, people whose account is as wanted."
        },
        "people": {
          "type": "integer",
          "description": "People with at least one action."
        },
        "actions": {
          "type": "integer"
        },
        "changes": {
          "title": "ChangeCounts",
          "type": "object",
          "additionalProperties": {
            "type": "integer"
          },
          "description": "Changes that actions make, by class."
        },
        "held": {
          "type": "integer"
        },
        "blocked": {
          "type": "integer"
        },
        "scheduled": {
          "type": "integer"
        },
        "mails": {
          "type": "integer",
          "description": "Mails that the server will send because of the actions, if it can send mail."
        }
      }
    },
    "Precondition": {
      "title": "Precondition",
      "type": "object",
      "description": "What must still be so right before the action: never update_at, which logins move.",
      "additionalProperties": false,
      "required": [
        "fields"
      ],
      "properties": {
        "account": {
          "type": "string",
          "description": "Id of the account; absent for a create."
        },
        "absent": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "description": "Usernames and e-mails that must still be free."
        },
        "fields": {
          "type": "object",
          "additionalProperties": {
            "$ref": "#/$defs/JsonValue"
          },
          "description": "Fields and the values that were seen."
        },
        "token": {
          "title": "TokenPrecondition",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "id",
            "enabled"
          ],
          "properties": {
            "id": {
              "type": "string"
            },
            "enabled": {
              "type": "boolean"
            }
          }
        }
      }
    },
    "Dependency": {
      "title": "Dependency",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "action",
        "need"
      ],
      "properties": {
        "action": {
          "type": "string"
        },
        "need": {
          "enum": [
            "success",
            "end"
          ],
          "description": "success: skipped unless that one was done. end: only the order matters."
        }
      }
    },
    "Action": {
      "title": "Action",
      "type": "object",
      "description": "One API call, or a short fixed sequence, that makes changes which passed the rails.",
      "additionalProperties": false,
      "required": [
        "id",
        "person",
        "changes",
        "precondition",
        "after",
        "reversible",
        "mails",
        "call"
      ],
      "properties": {
        "id": {
          "type": "string"
        },
        "person": {
          "type": "string"
        },
        "account": {
          "type": "string",
          "description": "Id of the account; absent where a create in this plan makes it."
        },
        "changes": {
          "type": "array",
          "minItems": 1,
          "items": {
            "$ref": "#/$defs/Change"
          }
        },
        "precondition": {
          "$ref": "#/$defs/Precondition"
        },
        "after": {
          "type": "array",
          "items": {
            "$ref": "#/$defs/Dependency"
          }
        },
        "lane": {
          "const": "admin-loss",
          "description": "Actions of one lane run strictly one at a time."
        },
        "reversible": {
          "type": "boolean"
        },
        "mails": {
          "type": "integer",
          "minimum": 0
        },
        "call": {
          "$ref": "#/$defs/Call"
        }
      }
    },
    "Call": {
      "title": "Call",
      "oneOf": [
        {
          "title": "CreateUserCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "fields",
            "welcome_email",
            "email_verified"
          ],
          "properties": {
            "operation": {
              "const": "create-user"
            },
            "fields": {
              "$ref": "#/$defs/CallFields"
            },
            "auth": {
              "$ref": "#/$defs/CallAuth"
            },
            "password": {
              "$ref": "#/$defs/PasswordOrigin"
            },
            "welcome_email": {
              "type": "boolean"
            },
            "invite": {
              "const": "reset_mail",
              "description": "Once the account is there, the server sends a link to set a password."
            },
            "email_verified": {
              "type": "boolean"
            }
          }
        },
        {
          "title": "PatchUserCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "fields"
          ],
          "properties": {
            "operation": {
              "const": "patch-user"
            },
            "fields": {
              "$ref": "#/$defs/CallFields"
            }
          }
        },
        {
          "title": "SetAuthCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "auth"
          ],
          "properties": {
            "operation": {
              "const": "set-auth"
            },
            "auth": {
              "$ref": "#/$defs/CallAuth"
            }
          }
        },
        {
          "title": "SetPasswordCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "password"
          ],
          "description": "Moves the person to e-mail login.",
          "properties": {
            "operation": {
              "const": "set-password"
            },
            "password": {
              "$ref": "#/$defs/PasswordOrigin"
            }
          }
        },
        {
          "title": "PromoteCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation"
          ],
          "properties": {
            "operation": {
              "const": "promote-guest"
            }
          }
        },
        {
          "title": "DemoteCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation"
          ],
          "properties": {
            "operation": {
              "const": "demote-to-guest"
            }
          }
        },
        {
          "title": "SetRolesCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "roles"
          ],
          "properties": {
            "operation": {
              "const": "set-roles"
            },
            "roles": {
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "string"
              }
            }
          }
        },
        {
          "title": "ActivateCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation"
          ],
          "properties": {
            "operation": {
              "const": "activate"
            }
          }
        },
        {
          "title": "DeactivateCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation"
          ],
          "properties": {
            "operation": {
              "const": "deactivate"
            }
          }
        },
        {
          "title": "CreateTokenCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "name",
            "generation",
            "check"
          ],
          "properties": {
            "operation": {
              "const": "create-token"
            },
            "name": {
              "type": "string"
            },
            "generation": {
              "type": "integer"
            },
            "sink": {
              "type": "string",
              "description": "Name of the sink; absent: a file in secrets.dir."
            },
            "expires_in": {
              "type": "integer",
              "minimum": 1,
              "description": "Seconds from its making after which the server ends the token; absent: never."
            },
            "check": {
              "type": "boolean",
              "description": "Whether the new token is tried by a call: not while the account is inactive."
            }
          }
        },
        {
          "title": "ChangeTokenCall",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "operation",
            "token"
          ],
          "properties": {
            "operation": {
              "enum": [
                "enable-token",
                "disable-token",
                "revoke-token"
              ]
            },
            "token": {
              "type": "string",
              "description": "Id of the token, which is not its secret."
            }
          }
        }
      ]
    },
    "CallFields": {
      "title": "CallFields",
      "type": "object",
      "description": "Profile fields to send. Of the maps, the keys to set; the others keep their value.",
      "additionalProperties": false,
      "properties": {
        "username": {
          "type": "string"
        },
        "email": {
          "type": "string"
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
          "type": "object",
          "additionalProperties": {
            "type": "string"
          }
        },
        "notify_props": {
          "type": "object",
          "additionalProperties": {
            "type": "string"
          }
        },
        "props": {
          "type": "object",
          "additionalProperties": {
            "type": "string"
          }
        }
      }
    },
    "CallAuth": {
      "title": "CallAuth",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "service",
        "data"
      ],
      "properties": {
        "service": {
          "type": "string"
        },
        "data": {
          "type": "string"
        }
      }
    },
    "PasswordOrigin": {
      "title": "PasswordOrigin",
      "description": "Where the password comes from: the name of a source, or a random one that nobody keeps. Never the password.",
      "oneOf": [
        {
          "title": "PasswordFromSource",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "source"
          ],
          "properties": {
            "source": {
              "type": "string"
            }
          }
        },
        {
          "title": "RandomPassword",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "random"
          ],
          "properties": {
            "random": {
              "const": true
            }
          }
        }
      ]
    }
  }
};
