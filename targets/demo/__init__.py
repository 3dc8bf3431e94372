"""A demonstration city: synthetic households whose opening counts are the plan's own. No row is about a real person."""
