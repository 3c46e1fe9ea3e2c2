-- A text as searches compare it: without accents and other marks on letters, and without case, whatever Unicode form it came in. NFKD
-- takes letters apart, and marks of Latin, Greek and Cyrillic letters, vowel signs of Hebrew and Arabic ones are dropped. Some letters
-- have no such parts and are replaced. The collation makes it the same in every database, those with the C locale included.
--
-- The column products.search_text holds this of its text, so a change needs a migration that makes the column anew.
create or replace function searchable(p_text text) returns text
language sql immutable parallel safe as $$
  select replace(replace(translate(casefold(
    regexp_replace(normalize(p_text, NFKD), '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]', '', 'g')
    collate pg_unicode_fast), 'øđðłħŧı', 'oddlhti'), 'æ', 'ae'), 'œ', 'oe')
$$;
