BEGIN TRANSACTION;
CREATE TABLE changes (
  document TEXT PRIMARY KEY REFERENCES documents(id),
  tenant   TEXT NOT NULL,
  seq      INTEGER NOT NULL UNIQUE
);
INSERT INTO "changes" VALUES('9da9a4a5-1848-5424-8110-7986eca34157','avella',2);
INSERT INTO "changes" VALUES('a3fb2540-98d4-5621-8a4e-7f78e88386a1','avella',4);
CREATE TABLE chunks (
  id         TEXT NOT NULL UNIQUE,         -- UUIDv5 of tenant, source, sha256 and ordinal
  version    INTEGER NOT NULL REFERENCES versions(id),
  ordinal    INTEGER NOT NULL,
  text       INTEGER NOT NULL REFERENCES texts(id),
  section    INTEGER NOT NULL,
  article    TEXT NOT NULL,
  eid        TEXT NOT NULL,
  breadcrumb TEXT NOT NULL,
  lead       TEXT NOT NULL,
  start_at   INTEGER NOT NULL,             -- bytes of versions.body
  end_at     INTEGER NOT NULL,
  page_first INTEGER NOT NULL,
  page_last  INTEGER NOT NULL,
  PRIMARY KEY (version, ordinal)
) WITHOUT ROWID;
INSERT INTO "chunks" VALUES('937b14db-32e8-5028-9cb9-75306151a638',2,0,1,0,'','hcontainer_1','Regolamento della TARI','',0,95,0,0);
INSERT INTO "chunks" VALUES('e7fe2805-4061-54ba-a37f-a26470890278',2,1,3,1,'1','art_1','Regolamento della TARI > Art. 1 Scadenza','',96,151,0,0);
INSERT INTO "chunks" VALUES('6c566f4c-d88b-5fb7-a963-cf67b70da32f',3,0,1,0,'','hcontainer_1','Regolamento della TARI','',0,95,0,0);
INSERT INTO "chunks" VALUES('f48182ee-9708-58a6-941c-4109df5e4de4',3,1,4,1,'1','art_1','Regolamento della TARI > Art. 1 Scadenza','',96,157,0,0);
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO "counters" VALUES('changes',4);
CREATE TABLE cursors (
  consumer TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL
);
CREATE TABLE documents (
  id            TEXT PRIMARY KEY,          -- UUIDv5 of tenant and source
  tenant        TEXT NOT NULL REFERENCES tenants(slug),
  source        TEXT NOT NULL,
  state         TEXT NOT NULL,             -- live | retired | repealed
  reason        TEXT NOT NULL,             -- why it is not live
  superseded_by TEXT REFERENCES documents(id),
  shared        INTEGER,                   -- shown to the tenants below: 1, 0, or NULL for the rule of the house
  version       INTEGER NOT NULL,          -- versions.id, 0 while the row is being made
  added_at      TEXT NOT NULL,
  UNIQUE (tenant, source)
);
INSERT INTO "documents" VALUES('9da9a4a5-1848-5424-8110-7986eca34157','avella','up/tari.md','live','',NULL,NULL,2,'2026-11-23T02:39:46.906259464Z');
INSERT INTO "documents" VALUES('a3fb2540-98d4-5621-8a4e-7f78e88386a1','avella','up/vecchio.md','repealed','',NULL,NULL,3,'2026-11-23T02:39:47.846188294Z');
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO "goose_db_version" VALUES(1,0,1,'2026-11-23 02:39:45');
INSERT INTO "goose_db_version" VALUES(2,1,1,'2026-11-23 02:39:45');
CREATE TABLE models (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dims INTEGER NOT NULL                    -- 0 until the first vector
);
INSERT INTO "models" VALUES(1,'m',2);
CREATE TABLE offices (
  tenant   TEXT NOT NULL REFERENCES tenants(slug),
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  subjects TEXT NOT NULL,                  -- JSON list
  hours    TEXT NOT NULL,
  phone    TEXT NOT NULL,
  email    TEXT NOT NULL,
  address  TEXT NOT NULL,
  PRIMARY KEY (tenant, ordinal)
);
INSERT INTO "offices" VALUES('avella',0,'Ufficio Tributi','["TARI","IMU"]','lun 9-12','075123456','tributi@example.it','Via Roma 1');
CREATE TABLE queue (
  model INTEGER NOT NULL REFERENCES models(id),
  text  INTEGER NOT NULL REFERENCES texts(id),
  lease INTEGER NOT NULL,
  PRIMARY KEY (model, text)
);
CREATE TABLE tenants (
  slug     TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL,                  -- comune | unione | provincia
  parent   TEXT REFERENCES tenants(slug),
  istat    TEXT NOT NULL,
  ipa      TEXT NOT NULL,
  hosts    TEXT NOT NULL,                  -- JSON list
  added_at TEXT NOT NULL                   -- RFC 3339, UTC, as everywhere
);
INSERT INTO "tenants" VALUES('provincia','Provincia di Prova','provincia',NULL,'','','null','2026-11-23T02:39:45.711337813Z');
INSERT INTO "tenants" VALUES('avella','Comune di Avella','comune','provincia','','','null','2026-11-23T02:39:45.801956456Z');
CREATE TABLE texts (
  id       INTEGER PRIMARY KEY,
  hash     TEXT NOT NULL UNIQUE,           -- sha256 of body
  analyzer INTEGER NOT NULL,               -- version of the analyser that made terms
  terms    BLOB NOT NULL,
  body     BLOB NOT NULL                   -- breadcrumb, lead and text of the chunk: the chunk's text is its end
);
INSERT INTO "texts" VALUES(1,'ab18fbb8541460a9b309e4280326f08b2eac271e0b1b47c4532d48acb2886d96',1,X'057265676F6C02037461720206617070726F76010764656C696265720107636F6E7369676C0107636F6D756E616C01023132010B6163743A31322F3230323201066163743A313201043230323201',X'5265676F6C616D656E746F2064656C6C6120544152490A5265676F6C616D656E746F2064656C6C6120544152490A417070726F7661746F20636F6E2064656C69626572617A696F6E652064656C20436F6E7369676C696F20636F6D756E616C65206E2E2031322064656C2033302F30332F323032322E');
INSERT INTO "texts" VALUES(2,'e6136b1ba3807f3a7dd6bc5f60f2974671694ec57ed58883738a713d351f74b8',1,X'057265676F6C0103746172010131020773636164656E7A0204746173730103706167010231360105676975676E01056172743A3102',X'5265676F6C616D656E746F2064656C6C612054415249203E204172742E20312053636164656E7A610A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C20313620676975676E6F2E');
INSERT INTO "texts" VALUES(3,'832e81381f2c1f9c3aca4584b3f2faa9a4c66fdc01522db0921f55ca2061e1eb',1,X'057265676F6C0103746172010131020773636164656E7A020474617373010370616701023330010873657474656D627201056172743A3102',X'5265676F6C616D656E746F2064656C6C612054415249203E204172742E20312053636164656E7A610A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C2033302073657474656D6272652E');
INSERT INTO "texts" VALUES(4,'c4218dd36d80dcd95fd294720029da240457fe46acc7c948da3f16b105c192eb',1,X'057265676F6C0103746172010131020773636164656E7A020474617373010370616701023330010873657474656D627201056172743A3102',X'5265676F6C616D656E746F2064656C6C612054415249203E204172742E20312053636164656E7A610A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C2033302073657474656D6272652E20616C74726F');
CREATE TABLE vectors (
  id     INTEGER PRIMARY KEY,
  model  INTEGER NOT NULL REFERENCES models(id),
  text   INTEGER NOT NULL REFERENCES texts(id),
  vector BLOB NOT NULL,                    -- float32, little endian
  UNIQUE (model, text)
);
INSERT INTO "vectors" VALUES(1,1,1,X'0000803F00000000');
INSERT INTO "vectors" VALUES(2,1,2,X'0000803F00000000');
INSERT INTO "vectors" VALUES(3,1,3,X'0000803F00000000');
INSERT INTO "vectors" VALUES(4,1,4,X'0000803F00000000');
CREATE TABLE versions (
  id          INTEGER PRIMARY KEY,
  document    TEXT NOT NULL REFERENCES documents(id),
  number      INTEGER NOT NULL,            -- 1, 2, 3…
  sha256      TEXT NOT NULL,               -- of the original's bytes, its name under files/
  size        INTEGER NOT NULL,            -- bytes of the original, 0 when it was not kept
  fingerprint TEXT NOT NULL,               -- sha256 of the parsed content: what decides "unchanged"
  title       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  format      TEXT NOT NULL,
  language    TEXT NOT NULL,
  visibility  TEXT NOT NULL,               -- public | staff
  valid_from  TEXT NOT NULL,               -- ISO 8601 day or empty
  valid_to    TEXT NOT NULL,
  year        TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  chunks      INTEGER NOT NULL,
  approval    TEXT NOT NULL,               -- JSON
  form        TEXT NOT NULL,               -- JSON, empty when it is no form
  added_at    TEXT NOT NULL,
  meta        TEXT NOT NULL,               -- JSON: date, page starts, warnings
  sections    TEXT NOT NULL,               -- JSON
  body        BLOB NOT NULL,               -- the text: offsets everywhere count its bytes
  UNIQUE (document, number)
);
INSERT INTO "versions" VALUES(1,'9da9a4a5-1848-5424-8110-7986eca34157',1,'aab1f2a03d296f90db8c2f21b2f32b82e51fd58c2b81663b6f3448533d011881',157,'4888136bccc088b78fcf55971569ded7e473fd7fe57de0198dac7976ed48610d','Regolamento della TARI','regolamento','markdown','it','public','','','',0,2,'{"type":"delibera","body":"C.C.","number":"12","date":"2022-03-30"}','','2026-11-23T02:39:46.9063643Z','{"date":"2022-03-30"}','[{"Kind":"intestazione","Number":"","Rubric":"Regolamento della TARI","EID":"hcontainer_1","Parent":-1,"Start":0,"End":148},{"Kind":"articolo","Number":"1","Rubric":"Scadenza","EID":"art_1","Parent":0,"Start":96,"End":148},{"Kind":"comma","Number":"1","Rubric":"","EID":"art_1__para_1","Parent":1,"Start":112,"End":148}]',X'5265676F6C616D656E746F2064656C6C6120544152490A417070726F7661746F20636F6E2064656C69626572617A696F6E652064656C20436F6E7369676C696F20636F6D756E616C65206E2E2031322064656C2033302F30332F323032322E0A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C20313620676975676E6F2E');
INSERT INTO "versions" VALUES(2,'9da9a4a5-1848-5424-8110-7986eca34157',2,'55d6837ecf300a6f5d656e743526077fad95fa1809e177639c1306f0ff67cccf',160,'9d4d19818a8a2ca87f9107442098e06cb50d0a67d55ddd44ff3d0b23fad21bf6','Regolamento della TARI','regolamento','markdown','it','public','','','',0,2,'{"type":"delibera","body":"C.C.","number":"12","date":"2022-03-30"}','','2026-11-23T02:39:47.465666086Z','{"date":"2022-03-30"}','[{"Kind":"intestazione","Number":"","Rubric":"Regolamento della TARI","EID":"hcontainer_1","Parent":-1,"Start":0,"End":151},{"Kind":"articolo","Number":"1","Rubric":"Scadenza","EID":"art_1","Parent":0,"Start":96,"End":151},{"Kind":"comma","Number":"1","Rubric":"","EID":"art_1__para_1","Parent":1,"Start":112,"End":151}]',X'5265676F6C616D656E746F2064656C6C6120544152490A417070726F7661746F20636F6E2064656C69626572617A696F6E652064656C20436F6E7369676C696F20636F6D756E616C65206E2E2031322064656C2033302F30332F323032322E0A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C2033302073657474656D6272652E');
INSERT INTO "versions" VALUES(3,'a3fb2540-98d4-5621-8a4e-7f78e88386a1',1,'d05e5fdca2672973484b81b84aa40ef1e70ed7a895d53dad5c3b3a3d7d818f07',166,'78f1bf2e99e15668993153d513cbad3fa152342171fe7f4847749bc7afdb45cd','Regolamento della TARI','regolamento','markdown','it','public','','','',0,2,'{"type":"delibera","body":"C.C.","number":"12","date":"2022-03-30"}','','2026-11-23T02:39:47.848493Z','{"date":"2022-03-30"}','[{"Kind":"intestazione","Number":"","Rubric":"Regolamento della TARI","EID":"hcontainer_1","Parent":-1,"Start":0,"End":157},{"Kind":"articolo","Number":"1","Rubric":"Scadenza","EID":"art_1","Parent":0,"Start":96,"End":157},{"Kind":"comma","Number":"1","Rubric":"","EID":"art_1__para_1","Parent":1,"Start":112,"End":157}]',X'5265676F6C616D656E746F2064656C6C6120544152490A417070726F7661746F20636F6E2064656C69626572617A696F6E652064656C20436F6E7369676C696F20636F6D756E616C65206E2E2031322064656C2033302F30332F323032322E0A4172742E20312053636164656E7A610A4C61207461737361207369207061676120656E74726F20696C2033302073657474656D6272652E20616C74726F');
CREATE INDEX documents_version ON documents(version);
CREATE INDEX texts_analyzer ON texts(analyzer);
CREATE INDEX chunks_text ON chunks(text);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('goose_db_version',2);
COMMIT;
