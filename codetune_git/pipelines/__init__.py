"""What several verbs share. Joins git, the store and the model with pure logic; does not know click or verbs."""
