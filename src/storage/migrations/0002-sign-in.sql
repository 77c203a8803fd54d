-- Who may sign in. A person is one over all workspaces, so these tables have no workspace_id and live outside of
-- the schema samklang; the application's role has no right here at all. The first four are the sign-in library's
-- own (better-auth 1.7), with its column names.

create schema auth;

create table auth.users (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);

create table auth.sessions (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth.users ("id") on delete cascade
);
create index sessions_user on auth.sessions ("userId");

create table auth.accounts (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth.users ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index accounts_user on auth.accounts ("userId");

create table auth.verifications (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index verifications_identifier on auth.verifications ("identifier");

-- One-time sign-in links; only the hash of a link's token is kept.
create table auth.links (
  token_hash text primary key,
  user_id text not null references auth.users ("id") on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  spent_at timestamptz,
  session_id text                        -- the session it opened; that one may set a new password for a while
);
