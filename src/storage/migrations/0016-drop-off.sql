-- How far somebody came: of the questions they answered themselves the last, in the order of the survey they were shown.
-- Of answers from before it is not known, nor of those given elsewhere.
alter table responses add column last_question text;
