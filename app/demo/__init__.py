"""An invented municipality, told through the real verbs, with dates relative to today."""
