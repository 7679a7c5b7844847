ALTER TABLE "model_baselines" ADD COLUMN "sketches" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "predictions" ADD COLUMN "sketch" real[];