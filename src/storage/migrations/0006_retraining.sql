ALTER TABLE "schedules" ADD COLUMN "known" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "model_baselines" DROP COLUMN "embeddings";--> statement-breakpoint
ALTER TABLE "predictions" DROP COLUMN "embedding";