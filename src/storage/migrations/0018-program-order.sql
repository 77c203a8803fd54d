-- A program's maps are read in the order in which they were written: metrics, surveys, journeys. jsonb keeps no order.
alter table program_versions alter column program type json using program::json;
