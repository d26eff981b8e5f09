import { type Static, Type } from "typebox";

/** `POST /api/setup`, `GET|POST|DELETE /api/session`. The session is a cookie; the console never sees its value. */
export const ROLES = ["administrator", "telephony-engineer", "supervisor", "agent", "auditor"] as const;
export const RoleSchema = Type.Enum(ROLES);
export type Role = (typeof ROLES)[number];

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;
const Username = Type.String({ minLength: 2, maxLength: 64, pattern: "^[\\p{L}\\p{N}._@-]+$" });
const Password = Type.String({ minLength: 1, maxLength: PASSWORD_MAX });

export const SetupRequestSchema = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64 }),
    username: Username,
    displayName: Type.String({ minLength: 1, maxLength: 80 }),
    password: Password,
  },
  { additionalProperties: false },
);
export type SetupRequest = Static<typeof SetupRequestSchema>;

export const SignInRequestSchema = Type.Object(
  { username: Username, password: Password },
  { additionalProperties: false },
);
export type SignInRequest = Static<typeof SignInRequestSchema>;

/** `needsSetup` is true until the first administrator exists. */
export const SessionReplySchema = Type.Object({
  needsSetup: Type.Boolean(),
  siteName: Type.String(),
  siteLanguage: Type.Union([Type.Literal("zh"), Type.Literal("en")]),
  user: Type.Optional(
    Type.Object({ id: Type.String(), username: Type.String(), displayName: Type.String(), role: RoleSchema }),
  ),
});
export type SessionReply = Static<typeof SessionReplySchema>;
