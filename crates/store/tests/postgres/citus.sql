-- Plays Citus for the tests: the functions and the catalog that `migrate --distribute` uses, with the names, arguments and
-- refusals that the documentation of Citus 12 describes. Nothing is distributed.
CREATE SCHEMA citus;
SET search_path = citus, public;

CREATE TYPE distribution_type AS ENUM ('hash', 'range', 'append');

CREATE TABLE pg_dist_partition (
  logicalrelid regclass PRIMARY KEY,
  partmethod   "char"   NOT NULL,
  partkey      text,
  colocationid integer  NOT NULL,
  repmodel     "char"   NOT NULL,
  autoconverted boolean NOT NULL DEFAULT false
);
CREATE SEQUENCE pg_dist_colocationid_seq;

CREATE FUNCTION column_to_column_name(table_name regclass, column_var_text text) RETURNS text
LANGUAGE sql AS 'SELECT column_var_text';

CREATE FUNCTION create_distributed_table(
  table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
  colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own   pg_attribute%ROWTYPE;
  other citus.pg_dist_partition%ROWTYPE;
  found record;
  place integer;
BEGIN
  IF EXISTS (SELECT 1 FROM citus.pg_dist_partition WHERE logicalrelid = table_name) THEN
    RAISE EXCEPTION 'table "%" is already distributed', table_name;
  END IF;
  SELECT * INTO own FROM pg_attribute
    WHERE attrelid = table_name AND attname = distribution_column AND NOT attisdropped;
  IF own.attnum IS NULL THEN
    RAISE EXCEPTION 'column "%" of relation "%" does not exist', distribution_column, table_name;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = table_name AND NOT tgisinternal) THEN
    RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers', table_name;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_index WHERE indrelid = table_name AND indisunique AND NOT own.attnum = ANY (indkey)) THEN
    RAISE EXCEPTION 'cannot create constraint on "%": unique constraints have to include the distribution column',
      table_name;
  END IF;
  IF colocate_with NOT IN ('default', 'none') THEN
    SELECT * INTO other FROM citus.pg_dist_partition WHERE logicalrelid = colocate_with::regclass;
    IF other.colocationid IS NULL THEN
      RAISE EXCEPTION 'relation % is not distributed', colocate_with;
    END IF;
    IF own.atttypid <> (SELECT atttypid FROM pg_attribute
        WHERE attrelid = other.logicalrelid AND attname = other.partkey) THEN
      RAISE EXCEPTION 'cannot colocate tables % and %: distribution column types do not match', colocate_with, table_name;
    END IF;
  END IF;
  place := coalesce(other.colocationid, nextval('citus.pg_dist_colocationid_seq'));
  FOR found IN SELECT f.conname, f.conkey, f.confkey, p.partmethod, p.colocationid, a.attnum AS their
      FROM pg_constraint f LEFT JOIN citus.pg_dist_partition p ON p.logicalrelid = f.confrelid
      LEFT JOIN pg_attribute a ON a.attrelid = p.logicalrelid AND a.attname = p.partkey
      WHERE f.conrelid = table_name AND f.contype = 'f' LOOP
    CONTINUE WHEN found.partmethod = 'n';
    IF found.colocationid IS DISTINCT FROM place
        OR array_position(found.conkey, own.attnum) IS DISTINCT FROM array_position(found.confkey, found.their) THEN
      RAISE EXCEPTION 'cannot create foreign key constraint %: it has to be colocated and include the distribution column',
        found.conname;
    END IF;
  END LOOP;
  INSERT INTO citus.pg_dist_partition VALUES (table_name, 'h', distribution_column, place, 's');
END $$;

CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM citus.pg_dist_partition WHERE logicalrelid = table_name) THEN
    RAISE EXCEPTION 'table "%" is already distributed', table_name;
  END IF;
  INSERT INTO citus.pg_dist_partition VALUES (table_name, 'n', NULL, 1000000, 't');
END $$;
