CREATE TABLE "claims" (
	"scope" text NOT NULL,
	"item" text NOT NULL,
	"owner" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"done" boolean DEFAULT false NOT NULL,
	CONSTRAINT "claims_scope_item_pk" PRIMARY KEY("scope","item")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "losses" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "loss_mark" text;--> statement-breakpoint
CREATE INDEX "claims_owner" ON "claims" USING btree ("owner");