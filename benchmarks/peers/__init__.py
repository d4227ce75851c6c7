"""Pages that the planner is measured against."""
