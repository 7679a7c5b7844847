CREATE TABLE "fetch_retries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"candidate_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"detail" text,
	"fetched_at" timestamp with time zone NOT NULL,
	"retried_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "listed_urls" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"category_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"image_url" text NOT NULL,
	"page_url" text,
	"creator" text,
	"licence" text,
	"licence_url" text,
	CONSTRAINT "listed_urls_address" UNIQUE("category_id","image_url")
);
--> statement-breakpoint
CREATE TABLE "searches" (
	"run_id" uuid NOT NULL,
	"category_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"query" text NOT NULL,
	"position" integer NOT NULL,
	"tier" integer NOT NULL,
	"state" text NOT NULL,
	"cursor" jsonb,
	"pages" integer NOT NULL,
	"rows" jsonb NOT NULL,
	"turn" integer,
	"found" integer NOT NULL,
	"again" integer NOT NULL,
	"reason" text,
	"detail" text,
	CONSTRAINT "searches_run_id_category_id_provider_query_pk" PRIMARY KEY("run_id","category_id","provider","query")
);
--> statement-breakpoint
ALTER TABLE "candidates" ADD COLUMN "twin_of" text;--> statement-breakpoint
ALTER TABLE "fetch_retries" ADD CONSTRAINT "fetch_retries_candidate_id_candidates_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "public"."candidates"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fetch_retries" ADD CONSTRAINT "fetch_retries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listed_urls" ADD CONSTRAINT "listed_urls_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "searches" ADD CONSTRAINT "searches_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "searches" ADD CONSTRAINT "searches_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fetch_retries_run" ON "fetch_retries" USING btree ("run_id");