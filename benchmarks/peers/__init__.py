"""Pages and libraries that the planner is measured against."""
