CREATE TABLE "curation_reports" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"backbone" text,
	"leak_delta" jsonb,
	"wrong_queries" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "curations" (
	"candidate_id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"category_id" uuid NOT NULL,
	"reason" text,
	"detail" text,
	"decision" text,
	"doubt" text,
	"suspicion" double precision,
	"margin" double precision,
	"suggested_id" uuid
);
--> statement-breakpoint
CREATE TABLE "dataset_pictures" (
	"version" text NOT NULL,
	"sha256" text NOT NULL,
	"category" text NOT NULL,
	"part" text NOT NULL,
	"provider" text NOT NULL,
	"query" text NOT NULL,
	"image_url" text NOT NULL,
	"page_url" text,
	"title" text,
	"creator" text,
	"licence" text,
	"licence_url" text,
	CONSTRAINT "dataset_pictures_version_sha256_pk" PRIMARY KEY("version","sha256")
);
--> statement-breakpoint
CREATE TABLE "dataset_versions" (
	"version" text PRIMARY KEY NOT NULL,
	"categories" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"project_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"action" text NOT NULL,
	"category_id" uuid,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "decisions_project_id_sha256_pk" PRIMARY KEY("project_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "run_versions" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"version" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "curation_reports" ADD CONSTRAINT "curation_reports_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "curations" ADD CONSTRAINT "curations_candidate_id_candidates_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "public"."candidates"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "curations" ADD CONSTRAINT "curations_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "curations" ADD CONSTRAINT "curations_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "curations" ADD CONSTRAINT "curations_suggested_id_categories_id_fk" FOREIGN KEY ("suggested_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_pictures" ADD CONSTRAINT "dataset_pictures_version_dataset_versions_version_fk" FOREIGN KEY ("version") REFERENCES "public"."dataset_versions"("version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_versions" ADD CONSTRAINT "run_versions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_versions" ADD CONSTRAINT "run_versions_version_dataset_versions_version_fk" FOREIGN KEY ("version") REFERENCES "public"."dataset_versions"("version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "curations_run" ON "curations" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_versions_version" ON "run_versions" USING btree ("version");