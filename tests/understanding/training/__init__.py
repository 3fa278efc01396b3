"""How the model of meaning is made from the phrases: `python -m tests.understanding.training` (see decision 20)."""
