CREATE TABLE "feedback" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"category_id" uuid NOT NULL,
	"predicted" text,
	"note" text,
	"state" text DEFAULT 'pending' NOT NULL,
	"actor" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "feedback_picture" UNIQUE("project_id","sha256","category_id")
);
--> statement-breakpoint
CREATE TABLE "firings" (
	"project_id" uuid NOT NULL,
	"key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "firings_project_id_key_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "model_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"position" integer GENERATED ALWAYS AS IDENTITY (sequence name "model_events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"project_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"alias" text NOT NULL,
	"from_id" uuid,
	"to_id" uuid,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "retrainings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"detail" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"backbones" jsonb NOT NULL,
	"run_id" uuid,
	"champion_id" uuid,
	"challenger_id" uuid,
	"verdict" jsonb,
	"shadow" jsonb,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "retrainings_run_id_unique" UNIQUE("run_id")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"cron" text,
	"time_zone" text NOT NULL,
	"paused" boolean NOT NULL,
	"feed" text,
	"triggers" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"polled_at" timestamp with time zone,
	"poll_error" text,
	"fired_until" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"start" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"position" integer GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" jsonb NOT NULL,
	"status" integer NOT NULL,
	"address" text,
	"request_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "drift_checks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"statistic" double precision NOT NULL,
	"p_value" double precision NOT NULL,
	"threshold" double precision NOT NULL,
	"window" integer NOT NULL,
	"alarm" boolean NOT NULL,
	"last_prediction" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_baselines" (
	"model_id" uuid PRIMARY KEY NOT NULL,
	"confidences" jsonb NOT NULL,
	"embeddings" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "predictions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "predictions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"model_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"sha256" text NOT NULL,
	"label" text,
	"confidence" double precision,
	"latency_ms" double precision NOT NULL,
	"error" text,
	"kept" boolean NOT NULL,
	"embedding" jsonb
);
--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "firings" ADD CONSTRAINT "firings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_events" ADD CONSTRAINT "model_events_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_events" ADD CONSTRAINT "model_events_from_id_models_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_events" ADD CONSTRAINT "model_events_to_id_models_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retrainings" ADD CONSTRAINT "retrainings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retrainings" ADD CONSTRAINT "retrainings_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retrainings" ADD CONSTRAINT "retrainings_champion_id_models_id_fk" FOREIGN KEY ("champion_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retrainings" ADD CONSTRAINT "retrainings_challenger_id_models_id_fk" FOREIGN KEY ("challenger_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drift_checks" ADD CONSTRAINT "drift_checks_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_baselines" ADD CONSTRAINT "model_baselines_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_events_project" ON "model_events" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "retrainings_project" ON "retrainings" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "retrainings_state" ON "retrainings" USING btree ("state");--> statement-breakpoint
CREATE INDEX "audit_log_position" ON "audit_log" USING btree ("position");--> statement-breakpoint
CREATE INDEX "drift_checks_model" ON "drift_checks" USING btree ("model_id","at");--> statement-breakpoint
CREATE INDEX "predictions_model" ON "predictions" USING btree ("model_id","at");--> statement-breakpoint
CREATE INDEX "predictions_at" ON "predictions" USING btree ("at");