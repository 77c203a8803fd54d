-- What customers are worth, and by which model.

-- Payments are read by whom they come from; contacts have their index already.
create index transactions_account on transactions (workspace_id, account_id) where account_id is not null;
create index responses_account on responses (workspace_id, account_id, answered_at) where account_id is not null;

-- One row for each customer who ever paid, made anew each night. Money is in the workspace's currency.
create table customer_values (
  workspace_id uuid not null,
  customer_id uuid not null,             -- contact_id or account_id
  kind text not null check (kind in ('contact', 'account')),
  unit_key text,
  first_at timestamptz not null,         -- first payment
  last_at timestamptz not null,          -- latest payment
  recency double precision not null,     -- days from the latest payment to as_of
  frequency int not null,                -- payments
  revenue double precision not null,
  refunds double precision not null,
  monetary double precision not null,    -- revenue less refunds
  margin double precision not null,      -- net of refunds
  potential double precision,            -- a period, as O-data tells
  r smallint not null,                   -- quintile scores, 5 is best
  f smallint not null,
  m smallint not null,
  lives int not null,                    -- 1, and one more for each time they left and came back
  periods int not null,                  -- paid periods since they came (back)
  margin_a_period double precision not null,
  left_at timestamptz,                   -- when the time without a payment was up
  rlv double precision,                  -- by the model chosen; 0 for those who left, null when there is none
  rlv_low double precision,
  rlv_high double precision,
  rlv_constant double precision,
  rlv_sbg double precision,
  segment text not null,
  high boolean not null,                 -- the segment counts as high value
  band text,                             -- loyalty by the latest score
  response_id uuid,                      -- of that score
  contact_id uuid,
  answered_at timestamptz,
  churn double precision,                -- chance to leave, given that answer
  at_risk double precision,              -- churn x rlv
  as_of timestamptz not null,            -- what was known by then
  made_at timestamptz not null,          -- when it was reckoned
  primary key (workspace_id, customer_id)
);
create index customer_values_cell on customer_values (workspace_id, segment, band, at_risk desc nulls last, customer_id);

-- What was estimated, and how well it foretold: parameters with intervals, retention by cohort, calibration.
create table value_models (
  workspace_id uuid not null,
  as_of timestamptz not null,
  made_at timestamptz not null,
  model jsonb not null,
  version text not null,
  primary key (workspace_id, made_at)
);

do $$
declare
  t text;
begin
  foreach t in array array['customer_values', 'value_models'] loop
    execute format('alter table %I enable row level security', t);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to samklang_app', t);
  end loop;
end
$$;
