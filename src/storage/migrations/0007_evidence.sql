CREATE TABLE "held_out_predictions" (
	"candidate_id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"truth" integer NOT NULL,
	"predicted" integer NOT NULL,
	"confidence" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_evidence" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"learning_curve" jsonb NOT NULL,
	"diagnosis" jsonb NOT NULL,
	"labels" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "held_out_predictions" ADD CONSTRAINT "held_out_predictions_candidate_id_candidates_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "public"."candidates"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_out_predictions" ADD CONSTRAINT "held_out_predictions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_evidence" ADD CONSTRAINT "run_evidence_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_out_predictions_cell" ON "held_out_predictions" USING btree ("run_id","truth","predicted");