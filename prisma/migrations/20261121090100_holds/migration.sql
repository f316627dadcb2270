-- AlterTable
ALTER TABLE "Booking" ADD COLUMN     "heldUntil" TIMESTAMPTZ(3);

-- What Prisma has no word for, by hand.

-- A hold ends, and nothing else does. Its call is who it is kept for. (Whatever was HELD before there were ends has none.)
UPDATE "Booking" SET "heldUntil" = "updatedAt" WHERE "status" = 'HELD';
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_heldUntil_check" CHECK (("status" = 'HELD') = ("heldUntil" IS NOT NULL));

-- The lanes of an assistant are as many as its policy says, by whatever path a row comes: the exclusion constraint keeps
-- two from one lane, and this keeps everybody out of lanes that the policy does not have. No lane at all is for a policy
-- without limit, and for people who may overbook. Rows that stand keep their lane when the policy shrinks.
CREATE FUNCTION "Booking_lane_of_policy"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  policy record;
  capacity integer;
BEGIN
  IF NEW."status" = 'CANCELED' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD."status" <> 'CANCELED' AND NEW."lane" IS NOT DISTINCT FROM OLD."lane" AND NEW."assistantId" = OLD."assistantId"
     AND NEW."startsAt" = OLD."startsAt" AND NEW."blockedUntil" = OLD."blockedUntil" THEN
    RETURN NEW;
  END IF;
  -- The policy stays as it is until this row is committed.
  SELECT "bookingMode", "employeeCount", "maxConcurrentBookings", "allowOverbooking" INTO policy
    FROM "Assistant" WHERE "id" = NEW."assistantId" AND "workspaceId" = NEW."workspaceId" FOR SHARE;
  IF NOT FOUND OR policy."bookingMode" = 'UNLIMITED' THEN
    RETURN NEW;
  END IF;
  capacity := CASE WHEN policy."bookingMode" = 'STRICT' THEN 1 ELSE least(policy."employeeCount", policy."maxConcurrentBookings") END;
  IF NEW."lane" >= capacity OR (NEW."lane" IS NULL AND NOT policy."allowOverbooking") THEN
    RAISE EXCEPTION 'lane % of a policy with % lanes', coalesce(NEW."lane"::text, 'none'), capacity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'Booking_lane_of_policy', TABLE = 'Booking';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "Booking_lane_of_policy" BEFORE INSERT OR UPDATE OF "lane", "assistantId", "startsAt", "blockedUntil", "status" ON "Booking"
  FOR EACH ROW EXECUTE FUNCTION "Booking_lane_of_policy"();

-- The holds of a call are found when it ends.
CREATE INDEX "Booking_held_by_call" ON "Booking" ("callId") WHERE "status" = 'HELD';
