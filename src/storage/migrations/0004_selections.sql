CREATE TABLE "selections" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"summary" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trials" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "selections" ADD CONSTRAINT "selections_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;