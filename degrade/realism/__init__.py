"""How far synthetic old photos are from real ones: statistics, a two-sample test, and what gives them away."""
