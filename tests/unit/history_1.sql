BEGIN TRANSACTION;
CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('rep', 'hold')),
            step INTEGER NOT NULL,
            number INTEGER NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            held_s REAL,
            verdict TEXT NOT NULL CHECK (verdict IN ('good', 'attempt', 'not_judged')),
            score REAL,
            coverage REAL,
            reason TEXT NOT NULL,
            tempo REAL,
            faults TEXT NOT NULL,
            range_of_motion_deg TEXT NOT NULL,
            UNIQUE (session_id, kind, step, number)
        );
INSERT INTO "part" VALUES(1,1,'rep',0,0,1.2,4.0,NULL,'good',100.0,1.0,'',1.0,'[]','{"left_elbow":5.5,"left_hip":129.8,"left_knee":119.7,"left_shoulder":109.8,"right_elbow":5.5,"right_hip":129.8,"right_knee":119.7,"right_shoulder":109.8}');
INSERT INTO "part" VALUES(2,1,'rep',0,1,5.2,8.0,NULL,'good',100.0,1.0,'',1.0,'[]','{"left_elbow":5.9,"left_hip":129.8,"left_knee":119.7,"left_shoulder":109.8,"right_elbow":5.9,"right_hip":129.8,"right_knee":119.7,"right_shoulder":109.8}');
INSERT INTO "part" VALUES(3,1,'rep',0,2,9.2,12.0,NULL,'good',100.0,1.0,'',1.0,'[]','{"left_elbow":5.9,"left_hip":129.8,"left_knee":119.7,"left_shoulder":109.8,"right_elbow":5.9,"right_hip":129.8,"right_knee":119.7,"right_shoulder":109.8}');
INSERT INTO "part" VALUES(4,1,'hold',1,0,30.0,41.0,10.2,'good',80.0,NULL,'',NULL,'[]','{}');
INSERT INTO "part" VALUES(5,2,'rep',0,0,0.0,2.0,NULL,'not_judged',NULL,NULL,'left side hidden',NULL,'[]','{}');
CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            routine_id TEXT NOT NULL,
            view TEXT NOT NULL,
            started_unix_s REAL NOT NULL,
            clock_set INTEGER NOT NULL,
            boot_id TEXT NOT NULL,
            app_version TEXT NOT NULL,
            finished INTEGER NOT NULL DEFAULT 0,
            score REAL,
            coverage REAL,
            reason TEXT,
            duration_s REAL
        );
INSERT INTO "session" VALUES(1,'032c6172-53cf-4175-9ad3-0fe19b27f0aa','squat','left',1790000000.25,1,'boot-1','0.1.0',1,9.99735515935245331285e+01,1.0,'',13.0);
INSERT INTO "session" VALUES(2,'fdf919fb-e7ae-4f2a-9e51-92075f440c06','warrior','front',3600.0,0,'boot-2','0.1.0',0,NULL,NULL,NULL,NULL);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',2);
COMMIT;
PRAGMA user_version = 1;
